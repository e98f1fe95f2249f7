"""Kill a step at each of its writes: SIGKILL as a system call that writes begins.

A child does the step; ``strace`` counts its calls that change a disk or go to a
database and kills it at one of them. So no moment is left to chance. A few of them are
taken in every run; ``BALANCE_KILLS=30`` takes as many, ``BALANCE_KILLS=all`` all.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CALLS = (
    "write,pwrite64,writev,fsync,fdatasync,ftruncate,rename,renameat,renameat2,link,"
    "linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,sendto,sendmsg,copy_file_range,sendfile"
)
CALL = re.compile(r"^\d+ +(\w+)\(")
A_FEW = 8

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="needs strace to kill at a system call"
)


def _traced(step: Callable[[], object], log: Path, *more: str) -> int:
    """Do a step in a child under ``strace``; return how the child ended."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.kill(os.getpid(), signal.SIGSTOP)
            step()
            status = 0
        finally:
            os._exit(status)
    os.waitpid(child, os.WUNTRACED)
    command = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={CALLS}", *more]
    with subprocess.Popen([*command, "-p", str(child)], stderr=subprocess.PIPE) as tool:
        while "TracerPid:\t0" in Path(f"/proc/{child}/status").read_text():
            if tool.poll() is not None:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                pytest.skip("this user may trace no process")
            time.sleep(0.005)
        os.kill(child, signal.SIGCONT)
        return os.waitpid(child, 0)[1]


def killed_at_every_write(
    step: Callable[[], object],
    see: Callable[[], None],
    folder: Path,
    fresh: Callable[[], object] = lambda: None,
) -> None:
    """Kill a step at its writes.

    Parameters
    ----------
    step
        Done in a child; may be done again after a kill, and comes to the same.
    see
        Checks after each kill that nothing is lost and nothing half.
    folder
        For the list of system calls.
    fresh
        Makes a new start before each, where a step that is done is not done again.
    """
    log = folder / "calls.txt"
    step()  # loads here what every child would load
    fresh()
    assert _traced(step, log) == 0, "the step failed by itself"
    see()
    moments = _moments(log)
    killed = 0
    for call, number in moments:
        fresh()
        kill = f"inject={call}:signal=KILL:when={number}"
        status = _traced(step, log, "-e", kill)
        killed += os.WIFSIGNALED(status)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        see()
    print(f"killed at {killed} of {len(moments)} moments")
    # Some calls come at times once less: of threads, of a buffer that is fuller.
    assert killed > len(moments) / 2


def _moments(log: Path) -> list[tuple[str, int]]:
    """Return calls that were made, each with how many of its name came before."""
    made = [CALL.search(line) for line in log.read_text().splitlines()]
    names = [found[1] for found in made if found]
    assert len(names) > 3, "nothing was written"
    moments = [(name, names[:at].count(name) + 1) for at, name in enumerate(names)]
    kills = os.environ.get("BALANCE_KILLS", A_FEW)
    if kills == "all":
        return moments
    few = max(1, len(moments) // int(kills))
    return [*moments[:-4:few], *moments[-4:]]
