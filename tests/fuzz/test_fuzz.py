"""Bad inputs by the hundred: each is answered by a sentence or a right result.

The inputs are made from a seed and never stored. A short run is part of the slow
tests; ``BALANCE_FUZZ=all pytest -m slow tests/fuzz`` does all of it, and
``BALANCE_FUZZ_SEED`` takes another seed. A failure prints what repeats it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from cases import GROUPS, WHOLE  # noqa: E402

SEED = int(os.environ.get("BALANCE_FUZZ_SEED", "20261128"))
MOST_MB = 1500
PATIENCE_S = 3600 if WHOLE else 300


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_bad_inputs_are_answered(group: str, tmp_path: Path) -> None:
    _, short, whole = GROUPS[group]
    count = whole if WHOLE else short
    repeat = [str(HERE / "worker.py"), group, str(SEED), str(count)]
    print("python", *repeat)
    root = str(HERE.parent.parent)
    done = subprocess.run(
        [sys.executable, *repeat],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=PATIENCE_S,
        check=False,
        env={**os.environ, "PYTHONPATH": root, "XDG_STATE_HOME": str(tmp_path),
             "XDG_DATA_HOME": str(tmp_path), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"]
    assert len(told) == count, f"the worker died: {done.stderr[-2000:]}"
    faults = [one for one in told if one["outcome"] == "fault"]
    text = "\n\n".join(f"case {one['number']}:\n{one['text']}" for one in faults[:5])
    assert not faults, f"{len(faults)} faults of {count}\n{text}"
    assert max(one["most_mb"] for one in told) < MOST_MB
    counts = {kind: sum(one["outcome"] == kind for one in told)
              for kind in ("sentence", "result")}  # fmt: skip
    print(group, counts, "slowest", max(one["seconds"] for one in told), "s")
