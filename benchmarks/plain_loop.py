"""Everybody's loop over a video: one MediaPipe instance, the whole network, each frame.

``python -m benchmarks.plain_loop CLIP`` prints the seconds of processor time that the
inference took; ``--own`` takes the network that most frames of ours go through.
"""

import argparse
import time
from pathlib import Path

import av
import mediapipe
from mediapipe.tasks.python import BaseOptions, vision

from balance.model.errors import DetectorError
from balance.tracking.detector import NO_MASK_MODEL, SHIPPED_MODEL


def inference_cpu_s(clip: Path, model: Path = SHIPPED_MODEL) -> float:
    """Go through a clip; return the processor time of the inference alone."""
    require_model(model)
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.VIDEO,
    )
    inference_s = 0.0
    with (
        vision.PoseLandmarker.create_from_options(options) as landmarker,
        av.open(str(clip)) as container,
    ):
        for frame in container.decode(video=0):
            rgb = frame.to_ndarray(format="rgb24")
            image = mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)
            before_s = time.process_time()
            landmarker.detect_for_video(image, round(1000 * (frame.time or 0.0)))
            inference_s += time.process_time() - before_s
    return inference_s


def require_model(model: Path) -> None:
    """Refuse where a model is not there: no wheel holds the whole one."""
    if not model.exists():
        raise DetectorError(f"{model.name} is in a source checkout only")


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--own", action="store_true")
    asked = parser.parse_args()
    print(inference_cpu_s(asked.clip, NO_MASK_MODEL if asked.own else SHIPPED_MODEL))


if __name__ == "__main__":
    _main()
