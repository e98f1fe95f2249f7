// The video beside its time lines: the cursor moves with it, a click jumps into it.

const SIZE = { width: 1000, height: 190, left: 8, right: 8, top: 26, bottom: 24 };
const SVG = "http://www.w3.org/2000/svg";
const here = new WeakMap();

export function mount({ parentElement, data }, base) {
  const key = JSON.stringify([data.video, data.moments, data.trials]); // corrected
  if (here.get(parentElement)?.key === key) return () => {};
  here.get(parentElement)?.root.remove();
  const root = document.createElement("div");
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("player.css", base);
  root.append(style);
  parentElement.append(root);
  here.set(parentElement, { key, root });
  const video = Object.assign(document.createElement("video"),
    { src: data.video, controls: true, muted: true, playsInline: true, preload: "auto" });
  video.setAttribute("aria-label", "The annotated video");
  root.append(video);
  let cursors = [];
  // As many units as there are pixels, so that letters stay readable on a phone; what
  // is folded away has no width yet and is drawn when it is opened.
  const drawn = new ResizeObserver(() => {
    if (!root.clientWidth) return;
    drawn.disconnect();
    SIZE.width = Math.max(320, root.clientWidth);
    cursors = data.lines.map((line) => drawLine(root, line, data, video));
    root.append(momentButtons(data.moments, video));
  });
  drawn.observe(root);
  const follow = () => {
    cursors.forEach((move) => move(video.currentTime));
    if (root.isConnected) requestAnimationFrame(follow);
  };
  follow();
  return () => { drawn.disconnect(); here.delete(parentElement); root.remove(); };
}

function make(name, attributes, parent, text) {
  const node = document.createElementNS(SVG, name);
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

export function scales({ from_s, to_s, low, high }) {
  const { width, height, left, right, top, bottom } = SIZE;
  const x = (t) => left + ((t - from_s) / (to_s - from_s)) * (width - left - right);
  const y = (v) => height - bottom - ((v - low) / (high - low || 1)) * (height - top - bottom);
  const time = (px) => from_s + ((px - left) / (width - left - right)) * (to_s - from_s);
  return { x, y, time };
}

function drawLine(root, line, data, video) {
  const { x, y, time } = scales({ ...data, ...line });
  const svg = make("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "slider",
    tabindex: 0, "aria-label": `${line.title}. Moves the video.`,
    "aria-valuemin": data.from_s, "aria-valuemax": data.to_s }, root);
  make("text", { x: SIZE.left, y: 16, class: "title" }, svg, line.title);
  for (const band of data.trials) {
    make("rect", { x: x(band.start_s), width: Math.max(1, x(band.end_s) - x(band.start_s)),
      y: SIZE.top, height: SIZE.height - SIZE.top - SIZE.bottom, class: "trial" }, svg);
  }
  line.series.forEach((series, i) => {
    make("path", { d: path(series.time_s, series.values, x, y), class: `line line-${i}` }, svg);
    make("text", { x: SIZE.width - SIZE.right, y: 16 + 18 * i, class: `name name-${i}` }, svg,
      series.name);
  });
  for (const moment of data.moments) {
    make("line", { x1: x(moment.time_s), x2: x(moment.time_s), y1: SIZE.top,
      y2: SIZE.height - SIZE.bottom, class: "moment" }, svg);
  }
  for (let t = Math.ceil(data.from_s); t <= data.to_s; t += tickStep(data)) {
    make("text", { x: x(t), y: SIZE.height - 6, class: "tick" }, svg, `${t} s`);
  }
  const cursor = make("line", { y1: SIZE.top, y2: SIZE.height - SIZE.bottom, class: "cursor" },
    svg);
  svg.onclick = (event) => {
    const box = svg.getBoundingClientRect();
    video.currentTime = time(((event.clientX - box.left) / box.width) * SIZE.width);
  };
  svg.onkeydown = (event) => {
    const to = keyed(event.key, video.currentTime, data);
    if (to === null) return;
    event.preventDefault();
    video.pause();
    video.currentTime = to;
  };
  return (now) => {
    svg.setAttribute("aria-valuenow", now.toFixed(1));
    svg.setAttribute("aria-valuetext", `${now.toFixed(1)} seconds`);
    cursor.setAttribute("x1", x(now));
    cursor.setAttribute("x2", x(now));
  };
}

// Where a key leads from a second; null where it is none of ours.
export function keyed(key, now, { from_s, to_s }) {
  const by = { ArrowLeft: -0.1, ArrowRight: 0.1, PageUp: -1, PageDown: 1 }[key];
  if (key === "Home") return from_s;
  if (key === "End") return to_s;
  return by === undefined ? null : Math.min(to_s, Math.max(from_s, now + by));
}

function tickStep({ from_s, to_s }) {
  return [1, 2, 5, 10, 30, 60].find((step) => (to_s - from_s) / step <= 10) ?? 120;
}

// A gap in what was seen stays a gap in the line.
export function path(times, values, x, y) {
  let pen = "M";
  let d = "";
  times.forEach((t, i) => {
    if (values[i] === null) { pen = "M"; return; }
    d += `${pen}${x(t).toFixed(1)},${y(values[i]).toFixed(1)}`;
    pen = "L";
  });
  return d;
}

function momentButtons(moments, video) {
  const list = document.createElement("div");
  list.className = "moments";
  for (const { time_s, words } of moments) {
    const button = document.createElement("button");
    button.textContent = `${time_s.toFixed(1)} s · ${words}`;
    button.onclick = () => { video.pause(); video.currentTime = time_s; };
    list.append(button);
  }
  return list;
}
