"""Open to others, a real browser without a login gets nothing out of the server."""

from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM, FLAGS, Server

pytestmark = pytest.mark.browser

SOCKET = """url => new Promise(done => {
  const socket = new WebSocket(url);
  socket.onmessage = () => done("answered");
  socket.onclose = event => done(event.code);
})"""
STATUS = "([url, method]) => fetch(url, {method}).then(reply => reply.status)"


@pytest.fixture
def closed_app(tmp_path):
    # Bound to this computer all the same: no test opens a port to the network.
    started = Server(tmp_path, BALANCE_ALLOW_REMOTE="1")
    yield started
    started.stop()


def test_without_a_login_there_is_nothing_to_see_and_nothing_to_fetch(closed_app):
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{closed_app.url}/people")
        page.get_by_role("heading", name="Please log in").wait_for()
        page.wait_for_timeout(1500)
        # Anchors within the page are all the links there are.
        assert page.locator("a:not([href^='#'])").count() == 0
        assert page.locator("canvas, video, input").count() == 0
        inside = closed_app.folder.glob("balance-app-*/*")
        opened = [one for one in inside if one.is_dir()]
        assert not opened, "a session was opened"
        live = closed_app.url.replace("http", "ws") + "/balance/webcam/live?sid=guess"
        # Refused by the page, or before it by the guard of all routes.
        assert page.evaluate(SOCKET, live) in (4403, 1006)
        for address, method, status in (
            ("/balance/video/guess", "GET", 404),
            ("/balance/webcam/clip/0a1b2c3d/0?sid=guess", "PUT", 403),
            ("/balance/webcam/clip/0a1b2c3d?sid=guess", "POST", 403),
        ):
            assert page.evaluate(STATUS, [address, method]) in (status, 401, 403), (
                address
            )
        browser.close()
