"""Build hook: bring the browser's pose runtime from npm into the wheel.

The file that does it is run by its path, for at build time the package's own
requirements are not there.
"""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FETCHER = Path("balance") / "app" / "webcam" / "fetch_runtime.py"


class RuntimeHook(BuildHookInterface):
    """Fetch once, pinned by hash, and take the files into the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the runtime before the wheel is put together."""
        if version == "editable":
            return  # a checkout fetches it by hand; the page says how
        fetcher = _load(Path(self.root) / FETCHER)
        fetcher.fetch()
        build_data["artifacts"].append(f"/{FETCHER.parent}/frontend/runtime/**")


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("fetch_runtime", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
