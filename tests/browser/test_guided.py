"""A named test and a training block to their ends, in a real Chromium."""

import re

import pytest
from playwright.sync_api import TimeoutError as NotThereError

from tests.browser.conftest import image, settled
from tests.browser.test_webcam import answer, headline, stage, wait_for_phase

pytestmark = [pytest.mark.browser, pytest.mark.live]

STAGES = ("Feet side by side", "Semi-tandem", "Tandem", "One leg")


def choose(page, name: str) -> None:
    """Take an entry of the page's list; a list that closed again is opened again."""
    settled(page)
    entry = page.get_by_role("option", name=name)
    opened = page.get_by_test_id("stSelectbox").locator("input")
    for _ in range(5):
        opened.click()
        try:
            entry.click(timeout=10_000)
        except NotThereError:
            continue
        return
    raise AssertionError(f"the list never offered {name}")


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_four_stages_to_the_end(browse, server):
    page = browse("four_stages")
    page.goto(f"{server.url}/protocols")
    press(page, "Just me")
    answer(page, with_somebody=True)
    page.get_by_role("heading", name="Named tests").wait_for()
    choose(page, "4-Stage Balance Test")
    page.get_by_text("Four positions, each harder").wait_for()
    press(page, "Go to the camera")
    press(page, "Start the camera")
    for number, title in enumerate(STAGES, start=1):
        wait_for_phase(page, "running", timeout_s=180)  # a missed stage comes again
        assert f"Try {number} of 4" in stage(page).inner_text()
        if title == "Tandem":
            image(page, "guided-tandem")
        wait_for_phase(page, "after", "rest", "finished")
        if title != STAGES[-1]:
            wait_for_phase(page, "rest")
            press(page, "I have rested enough")
    wait_for_phase(page, "finished")
    page.get_by_text("What the camera cannot see").wait_for()
    image(page, "guided-four-stages-asked")
    press(page, "That is right")
    page.get_by_text("All steps are done.").wait_for()
    card = page.locator(".card", has_text="as seen live")
    card.wait_for()
    assert card.locator(".sign").all_inner_texts() == ["✓"] * 4
    page.get_by_text("Source: CDC STEADI").wait_for()
    # Four videos take minutes to measure; how they are scored, test_ui_protocols tells.
    first = page.get_by_role("button", name="See “Feet side by side” again")
    first.wait_for(timeout=300_000)
    image(page, "guided-four-stages-outcome")
    assert page.errors == []


def test_training_block_to_the_end(browse, server):
    page = browse("squats")
    page.goto(f"{server.url}/training")
    press(page, "Just me")
    answer(page, with_somebody=False)
    press(page, "Show my plan")
    press(page, "Start this block")
    press(page, "Start the camera")
    wait_for_phase(page, "change")
    squats = None
    for _ in range(400):
        if stage(page).get_attribute("data-phase") == "finished":
            break
        if squats is None and "squat" in headline(page).lower():
            squats = count_squats(page)
        go_on(page)
        page.wait_for_timeout(300)
    assert squats is not None
    assert squats >= 2
    page.get_by_text("How did it go?").wait_for()
    assert re.search(
        r"squat.*\n.*\d", page.locator(".card").inner_text(), re.IGNORECASE
    )
    image(page, "guided-training-after")
    tired = page.get_by_role("slider").first
    tired.focus()
    for _ in range(100):  # to its end; a press may be lost while the page is drawn anew
        if tired.get_attribute("aria-valuenow") == "10":
            break
        tired.press("ArrowRight")
        page.wait_for_timeout(100)
    press(page, "Keep this block")
    page.get_by_text("Kept for this visit").wait_for()
    page.get_by_text("very tired (10 of 10)").wait_for()
    image(page, "guided-training-plan-adapted")
    assert page.errors == []


def go_on(page) -> None:
    """Press on, where there is something to press; the last press ends the block.

    The video goes on squatting; in a stand that is asked after, as it must be.
    """
    onward = page.locator(
        "[data-press=next], [data-press=all_right], [data-press=go_on]"
    )
    # Found and pressed in one go: on a busy machine the block may end in between.
    onward.evaluate_all("all => all.find(one => one.offsetParent !== null)?.click()")


def count_squats(page) -> int:
    """Wait while the camera counts two squats of the set that is announced."""
    if stage(page).get_attribute("data-phase") == "change":
        wait_for_phase(page, "running")
    page.get_by_text("✓ Counted").wait_for()
    clock = page.locator("[data-part=clock]")
    clock.filter(has_text=re.compile("^[2-9]$")).wait_for(timeout=120_000)
    image(page, "guided-training-counted")
    return int(clock.inner_text())
