"""Runs the cases of a group one by one: ``worker.py GROUP SEED COUNT``.

Says a line of JSON for each: a right result, a sentence, or a fault with its traceback.
"""

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

LONGEST_S = 60


def main() -> None:
    group, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _too_long)
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
    signal.alarm(LONGEST_S)
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
        signal.alarm(0)
    return {"outcome": "result", "text": ""}


def _too_long(*_: object) -> None:
    raise TimeoutError(f"longer than {LONGEST_S} s")


if __name__ == "__main__":
    main()
