// Landmarks as the server reads them: 33 times x, y as 16-bit ten-thousandths of the
// frame's sides, in base64. Nobody seen is the empty string.

export const STEPS = 10000;
const LIMIT = 32767;

export function packLandmarks(points) {
  if (!points) return "";
  const numbers = new Int16Array(points.length * 2);
  points.forEach((point, i) => {
    numbers[2 * i] = toStep(point.x);
    numbers[2 * i + 1] = toStep(point.y);
  });
  return btoa(String.fromCharCode(...new Uint8Array(numbers.buffer)));
}

function toStep(share) {
  return Math.max(-LIMIT, Math.min(LIMIT, Math.round(share * STEPS)));
}
