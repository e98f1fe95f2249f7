"""How the suite runs, and clips made for a test with answers known by hand."""

import json
import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clip_maker import ClipMaker
from hypothesis import settings

# One test a core: threads of the numerical libraries would only wait for each other.
# The workers that are started after this inherit it.
for library in ("OMP", "OPENBLAS"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# A busy machine is no failure: an example may take as long as it takes.
settings.register_profile("balance", deadline=None, print_blob=True)
settings.load_profile("balance")

GOLDEN = Path(__file__).parent / "golden"
# What may be left out even where everything is installed: no machine setting helps.
MAY_SKIP = (
    "machine too busy",
    "this user may write everywhere",
    # The page says of itself that this machine is too slow for the camera.
    "too slow to test safely",
    "its seconds are rough",
    # The registry is somebody else's; the bundle is still checked by fhir.resources.
    "the R4 schema cannot be fetched",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/golden/*.json anew; read the difference before committing",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Where ``CI`` is set, a test that is skipped has failed: something is missing."""
    report = yield
    left_out = report.skipped and not hasattr(report, "wasxfail")
    if left_out and os.environ.get("CI") == "true":
        reason = str(report.longrepr[2])
        if not any(words in reason for words in MAY_SKIP):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} cannot run here: {reason}"
    return report


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Any], None]:
    """Compare with numbers kept in ``tests/golden``; ``--update-golden`` keeps them."""

    def compare(name: str, found: Any) -> None:
        path = GOLDEN / f"{name}.json"
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"no {path.name}: run pytest with --update-golden"
        assert found == json.loads(path.read_text())

    return compare


@pytest.fixture(autouse=True)
def own_results(request, tmp_path, monkeypatch):
    """Let pages keep their results and history where nobody else looks."""
    if "test_ui" in request.module.__name__:
        monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "app-history.db"))


def image(number: int, size: tuple[int, int]) -> np.ndarray:
    """A grey frame with a bright top left corner and its number as brightness."""
    width, height = size
    rgb = np.full((height, width, 3), 40 + 2 * (number % 80), np.uint8)
    rgb[: height // 4, : width // 4] = 250
    return rgb


@pytest.fixture
def make_clip(tmp_path: Path) -> ClipMaker:
    """Write a clip whose frames are shown at the given times."""
    import av

    def make(
        name: str = "clip.mp4",
        *,
        times_s: Sequence[float] = tuple(i / 30 for i in range(30)),
        size: tuple[int, int] = (64, 48),
        codec: str = "libx264",
        pix_fmt: str = "yuv420p",
        rotation_deg: int = 0,
        display_matrix: Sequence[int] | None = None,
        pixel_aspect: Fraction | None = None,
        draw: Callable[[int, tuple[int, int]], np.ndarray] = image,
        options: dict[str, str] | None = None,
        clock_hz: int = 1000,
        container_options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w", options=container_options or {}) as container:
            stream: Any = container.add_stream(codec, rate=30)
            stream.width, stream.height = size
            stream.pix_fmt = pix_fmt
            stream.codec_context.time_base = Fraction(1, clock_hz)
            stream.options = options or {}
            if rotation_deg:
                stream.set_display_rotation(-rotation_deg)
            if display_matrix:
                stream.set_display_matrix(display_matrix)
            if pixel_aspect:
                stream.codec_context.sample_aspect_ratio = pixel_aspect
            container.start_encoding()
            for number, time_s in enumerate(times_s):
                frame = av.VideoFrame.from_ndarray(draw(number, size), format="rgb24")
                frame.pts = round(time_s * clock_hz)
                frame.time_base = Fraction(1, clock_hz)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return make
