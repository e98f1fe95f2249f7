"""Load what is needed after the landmarks while the network looks for them.

Scientific libraries, the drawing of charts and the page's templates take 4 s of
processor time. Loaded before or after the landmarks they keep one core busy and the
others waiting.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module

from balance.model.setup import Progress
from balance.video.cores import usable_cores

Step = Callable[[], object]


def _load_drawing() -> None:
    """Draw a chart that nobody sees: the first one takes a second longer."""
    from balance.reporting.charts.palette import rows_chart, style
    from balance.reporting.charts.svg import inline_svg

    inline_svg(style(rows_chart([{"x": 0}]).mark_point()), "", "", "unseen")


def _load_page() -> None:
    from balance.reporting.pages.report import load_templates

    load_templates()


# In parts, so that whoever stops it waits for one of them at most.
FOR_ANALYSIS: tuple[Step, ...] = tuple(
    partial(import_module, name)
    for name in (
        "scipy.ndimage",
        "scipy.stats",
        "scipy.signal",
        "balance.analysis.assessment",
        "balance.tracking.optical_flow",
    )
)
FOR_REPORT: tuple[Step, ...] = (
    partial(import_module, "altair"),
    _load_page,
    _load_drawing,
)


@contextlib.contextmanager
def loading(steps: Sequence[Step], progress: Progress) -> Iterator[Progress]:
    """Yield ``progress`` so that its first frame begins the steps, on a thread.

    On leaving, no further step is begun. A step that fails says nothing: whoever
    needs what it loads meets the same error. On one core it would only be in the way.
    """
    stopped = threading.Event()
    thread = threading.Thread(target=_run, args=(steps, stopped))
    begun = usable_cores() == 1

    def told(what: str, done: int, total: int | None) -> None:
        nonlocal begun
        if not begun and done:
            begun = True
            thread.start()
        progress(what, done, total)

    try:
        yield told
    finally:
        stopped.set()
        if thread.ident is not None:
            thread.join()


def _run(steps: Sequence[Step], stopped: threading.Event) -> None:
    for step in steps:
        if stopped.is_set():
            return
        with contextlib.suppress(Exception):
            step()
