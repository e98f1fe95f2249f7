"""What the browser sends and hears: JSON on one side, plain values on the other."""

import base64
import binascii
from dataclasses import asdict
from typing import Any

import numpy as np

from balance.live import LiveEvent, LiveFrame, LiveView
from balance.model.errors import InputError
from balance.model.landmarks import LANDMARK_COUNT
from balance.model.recording import FloatArray

# Landmarks travel as 16-bit integers: a ten-thousandth of the frame's side.
STEPS = 10_000


def unpack_landmarks(packed: str, size_px: tuple[int, int]) -> FloatArray | None:
    """(33, 2) px from base64 of little-endian x, y pairs; None for nobody."""
    if not packed:
        return None
    try:
        raw = np.frombuffer(base64.b64decode(packed, validate=True), "<i2")
    except (binascii.Error, ValueError) as error:
        raise InputError("landmarks are not base64 of 16-bit numbers") from error
    if raw.size != LANDMARK_COUNT * 2:
        raise InputError(f"expected {LANDMARK_COUNT} landmarks, got {raw.size / 2:g}")
    share = raw.reshape(LANDMARK_COUNT, 2) / STEPS
    return np.asarray(share * np.asarray(size_px, float))


def read_frame(message: dict[str, Any]) -> LiveFrame:
    """One frame out of its message: ``t`` ms, ``s`` size, ``l`` landmarks."""
    try:
        width, height = (int(v) for v in message["s"])
        time_s = float(message["t"]) / 1000
        luma, people = message.get("luma"), message.get("people")
        return LiveFrame(
            time_s,
            unpack_landmarks(str(message.get("l", "")), (width, height)),
            (width, height),
            None if luma is None else float(luma),
            None if people is None else int(people),
            bool(message.get("late")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"a frame's message makes no sense: {error}") from error


def write_event(number: int, event: LiveEvent) -> dict[str, Any]:
    """Return an event as JSON values, with the number it is known by."""
    return {"id": number, **asdict(event)}


def write_view(view: LiveView) -> dict[str, Any]:
    """Return the moment as JSON values."""
    return {**asdict(view), "done": [write_trial(t) for t in view.done]}


def write_trial(trial: Any) -> dict[str, Any]:
    """Return what was seen live of one trial, with its hold."""
    return {**asdict(trial), "hold_s": round(trial.hold_s, 3)}
