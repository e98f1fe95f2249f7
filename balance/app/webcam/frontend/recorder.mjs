// Records one trial: MediaRecorder's pieces go to the store as they come.

const TYPES = ["video/mp4;codecs=avc1.640028", "video/mp4;codecs=avc1",
  "video/webm;codecs=h264", "video/webm;codecs=vp8", "video/webm"];
// Sway needs texture: at least 4 Mbit/s. The encoder shares its bits out for 30 frames
// a second, so a camera or computer that gives half of them gets half of this.
export const BITS_PER_SECOND = 8e6;
const PIECE_MS = 1000;

export class Recorder {
  constructor(stream, store) {
    this.stream = stream;
    this.store = store;
    this.recorder = null;
  }

  start() {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(this.stream,
      { mimeType, videoBitsPerSecond: BITS_PER_SECOND });
    this.key = crypto.randomUUID();
    this.blobs = [];
    this.kept = [];
    this.stopped = new Promise((done) => { recorder.onstop = done; });
    recorder.ondataavailable = ({ data }) => {
      if (!data.size) return;
      this.kept.push(this.store.add(this.key, this.blobs.length, data));
      this.blobs.push(data);
    };
    recorder.start(PIECE_MS);
    this.recorder = recorder;
  }

  get isRunning() { return this.recorder !== null; }

  // Ends the video and hands it over with what was seen of it; null forgets it.
  async stop(about) {
    const recorder = this.recorder;
    if (!recorder) return null;
    this.recorder = null;
    const { key, blobs, kept, stopped } = this;
    if (recorder.state !== "inactive") recorder.stop();
    await stopped;
    await Promise.all(kept);
    if (!about || !blobs.length) {
      await this.store.forget(key);
      return null;
    }
    const video = new Blob(blobs);
    await this.store.finish(key, { ...about, pieces: blobs.length,
      mime: recorder.mimeType, bytes: video.size, sha256: await sha256(video) });
    return key;
  }
}

async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
}
