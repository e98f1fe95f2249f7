"""From a sample video to a person's page, at desktop and phone width."""

from datetime import date

import pytest

from tests.browser.conftest import image, settled

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


def whole_page(page, name: str) -> None:
    """Keep all of a page, also what one would have to scroll to."""
    size = page.viewport_size
    height = page.get_by_test_id("stMain").evaluate(
        "main => { main.scrollTo(0, 0); return main.scrollHeight; }"
    )
    page.set_viewport_size({**size, "height": max(size["height"], height)})
    page.wait_for_timeout(700)
    image(page, name)
    page.set_viewport_size(size)


def visit_page(page, link: str, heading: str) -> None:
    settled(page)
    page.get_by_role("link", name=link, exact=True).click()
    page.get_by_role("heading", name=heading).first.wait_for()


def test_sample_from_one_click_to_its_result(browse):
    page = browse(None)
    page.get_by_role("button", name="Test myself").wait_for()
    visit_page(page, "Measure a video", "Measure a video")
    page.get_by_role("button", name="Stand left").click()
    page.get_by_text("Measuring stand_left.mp4").wait_for()
    whole_page(page, "desktop-analyse")
    page.get_by_role("button", name="See the result").wait_for(timeout=600_000)
    page.get_by_role("button", name="See the result").click()
    page.get_by_role("heading", name="Result", exact=True).wait_for()
    page.get_by_text("Video, every try, all numbers, corrections").click()
    page.locator("video").wait_for()
    settled(page)
    whole_page(page, "desktop-result")
    number = page.locator(".card .number").first.inner_text()
    assert float(number.split()[0].strip("≥ ")) == pytest.approx(11.0, abs=0.15)
    follow_the_cursor(page)
    correct_and_undo(page)
    for name, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(800)
            whole_page(page, f"{name}-{scheme}-result")
    keep_for_somebody(page)
    assert page.errors == []


def keep_for_somebody(page) -> None:
    """From a result to a person's page, and on to the visit's, in a few clicks."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(800)
    visit_page(page, "People", "People and visits")
    page.get_by_label("Code", exact=True).fill("A7")
    page.get_by_text("has read this and agrees").click()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="A7", exact=True).wait_for()
    page.get_by_role("button", name="Keep the result of stand_left.mp4").click()
    page.get_by_text("Kept. No image was kept").wait_for()
    shoot_both_sizes(page, "person")
    page.get_by_role("link", name=str(date.today().year)).first.click()
    page.get_by_role("heading", name="One trial after the other").wait_for()
    shoot_both_sizes(page, "visit")


def shoot_both_sizes(page, what: str) -> None:
    for name, (width, height) in reversed(SIZES.items()):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(800)
        whole_page(page, f"{name}-light-{what}")
        assert fits(page), f"{what} is wider than the screen"


def follow_the_cursor(page) -> None:
    """A click on a time line moves the video there, and the red line with it."""
    line = page.get_by_role("slider", name="Height of the feet")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(1000)
    at = page.locator("video").evaluate("v => v.currentTime")
    assert at == pytest.approx(7.5, abs=0.5)
    cursor = page.locator("line.cursor").first.get_attribute("x1")
    assert float(cursor) == pytest.approx(box["width"] / 2, rel=0.08)


def correct_and_undo(page) -> None:
    """A moved end changes the first card at once; the frame stands beside it."""
    number = page.locator(".card .number").first
    measured = number.inner_text()
    page.get_by_text("Is something not right? Correct it here").click()
    page.get_by_label("Your initials").fill("AB")
    page.get_by_label("Your initials").press("Tab")
    settled(page)
    page.get_by_label("Or correct").click()
    page.get_by_role("option", name="end", exact=True).click()
    page.get_by_text("The video at").wait_for()
    at = page.get_by_role("spinbutton", name="Seconds of the video")
    end_s = float(at.input_value())
    at.fill(f"{end_s - 2:.2f}")
    at.press("Tab")
    page.get_by_text(f"The video at {end_s - 2:.2f} s").wait_for()
    image(page, "desktop-correction")
    settled(page)
    page.get_by_role("button", name="Correct it", exact=True).click()
    undo = page.get_by_role("button", name="Undo the last correction")
    undo.wait_for()
    settled(page)
    assert number.inner_text() != measured
    assert page.get_by_text("set by hand").count()
    undo.click()
    undo.wait_for(state="detached")
    settled(page)
    assert number.inner_text() == measured


def fits(page) -> bool:
    root = "document.documentElement"
    return page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 1
