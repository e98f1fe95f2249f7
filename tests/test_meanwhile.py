"""What is needed after the landmarks is loaded while they are looked for."""

import subprocess
import sys
import threading

import pytest

from balance.pipeline import meanwhile
from balance.pipeline.meanwhile import loading


@pytest.fixture
def two_cores(monkeypatch):
    monkeypatch.setattr(meanwhile, "usable_cores", lambda: 2)


def run_by_python(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_the_first_frame_begins_the_steps_and_progress_goes_on(two_cores):
    told, begun = [], threading.Event()
    with loading({"pose": [begun.set]}, lambda *said: told.append(said)) as progress:
        progress("pose", 0, 9)
        assert not begun.wait(0.05)
        progress("pose", 1, 9)
        assert begun.wait(5)
        progress("pose", 2, 9)
    assert told == [("pose", 0, 9), ("pose", 1, 9), ("pose", 2, 9)]


def test_each_work_begins_its_own_steps(two_cores):
    pose, flow = threading.Event(), threading.Event()
    steps = {"pose": [pose.set], "flow": [flow.set]}
    with loading(steps, lambda *_: None) as progress:
        progress("pose", 1, 9)
        assert pose.wait(5)
        assert not flow.wait(0.05)
        progress("flow", 1, 9)
        assert flow.wait(5)


def test_without_a_frame_nothing_is_loaded(two_cores):
    with loading({"pose": [lambda: pytest.fail("begun")]}, lambda *_: None):
        pass


def test_who_leaves_waits_for_one_step_at_most(two_cores):
    at_work, may_end, done = threading.Event(), threading.Event(), []

    def first():
        at_work.set()
        may_end.wait(5)
        done.append("first")

    steps = [first, lambda: done.append("second")]
    with loading({"pose": steps}, lambda *_: None) as progress:
        progress("pose", 1, 9)
        at_work.wait(5)
        threading.Timer(0.1, may_end.set).start()
    assert done == ["first"]  # and its thread has ended


def test_a_step_that_fails_is_left_to_whoever_needs_it(two_cores):
    done = threading.Event()
    steps = [lambda: 1 / 0, done.set]
    with loading({"pose": steps}, lambda *_: None) as progress:
        progress("pose", 1, 9)
        assert done.wait(5)


def test_on_one_core_nothing_is_loaded_ahead(monkeypatch):
    monkeypatch.setattr(meanwhile, "usable_cores", lambda: 1)
    with loading({"pose": [lambda: pytest.fail("begun")]}, lambda *_: None) as progress:
        progress("pose", 1, 9)


@pytest.mark.slow
def test_every_step_loads_something_that_is_there():
    for step in (*meanwhile.FOR_REPORT["pose"], *meanwhile.FOR_REPORT["flow"]):
        step()


def test_what_begins_an_analysis_does_not_wait_for_scipy_or_charts():
    heavy = "'scipy.signal', 'scipy.stats', 'altair', 'pandas', 'mediapipe', 'cv2'"
    code = (
        f"import sys, balance.pipeline.analyze; print(*{{{heavy}}} & {{*sys.modules}})"
    )
    assert run_by_python(code) == []


@pytest.mark.slow
def test_mediapipe_comes_without_its_drawing_until_somebody_asks_for_it():
    code = """
import sys
from balance.tracking.mediapipe_import import load_mediapipe
load_mediapipe()
print("matplotlib" in sys.modules, "sounddevice" in sys.modules)
from mediapipe.tasks.python import audio
from mediapipe.tasks.python.vision import drawing_utils
print(hasattr(drawing_utils, "draw_landmarks"), hasattr(audio, "AudioClassifier"))
"""
    assert run_by_python(code) == ["False", "False", "True", "True"]
