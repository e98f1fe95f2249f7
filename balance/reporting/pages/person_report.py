"""A person's report from the history: a series, one visit, or two side by side."""

from collections.abc import Sequence
from datetime import date

from balance.history import Store
from balance.history.pages import person_page, visit_page
from balance.history.recordings import StoredRecording, load_landmarks, load_recordings
from balance.model.errors import InputError, VideoError
from balance.reporting.pages.visit_report import (
    Recorded,
    Visit,
    render_comparison,
    render_series,
    render_visit,
)
from balance.reporting.video.stills import wanted_times
from balance.reporting.video.video_stills import stills_of_video


def render_person(
    store: Store,
    code: str,
    days: Sequence[date] = (),
    *,
    blur_faces: bool = False,
    details: bool = False,
) -> str:
    """Return a page: the course over months, the visit of a day, or of two days.

    With ``details`` everything that can be opened is open, and is printed too.

    Raises
    ------
    InputError
        Where there is no visit on a day, or more than two days are asked for.
    """
    if not days:
        page = person_page(store, code)
        earlier, latest = _last_visits(store, code, None)
        return render_series(
            page.person.code,
            page.trends,
            page.sides,
            latest,
            earlier,
            details=details,
        )
    if len(days) == 1:
        asked = visit_page(store, code, days[0])
        visit = _visit(store, code, days[0])
        return render_visit(
            asked.person.code,
            visit,
            asked.trends,
            asked.sides,
            before=_last_visits(store, code, days[0])[0],
            blur_faces=blur_faces,
            details=details,
        )
    if len(days) > 2:
        raise InputError("a report compares two visits; give one or two days")
    first, last = sorted(days)
    before, after = (_visit(store, code, day) for day in (first, last))
    trends = person_page(store, code, until=last).trends
    return render_comparison(code, before, after, trends, details=details)


def _last_visits(
    store: Store, code: str, until: date | None
) -> tuple[Visit | None, Visit | None]:
    """Return the last visit but one and the last, without landmarks or images.

    ``until`` is the last day that counts; None counts every visit.
    """
    days: dict[date, list[Recorded]] = {}
    for kept in load_recordings(store, code):
        if until is not None and kept.on > until:
            continue
        days.setdefault(kept.on, []).append(Recorded(kept.assessment))
    visits = [Visit(on, tuple(days[on])) for on in sorted(days)[-2:]]
    before, last = [None, None, *visits][-2:]
    return before, last


def _visit(store: Store, code: str, on: date) -> Visit:
    kept = load_recordings(store, code, on)
    if not kept:
        raise InputError(
            f"{code} has no visit on {on}; 'balance history show {code}' lists visits"
        )
    return Visit(on, tuple(_recorded(store, one) for one in kept))


def _recorded(store: Store, kept: StoredRecording) -> Recorded:
    """Return a result with its landmarks, and stills where the video was kept."""
    recording = load_landmarks(store, kept.key)
    if recording is None or kept.video is None or not kept.video.exists():
        return Recorded(kept.assessment, recording)
    try:
        wanted_s = wanted_times(kept.assessment)
        images = stills_of_video(kept.video, recording, wanted_s)
    except VideoError:  # the report is of use without them
        return Recorded(kept.assessment, recording)
    return Recorded(kept.assessment, recording, images)
