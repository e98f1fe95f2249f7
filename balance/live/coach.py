"""Is the camera set up so that the test can be measured, and if not, what to do.

Each hint says what is wrong and how to put it right, in words for someone who
stands three metres away. Judged over the last second, so that one odd frame
neither scolds nor praises.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from balance.live.frame import (
    ANKLES,
    FACE,
    FEET,
    HIPS,
    SHOULDERS,
    LiveFrame,
    leg_length_px,
    middle,
)
from balance.model.landmarks import Landmark
from balance.model.recording import FloatArray

# Engineering limits, chosen so that every rendered good set-up passes and every
# rendered wrong one is caught (tests/test_live_coach.py).
WINDOW_S = 1.0
FEWEST = 4
SLOW_HZ = 6.0  # below it the live clock is off by more than 0.3 s
KEPT_S = 2.5
EDGE = 0.015  # of the image: landmarks nearer to the border are guesses
TALLEST, SMALLEST = 0.93, 0.42  # body height in the image's height
OFF_CENTRE = 0.30  # of the image's width, from its middle
NARROW_SHOULDERS = 0.45  # of the trunk's length; facing the camera it is 0.65–0.75
TILT_DEG = 4.0
DARK_LUMA = 45.0
STILL = 0.035  # of a leg length, side to side over the window


class Hint(StrEnum):
    """What is wrong with the set-up, most urgent first."""

    # Whoever is seen too late is not watched at all.
    TOO_SLOW = "too_slow"
    # In the dark nobody is found, either: the light comes first.
    TOO_DARK = "too_dark"
    NO_PERSON = "no_person"
    SOMEONE_ELSE = "someone_else"
    TOO_CLOSE = "too_close"
    FEET_CUT_OFF = "feet_cut_off"
    HEAD_CUT_OFF = "head_cut_off"
    TOO_FAR = "too_far"
    TURN_ROUND = "turn_round"
    FACE_CAMERA = "face_camera"
    CAMERA_TILTED = "camera_tilted"
    MOVE_LEFT = "move_left"
    MOVE_RIGHT = "move_right"
    BOTH_FEET = "both_feet"
    POSITION = "position"
    STAND_STILL = "stand_still"


ADVICE: dict[Hint, str] = {
    Hint.TOO_SLOW: "This computer is too slow to test safely. Close other programs.",
    Hint.NO_PERSON: "I cannot see you. Step in front of the camera.",
    Hint.TOO_DARK: "It is too dark. Switch on a light in front of you.",
    Hint.SOMEONE_ELSE: "I see someone else. Only you should be in the frame.",
    Hint.TOO_CLOSE: "You are too close. Take one step back.",
    Hint.FEET_CUT_OFF: "I cannot see your feet. Step back or tip the camera down.",
    Hint.HEAD_CUT_OFF: "I cannot see your head. Step back or tip the camera up.",
    Hint.TOO_FAR: "You are too far away. Take a step towards the camera.",
    Hint.TURN_ROUND: "You face away. Turn round to face the camera.",
    Hint.FACE_CAMERA: "You stand sideways. Turn your chest to the camera.",
    Hint.CAMERA_TILTED: "The camera is tilted. Set it level.",
    Hint.MOVE_LEFT: "Take a step to your left.",
    Hint.MOVE_RIGHT: "Take a step to your right.",
    Hint.BOTH_FEET: "Put both feet on the floor.",
    Hint.POSITION: "Put your feet as asked.",
    Hint.STAND_STILL: "Good. Now stand still.",
}


@dataclass(frozen=True, slots=True)
class _CoachSample:
    time_s: float
    body: FloatArray | None
    luma: float | None
    people: int | None


class Coach:
    """Watches the last second of frames and says what is still wrong."""

    def __init__(self) -> None:
        self._seen: deque[_CoachSample] = deque()
        self._size_px = (0, 0)
        self._late = False

    def watch(self, frame: LiveFrame) -> None:
        """Take one frame in."""
        self._size_px, self._late = frame.size_px, frame.late
        self._seen.append(
            _CoachSample(frame.time_s, frame.body, frame.luma, frame.people)
        )
        # The head count comes about once a second, so it is kept a little longer.
        while self._seen and frame.time_s - self._seen[0].time_s > KEPT_S:
            self._seen.popleft()

    @property
    def is_slow(self) -> bool:
        """Whether frames come too seldom for seconds to be exact."""
        if len(self._seen) < FEWEST:
            return False
        spent_s = self._seen[-1].time_s - self._seen[0].time_s
        # The first frames are slow everywhere.
        long_enough = spent_s > 0.8 * KEPT_S
        return long_enough and (len(self._seen) - 1) / spent_s < SLOW_HZ

    def forget(self) -> None:
        """Start afresh."""
        self._seen.clear()

    def hints(self) -> tuple[Hint, ...]:
        """Everything that is wrong, most urgent first; empty means ready."""
        if not self._seen:
            return (Hint.NO_PERSON,)
        now_s = self._seen[-1].time_s
        recent = [s for s in self._seen if now_s - s.time_s <= WINDOW_S]
        if len(recent) < FEWEST:
            # A slow computer: fewer frames per second, so look back a little longer.
            recent = list(self._seen)[-FEWEST:]
        bodies = [s.body for s in recent if s.body is not None]
        wrong = self._light_and_people(recent)
        if self._late:
            wrong.add(Hint.TOO_SLOW)
        seen_s = now_s - recent[0].time_s
        if 2 * len(bodies) <= len(recent) or seen_s < 0.6 * WINDOW_S:
            wrong.add(Hint.NO_PERSON)
        else:
            stack = np.stack(bodies)
            body = np.asarray(np.median(stack, axis=0), float)
            wrong |= _framing(body, self._size_px) | _facing(body)
            wrong |= _stance(body, stack)
        return tuple(h for h in Hint if h in wrong)

    def _light_and_people(self, recent: list[_CoachSample]) -> set[Hint]:
        wrong: set[Hint] = set()
        lumas = [s.luma for s in recent if s.luma is not None]
        if lumas and float(np.median(lumas)) < DARK_LUMA:
            wrong.add(Hint.TOO_DARK)
        heads = [s.people for s in self._seen if s.people is not None]
        if heads and heads[-1] > 1:
            wrong.add(Hint.SOMEONE_ELSE)
        return wrong


def _framing(body: FloatArray, size_px: tuple[int, int]) -> set[Hint]:
    """Is the whole person in the image, large enough and in the middle."""
    width, height = size_px
    top = float(body[list(FACE), 1].min()) / height
    # The crown is above the highest landmark by about half a nose-to-shoulder.
    crown = top - 0.6 * (middle(body, SHOULDERS)[1] / height - top)
    sole = float(body[list(FEET), 1].max()) / height
    wrong: set[Hint] = set()
    if sole > 1 - EDGE:
        wrong.add(Hint.FEET_CUT_OFF)
    if top < EDGE:
        wrong.add(Hint.HEAD_CUT_OFF)
    if sole - crown > TALLEST:
        wrong.add(Hint.TOO_CLOSE)
    if sole - crown < SMALLEST:
        wrong.add(Hint.TOO_FAR)
    off = float(middle(body, HIPS)[0]) / width - 0.5
    # The person's left is on the right of the image.
    if off > OFF_CENTRE:
        wrong.add(Hint.MOVE_RIGHT)
    if off < -OFF_CENTRE:
        wrong.add(Hint.MOVE_LEFT)
    return wrong


def _facing(body: FloatArray) -> set[Hint]:
    """Find out whether the person faces the camera and the camera stands level."""
    shoulders, hips = middle(body, SHOULDERS), middle(body, HIPS)
    trunk = float(np.linalg.norm(hips - shoulders))
    left, right = body[Landmark.LEFT_SHOULDER], body[Landmark.RIGHT_SHOULDER]
    across = float(left[0] - right[0]) / max(trunk, 1.0)
    if abs(across) < NARROW_SHOULDERS:
        return {Hint.FACE_CAMERA}
    if across < 0:
        return {Hint.TURN_ROUND}
    # Two feet on a level floor and a head above them: both lines must be off, for
    # someone who leans tilts only one of them.
    spine = shoulders - middle(body, ANKLES)
    lean_deg = float(np.degrees(np.arctan2(spine[0], -spine[1])))
    ankles = body[Landmark.LEFT_ANKLE] - body[Landmark.RIGHT_ANKLE]
    hip_line = body[Landmark.LEFT_HIP] - body[Landmark.RIGHT_HIP]
    line = left - right + hip_line + ankles
    line_deg = float(np.degrees(np.arctan2(line[1], line[0])))
    if min(abs(lean_deg), abs(line_deg)) > TILT_DEG and lean_deg * line_deg > 0:
        return {Hint.CAMERA_TILTED}
    return set()


def _stance(body: FloatArray, stack: FloatArray) -> set[Hint]:
    """Two feet on the floor, and still."""
    leg = leg_length_px(body)
    if leg <= 0:
        return {Hint.STAND_STILL}
    spine = middle(body, SHOULDERS) - middle(body, ANKLES)
    ankles = body[Landmark.LEFT_ANKLE] - body[Landmark.RIGHT_ANKLE]
    # A tilted camera lifts one ankle too: take its share out.
    uneven = abs(ankles[1] - ankles[0] * spine[0] / -spine[1]) / leg
    if uneven > 0.12:
        return {Hint.BOTH_FEET}
    pelvis = stack[:, list(HIPS)].mean(axis=1)
    feet = stack[:, list(ANKLES)].mean(axis=1)
    moved = max(float(np.ptp(p, axis=0).max()) for p in (pelvis, feet)) / leg
    return {Hint.STAND_STILL} if moved > 2 * STILL else set()
