"""Measure one video for the app: an order on standard input, progress as JSON lines.

A process of its own, so that the server goes on answering and memory comes back.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from balance.model.errors import BalanceError, FaultError
from balance.model.fault_log import explain_fault
from balance.model.results import Conditions, Options, Person
from balance.model.setup import Setup

# What is going on, for someone who waits; unknown steps are shown as they are.
DOING = {
    "pose": "Finding you in every frame",
    "flow": "Following your waist and feet",
    "drawing": "Drawing the annotated video",
}
LESS_URGENT = 5


def setup_from(order: dict[str, Any]) -> Setup:
    """Build the setup that the app wrote as JSON."""
    model = order.get("model")
    return Setup(
        person=Person(**order["person"]),
        conditions=Conditions(**order["conditions"]),
        options=Options(**order["options"]),
        protocol=order["protocol"],
        model=None if model is None else Path(model),
    )


def _end_with_the_app() -> None:
    """End when the app has: nobody would look at the result, or delete it."""
    while sys.stdin.read(1):
        pass
    # What this has started ends as well, where it has a group of its own.
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def main() -> int:
    """Do what the order says; every outcome is one line that the app can read."""
    if hasattr(os, "nice"):
        os.nice(LESS_URGENT)
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    # Libraries talk on standard output; the app's lines must not be mixed with it.
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def tell(**said: Any) -> None:
        print(json.dumps(said), file=out, flush=True)

    def progress(what: str, done: int, total: int | None) -> None:
        share = min(1.0, done / total) if total else 0.0
        if done % 10 == 0 or share == 1.0:
            tell(doing=DOING.get(what, what), share=share)

    from balance.pipeline.analyze import analyze_to_folder

    try:
        result = analyze_to_folder(
            Path(order["video"]),
            Path(order["out"]),
            setup_from(order["setup"]),
            blur_faces=order["blur_faces"],
            progress=progress,
        )
    except BalanceError as error:
        tell(error=str(error))
        return error.exit_status
    except Exception as error:  # what comes before the pipeline's own net
        tell(error=explain_fault(error))
        return FaultError.exit_status
    tell(folder=str(result.folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
