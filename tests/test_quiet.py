"""No frame is looked at for nothing: only every few while nobody moves."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from balance.model.codes import RequestedTest
from balance.model.landmarks import LANDMARK_COUNT, Landmark
from balance.model.recording import FloatArray
from balance.model.results import Options
from balance.model.setup import Setup
from balance.pipeline.record import needs_every_frame
from balance.tracking.follower import BACK_S, Follower
from balance.tracking.network_view import RgbImage
from balance.tracking.quiet import GAP_S, QUIET_S, ROUNDING_S, SEEN_S
from balance.tracking.subject import Body
from balance.tracking.tracking import Tracked, track
from balance.video.segments import Segment
from balance.video.video import Frame

HEIGHT_PX = 300.0
Place = Callable[[float], float]


def still(_time_s: float) -> float:
    return 0.0


def figure(landmark: Landmark, away_px: float) -> Body:
    """Somebody of whom one landmark is so far to the right of where it was."""
    xy = np.zeros((LANDMARK_COUNT, 2))
    xy[:, 1] = np.linspace(0.0, HEIGHT_PX, LANDMARK_COUNT)
    xy[landmark, 0] += away_px
    return Body(xy, np.ones(LANDMARK_COUNT))


class Scripted:
    """Sees one landmark move as ``place`` (px at a time) says; None is out of sight."""

    def __init__(self, landmark: Landmark, place: Callable[[float], float | None]):
        self._landmark, self._place = landmark, place
        self.asked_s: list[float] = []

    def follow(self, rgb: RgbImage) -> Body | None:
        now_s = time_of(rgb)
        self.asked_s.append(now_s)
        away = self._place(now_s)
        return None if away is None else figure(self._landmark, away)

    def outlined(self, rgb: RgbImage, known: Body) -> Body:
        return known

    def find_all(self, rgb: RgbImage, known: Body | None) -> tuple[Body, ...]:
        return () if known is None else (known,)

    def begin_outlines(self) -> None: ...

    def forget(self) -> None: ...

    def close(self) -> None: ...


def frame(number: int, rate_hz: float) -> Frame:
    """A frame that tells its time in milliseconds."""
    milliseconds = round(1000 * number / rate_hz)
    colour = (milliseconds // 256, milliseconds % 256, 0)
    return Frame(number, milliseconds / 1000, np.full((8, 8, 3), colour, np.uint8))


def time_of(rgb: RgbImage) -> float:
    high, low = rgb[0, 0, :2].tolist()
    return float(256 * high + low) / 1000


class Followed:
    """A recording followed to its end: when the network was asked, who was found."""

    def __init__(
        self,
        place: Callable[[float], float | None] = still,
        landmark: Landmark = Landmark.LEFT_WRIST,
        *,
        seconds: float = 6.0,
        rate_hz: float = 30.0,
        closely_at_s: float | None = None,
    ) -> None:
        detector = Scripted(landmark, place)
        follower = Follower(detector, None, outline=False, every_frame=False)
        bodies: list[Body | None] = []
        frames = [frame(n, rate_hz) for n in range(round(seconds * rate_hz))]
        for each in frames:
            body = follower.follow(each, closely=each.time_s == closely_at_s)
            self._take(bodies, follower)
            bodies.append(body)
        follower.settle()
        self._take(bodies, follower)
        self.time_s = np.array([each.time_s for each in frames])
        self.bodies = bodies
        self.inferred = np.array([b is None or b.inferred for b in bodies])
        self.asked_s = detector.asked_s
        self.x = np.array(
            [np.nan if b is None else b.xy_px[landmark, 0] for b in bodies]
        )

    @staticmethod
    def _take(bodies: list[Body | None], follower: Follower) -> None:
        if follower.anew:
            bodies[-len(follower.anew) :] = follower.anew

    def gaps_s(self) -> FloatArray:
        return np.diff(self.time_s[self.inferred])


@pytest.mark.parametrize(
    ("rate_hz", "every"),
    [(10, 1), (15, 2), (24, 4), (25, 4), (29.97, 5), (30, 5), (60, 10)],
)
def test_of_somebody_quiet_six_or_seven_frames_a_second_are_looked_at(
    rate_hz: float, every: int
) -> None:
    quiet = Followed(rate_hz=rate_hz)
    assert quiet.inferred[: int(SEEN_S * rate_hz)].all()
    assert quiet.inferred[round(QUIET_S * rate_hz) :].mean() == pytest.approx(
        1 / every, abs=0.02
    )
    assert quiet.gaps_s().max() <= GAP_S + ROUNDING_S
    assert len(quiet.asked_s) == quiet.inferred.sum()


def test_every_frame_has_a_body_and_the_last_one_is_looked_at() -> None:
    quiet = Followed()
    assert all(quiet.bodies)
    assert quiet.inferred[-1]


def test_what_sways_is_interpolated_below_what_the_network_can_tell() -> None:
    def sway(time_s: float) -> float:
        return 0.008 * HEIGHT_PX * np.sin(2 * np.pi * 0.5 * time_s)

    swaying = Followed(sway, Landmark.LEFT_HIP, seconds=10.0)
    assert swaying.inferred.mean() < 0.6
    off = np.abs(swaying.x - [sway(t) for t in swaying.time_s])
    assert off.max() < 0.001 * HEIGHT_PX


@pytest.mark.parametrize("landmark", [Landmark.LEFT_WRIST, Landmark.LEFT_FOOT_INDEX])
def test_of_somebody_who_moves_every_frame_is_looked_at(landmark: Landmark) -> None:
    moving = Followed(lambda time_s: 90.0 * time_s, landmark)
    assert moving.inferred.all()
    assert moving.asked_s == moving.time_s.tolist()


def test_where_nobody_is_seen_every_frame_is_looked_at() -> None:
    empty = Followed(lambda _: None)
    assert empty.inferred.all()
    assert empty.asked_s == empty.time_s.tolist()


@pytest.mark.parametrize("moves_s", np.arange(3.0, 3.3, 1 / 30).tolist())
def test_from_before_a_foot_moves_until_it_rests_every_frame_is_looked_at(
    moves_s: float,
) -> None:
    def step(time_s: float) -> float:
        return float(np.clip(time_s - moves_s, 0.0, 0.3)) * 200.0

    stepping = Followed(step, Landmark.RIGHT_ANKLE)
    t, looked_at = stepping.time_s, stepping.inferred
    # It is seen at the next frame looked at, a gap later at most.
    about = (t > moves_s + GAP_S - BACK_S) & (t < moves_s + 0.3 + QUIET_S - GAP_S)
    assert looked_at[about].all()
    assert looked_at[t < 2.5].mean() < 0.5
    assert looked_at[t > 4.5].mean() < 0.4
    np.testing.assert_allclose(stepping.x[about], [step(now) for now in t[about]])


def test_who_is_gone_of_a_sudden_is_gone_from_the_very_frame() -> None:
    gone = Followed(lambda time_s: 0.0 if time_s < 3.05 else None)
    seen = np.array([body is not None for body in gone.bodies])
    np.testing.assert_array_equal(seen, gone.time_s < 3.05)


def test_a_camera_that_pauses_loses_no_frame() -> None:
    """Even where it pauses longer than frames are kept."""
    detector = Scripted(Landmark.NOSE, still)
    follower = Follower(detector, None, outline=False, every_frame=False)
    for number in [*range(101), *range(161, 180), *range(240, 260)]:
        assert follower.follow(frame(number, 30.0)) is not None


def test_where_everybody_is_looked_for_the_frame_is_looked_at() -> None:
    times = Followed().time_s[90:96].tolist()
    assert all(at in Followed(closely_at_s=at).asked_s for at in times)


def test_with_squats_from_the_bend_on_every_frame_is_looked_at() -> None:
    """Quiet or not: the outline of the legs is read in each."""

    def hips(time_s: float) -> float:
        return 0.0

    class Bending(Scripted):
        def follow(self, rgb: RgbImage) -> Body | None:
            body = super().follow(rgb)
            assert body is not None
            body.xy_px[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1] += (
                30.0 if 2.0 <= time_of(rgb) < 2.5 else 0.0
            )
            return body

    detector = Bending(Landmark.LEFT_WRIST, hips)
    follower = Follower(detector, None, outline=True, every_frame=False)
    for number in range(300):
        follower.follow(frame(number, 30.0))
    late = [at for at in detector.asked_s if at > 2.5]
    assert len(late) == len({frame(n, 30.0).time_s for n in range(76, 300)})


def thinned(cuts_s: list[float], workers: int) -> Tracked:
    """Follow six seconds in segments, the wrist waving in the fourth second."""

    def wave(time_s: float) -> float:
        return 40.0 * np.sin(12 * time_s) if 3.0 <= time_s < 4.0 else 0.0

    edges = [None, *cuts_s, None]
    return track(
        lambda piece: [
            one
            for n in range(180)
            if (one := frame(n, 30.0)).time_s >= (piece.read_from_s or 0.0)
        ],
        lambda: Scripted(Landmark.LEFT_WRIST, wave),
        segments=[Segment(a, b) for a, b in pairwise(edges)],
        workers=workers,
        every_frame=False,
    )


def test_the_recording_tells_which_frames_were_looked_at() -> None:
    tracked = thinned([2.5], 1)
    assert tracked.inferred is not None
    assert 0.3 < tracked.inferred.mean() < 0.8
    assert tracked.inferred[np.isfinite(tracked.scene.person_count)].all()
    assert np.isfinite(tracked.pose.xy_px).all()


def test_the_number_of_workers_changes_nothing_of_it() -> None:
    one, *others = (thinned([1.5, 3.5, 4.5], workers) for workers in (1, 2, 4))
    for other in others:
        np.testing.assert_array_equal(one.pose.xy_px, other.pose.xy_px)
        np.testing.assert_array_equal(one.inferred, other.inferred)


@pytest.mark.parametrize(
    ("options", "protocol", "all_of_them"),
    [
        (Options(), "auto", False),
        (Options(test=RequestedTest.SINGLE_LEG_STANCE), "auto", False),
        (Options(test=RequestedTest.SQUAT), "auto", False),
        (Options(every_frame=True), "auto", True),
        (Options(flow=False), "auto", True),
        (Options(test=RequestedTest.HEEL_RAISE), "auto", True),
        (Options(test=RequestedTest.TANDEM_STANCE), "auto", True),
        (Options(), "bess", True),
    ],
)
def test_what_only_landmarks_measure_has_them_in_every_frame(
    options: Options, protocol: str, all_of_them: bool
) -> None:
    setup = Setup(options=options, protocol=protocol)
    assert needs_every_frame(setup) == all_of_them
