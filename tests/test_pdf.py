import pytest

from balance.model.errors import OutputError
from balance.reporting.pages import pdf


def test_without_a_browser_the_way_out_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutputError, match="open the HTML report in any browser"):
        pdf.print_pdf("<p>x", tmp_path / "x.pdf")


def test_a_browser_that_prints_nothing_is_one_sentence(monkeypatch, tmp_path):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\nexit 3\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(pdf, "find_browser", lambda: str(browser))
    with pytest.raises(OutputError, match="could not print"):
        pdf.print_pdf("<p>x", tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_what_the_browser_printed_appears_whole(monkeypatch, tmp_path):
    browser = tmp_path / "chromium"
    browser.write_text(
        '#!/bin/sh\nfor a in "$@"; do case $a in --print-to-pdf=*)'
        ' printf PDF > "${a#--print-to-pdf=}";; esac; done\n'
    )
    browser.chmod(0o755)
    monkeypatch.setattr(pdf, "find_browser", lambda: str(browser))
    pdf.print_pdf("<p>x", tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_text() == "PDF"
    with pytest.raises(OutputError, match="cannot write"):
        pdf.print_pdf("<p>x", tmp_path / "x.pdf" / "y.pdf")


@pytest.mark.browser
@pytest.mark.skipif(pdf.find_browser() is None, reason="no Chromium here")
def test_chromium_prints_a_page_on_paper(tmp_path):
    pdf.print_pdf("<!doctype html><title>x</title><p>x", tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
