"""Follow the subject frame by frame; read the outline of the legs where it counts.

While nothing moves, most frames are left out and interpolated (``quiet``). When
something does, those of the last moments, which were kept, are looked at after all.

Until knees bend, the outline is read once a second, and only of somebody on both
feet. When they begin to bend, the frames kept are followed once more with the outline,
and from there on every frame is.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np

from balance.model.recording import FloatArray
from balance.tracking.bending import BendWatch, feet_are_level
from balance.tracking.detector import Detector
from balance.tracking.network_view import RgbImage, for_network, part_width
from balance.tracking.quiet import QuietWatch
from balance.tracking.subject import Body
from balance.tracking.subject_prior import SubjectPrior, is_same, others_hidden
from balance.video.segments import share_of_next
from balance.video.video import Frame

# Frames of so many seconds are kept: the bend has begun that long before it is seen.
KEPT_S = 1.5
# Where something moves, frames left out are looked at from so long before it was seen.
BACK_S = 0.4
# How often the outline of somebody on both feet is read until then.
OUTLINE_EVERY_S = 1.0
# So many frames a fresh start needs to find its way (see ``video.segments``).
STARTING = 6


@dataclass(frozen=True, eq=False)
class _Shown:
    """What the detector gets to see of a frame, ``times`` smaller than it was.

    ``expected`` (33, 2) is where the subject should be, None where anybody will do;
    ``left`` how many px of the frame, on its left, are not shown.
    """

    rgb: RgbImage
    times: int
    expected: FloatArray | None
    left: int = 0


@dataclass(eq=False)
class _Kept:
    """A frame of the last moments; ``is_left_out`` until it is looked at."""

    time_s: float
    shown: _Shown | None
    body: Body | None
    is_left_out: bool = False


class Follower:
    """Follows one person with a detector of its own.

    Parameters
    ----------
    prior
        Where the subject is; None where whoever is found is followed.
    outline
        Whether the outline of the legs is wanted at all.
    every_frame
        Whether each frame is looked at even while nothing moves.
    """

    def __init__(
        self,
        detector: Detector,
        prior: SubjectPrior | None,
        outline: bool,
        every_frame: bool = True,
    ) -> None:
        self._detector = detector
        self._prior = prior
        self._bends = BendWatch() if outline else None
        self._quiet = None if every_frame else QuietWatch()
        self._kept: deque[_Kept] = deque()
        self._next_outline_s = -np.inf
        # Left edge of what is shown of a very wide frame, and of what was seen last.
        self._left, self._seen_left = 0, 0
        # The bodies of the last frames, the latest last, where they are others by now.
        self.anew: Sequence[Body | None] = ()

    def follow(self, frame: Frame, *, closely: bool = False) -> Body | None:
        """Find the subject in the next frame; with a prior nobody else.

        A frame that is left out has the body of the one before until it is found
        ``anew``; one that is looked at ``closely`` never is.
        """
        self.anew = ()
        shown = self._shown(frame)
        if not closely and self._may_leave_out(frame.time_s):
            last = self._kept[-1].body
            body = _between(last, last, 0.0)
            self._keep(_Kept(frame.time_s, shown, body, is_left_out=True))
            return body
        latest = _Kept(frame.time_s, shown, self._find(shown))
        self._keep(latest)
        self._catch_up()
        body = latest.body
        if self._bends is None or body is None:
            return body
        if self._bends.sees_bend(frame.time_s, body):
            *self.anew, body = self._outlined_anew()
            return body
        body = latest.body = self._now_and_then(frame, body)
        return body

    def settle(self) -> None:
        """Look at the last frame if it was left out; no more come."""
        self.anew = ()
        if self._kept and self._kept[-1].is_left_out:
            self._look_at(self._kept[-1])
            self._catch_up()
            self.anew = [kept.body for kept in self._kept]

    def _may_leave_out(self, time_s: float) -> bool:
        if self._quiet is None or not self._kept:
            return False
        return self._quiet.may_leave_out(2 * time_s - self._kept[-1].time_s)

    def _catch_up(self) -> None:
        """Give the frames left out before the latest one a body of their own."""
        if self._quiet is None:
            return
        latest = self._kept[-1]
        self._quiet.see(latest.time_s, latest.body)
        left_out = [kept for kept in self._kept if kept.is_left_out]
        if not left_out:
            return
        back_s = latest.time_s - BACK_S
        after_all = [kept for kept in left_out if kept.time_s >= back_s]
        if after_all and not self._quiet.is_quiet:
            # The latest once more, in order: where it had him the next is searched.
            for kept in (*after_all, latest):
                self._look_at(kept)
        self._interpolate()
        self.anew = [kept.body for kept in self._kept][:-1]

    def _look_at(self, kept: _Kept) -> None:
        kept.body, kept.is_left_out = self._find(kept.shown), False

    def _interpolate(self) -> None:
        """Interpolate the bodies of the frames left out just before the latest."""
        *past, latest = self._kept
        between = list(takewhile(lambda kept: kept.is_left_out, reversed(past)))
        if len(between) == len(past):
            return  # so long ago that the one before is no longer kept
        before = past[-len(between) - 1]
        for kept in between:
            share = (kept.time_s - before.time_s) / (latest.time_s - before.time_s)
            kept.body = _between(before.body, latest.body, share)

    def _now_and_then(self, frame: Frame, body: Body) -> Body:
        """Read the outline of somebody on both feet."""
        if frame.time_s < self._next_outline_s or not feet_are_level(body):
            return body
        every_s = OUTLINE_EVERY_S
        self._next_outline_s = (np.floor(frame.time_s / every_s) + 1) * every_s
        return self._detector.outlined(frame.rgb, body)

    def _shown(self, frame: Frame) -> _Shown | None:
        """Return what is shown of a frame; None where nobody knows what to show."""
        expected, left = None, 0
        rgb = frame.rgb
        if self._prior is not None:
            expected = self._prior.xy_at(frame.time_s)
            if expected is None:
                return None
            rgb = others_hidden(rgb, expected)
            if (width := part_width(rgb)) < rgb.shape[1]:
                left = self._left = left_edge(expected, width, rgb, self._left)
                rgb = np.ascontiguousarray(rgb[:, left : left + width])
        small, times = for_network(rgb)
        return _Shown(small, times, expected, left)

    def _find(self, shown: _Shown | None) -> Body | None:
        if shown is None:
            return None
        body = self._in_frame(shown)
        if shown.expected is None or _is_there(body, shown.expected):
            return body
        self._detector.forget()
        body = self._in_frame(shown)
        return body if _is_there(body, shown.expected) else None

    def _in_frame(self, shown: _Shown) -> Body | None:
        if shown.left != self._seen_left:
            self._detector.forget()
            self._seen_left = shown.left
        body = self._detector.follow(shown.rgb)
        return None if body is None else body.enlarged(shown.times).moved(shown.left)

    def _keep(self, latest: _Kept) -> None:
        """Keep frames for as long as they may be looked at once more."""
        if self._bends is None and self._quiet is None:
            return
        kept_s = BACK_S if self._bends is None else KEPT_S
        self._kept.append(latest)
        while self._kept[0].time_s < latest.time_s - kept_s:
            self._kept.popleft()

    def _outlined_anew(self) -> list[Body | None]:
        """Follow what was kept once more, with the outline, and fade over to it."""
        self._bends = self._quiet = None
        self._detector.begin_outlines()
        times = np.array([kept.time_s for kept in self._kept])
        shares = share_of_next(times, times[-1])
        found: list[Body | None] = []
        for number, (kept, share) in enumerate(zip(self._kept, shares, strict=True)):
            after, settled = self._find(kept.shown), number >= STARTING
            found.append(_faded(kept.body, after, float(share), settled))
        self._kept.clear()
        return found


def _between(before: Body | None, after: Body | None, share: float) -> Body | None:
    """Interpolate; where one of the two shows nobody, neither does what is between."""
    if before is None or after is None:
        return None
    return replace(before.mixed(after, share), leg_edges_px=None, inferred=False)


def left_edge(expected: FloatArray, width: int, rgb: RgbImage, before: int) -> int:
    """Return where a part of so many px begins; as before while it holds the body."""
    low, high = expected[:, 0].min(), expected[:, 0].max()
    if before <= low and high <= before + width:
        return before
    middle = (low + high) / 2
    return int(np.clip(middle - width / 2, 0, rgb.shape[1] - width))


def _faded(
    before: Body | None, after: Body | None, share: float, settled: bool
) -> Body | None:
    """Mix the landmarks; the outline is the later run's, once it has found its way."""
    if before is None or after is None or not is_same(before, after.xy_px):
        return before
    edges = after.leg_edges_px if settled else before.leg_edges_px
    return replace(before.mixed(after, share), leg_edges_px=edges)


def _is_there(body: Body | None, expected: FloatArray) -> bool:
    return body is not None and is_same(body, expected)
