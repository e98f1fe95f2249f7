"""In a real Chromium: strangers are refused, and no text makes a page ask outside."""

from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM, FLAGS, settled

pytestmark = pytest.mark.browser

IMAGE = "![x](http://outside.example/p.png)"


def noted(page) -> list[str]:
    """Return a list that fills with what the policy stopped."""
    stopped: list[str] = []
    page.on(
        "console",
        lambda said: (
            stopped.append(said.text)
            if "Content Security Policy" in said.text
            else None
        ),
    )
    return stopped


def test_no_text_from_outside_makes_a_page_ask(browse, server, tmp_path) -> None:
    page = browse(None)
    stopped = noted(page)
    page.goto(f"{server.url}/person?person={IMAGE}")
    settled(page)
    page.get_by_text("there is no person").wait_for()
    page.goto(f"{server.url}/analyse")
    settled(page)
    video = tmp_path / f"{IMAGE.replace('/', '%2F')} <img src=x> .mp4"
    video.write_bytes(b"no video")
    content = {"name": f"{IMAGE}.mp4", "mimeType": "video/mp4", "buffer": b"x"}
    page.locator("input[type=file]").set_input_files(content)
    settled(page)
    page.get_by_role("button", name="Measure", exact=True).click()
    page.get_by_text("is not a video").wait_for()
    assert page.locator("img[src*=outside]").count() == 0
    assert page.locator("a[href*=outside]").count() == 0
    assert stopped == []  # nothing was even tried; ``browse`` sees to the requests


def test_a_stranger_s_name_and_page_see_nothing(server) -> None:
    """Nor where the working folder holds a config file that opens all: see `Server`."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        rules = "--host-resolver-rules=MAP *.example 127.0.0.1"
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, rules]
        )
        page = browser.new_page()
        answer = page.goto(f"http://evil.example:{server.port}/")
        assert answer is not None
        assert answer.status == 403
        # A page of another origin: no answer it may read, no socket.
        page.route("http://page.example/", lambda r: r.fulfill(body="<p>here</p>"))
        page.goto("http://page.example/")
        read = page.evaluate(
            "url => fetch(url).then(a => a.text(), () => 'refused')",
            f"{server.url}/_stcore/host-config",
        )
        assert read == "refused"
        ways = {"method": "PUT", "body": "x", "credentials": "include"}
        for path in ("_stcore/upload_file/a/b", "balance/webcam/clip/0a1b2c3d/0"):
            sent = "([u, how]) => fetch(u, how).then(a => a.status, () => 'refused')"
            assert page.evaluate(sent, [f"{server.url}/{path}", ways]) == "refused"
        for path in ("_stcore/stream", "balance/webcam/live?sid=x"):
            opened = page.evaluate(
                """url => new Promise(done => {
                  const socket = new WebSocket(url);
                  socket.onmessage = () => done("heard");
                  socket.onclose = () => done("refused");
                  setTimeout(() => done("open"), 5000);
                })""",
                f"ws://localhost:{server.port}/{path}",
            )
            assert opened == "refused"
        browser.close()
