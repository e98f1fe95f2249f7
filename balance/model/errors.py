"""Everything that can go wrong on purpose, in one tree.

BalanceError                 one clear sentence for the person, exit status 2
├── InputError               an argument or a file's content makes no sense
│   └── ConsentError         somebody has not agreed to being kept
├── VideoError               a video cannot be opened or decoded
├── DetectorError            the pose model or a system library is missing
├── FaultError               what nobody foresaw, exit status 70
├── OutputError              a result cannot be written
└── StoreError               the history cannot be read or written
"""


class BalanceError(Exception):
    """A problem that a person can act on; ``str(error)`` is the sentence shown."""

    exit_status = 2


class InputError(BalanceError):
    """An argument, option or stored file makes no sense."""


class VideoError(BalanceError):
    """A video cannot be opened, decoded or written."""


class DetectorError(BalanceError):
    """The pose model or a library that it needs is missing."""


class OutputError(BalanceError):
    """A result cannot be written where it was asked for."""


class ConsentError(InputError):
    """Something of a person was to be kept who has not agreed to it."""


class FaultError(BalanceError):
    """What nobody foresaw; the traceback is in a file that the sentence names."""

    exit_status = 70  # of ``sysexits.h``: an internal software error


class StoreError(BalanceError):
    """The history of people and trials cannot be read or written."""
