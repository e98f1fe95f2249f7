"""Faces made unrecognisable: in a still, in the annotated video, in a video given away.

What is known of the person is where the landmarks lie. Where that is not enough, more
is hidden rather than less: the whole frame where no head is known, everything but
the person where somebody else was in view.
"""

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from balance.model.recording import BoolArray, PoseSequence, Recording, Scene
from balance.model.results import Options
from balance.reporting.charts import courses
from balance.reporting.video.pen import RgbImage, blur_circle, coarse
from balance.video.parts import as_told
from balance.video.video import read_video
from balance.video.video_writer import VideoWriter

# The scene is looked at twice a second, so somebody may have been there this long.
SEEN_WITHIN_S = 1.0
HEAD_WITHIN_S = 0.5
# Round the person, as a share of their height: hands and hair that no landmark marks.
ROOM = 0.08
USUAL_HZ = 30.0


class FaceBlur:
    """Hides faces in the frames of one recording; nothing is known without one."""

    def __init__(self, recording: Recording | None) -> None:
        known = recording is not None and len(recording.pose) > 0
        self._pose = recording.pose if recording is not None and known else None
        self._others = (
            _others_near(recording.scene, recording.pose)
            if recording is not None and known
            else np.zeros(0, bool)
        )

    def hide(self, image: RgbImage, time_s: float) -> None:
        """Change a frame (H, W, 3) of that time in its place."""
        pose = self._pose
        frame = None if pose is None else courses.frame_at(pose, time_s)
        circle = None
        if pose is not None and frame is not None:
            circle = _head_near(pose, frame, time_s)
        if pose is None or frame is None or circle is None:
            image[:] = coarse(image)
            return
        blur_circle(image, circle)
        if self._others[frame]:
            _hide_all_but(image, courses.body_box(pose, frame))


def blur_video(source: Path, recording: Recording | None, target: Path) -> None:
    """Write a video again without a face to recognise; what was heard is left out.

    A video that was told to be a mirror image is one again, so that its landmarks fit.
    """
    blur = FaceBlur(recording)
    options = Options() if recording is None else recording.options
    mirrored = options.mirrored
    with read_video(source, **as_told(options)) as frames, ExitStack() as open_video:
        copy: VideoWriter | None = None
        for frame in frames:
            if copy is None:
                height, width = frame.rgb.shape[:2]
                writer = VideoWriter(target, (width, height), USUAL_HZ)
                copy = open_video.enter_context(writer)
            image = np.array(frame.rgb)
            blur.hide(image, frame.time_s)
            copy.write(image[:, ::-1] if mirrored else image, frame.time_s)


def _others_near(scene: Scene, pose: PoseSequence) -> BoolArray:
    """(T,) whether somebody else was seen within a second."""
    seen_s = pose.time_s[np.nan_to_num(scene.person_count) > 1]
    if not len(seen_s):
        return np.zeros(len(pose), bool)
    apart = np.abs(pose.time_s[:, None] - seen_s[None, :]).min(axis=1)
    return np.asarray(apart <= SEEN_WITHIN_S)


def _head_near(
    pose: PoseSequence, frame: int, time_s: float
) -> tuple[float, float, float] | None:
    """Return the head at a time, or in the nearest frame that shows it.

    Only within half a second: further away, the head is somewhere else.
    """
    near = np.flatnonzero(np.abs(pose.time_s - time_s) <= HEAD_WITHIN_S)
    for other in sorted(near, key=lambda k: abs(int(k) - frame)):
        circle = courses.face_circle(pose, int(other))
        if circle is not None:
            x, y, radius = circle
            return x, y, radius if other == frame else 1.5 * radius
    return None


def _hide_all_but(image: RgbImage, box: tuple[float, float, float, float]) -> None:
    """Hide everything outside left, top, right, bottom px."""
    left, top, right, bottom = box
    room = ROOM * (bottom - top)
    height, width = image.shape[:2]
    columns = slice(max(0, int(left - room)), min(width, int(right + room)))
    rows = slice(max(0, int(top - room)), min(height, int(bottom + room)))
    kept = image[rows, columns].copy()
    image[:] = coarse(image)
    image[rows, columns] = kept
