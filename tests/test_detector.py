"""The model: what is missing is named, two runs agree, everybody is found."""

import hashlib
import itertools
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from balance.model.errors import DetectorError
from balance.model.results import Options
from balance.model.setup import Setup
from balance.pipeline.analyze import analyze_to_folder
from balance.tracking import detector
from balance.tracking.detector import (
    LEG_MASK_MODEL,
    NO_MASK_MODEL,
    PACKAGE_OF_LIBRARY,
    SHIPPED_MODEL,
    SHIPPED_SHA256,
    AnyFinder,
    MediaPipeDetector,
    _what_is_missing,
    model_sha256,
)
from balance.tracking.network_view import for_network, parts_of
from balance.tracking.tracking import Tracked, track, track_video
from balance.video import segments
from balance.video.samples import sample_videos
from balance.video.video import Frame, read_video

SAMPLES = {path.stem: path for path in sample_videos()}


@pytest.mark.parametrize("model", [SHIPPED_MODEL, NO_MASK_MODEL, LEG_MASK_MODEL])
def test_a_model_comes_with_its_licence_and_its_sum(model: Path) -> None:
    found = hashlib.sha256(model.read_bytes()).hexdigest()
    assert model_sha256(model) == found
    assert found in (model.parent / "README.md").read_text()
    assert "Apache License" in (model.parent / "LICENSE").read_text()
    script = Path(__file__).parents[1] / "scripts" / "make_pose_model.py"
    assert found in script.read_text()


def test_results_name_the_whole_model_where_its_file_is_left_out(monkeypatch) -> None:
    def no_file(*_, **__):
        raise AssertionError("no wheel holds the file")

    monkeypatch.setattr(Path, "open", no_file)
    assert model_sha256(SHIPPED_MODEL) == SHIPPED_SHA256


@pytest.mark.slow
def test_without_its_mask_the_model_finds_the_same_to_the_bit() -> None:
    images = some("squat_valgus_left", 2.0, 4.0)
    # A model that is named is used for everything.
    with MediaPipeDetector(SHIPPED_MODEL) as whole, MediaPipeDetector() as shipped:
        for image in images:
            one, other = whole.follow(image.rgb), shipped.follow(image.rgb)
            assert one is not None
            assert other is not None
            np.testing.assert_array_equal(one.xy_px, other.xy_px)
            np.testing.assert_array_equal(one.visibility, other.visibility)


@pytest.mark.slow
@pytest.mark.parametrize("clip", ["squat_valgus_left", "single_leg_squat_right"])
def test_with_a_mask_of_the_legs_alone_their_outline_is_the_same(clip: str) -> None:
    images = some(clip, 2.0, 5.0)
    with MediaPipeDetector(SHIPPED_MODEL) as whole, MediaPipeDetector() as shipped:
        whole.begin_outlines()
        shipped.begin_outlines()
        for image in images:
            one, other = whole.follow(image.rgb), shipped.follow(image.rgb)
            assert one is not None
            assert other is not None
            np.testing.assert_array_equal(one.xy_px, other.xy_px)
            # Other processors may round the sums another way.
            np.testing.assert_allclose(one.leg_edges_px, other.leg_edges_px, atol=1e-3)
            assert np.isfinite(one.leg_edges_px).mean() > 0.25


@pytest.mark.parametrize(("library", "package"), PACKAGE_OF_LIBRARY.items())
def test_a_missing_library_is_told_with_its_package(library: str, package: str) -> None:
    problem = f"{library}.2: cannot open shared object file: No such file or directory"
    assert f"apt install {package}" in _what_is_missing(problem)


def test_another_missing_library_is_named() -> None:
    assert "libstrange.so.7" in _what_is_missing("libstrange.so.7: cannot open")


def test_a_model_that_is_not_there_is_told() -> None:
    with pytest.raises(DetectorError, match="cannot be read"):
        MediaPipeDetector(Path("nowhere.task"))


@pytest.mark.slow
def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    no_model = tmp_path / "no.task"
    no_model.write_text("This is no model.")
    with pytest.raises(DetectorError, match="not a pose model"):
        MediaPipeDetector(no_model)


class Loaded:
    """Stands in for a landmarker that finds nobody."""

    def __init__(self, mode: str) -> None:
        self.mode, self.closed = mode, False

    def detect(self, _image: object) -> SimpleNamespace:
        assert not self.closed
        return SimpleNamespace(pose_landmarks=[], segmentation_masks=None)

    def close(self) -> None:
        self.closed = True


def test_what_looks_for_everybody_is_loaded_once_for_all_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded: list[Loaded] = []

    def load(_path: Path, mode: str, *, mask: bool) -> Loaded:
        loaded.append(Loaded(mode))
        return loaded[-1]

    monkeypatch.setattr(detector, "_landmarker", load)
    monkeypatch.setattr(detector, "_as_image", lambda rgb: rgb)
    frame = np.zeros((48, 64, 3), np.uint8)
    everybody = AnyFinder()
    for _ in range(2):
        with MediaPipeDetector(None, everybody) as one:
            assert one.find_all(frame, None) == ()
    assert [each.mode for each in loaded] == ["VIDEO", "IMAGE", "VIDEO"]
    assert [each.closed for each in loaded] == [True, False, True]
    everybody.close()
    assert all(each.closed for each in loaded)
    with MediaPipeDetector() as alone:
        alone.find_all(frame, None)
    assert loaded[-1].mode == "IMAGE"
    assert loaded[-1].closed


@pytest.mark.slow
def test_two_runs_agree_to_the_bit() -> None:
    options = Options(to_s=0.7)
    one, other = (track_video(SAMPLES["stand_left"], options) for _ in range(2))
    np.testing.assert_array_equal(one.pose.xy_px, other.pose.xy_px)
    np.testing.assert_array_equal(one.scene.sharpness, other.scene.sharpness)


@pytest.mark.slow
def test_the_number_of_workers_changes_no_bit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(segments, "TWO_UNTIL_S", 5.0)  # four segments
    setup = Setup(options=Options(from_s=1.0, to_s=6.5))
    files, landmarks = {}, {}
    for workers in (1, 2, 4):
        result = analyze_to_folder(
            SAMPLES["stand_left"],
            tmp_path / str(workers),
            setup,
            video=False,
            workers=workers,
        )
        assert result.folder is not None
        files[workers] = (result.folder / "assessment.json").read_bytes()
        landmarks[workers] = result.recording.pose.xy_px
        assert len(result.recording.pose) > 150
        assert result.recording.inferred is not None
        assert result.recording.inferred.mean() < 0.9
    assert files[1] == files[2] == files[4]
    np.testing.assert_array_equal(landmarks[1], landmarks[2])
    np.testing.assert_array_equal(landmarks[1], landmarks[4])


@pytest.mark.slow
def test_loading_the_model_writes_nothing_on_the_screen(
    capfd: pytest.CaptureFixture[str],
) -> None:
    track_video(SAMPLES["stand_left"], Options(to_s=0.2))
    assert capfd.readouterr().err == ""


def some(name: str, from_s: float, to_s: float, every: int = 3) -> list[Frame]:
    frames = read_video(SAMPLES[name], from_s=from_s, to_s=to_s)
    return [frame for frame in frames if frame.index % every == 0]


def side_by_side(left: list[Frame], right: list[Frame], zoom: int = 1) -> list[Frame]:
    """One frame of two; the right one enlarged about its middle."""
    images = []
    for number, (one, other) in enumerate(zip(left, right, strict=False)):
        height, width = (size // zoom for size in other.rgb.shape[:2])
        top, edge = other.rgb.shape[0] - height, (other.rgb.shape[1] - width) // 2
        part = other.rgb[top // 2 : top // 2 + height, edge : edge + width]
        part = np.repeat(np.repeat(part, zoom, axis=0), zoom, axis=1)
        rgb = np.hstack([one.rgb, part])
        images.append(Frame(number, number / 10, np.ascontiguousarray(rgb)))
    return images


def followed(images: list[Frame], by_hand: str | None = None) -> Tracked:
    return track(lambda _piece: images, MediaPipeDetector, person=by_hand)


def middle_x(tracked: Tracked) -> np.ndarray:
    return tracked.pose.xy_px[:, :, 0].mean(axis=1)


@pytest.mark.slow
def test_of_two_people_the_one_who_does_the_test_is_followed() -> None:
    stander = some("stand_left", 4.0, 7.0)
    waiting = some("squat_valgus_left", 0.0, 1.0)
    images = side_by_side(waiting * 3, stander)
    tracked = followed(images)
    assert np.nanmax(tracked.scene.person_count) == 2
    assert np.all(middle_x(tracked) > 640)
    assert np.all(middle_x(followed(images, "left")) < 640)


@pytest.mark.slow
@pytest.mark.parametrize("by_hand", ["left", "right"])
def test_four_people_in_a_wide_frame_are_found(by_hand: str) -> None:
    """In the square that the network sees, each is 40 px wide: "no person found"."""
    stander = some("stand_left", 4.0, 5.0)
    two = side_by_side(stander, stander)
    tracked = followed(side_by_side(two, two), by_hand)
    width = tracked.pose.size_px[0]
    assert width > 4 * tracked.pose.size_px[1]
    assert np.nanmin(tracked.scene.person_count) >= 3
    place = middle_x(tracked) / width
    assert np.all((place < 0.25) if by_hand == "left" else (place > 0.75))


def test_only_a_very_wide_frame_is_looked_at_in_parts() -> None:
    assert parts_of(np.zeros((1080, 1920, 3), np.uint8)) == []
    wide = np.tile(np.arange(2560, dtype=np.int64)[None, :, None] % 251, (480, 1, 3))
    wide = wide.astype(np.uint8)
    found = parts_of(wide)
    assert found[0][0] == 0
    assert found[-1][0] + found[-1][1].shape[1] == 2560
    for (left, part), (after, _) in itertools.pairwise(found):
        np.testing.assert_array_equal(part[0], wide[0, left : left + part.shape[1]])
        assert after - left <= part.shape[1] / 2 + 1  # somebody is whole in one of them


@pytest.mark.slow
def test_a_recording_is_followed_as_if_the_other_were_not_there() -> None:
    stander = some("stand_left", 4.0, 6.0)
    alone = followed(stander)
    beside = followed(side_by_side(stander, some("squat_valgus_left", 0.0, 1.0) * 2))
    way = np.linalg.norm(
        beside.pose.xy_px - alone.pose.xy_px[: len(beside.pose)], axis=2
    )
    assert np.median(way) < 1.5


@pytest.mark.skipif(shutil.which("true") is None, reason="needs a shell")
def test_nothing_heavy_is_loaded_with_the_module() -> None:
    import subprocess
    import sys

    code = "import sys, balance.tracking.tracking; print('mediapipe' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False"


@pytest.mark.slow
def test_the_outline_of_the_legs_is_read_where_knees_are_asked_for() -> None:
    clip = SAMPLES["stand_left"]
    anything, stand = (
        track_video(clip, Options(test=test, to_s=1.0))
        for test in ("auto", "single-leg-stance")
    )
    assert np.isfinite(anything.leg_edges_px).any()
    assert stand.leg_edges_px is None
    np.testing.assert_array_equal(anything.pose.xy_px, stand.pose.xy_px)


@pytest.mark.parametrize(
    ("width", "height", "times", "seen"),
    [
        pytest.param(640, 480, 1, (640, 480), id="webcam"),
        pytest.param(108, 192, 1, (108, 192), id="tiny"),
        pytest.param(1280, 720, 2, (640, 360), id="720p"),
        pytest.param(1920, 1080, 3, (640, 360), id="1080p"),
        pytest.param(2160, 3840, 6, (360, 640), id="4K, upright"),
        pytest.param(853, 480, 1, (856, 480), id="a width the library cannot take"),
        pytest.param(1706, 960, 2, (856, 480), id="the same, twice as large"),
    ],
)
def test_the_network_sees_no_more_than_it_can_use(width, height, times, seen) -> None:
    small, so_many = for_network(np.zeros((height, width, 3), np.uint8))
    assert (so_many, small.shape[1::-1]) == (times, seen)


def test_a_smaller_frame_keeps_everything_in_its_place() -> None:
    image = np.zeros((721, 1281, 3), np.uint8)
    image[200:202, 400:402] = 200
    small, times = for_network(image)
    assert times == 2
    assert (small[100, 200] == 200).all()
    assert small.sum() == 3 * 200


def test_a_rim_is_added_on_the_right_and_shows_what_was_beside_it() -> None:
    image = np.arange(9, dtype=np.uint8)[None, :, None] * np.ones((7, 1, 3), np.uint8)
    small, _ = for_network(image)
    np.testing.assert_array_equal(small[:, :9], image)
    assert (small[:, 9:] == 8).all()


@pytest.mark.parametrize("width", [426, 853, 854])
def test_a_width_that_would_end_the_process_gives_body_and_outline(width: int) -> None:
    rgb = next(iter(read_video(SAMPLES["stand_left"]))).rgb
    wider = np.pad(rgb, ((0, 0), (110, 110), (0, 0)), mode="edge")
    left = (wider.shape[1] - width) // 2
    rgb = np.ascontiguousarray(wider[:, left : left + width])
    with MediaPipeDetector() as detector:
        bare = detector.follow(rgb)
        assert bare is not None
        assert bare.leg_edges_px is None
        alone = detector.outlined(rgb, bare)
        detector.begin_outlines()
        body = detector.follow(rgb)
    assert body is not None
    np.testing.assert_array_equal(body.xy_px, bare.xy_px)
    for one in (alone, body):
        assert np.isfinite(one.leg_edges_px).mean() > 0.5
    assert np.nanmax(np.abs(alone.leg_edges_px - body.leg_edges_px)) < 5
