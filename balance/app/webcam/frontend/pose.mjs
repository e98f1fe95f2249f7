// One frame at a time to the worker; frames that come meanwhile are not waited for.

const WIDTH = 640; // enough for a cue; the measured result comes from the full video
const COUNT_EVERY_MS = 1000;

export class Pose {
  constructor(base, onResult, onError) {
    this.busy = false;
    this.countedAt = -Infinity;
    this.counted = {}; // told with the next frame
    this.onResult = onResult;
    this.onError = onError;
    this.worker = new Worker(new URL("pose_worker.mjs", base), { type: "module" });
    this.ready = new Promise((done, failed) => {
      this.worker.onerror = (event) => failed(new Error(event.message || "pose worker"));
      this.worker.onmessage = ({ data }) => this.hear(data, done, failed);
    });
    this.worker.postMessage({
      wasm: new URL("runtime/wasm", base).href,
      modelUrl: new URL("pose.task", base).href,
    });
  }

  hear(data, done, failed) {
    if (data.ready) {
      done();
    } else if (data.error) {
      this.busy = false;
      failed(new Error(data.error));
      this.onError(data.error);
    } else if (data.counted) {
      this.busy = false;
      this.counted = data.counted;
    } else {
      this.busy = Boolean(data.counting); // a frame sent meanwhile would only get old
      this.onResult({ ...data, ...this.counted });
      this.counted = {};
      data.image.close(); // drawn by now
    }
  }

  // `counting`: also look how bright it is and how many people there are, now and then.
  async offer(video, taken, counting) {
    if (this.busy || !video.videoWidth) return;
    this.busy = true;
    const count = counting && taken - this.countedAt > COUNT_EVERY_MS;
    if (count) this.countedAt = taken;
    const size = [video.videoWidth, video.videoHeight];
    const scale = Math.min(1, WIDTH / size[0]);
    try {
      const image = await createImageBitmap(video, {
        resizeWidth: Math.round(size[0] * scale),
        resizeHeight: Math.round(size[1] * scale),
      });
      this.worker.postMessage({ image, taken, size, count }, [image]);
    } catch {
      this.busy = false; // the camera is just closing
    }
  }

  close() {
    this.worker.terminate();
  }
}
