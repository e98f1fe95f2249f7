"""How fast a large history answers: a person's page and the whole export."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from balance.history.packing import assessment_to_json
from balance.history.pages import person_page
from balance.history.people import PersonRecord, add_person, need_person
from balance.history.recordings import insert_recording, visit_key
from balance.history.store import Store, open_store
from balance.results import Assessment

TRIES_A_LEG = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock, and seconds of the processor.

    On a machine that does other things too, only the second can be held to a limit.
    """

    clock_s: float
    processor_s: float


def measure_speed(
    like: Assessment, exports: dict[str, Callable[[Store, Path], object]], trials: int
) -> dict[str, Taken]:
    """Fill a new history and time a person's ``page`` and each export.

    Parameters
    ----------
    like
        A real result whose first trial is repeated: six a visit, three a leg.
    exports
        Name and writer of each export.
    trials
        How many trials one single person has done.
    """
    with TemporaryDirectory(prefix="balance-speed-") as name:
        folder = Path(name)
        with open_store(folder / "history.sqlite3") as store:
            _fill(store, like, trials)
            seconds = {"page": _timed(lambda: person_page(store, "BENCH"))}
            for kind, write in exports.items():
                target = folder / f"all.{kind}"
                seconds[kind] = _timed(partial(write, store, target))
    return seconds


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


def _timed(work: Callable[[], object]) -> Taken:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - clock, time.process_time() - processor)
