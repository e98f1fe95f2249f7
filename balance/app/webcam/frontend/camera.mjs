// Opens the camera, and says in a sentence why it does not open.

const WANTED = {
  audio: false,
  video: {
    facingMode: "user",
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
  },
};

export async function openCamera(video, onEnd) {
  if (!navigator.mediaDevices) {
    throw new Error("The camera needs a page that starts with https:// or with " +
      "http://localhost. Open this page there.");
  }
  const stream = await navigator.mediaDevices.getUserMedia(WANTED);
  stream.getVideoTracks()[0].addEventListener("ended", onEnd);
  video.srcObject = stream;
  await video.play();
  return stream;
}

export function closeCamera(video, stream) {
  stream?.getTracks().forEach((track) => track.stop());
  if (video) video.srcObject = null;
}

const SENTENCES = {
  NotAllowedError: "The browser was not allowed to use the camera. Click the camera " +
    "sign beside the address, allow it, and press the button again.",
  NotFoundError: "No camera was found. Plug one in and press the button again.",
  NotReadableError: "Another program is using the camera. Close it (a video call, " +
    "perhaps) and press the button again.",
  OverconstrainedError: "The camera has no image size that fits. Try another camera.",
  AbortError: "The camera stopped while starting. Press the button again.",
};

export function whyNoCamera(error) {
  return SENTENCES[error.name] ?? error.message ?? String(error);
}
