"""JSON, zip and npz of unknown origin: bounded in size, count and depth.

Every function here answers with a value or with `NotReadableError`, whatever the bytes
are; no more memory is taken than its limit says.
"""

import json
import math
import tokenize
import zipfile
import zlib
from typing import IO, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

MB = 2**20
# An hour at 100 frames per second has 580 MB of landmarks and tracks.
LARGEST_RECORDING = 600 * MB
LARGEST_JSON = 64 * MB
MOST_ARRAYS = 64
MOST_MEMBERS = 100_000
# The list of so many members is no longer.
LARGEST_LIST = 16 * MB
_DEEPEST = 60
_ENCRYPTED = 0x1
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What the readers of zip and npy raise over bytes that are none.
_BROKEN = (
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    IndexError,
    SyntaxError,
    tokenize.TokenError,
    OverflowError,
    MemoryError,
    RuntimeError,  # encrypted, or a kind of compression that is not known
    zipfile.BadZipFile,
    zlib.error,
)


class NotReadableError(ValueError):
    """The bytes are not what they should be; ``str(error)`` says why."""


def read_json(data: str | bytes, largest: int = LARGEST_JSON) -> Any:
    """Read JSON without NaN or infinity, of bounded size and depth."""
    if len(data) > largest:
        raise NotReadableError(f"it is larger than {largest // MB} MB")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NotReadableError("it is not JSON") from error
    _require_depth(value)
    return value


def write_json(value: Any, *, indent: int | None = None) -> str:
    """Write JSON that every reader takes: NaN and infinity become null."""
    plain = _without_nan(value)
    return json.dumps(plain, indent=indent, ensure_ascii=False, allow_nan=False)


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip to read; its list of members is taken up to ``LARGEST_LIST``."""
    return zipfile.ZipFile(_Portions(file))


class _Portions:
    """Gives a file in portions: what claims to be a long list is not read whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        return self._file.read(LARGEST_LIST if size < 0 else min(size, LARGEST_LIST))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def checked_zip(archive: zipfile.ZipFile, largest: int) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name; refuse what is not read member by member.

    That is too many, too large, twice the same name, a password, and kinds of packing
    that nothing of this package writes: those unpack a few bytes to gigabytes at once.
    """
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise NotReadableError("it holds too many files")
    if sum(member.file_size for member in members) > largest:
        raise NotReadableError(f"it would unpack to more than {largest // MB} MB")
    named = {member.filename: member for member in members}
    if len(named) < len(members):
        raise NotReadableError("it holds two files of the same name")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise NotReadableError("it is locked with a password; pack it without one")
    if any(member.compress_type not in _PACKED for member in members):
        raise NotReadableError("it is packed in a way that is not read here")
    return named


def read_member(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    """Return the bytes of one file in a zip."""
    try:
        if archive.getinfo(name).file_size > largest:
            raise NotReadableError(f"{name} is larger than {largest // MB} MB")
        with archive.open(name) as file:
            # Whatever the directory says, no more than this is unpacked.
            data = file.read(largest + 1)
    except NotReadableError:
        raise
    except _BROKEN as error:
        raise NotReadableError(f"{name} is damaged or missing") from error
    if len(data) > largest:
        raise NotReadableError(f"{name} is larger than {largest // MB} MB")
    return data


def read_npz(
    file: IO[bytes], largest: int = LARGEST_RECORDING
) -> dict[str, NDArray[Any]]:
    """Return the arrays of an npz file; none may hold objects."""
    try:
        with open_zip(file) as archive:
            members = checked_zip(archive, largest)
            if len(members) > MOST_ARRAYS:
                raise NotReadableError("it holds too many arrays")
            return {
                name.removesuffix(".npy"): _array(archive, member)
                for name, member in members.items()
            }
    except NotReadableError:
        raise
    except _BROKEN as error:
        raise NotReadableError("it is damaged, or not an npz file") from error


def read_npy(file: IO[bytes], size: int) -> NDArray[Any]:
    """Return the array of an npy file of so many bytes."""
    try:
        _require_honest(file, size)
        file.seek(0)
        array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
    except NotReadableError:
        raise
    except _BROKEN as error:
        raise NotReadableError("it is damaged, or not an npy file") from error
    return array


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(member) as file:
        _require_honest(file, member.file_size)
    with archive.open(member) as file:
        array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        if file.read(1):
            raise NotReadableError(f"{member.filename} is longer than it says")
    return array


def _require_honest(file: IO[bytes], size: int) -> None:
    """Refuse a header that asks for more memory than the file has bytes."""
    version = np.lib.format.read_magic(file)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    shape, _, kind = readers[version](file)
    if kind.hasobject or math.prod(shape) * kind.itemsize > size:
        raise NotReadableError("an array in it is not what its header says")


def _no_number(text: str) -> NoReturn:
    raise NotReadableError(f"{text} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotReadableError(f"{text} is too large a number")
    return number


def _require_depth(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise NotReadableError("it is nested too deeply")


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
