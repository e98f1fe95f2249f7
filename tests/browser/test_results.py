"""Results in a real Chromium: each press shows them, and nothing makes them go."""

import pytest

from tests.browser.conftest import Server, image, settled
from tests.kept_results import TOKEN, keep_person, keep_result, keep_visit

pytestmark = pytest.mark.browser

PRESSES = 50
HOME = "20260101-000000-"  # what the folders of kept results begin with


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Start a server that finds three results, a visit and a person from before."""
    folder = tmp_path_factory.mktemp("kept")
    tray = folder / "app" / "here"
    first = keep_result(tray, "first")
    for name in ("second", "third"):
        keep_result(tray, name, like=first)
    keep_visit(tray)
    keep_person(folder / "history.db")
    started = Server(folder)
    yield started
    started.stop()


def at_visit(page, server):
    cookie = {"name": "balance_visit", "value": TOKEN, "url": server.url}
    page.context.add_cookies([cookie])
    return page


def open_videos(page, server) -> None:
    page.get_by_role("link", name="Measure a video").first.click()
    page.get_by_role("heading", name="Measure a video").wait_for()
    page.get_by_role("button", name="See the result").nth(2).wait_for()


def test_every_press_shows_the_result_that_was_pressed(browse, server):
    """Also while another video is being measured, which is when pages came empty."""
    page = at_visit(browse(None), server)
    page.goto(f"{server.url}/analyse")
    page.get_by_role("button", name="See the result").nth(2).wait_for()
    page.get_by_role("button", name="Stand left").click()
    page.get_by_text("Measuring stand_left.mp4").wait_for()
    names = ["third", "second", "first"]
    shown = 0
    for press in range(PRESSES):
        # By its own name: the video under way gets a button of its own meanwhile.
        page.locator(f".st-key-see-{HOME}{names[press % 3]} button").click()
        page.get_by_role("heading", name="Result", exact=True).wait_for(timeout=30_000)
        page.locator(".lead", has_text=names[press % 3]).wait_for(timeout=30_000)
        page.locator(".card .number").first.wait_for(timeout=30_000)
        shown += 1
        print(f"\rpress {shown}", end="", flush=True)
        open_videos(page, server)
    print(f"\n{shown} of {PRESSES} presses showed the result")
    assert shown == PRESSES
    assert page.errors == []


def test_a_reload_and_a_second_tab_show_the_same(browse, server):
    page = at_visit(browse(None), server)
    page.goto(f"{server.url}/analyse")
    page.get_by_role("button", name="See the result").nth(2).wait_for()
    settled(page)
    buttons = page.get_by_role("button", name="See the result")
    buttons.nth(buttons.count() - 2).click()
    page.locator(".lead", has_text="second").wait_for()
    settled(page)
    page.reload()
    page.locator(".lead", has_text="second").wait_for()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".lead", has_text="second").wait_for()
    image(page, "result-after-reload")


def test_a_pdf_is_one_press_away(browse, server, tmp_path):
    page = at_visit(browse(None), server)
    for path, label in {
        "result": "Report as PDF",
        "visit?person=A7&on=2026-01-01": "Report of this visit (PDF)",
    }.items():
        page.goto(f"{server.url}/{path}")
        settled(page)
        unfold(page)
        button = page.get_by_role("button", name=label, exact=True)
        with page.expect_download() as coming:
            button.click()
        file = tmp_path / "report.pdf"
        coming.value.save_as(file)
        assert coming.value.suggested_filename.endswith(".pdf")
        assert file.read_bytes()[:5] == b"%PDF-"
    assert page.errors == []


def unfold(page) -> None:
    """Open what is folded away: it is of the page, too."""
    closed = page.get_by_test_id("stMain").locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
        page.wait_for_timeout(100)
        settled(page)
    page.wait_for_timeout(400)


def test_a_program_started_anew_still_has_them(browse, server):
    server.stop()
    server.start()
    page = at_visit(browse(None), server)
    page.goto(f"{server.url}/test")
    page.get_by_role("heading", name="Choose a test").wait_for()
    open_videos(page, server)


def test_the_next_person_is_asked_everything_and_sees_nothing_of_the_last(
    browse, server
):
    page = at_visit(browse(None), server)
    page.goto(f"{server.url}/test")
    page.get_by_role("heading", name="Choose a test").wait_for()
    settled(page)
    page.get_by_role("button", name="Next person").click()
    page.get_by_role("heading", name="Who is tested?").wait_for()
    settled(page)
    page.get_by_role("button", name="Just me").click()
    page.get_by_text("Question 1 of 10").wait_for()
    page.get_by_role("link", name="Measure a video").first.click()
    page.get_by_role("heading", name="Measure a video").wait_for()
    settled(page)
    assert page.get_by_role("button", name="See the result").count() == 0
    assert page.get_by_label("Age in years").input_value() == ""
    page.get_by_role("link", name="Result", exact=True).click()
    page.get_by_text("Nothing was measured yet.").wait_for()
    assert page.locator(".card").count() == 0, "another's result is not theirs"
