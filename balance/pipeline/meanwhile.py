"""Load what is needed after the landmarks while the network looks for them.

Scientific libraries, the drawing of charts and the page's templates take 4 s of
processor time. Loaded before or after the landmarks they keep one core busy and the
others waiting.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module

from balance.model.setup import Progress
from balance.video.cores import usable_cores

Step = Callable[[], object]
Steps = Mapping[str, Sequence[Step]]


def _load_drawing() -> None:
    """Draw a chart that nobody sees: the first one takes a second longer."""
    from balance.reporting.charts.palette import rows_chart, style
    from balance.reporting.charts.svg import inline_svg

    inline_svg(style(rows_chart([{"x": 0}]).mark_point()), "", "", "unseen")


def _load_page() -> None:
    from balance.reporting.pages.report import load_templates

    load_templates()


# By what is being done meanwhile; in parts, so that whoever stops waits for one of them
# at most. What draws charts takes 150 MB: it waits until the pose models are gone, and
# following stands by texture leaves a core to it.
FOR_ANALYSIS: Steps = {
    "pose": tuple(
        partial(import_module, name)
        for name in (
            "scipy.ndimage",
            "scipy.stats",
            "scipy.signal",
            "scipy.interpolate",
            "balance.analysis.assessment",
            "balance.tracking.optical_flow",
        )
    )
}
FOR_REPORT: Steps = {
    "pose": (*FOR_ANALYSIS["pose"], partial(import_module, "altair"), _load_page),
    "flow": (_load_drawing,),
}


@contextlib.contextmanager
def loading(steps: Steps, progress: Progress) -> Iterator[Progress]:
    """Yield ``progress`` so that the first frame of each work begins its steps.

    They are run on a thread. On leaving, no further step is begun. A step that fails
    says nothing: whoever needs what it loads meets the same error. On one core they
    would only be in the way.
    """
    stopped = threading.Event()
    threads: dict[str, threading.Thread] = {}
    waiting = {} if usable_cores() == 1 else dict(steps)

    def reported(what: str, done: int, total: int | None) -> None:
        if done and what in waiting:
            thread = threading.Thread(target=_run, args=(waiting.pop(what), stopped))
            thread.start()
            threads[what] = thread
        progress(what, done, total)

    try:
        yield reported
    finally:
        stopped.set()
        for thread in threads.values():
            thread.join()


def _run(steps: Sequence[Step], stopped: threading.Event) -> None:
    for step in steps:
        if stopped.is_set():
            return
        with contextlib.suppress(Exception):
            step()
