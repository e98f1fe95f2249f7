"""Every page and the test view against axe, in both themes; titles, focus, targets."""

import pytest

from tests.browser.conftest import picture, settled
from tests.browser.test_results import at_visit, server  # noqa: F401  (a fixture)

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
# Desktop, a 13-inch screen, and a phone, upright and lying.
SIZES = {
    "desktop": (1920, 1080),
    "13-inch": (1280, 800),
    "phone-upright": (390, 844),
    "phone-lying": (844, 390),
}


def violations(page) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options={"resultTypes": ["violations"]}).response
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


def unfold(page) -> None:
    """Open what is folded away: it is of the page, too."""
    page.get_by_test_id("stMain").evaluate(
        "main => main.querySelectorAll('details').forEach(d => { d.open = true })"
    )
    page.wait_for_timeout(300)


def pictures_at_all_sizes(page, name: str) -> None:
    before = page.viewport_size
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        picture(page, f"{name}-{size}")
    page.set_viewport_size(before)


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barrier(browse, server, scheme):  # noqa: F811
    page = at_visit(browse(None, color_scheme=scheme), server)
    found = {}
    for path, heading in PAGES.items():
        page.goto(f"{server.url}/{path}")
        page.get_by_role("heading", name=heading, exact=True).first.wait_for()
        settled(page)
        page.wait_for_timeout(700)
        name = path.split("?")[0] or "start"
        unfold(page)
        pictures_at_all_sizes(page, f"access-{scheme}-{name}")
        wrong = [
            *violations(page),
            *cut_at_a_phone_s_edge(page),
            *(f"small: {t}" for t in small_targets(page)),
        ]
        if "balance" not in page.title():
            wrong.append(f"title: {page.title()}")
        print(f"\n{scheme} {name}: {wrong or 'clean'}", flush=True)
        if wrong:
            found[path] = wrong
    text = "\n".join(f"{path}: {w}" for path, ws in found.items() for w in ws)
    assert not found, text
