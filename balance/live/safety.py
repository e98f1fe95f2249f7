"""Has the person dropped or left the picture; and who may do which test at all."""

from collections import deque
from dataclasses import dataclass

from balance.codes import TrialKind
from balance.live.frame import HIPS, LiveFrame, leg_length_px, middle

# Leg lengths (about 0.85 m). Nobody who still stands on one leg has the pelvis this
# much lower; a deep squat has, but not with this speed. Chosen to rather ask once
# too often: the question costs one press.
DROP_STANDING = 0.35
DROP_SQUATTING = 0.80
SPEED_STANDING = 1.2  # per second
SPEED_SQUATTING = 2.4
SPEED_OVER_S = 0.3
GONE_S = 0.6
# A hole in the frames: nobody watched, so nobody knows.
BLIND_S = 1.5

SAFETY_QUESTIONS: tuple[tuple[str, str], ...] = (
    ("fall", "Have you had a fall with an injury in the past year?"),
    ("vertigo", "Do you have vertigo, or have you been dizzy lately?"),
    ("surgery", "Have you had surgery recently, or an injury not yet healed?"),
    ("aid", "Do you use a walking aid: a stick, a frame, crutches?"),
    ("heart", "Do you have chest pain, faint, or get badly out of breath?"),
    ("told", "Has a professional told you not to do balance exercises?"),
)
EYES_CLOSED_AGE = 65
STEADY_S = 10.0  # eyes open, before closed eyes or single-leg squats


class SafetyWatch:
    """Looks at the pelvis only: down fast, down far, or not there."""

    def __init__(self, squatting: bool) -> None:
        self._drop = DROP_SQUATTING if squatting else DROP_STANDING
        self._speed = SPEED_SQUATTING if squatting else SPEED_STANDING
        self._standing_y: float | None = None
        self._leg_px = 1.0
        self._seen: deque[tuple[float, float]] = deque()
        self._last_seen_s: float | None = None

    def learn(self, frame: LiveFrame) -> None:
        """Take a frame in which the person stands as they should."""
        body = frame.body
        if body is not None and leg_length_px(body) > 0:
            self._standing_y = float(middle(body, HIPS)[1])
            self._leg_px = leg_length_px(body)
            self._last_seen_s = frame.time_s

    def dropped(self, frame: LiveFrame) -> bool:
        """Tell whether the pelvis went down too fast or too far."""
        body = frame.body
        if body is None or self._standing_y is None:
            return False
        y = float(middle(body, HIPS)[1])
        while self._seen and frame.time_s - self._seen[0][0] > SPEED_OVER_S:
            self._seen.popleft()
        drop = (y - self._standing_y) / self._leg_px
        before = [(t, y0) for t, y0 in self._seen if frame.time_s - t > 0.12]
        self._seen.append((frame.time_s, y))
        speed = 0.0
        if before:
            elapsed_s = frame.time_s - before[0][0]
            speed = (y - before[0][1]) / self._leg_px / elapsed_s
        return drop > self._drop or (drop > 0.15 and speed > self._speed)

    def gone(self, frame: LiveFrame) -> bool:
        """Tell whether the person has been out of sight for too long."""
        blind = self._last_seen_s is not None and (
            frame.time_s - self._last_seen_s > BLIND_S
        )
        if frame.body is not None and not blind:
            self._last_seen_s = frame.time_s
            return False
        if self._last_seen_s is None:
            self._last_seen_s = frame.time_s
        return frame.time_s - self._last_seen_s > GONE_S


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who is about to do what; seconds are the best eyes-open hold on that leg."""

    kind: TrialKind
    eyes_closed: bool = False
    age_years: float | None = None
    alone: bool = True
    first_use: bool = True
    best_open_s: float | None = None
    answers: frozenset[str] = frozenset()


def refusal(who: Circumstances) -> str | None:
    """Why this test must not be done here, in one sentence; None when it may.

    The gates are those of the safety chapter: any yes to a safety question, closed
    eyes at first use or alone from 65 years, single-leg squats before ten steady
    seconds on that leg.
    """
    steady = who.best_open_s is not None and who.best_open_s >= STEADY_S
    if who.answers:
        return (
            "Please do not do this test here. Talk to your doctor or physiotherapist "
            "first; they can do it with you safely."
        )
    if who.eyes_closed and who.first_use:
        return "Do the test with open eyes first. Closed eyes come another day."
    if (
        who.eyes_closed
        and who.alone
        and (who.age_years is None or who.age_years >= EYES_CLOSED_AGE)
    ):
        return "With closed eyes only when someone stands beside you" + (
            "." if who.age_years is not None else ", or when your age is below 65."
        )
    if (who.eyes_closed or who.kind is TrialKind.SINGLE_LEG_SQUAT_SET) and not steady:
        what = "Closed eyes" if who.eyes_closed else "Squats on one leg"
        return f"{what} come after ten steady seconds on that leg with open eyes."
    return None
