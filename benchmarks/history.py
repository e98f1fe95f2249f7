"""How fast a large history answers: a person's page, and exports of everything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from balance.history.packing import assessment_to_json
from balance.history.pages import person_page
from balance.history.people import PersonRecord, add_person, need_person
from balance.history.recordings import insert_recording, visit_key
from balance.history.store import Store, open_store
from balance.model.results import Assessment
from balance.reporting.charts.trend_chart import trend_chart
from balance.reporting.export.json_export import write_json
from balance.reporting.export.tables import write_csv, write_parquet
from benchmarks.commands import Timing, timed

TRIALS = 10_000
TRIES_A_LEG = 3
EXPORTS: dict[str, Callable[[Store, Path], object]] = {
    "CSV": write_csv,
    "Parquet": write_parquet,
    "JSON": write_json,
}


def measure_history(like: Assessment, trials: int = TRIALS) -> dict[str, Timing]:
    """Fill a new history and time what is asked of it.

    Parameters
    ----------
    like
        A real result whose first trial is repeated: six a visit, three a leg.
    trials
        How many trials one single person has done.

    Returns
    -------
    dict
        ``a person's page``, with its charts, the best of three; ``all as CSV`` and
        so on.
    """
    with TemporaryDirectory(prefix="balance-speed-") as name:
        folder = Path(name)
        with open_store(folder / "history.sqlite3") as store:
            _fill(store, like, trials)
            # The first one of a process loads what draws charts.
            pages = [timed(partial(_draw_page, store)) for _ in range(3)]
            timings = {"a person's page": min(pages, key=lambda taken: taken.wall_s)}
            for kind, write in EXPORTS.items():
                export = partial(write, store, folder / f"all.{kind}")
                timings[f"all as {kind}"] = timed(export)
    return timings


def _fill(store: Store, like: Assessment, trials: int) -> None:
    add_person(store, PersonRecord("BENCH"))
    one = like.trials[0]
    visit = [replace(one, side=side) for side in ("left", "right")] * TRIES_A_LEG
    told = replace(like, trials=tuple(visit))
    text = assessment_to_json(told)
    with store.write() as connection:
        person = need_person(connection, "BENCH")
        for number in range(-(-trials // len(visit))):
            day = date(2000, 1, 1) + timedelta(days=number)
            key = visit_key(connection, person, day)
            insert_recording(connection, f"{number:032x}", key, told, text)


def _draw_page(store: Store) -> None:
    for question, trend in person_page(store, "BENCH").trends.items():
        chart = trend_chart(trend, question.side)
        if chart is not None:
            chart.to_dict()
