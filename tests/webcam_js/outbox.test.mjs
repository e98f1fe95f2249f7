import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../balance/app/webcam/frontend/outbox.mjs";
import { MemoryStore } from "../../balance/app/webcam/frontend/piece_store.mjs";

async function videoOf(pieces) {
  const store = new MemoryStore();
  for (let i = 0; i < pieces; i++) await store.add("video", i, `piece ${i}`);
  await store.finish("video", { pieces });
  return store;
}

const reply = (status, body = {}) => ({
  status, ok: status < 300, json: async () => body });

function outboxOn(store, send, news = []) {
  return new Outbox(store, { base: "http://x/", sid: "s", send,
    on: (n) => news.push(n.state), wait: async () => {} });
}

test("all pieces go out in order, and the video is forgotten once stored", async () => {
  const store = await videoOf(3), sent = [];
  const send = async (url, { method }) => { sent.push(`${method} ${url}`); return reply(200); };
  await outboxOn(store, send).flush();
  assert.deepEqual(sent, ["PUT http://x/clip/video/0?sid=s", "PUT http://x/clip/video/1?sid=s",
    "PUT http://x/clip/video/2?sid=s", "POST http://x/clip/video?sid=s"]);
  assert.deepEqual(await store.finished(), []);
});

test("a server that is away loses nothing: the video is sent when it is back", async () => {
  const store = await videoOf(2), news = [];
  let failures = 3;
  const send = async () => {
    if (failures-- > 0) throw new TypeError("no network");
    return reply(200);
  };
  await outboxOn(store, send, news).flush();
  assert.deepEqual(news.filter((n) => n !== "sending"),
    ["waiting", "waiting", "waiting", "stored"]);
});

test("only the pieces that the server misses are sent again", async () => {
  const store = await videoOf(3), sent = [];
  let asked = 0;
  const send = async (url, { method }) => {
    if (method === "PUT") { sent.push(Number(/video\/(\d+)/.exec(url)[1])); return reply(200); }
    return ++asked === 1 ? reply(409, { missing: [1] }) : reply(200);
  };
  await outboxOn(store, send).flush();
  assert.deepEqual(sent, [0, 1, 2, 1]);
});

test("a restarted server that refuses the old page leaves the video in the browser",
  async () => {
    const store = await videoOf(1);
    await outboxOn(store, async () => reply(403)).flush();
    assert.equal((await store.finished()).length, 1);
  });

test("a video that the server will not take is kept, offered, and holds up no other",
  async () => {
    const store = await videoOf(1), news = [];
    await store.add("next", 0, "piece");
    await store.finish("next", { pieces: 1 });
    let refused = true;
    const send = async (url, { method }) =>
      reply(method === "POST" && url.includes("video") && refused ? 400 : 200);
    const outbox = outboxOn(store, send, news);
    await outbox.flush();
    assert.deepEqual((await store.finished()).map(([key]) => key), ["video"]);
    assert.deepEqual(news.filter((n) => n !== "sending"), ["stored", "aside"]);
    // A page that is opened later offers it, too.
    const later = [];
    await outboxOn(store, send, later).flush();
    assert.deepEqual(later, ["aside"]);
    refused = false;
    await outbox.again();
    assert.deepEqual(await store.finished(), []);
    assert.equal(news.at(-1), "stored");
  });

test("a video that was put aside can be had as a file, and deleted then", async () => {
  const store = await videoOf(2);
  const outbox = outboxOn(store, async () => reply(413));
  await outbox.flush();
  const [[key, about]] = await store.finished();
  assert.equal(await (await outbox.file(key, about)).text(), "piece 0piece 1");
  await outbox.forgetAside();
  assert.deepEqual(await store.finished(), []);
});

test("a video that is still being recorded is not sent", async () => {
  const store = new MemoryStore();
  await store.add("video", 0, "piece");
  let calls = 0;
  await outboxOn(store, async () => { calls++; return reply(200); }).flush();
  assert.equal(calls, 0);
});
