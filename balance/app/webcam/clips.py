"""Recorded clips arrive in pieces; each piece is acknowledged, the whole is checked."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from balance.app.webcam.sitting import Clip, LiveSession
from balance.model.errors import InputError

KEY = re.compile(r"[0-9a-f-]{8,64}")
LARGEST_PIECE = 16 * 2**20
MOST_PIECES = 2000
LARGEST_CLIP = 500 * 2**20
ENDINGS = {"video/mp4": ".mp4", "video/webm": ".webm"}


def keep_piece(sitting: LiveSession, key: str, number: int, data: bytes) -> None:
    """Write one piece; the same piece may come twice."""
    if not KEY.fullmatch(key):
        raise InputError("the clip has no proper name")
    if not 0 <= number < MOST_PIECES or len(data) > LARGEST_PIECE:
        raise InputError("the clip is too long to be sent")
    folder = _folder(sitting, key)
    folder.mkdir(exist_ok=True, mode=0o700)
    beside = folder / f"{number:05d}.part"
    beside.write_bytes(data)
    beside.rename(folder / f"{number:05d}")


def finish(sitting: LiveSession, key: str, about: dict[str, Any]) -> list[int]:
    """Join the pieces to one video; return the numbers of those still missing.

    A clip that is already there is not taken twice. Only when its SHA-256 is what
    the browser said may the browser forget it.
    """
    if not KEY.fullmatch(key):
        raise InputError("the clip has no proper name")
    if key in sitting.clips:
        return []
    count = int(about.get("pieces", 0))
    if not 0 < count <= MOST_PIECES:
        raise InputError("the clip has no pieces")
    folder = _folder(sitting, key)
    parts = [folder / f"{i:05d}" for i in range(count)]
    missing = [i for i, part in enumerate(parts) if not part.exists()]
    if missing:
        return missing
    if sum(part.stat().st_size for part in parts) > LARGEST_CLIP:
        raise InputError("the clip is too long to be measured")
    path = _join(sitting, key, parts, about)
    sitting.clips[key] = Clip(key, path, about)
    sitting.on_clip(sitting.clips[key])
    return []


def _join(
    sitting: LiveSession, key: str, parts: list[Path], about: dict[str, Any]
) -> Path:
    kind = str(about.get("mime", "")).split(";")[0]
    path = sitting.folder / f"try-{len(sitting.clips) + 1}-{key[:8]}"
    path = path.with_suffix(ENDINGS.get(kind, ".webm"))
    digest = hashlib.sha256()
    with path.open("wb") as film:
        for part in parts:
            data = part.read_bytes()
            digest.update(data)
            film.write(data)
    if digest.hexdigest() != about.get("sha256"):
        path.unlink()
        raise InputError("the clip was damaged on its way")
    for part in parts:
        part.unlink()
    path.with_suffix(".json").write_text(json.dumps(about))
    return path


def _folder(sitting: LiveSession, key: str) -> Path:
    return sitting.folder / f"pieces-{key}"
