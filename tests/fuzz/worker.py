"""Runs the cases of a group one by one: ``worker.py GROUP SEED COUNT``.

Says a line of JSON for each: a right result, a sentence, or a fault with its traceback.
"""

import importlib
import json
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

from cases import GROUPS

from balance.model.errors import BalanceError, FaultError

# Of the processor, whatever else this computer does; and by the clock, for what waits.
LONGEST_S, LONGEST_WAIT_S = 60, 240


def main() -> None:
    group, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGPROF, _too_long)
    # An import that a signal breaks off stays half done: none in a case.
    for module in ("balance.pipeline.analyze", "balance.cli.main", "balance.history"):
        importlib.import_module(module)
    case = GROUPS[group][0]
    with tempfile.TemporaryDirectory(prefix="balance-fuzz-") as place:
        for number in range(count):
            folder = Path(place) / str(number)
            folder.mkdir()
            began_s = time.monotonic()
            told = _one(case, random.Random(f"{group}-{seed}-{number}"), folder)
            told |= {"number": number, "seconds": round(time.monotonic() - began_s, 2)}
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(json.dumps(told | {"most_mb": most}), flush=True)


def _one(case, rng: random.Random, folder: Path) -> dict[str, str]:  # type: ignore[no-untyped-def]
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    signal.alarm(LONGEST_WAIT_S)
    try:
        case(rng, folder)
    except FaultError as error:
        whole = "".join(traceback.format_exception(error.__cause__))
        return {"outcome": "fault", "text": whole}
    except BalanceError as error:
        text = str(error)
        fine = text and "Traceback" not in text
        return {"outcome": "sentence" if fine else "fault", "text": text}
    except BaseException:
        return {"outcome": "fault", "text": traceback.format_exc()}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
    return {"outcome": "result", "text": ""}


def _too_long(*_: object) -> None:
    raise TimeoutError(f"longer than {LONGEST_S} s, or {LONGEST_WAIT_S} s of waiting")


if __name__ == "__main__":
    main()
