"""Every page and its states against axe, in both themes; titles, focus, targets.

The test view, the halt screen among it, is looked at in test_view.
"""

import pytest

from tests.browser.conftest import answered, image, settled
from tests.browser.test_let_in import noted
from tests.browser.test_results import (
    at_visit,
    server,  # noqa: F401  (a fixture)
    unfold,
)
from tests.browser.test_webcam import answer

pytestmark = pytest.mark.browser

PAGES = {
    "": "balance",
    "test": "Choose a test",
    "protocols": "Named tests",
    "training": "About you",
    "analyse": "Measure a video",
    "result": "Result",
    "people": "People and visits",
    "how": "How it works",
    "person?person=A7": "A7",
    "visit?person=A7&on=2026-01-01": "Thursday, 1 January 2026",
}
# Of Streamlit's own frame, which a page cannot change.
NOT_OURS = ("stFileUploaderDropzone",)
MINIMUM_PX = 44
ROOT = "document.documentElement"
# Desktop, a 13-inch screen, and a phone, upright and lying.
SIZES = {
    "desktop": (1920, 1080),
    "13-inch": (1280, 800),
    "phone-upright": (390, 844),
    "phone-lying": (844, 390),
}


def violations(page, within: str | None = None) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    options = {"resultTypes": ["violations"]}
    found = axe.run(page, context=within, options=options).response
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
        if not any(name in node["html"] for name in NOT_OURS)
    ]


def small_targets(page) -> list[str]:
    return page.get_by_test_id("stMain").evaluate(
        """(main, least) => [...main.querySelectorAll('button')]
          .filter((b) => b.offsetParent && b.textContent.trim())
          .filter((b) => b.getBoundingClientRect().height < least - 0.5)
          .map((b) => b.textContent.trim())""",
        MINIMUM_PX,
    )


def shoot_all_sizes(page, name: str) -> list[str]:
    """Keep a frame of each size; return where the page is wider than the screen."""
    before, wide = page.viewport_size, []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(250)
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
        if page.evaluate(f"{ROOT}.scrollWidth - {ROOT}.clientWidth") > 1:
            wide.append(f"wider than {size}")
        image(page, f"{name}-{size}")
    page.set_viewport_size(before)
    return wide


def cut_at_a_phone_s_edge(page) -> list[str]:
    """Return what is wider than a phone without being able to be moved there."""
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    cut = page.get_by_test_id("stMain").evaluate(
        """main => [...main.querySelectorAll('table, img, svg, video, h1, h2, p')]
          .filter((one) => one.offsetParent !== null || one.ownerSVGElement === null)
          .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
          .filter((one) => {
            for (let at = one; at && at !== main; at = at.parentElement)
              if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return false;
            return one.getBoundingClientRect().width > 0;
          })
          .map((one) => `cut on a phone: ${one.outerHTML.slice(0, 120)}`)"""
    )
    page.set_viewport_size(before)
    return cut


class Looked:
    """A page that is looked at in one state after the other."""

    def __init__(self, page, scheme: str) -> None:
        self.page, self.scheme = page, scheme
        self.wrong: list[str] = []

    def at(self, name: str) -> None:
        page = self.page
        settled(page)
        page.wait_for_timeout(400)
        unfold(page)
        found = [
            *shoot_all_sizes(page, f"access-{self.scheme}-{name}"),
            *violations(page),
            *cut_at_a_phone_s_edge(page),
            *(f"small: {text}" for text in small_targets(page)),
        ]
        if "balance" not in page.title():
            found.append(f"title: {page.title()}")
        self.wrong += [f"{name}: {one}" for one in found]

    def press(self, name: str, then: str, role: str = "button") -> None:
        """Press what has a name, until something else is there."""
        settled(self.page)
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.page.get_by_text(then).first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barrier(browse, server, scheme):  # noqa: F811
    page = at_visit(browse(None, color_scheme=scheme), server)
    looked, stopped = Looked(page, scheme), noted(page)
    for path, heading in PAGES.items():
        page.goto(f"{server.url}/{path}")
        page.get_by_role("heading", name=heading, exact=True).first.wait_for()
        looked.at(path.split("?")[0] or "start")
    assert looked.wrong == []
    assert stopped == [], "the page's policy stopped something"
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_on_the_way_have_no_barrier(browse, server, scheme):  # noqa: F811
    """Who, questions, place, refusal; then a plan, a block, and one interrupted."""
    page = browse(None, color_scheme=scheme)
    page.goto(f"{server.url}/test")
    looked = Looked(page, scheme)
    page.get_by_role("heading", name="Who is tested?").wait_for()
    looked.at("who")
    looked.press("Just me", "Question 1 of 10")
    looked.at("question")
    answer(page, yes=1)
    page.get_by_text("No test here today").wait_for()
    looked.at("refused")
    answered(page, server)
    page.goto(f"{server.url}/training")
    looked.press("Show my plan", "Start this block")
    looked.at("plan")
    looked.press("Start this block", "Leave without keeping")
    looked.at("block")
    page.goto(f"{server.url}/training")
    page.get_by_text("Your block is not finished").wait_for()
    looked.at("block-interrupted")
    looked.press("Leave it without keeping", "Start this block")
    page.get_by_text("Your block is not finished").wait_for(state="detached")
    page.goto(f"{server.url}/test")
    looked.press("Go to the camera", "Start the camera")
    looked.at("camera")
    page.go_back()
    assert looked.wrong == []
    assert page.errors == []


def test_a_phone_s_bar_and_menu_lead_to_every_page(browse, server):  # noqa: F811
    page = at_visit(browse(None, viewport={"width": 390, "height": 844}), server)
    page.get_by_role("button", name="Test myself").wait_for()
    bar = page.locator(".st-key-tabs")
    for tab, heading in {
        "Test": "Choose a test",
        "Train": "About you",
        "Video": "Measure a video",
        "People": "People and visits",
        "Start": "balance",
    }.items():
        settled(page)
        bar.get_by_role("link", name=tab, exact=True).click()
        page.get_by_role("heading", name=heading, exact=True).wait_for()
    settled(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="How it works").click()
    page.get_by_role("heading", name="How it works").first.wait_for()
