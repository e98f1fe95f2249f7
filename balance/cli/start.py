"""Where the command ``balance`` begins, with a check that this package is whole.

Another project on PyPI is called ``balance`` (survey weighting) and has the same import
name. Installed into the same environment, the files of both lie in one folder, and
whichever came last owns ``balance/__init__.py``. That is told before anything else of
this package is imported.
"""

import importlib.util
import sys
from types import ModuleType

import balance

# A module that only the other project has, and a name that its ``__init__`` defines.
OTHER_MODULE = "balance.sample_class"
OTHER_NAME = "Sample"

REPAIR = (
    "To put it right: pip uninstall balance, then "
    "pip install --force-reinstall --no-deps pose-balance. "
    "To use both, give each an environment of its own."
)
REPLACED = (
    "Another project's package, balance (survey weighting), was installed over this "
    f"tool, pose-balance, and replaced a part of it. {REPAIR}"
)
BESIDE = (
    "Another project's package, balance (survey weighting), is installed in the same "
    f"environment, and its files lie among those of pose-balance. {REPAIR}"
)


def other_package(package: ModuleType = balance) -> str | None:
    """Say what the other project's package did to this one; None where it is absent."""
    if hasattr(package, OTHER_NAME):
        return REPLACED
    return BESIDE if importlib.util.find_spec(OTHER_MODULE) else None


def main() -> None:
    """Run the command, unless the other project's package has replaced this one."""
    said = other_package()
    if said:
        print(said, file=sys.stderr)
    if said == REPLACED:
        sys.exit(2)
    try:
        from balance.cli.main import main as run

        run()
    except KeyboardInterrupt:  # before a command began
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
