"""From the start page to a first result: few words to read, few things to press."""

from pathlib import Path

import pytest

from balance.video.video import probe, read_video
from tests.browser.conftest import image, settled
from tests.browser.test_let_in import noted
from tests.browser.test_webcam import answer, videos_of

pytestmark = pytest.mark.browser

MOST_WORDS, MOST_PRESSES = 60, 8
# Whatever is there to be read: no label of what is pressed or chosen, nothing folded,
# not the rules when to stop, which are safety's as the questions are.
READ = """() => {
  const skipped = "button, label, a, details, aside, nav, style, [role=tooltip]";
  const words = [];
  const walk = (node) => {
    if (node.nodeType === 3) {
      const box = document.createRange();
      box.selectNodeContents(node);
      if (box.getClientRects().length) words.push(...node.textContent.split(/\\s+/));
    } else if (node.nodeType !== 1 || !node.matches(skipped)) {
      for (const child of [...node.childNodes, ...(node.shadowRoot?.childNodes ?? [])])
        walk(child);
    }
  };
  walk(document.querySelector("[data-testid=stMain]"));
  return words.filter((word) => /[\\p{L}\\d]/u.test(word));
}"""


@pytest.mark.live
def test_few_words_and_presses_lead_to_the_first_result(browse, server, figures):
    """With a camera of 1280×720, whose video may take 4 Mbit a second."""
    others = videos_of(server)
    page = browse("stand_hd")
    stopped = noted(page)
    read, presses = [], []

    def look(where: str) -> None:
        settled(page)
        page.wait_for_timeout(700)
        words = page.evaluate(READ)
        print(f"\n{where}, {len(words)}: {' '.join(words)}", flush=True)
        read.extend(words)

    def press(name: str) -> None:
        presses.append(name)
        page.get_by_role("button", name=name, exact=True).click()

    page.get_by_role("button", name="Test myself").wait_for()
    look("start")
    press("Test myself")
    page.get_by_role("heading", name="Who is tested?").wait_for()
    look("who")
    press("Just me")
    answer(page)
    page.get_by_role("heading", name="Choose a test").wait_for()
    look("choose")
    press("Go to the camera")
    page.get_by_role("button", name="Start the camera").wait_for()
    look("camera")
    press("Start the camera")
    page.locator(".stage[data-phase=rest]").wait_for(timeout=180_000)
    press("Stop")
    page.locator(".stage[data-phase=finished]").wait_for()
    press("Go to the results")
    card = page.locator(".card", has_text="Try 1")
    card.filter(has_text="Measured from the video").wait_for(timeout=600_000)
    image(page, "first-result")
    figures(f"{len(read)} words, {len(presses)} presses: {', '.join(presses)}")
    assert stopped == [], "the page's policy stopped something"
    assert page.errors == []
    (video,) = videos_of(server) - others
    figures(video_is_good(video, page.evaluate("window.recorded.at(-1)")))
    assert len(read) <= MOST_WORDS
    assert len(presses) <= MOST_PRESSES


def video_is_good(video: Path, asked: float) -> str:
    seen, seconds = probe(video), [frame.time_s for frame in read_video(video)]
    length_s = seconds[-1] - seconds[0]
    rate, rate_hz = video.stat().st_size * 8 / length_s / 1e6, len(seconds) / length_s
    assert (seen.width_px, seen.height_px) == (1280, 720)
    assert asked >= 4e6
    # The encoder takes what the frames need; rendered ones need less than real ones.
    assert rate * 30 / rate_hz >= 3.0
    size = f"{seen.width_px}×{seen.height_px}"
    return f"video {size}, {rate:.1f} Mbit/s at {rate_hz:.0f}/s, asked {asked:.0f}"


def test_back_never_leaves_without_a_word(browse, server):
    page = browse(None)
    page.get_by_role("button", name="Test myself").wait_for()
    settled(page)
    page.get_by_role("button", name="Test myself").click()
    page.get_by_role("heading", name="Who is tested?").wait_for()
    page.go_back()
    page.get_by_role("button", name="Test myself").wait_for()
    page.go_back()
    word = page.get_by_text("Press Back once more to leave balance")
    word.wait_for()
    image(page, "back-says-a-word")
    assert page.url.startswith(server.url)
    word.wait_for(state="detached")
    page.go_back()
    word.wait_for()
    page.go_back()
    assert not page.url.startswith(server.url)
