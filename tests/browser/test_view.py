"""The test view in every state at four sizes: nothing scrolls, covers or is small."""

from dataclasses import replace

import pytest

from balance.app.webcam.routes import PREFIX
from balance.app.webcam.wire import write_view
from balance.live import LiveTask, LiveView, Phase, words
from balance.live.asking import Question
from balance.live.buttons import buttons
from balance.live.coach import ADVICE, Hint
from balance.reference.loader import load_exercises
from tests.browser.conftest import IMAGES
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser

SIZES = {
    "13-inch": (1280, 800),
    "full-hd": (1920, 1080),
    "phone-upright": (390, 844),
    "phone-lying": (844, 390),
}
# A cap height of 12 mm on a 13-inch screen, whose frame is 175 mm high.
CAPITAL = 12 / 175
DIGITS = 0.2
CAPITAL_OF_FONT = 0.7
TASK = LiveTask(side="left", number=2, of=6)

MEASURE = """() => {
  const stage = window.screen_.stage, out = {};
  const seen = [...stage.querySelectorAll('.words, .clock, .buttons, .note, .light')]
    .filter((one) => one.offsetParent && one.textContent.trim());
  const box = (one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return { name: one.className, left, top, right, bottom };
  };
  out.boxes = seen.map(box);
  out.buttons = [...stage.querySelectorAll('button')].filter((b) => b.offsetParent)
    .map(box);
  out.modal = stage.matches(':modal');
  const { width, height } = stage.getBoundingClientRect();
  out.covers = [width, height];
  out.scrolled = [stage.scrollTop, stage.scrollHeight - stage.clientHeight];
  const size = (name) => {
    const part = stage.querySelector(`[data-part=${name}]`);
    const seen = part.offsetParent && part.textContent;
    return seen ? parseFloat(getComputedStyle(part).fontSize) : 0;
  };
  for (const name of ['clock', 'headline', 'leg', 'try', 'light'])
    out[name] = size(name);
  return out;
}"""


def view(phase: Phase, clock: str = "", hints: tuple[Hint, ...] = ()) -> LiveView:
    headline, advice = words.headline(phase, TASK, hints)
    return LiveView(
        phase=phase,
        headline=headline,
        advice=advice,
        ready=not hints,
        clock=clock,
        turn=words.progress(TASK),
        light=words.light(phase, not hints),
        buttons=buttons(phase, TASK, False),
    )


def longest_hint() -> Hint:
    return max(ADVICE, key=lambda hint: len(ADVICE[hint]))


def exercise() -> LiveView:
    exercises = load_exercises().exercises.values()
    hard = max(exercises, key=lambda one: len(one.title) + len(one.steps[0]))
    return LiveView(
        phase=Phase.CHANGE,
        headline=f"Next: {hard.title}",
        advice=hard.steps[0],
        clock="20",
        turn="Exercise 3 of 8 · set 1 of 2",
        light="✓ Counted",
        drawing=hard.code,
        buttons=("next", "pause", "stop"),
    )


STATES = {
    "set-up": view(Phase.SET_UP, hints=(longest_hint(),)),
    "countdown": view(Phase.COUNTDOWN, "5"),
    "go": view(Phase.GO),
    "running": view(Phase.RUNNING, "38.4"),
    "after": view(Phase.AFTER, "45.0"),
    "rest": view(Phase.REST, "30"),
    "halted": replace(view(Phase.HALTED), advice=Question("112").advice),
    "finished": view(Phase.FINISHED),
    "training": exercise(),
}
# Said below the buttons once a try is over.
POST = "Your video is saved on this computer and is being measured."
POSTED = ("rest", "halted", "finished")
PHONE_PX = 28  # a phone's words; its screen is nearer than a computer's
# Read while standing three metres away.
STANDING = ("set-up", "countdown", "go", "running", "after", "rest", "training")


@pytest.fixture(scope="module")
def shown(server):
    """Open a page with the test view alone, fed with views as the server sends them."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM, FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{server.url}{PREFIX}/screen.mjs")
        page.evaluate(
            """async (base) => {
              document.body.replaceChildren();
              const { Screen } = await import(base + 'screen.mjs');
              window.screen_ = new Screen(document.body, base, () => {});
              window.screen_.rules(['Put the foot down before you fall.']);
              await new Promise((done) => setTimeout(done, 1500));
            }""",
            f"{server.url}{PREFIX}/",
        )
        yield page
        browser.close()


def show(page, state: str, size: str) -> dict:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("v => window.screen_.show(v)", write_view(STATES[state]))
    page.evaluate("v => window.screen_.post(v)", POST if state in POSTED else "")
    page.wait_for_timeout(150)
    page.evaluate("window.screen_.fit()")
    IMAGES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=IMAGES / f"view-{state}-{size}.png")
    return page.evaluate(MEASURE)


@pytest.mark.parametrize("state", STATES)
def test_the_view_has_no_barrier(shown, state):
    show(shown, state, "13-inch")
    assert violations(shown, ".stage") == []


def overlap(one: dict, other: dict) -> bool:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > 1 and down > 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
def test_view_fills_the_window_and_covers_nothing(shown, state, size):
    width, height = SIZES[size]
    found = show(shown, state, size)
    assert found["modal"]
    assert found["covers"] == pytest.approx([width, height], abs=1)
    assert found["scrolled"] == pytest.approx([0, 0], abs=1)
    boxes = found["boxes"]
    for index, one in enumerate(boxes):
        assert one["left"] >= -1
        assert one["top"] >= -1
        assert one["right"] <= width + 1
        assert one["bottom"] <= height + 1, one
        for other in boxes[index + 1 :]:
            assert not overlap(one, other), (one, other)
    for button in found["buttons"]:
        assert button["right"] - button["left"] >= 44
        assert button["bottom"] - button["top"] >= 44


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STANDING)
def test_what_is_read_while_standing_is_large(shown, state, size):
    height = SIZES[size][1]
    found = show(shown, state, size)
    if STATES[state].clock:
        assert found["clock"] * CAPITAL_OF_FONT >= DIGITS * height
    if size.startswith("phone"):
        assert min(found["headline"], found["leg"] or PHONE_PX) >= PHONE_PX
    else:
        small = {
            part: found[part]
            for part in ("headline", "leg", "try", "light")
            if found[part] and found[part] * CAPITAL_OF_FONT < CAPITAL * height
        }
        assert not small
