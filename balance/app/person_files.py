"""What a clinic files of a person or a visit: written when somebody asks for it."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from balance.history.store import Store

Write = Callable[["Store", Path], object]


def offer_files(code: str) -> None:
    """Offer a person's report over months, and everything that is kept."""
    import streamlit as st

    from balance.history.archive import export_person
    from balance.reporting.export.tables import write_csv
    from balance.reporting.video.blurred import blur_video

    st.header("Take it with you", anchor=False)
    hide = st.checkbox(
        "Make faces unrecognisable in images and videos", key="hide-in-all"
    )
    hidden = blur_video if hide else None
    with st.container(horizontal=True):
        _report("Report over all visits", code, (), hide=hide)
        _offer(
            "Table (CSV)", f"{code}.csv", "text/csv",
            lambda store, target: write_csv(store, target, code),
        )  # fmt: skip
        _fhir(code, None)
        _offer(
            "Everything that is kept (zip)", f"{code}.zip", "application/zip",
            lambda store, target: export_person(store, code, target, hidden),
        )  # fmt: skip


def offer_visit_files(code: str, on: date, others: Sequence[date]) -> None:
    """Offer a visit's report, the comparison with another visit, and FHIR."""
    import streamlit as st

    from balance.app.look import day_in_words

    st.header("Take it with you", anchor=False)
    hide = st.checkbox("Make faces unrecognisable in images", key="hide-in-visit")
    other = None
    if others:
        other = st.selectbox(
            "Compare with another visit",
            others[::-1],
            format_func=day_in_words,
            key=f"other-{on}",
        )
    with st.container(horizontal=True):
        _report("Report of this visit", code, (on,), hide=hide)
        if other is not None:
            _report("Report before and after", code, (on, other), hide=hide)
        _fhir(code, on)


def _report(label: str, code: str, days: tuple[date, ...], *, hide: bool) -> None:
    from balance.reporting.pages.pdf import find_browser, print_pdf
    from balance.reporting.pages.person_report import render_person

    def page(store: "Store") -> str:
        return render_person(store, code, days, blur_faces=hide)

    def write(store: "Store", target: Path) -> None:
        target.write_text(page(store), encoding="utf-8")

    def write_pdf(store: "Store", target: Path) -> None:
        print_pdf(page(store), target)

    name = "-".join(["report", code, *(day.isoformat() for day in sorted(days))])
    _offer(label, f"{name}.html", "text/html", write)
    if find_browser():
        _offer(f"{label} (PDF)", f"{name}.pdf", "application/pdf", write_pdf)


def _fhir(code: str, on: date | None) -> None:
    """Offer FHIR where the library for it is installed."""
    from importlib.util import find_spec

    from balance.reporting.export.fhir import write_fhir

    if find_spec("fhir") is None:
        return
    name = f"{code}-{on}.fhir.json" if on else f"{code}.fhir.json"
    _offer(
        "For a clinic's system (FHIR)", name, "application/fhir+json",
        lambda store, target: write_fhir(store, code, target, on=on),
    )  # fmt: skip


def _offer(label: str, name: str, mime: str, write: Write) -> None:
    import streamlit as st

    st.download_button(label, lambda: made(name, write), name, mime, on_click="ignore")


def made(name: str, write: Write) -> bytes:
    """Return the bytes of a file as it is written from the store at this moment."""
    from balance.history.store import open_store

    with TemporaryDirectory(prefix="balance-file-") as folder, open_store() as store:
        target = Path(folder) / name
        write(store, target)
        return target.read_bytes()
