// Finds the landmarks of each frame it is sent, away from the page's main thread.

import { FilesetResolver, PoseLandmarker } from "./runtime/vision_bundle.mjs";

// VIDEO mode smooths with a filter that works on the time stamps it is given. Frames
// that claim to be 100 s apart are not smoothed; tracking goes on as before.
const STRETCHED_STEP_MS = 100000;
const LUMA_SIZE = [32, 18];
let fileset, model, follower, everybody, large, frames = 0;
const small = new OffscreenCanvas(...LUMA_SIZE);
const pen = small.getContext("2d", { willReadFrequently: true });

function landmarker(runningMode) {
  // Each landmarker takes the factory that its loader leaves behind; a module is run
  // once for each address, so every landmarker gets an address of its own.
  const loader = `${fileset.wasmLoaderPath}?for=${runningMode}`;
  return PoseLandmarker.createFromOptions({ ...fileset, wasmLoaderPath: loader }, {
    baseOptions: { modelAssetBuffer: model, delegate: "CPU" },
    runningMode,
    numPoses: 1,
  });
}

async function load({ wasm, modelUrl }) {
  // true: the module flavour of the loader, which a module worker needs.
  fileset = await FilesetResolver.forVisionTasks(wasm, true);
  const reply = await fetch(modelUrl);
  if (!reply.ok) throw new Error("the pose model is missing on the server");
  model = new Uint8Array(await reply.arrayBuffer());
  follower = await landmarker("VIDEO");
  postMessage({ ready: true });
}

function brightness(image) {
  pen.drawImage(image, 0, 0, ...LUMA_SIZE);
  const { data } = pen.getImageData(0, 0, ...LUMA_SIZE);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) {
    sum += 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
  }
  return sum / (data.length / 4);
}

// A copy of the frame, for what is looked at after its landmarks were sent back.
function keep(image) {
  const { width, height } = image;
  if (large?.width !== width || large.height !== height) {
    large = new OffscreenCanvas(width, height);
  }
  const brush = large.getContext("2d");
  brush.drawImage(image, 0, 0);
  return brush;
}

// Asked for several people at once, the model overlooks those beside the most prominent
// one. So the one that is known is hidden, and the rest is searched for another.
async function countPeople(brush, known) {
  everybody ??= await landmarker("IMAGE");
  const { canvas } = brush;
  if (!known) return everybody.detect(canvas).landmarks.length;
  brush.fillStyle = "#777";
  const [left, right] = ends(known.map((p) => p.x * canvas.width), 0.25);
  const [top, bottom] = ends(known.map((p) => p.y * canvas.height), 0.12);
  brush.fillRect(left, top, right - left, bottom - top);
  const other = everybody.detect(canvas).landmarks[0];
  if (!other) return 1;
  const x = ((other[23].x + other[24].x) / 2) * canvas.width;
  return x > left && x < right ? 1 : 2; // inside the hidden part: invented
}

function ends(values, margin) {
  const low = Math.min(...values), high = Math.max(...values);
  return [low - margin * (high - low), high + margin * (high - low)];
}

// Landmarks first: a cue may hang on them. Counting people takes as long again.
async function look({ image, taken, size, count }) {
  const started = performance.now();
  const points = follower.detectForVideo(image, ++frames * STRETCHED_STEP_MS)
    .landmarks[0] ?? null;
  const took = performance.now() - started;
  const brush = count ? keep(image) : null;
  const luma = count ? brightness(image) : undefined;
  postMessage({ image, taken, size, points, took, counting: count }, [image]);
  if (count) postMessage({ counted: { luma, people: await countPeople(brush, points) } });
}

onmessage = async ({ data }) => {
  try {
    await (data.wasm ? load(data) : look(data));
  } catch (error) {
    data.image?.close();
    postMessage({ error: String(error?.message ?? error) });
  }
};
