// The frame that was analysed, mirrored as people know themselves, with a skeleton.

const BONES = [[11, 12], [11, 23], [12, 24], [23, 24], [11, 13], [13, 15], [12, 14],
  [14, 16], [23, 25], [25, 27], [27, 31], [27, 29], [24, 26], [26, 28], [28, 32], [28, 30]];
const JOINTS = [11, 12, 23, 24, 25, 26, 27, 28];
export const SKELETON = "#00e5b0";

export function drawFrame(canvas, image, points) {
  if (canvas.width !== image.width) canvas.width = image.width;
  if (canvas.height !== image.height) canvas.height = image.height;
  const pen = canvas.getContext("2d");
  pen.save();
  pen.translate(canvas.width, 0);
  pen.scale(-1, 1);
  pen.drawImage(image, 0, 0);
  if (points) drawSkeleton(pen, points, canvas.width, canvas.height);
  pen.restore();
}

function drawSkeleton(pen, points, width, height) {
  pen.lineCap = "round";
  const path = new Path2D();
  for (const [a, b] of BONES) {
    path.moveTo(points[a].x * width, points[a].y * height);
    path.lineTo(points[b].x * width, points[b].y * height);
  }
  pen.lineWidth = Math.max(5, width / 110);
  pen.strokeStyle = "rgba(0, 20, 25, .55)";
  pen.stroke(path);
  pen.lineWidth = Math.max(3, width / 200);
  pen.strokeStyle = SKELETON;
  pen.stroke(path);
  pen.fillStyle = "#fff";
  for (const joint of JOINTS) {
    pen.beginPath();
    pen.arc(points[joint].x * width, points[joint].y * height, width / 150, 0, 7);
    pen.fill();
  }
}
