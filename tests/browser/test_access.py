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
}
# Of Streamlit's own frame, which a page cannot change.
NOT_OURS = ("stFileUploaderDropzone",)
MINIMUM_PX = 44


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barrier(browse, server, scheme):  # noqa: F811
    page = at_visit(browse(None, color_scheme=scheme), server)
    found = {}
    for path, heading in PAGES.items():
        page.goto(f"{server.url}/{path}")
        page.get_by_role("heading", name=heading, exact=True).first.wait_for()
        settled(page)
        page.wait_for_timeout(700)
        picture(page, f"access-{scheme}-{path or 'start'}")
        wrong = [*violations(page), *(f"small: {t}" for t in small_targets(page))]
        if "balance" not in page.title():
            wrong.append(f"title: {page.title()}")
        print(f"\n{scheme} {path or 'start'}: {wrong or 'clean'}", flush=True)
        if wrong:
            found[path] = wrong
    text = "\n".join(f"{path}: {w}" for path, ws in found.items() for w in ws)
    assert not found, text
