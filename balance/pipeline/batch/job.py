"""One clip of a batch, in whichever process or on whichever machine it is measured.

What goes in and what comes out is small and plain, so that it can be sent about and
kept in a file. A clip that cannot be measured is an answer, not an error: nothing
that is wrong with one video may stop the others.
"""

import contextlib
import hashlib
import json
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from balance.model.errors import BalanceError, InputError
from balance.model.opening import require_regular
from balance.pipeline.batch.list import Clip

GOOD, CHECK, UNUSABLE = "good", "check", "unusable"


@dataclass(frozen=True)
class Job:
    """A clip, what was told of all clips, and where the result goes."""

    clip: Clip
    out: str
    options: Mapping[str, Any] = field(default_factory=dict)
    video: bool = True
    report: bool = True
    pdf: bool = False
    details: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a clip; a line of ``batch.jsonl``.

    ``key`` tells the same content measured in the same way; ``grade`` is ``good``,
    ``check`` (somebody should look) or ``unusable``; ``reasons`` say why.
    """

    place: str
    person: str
    key: str
    sha256: str
    grade: str
    reasons: tuple[str, ...]
    trials: int = 0
    folder: str = ""
    duration_s: float = 0.0
    error: str = ""
    details: str = ""


def run_job(job: Job) -> Outcome:
    """Measure one clip and write its folder; never raises for what the clip holds."""
    sha256 = key = ""
    try:
        with local_file(job.clip) as path:
            sha256 = _sha256(path)
            key = job_key(job, sha256)
            return _measured(job, path, sha256, key)
    except BalanceError as error:
        return failed(job, str(error), key=key, sha256=sha256)
    except Exception as error:  # a fault of ours must not stop ten thousand clips
        text = f"{job.clip.name} could not be measured: {type(error).__name__}: {error}"
        details = traceback.format_exc()
        return failed(job, text, key=key, sha256=sha256, details=details)


def content_key(job: Job) -> str:
    """Return the key that `run_job` would give; "" where the clip is unreadable."""
    try:
        with local_file(job.clip) as path:
            return job_key(job, _sha256(path))
    except (BalanceError, OSError):
        return ""


def job_key(job: Job, sha256: str) -> str:
    """Hash of the content and of everything that changes what comes out."""
    from balance.model.version import __version__
    from balance.tracking.detector import SHIPPED_MODEL, model_sha256

    options = {**job.options, **job.clip.options}
    model = model_sha256(
        Path(options["model"]) if options.get("model") else SHIPPED_MODEL
    )
    written = [job.video, job.report, job.pdf, job.details]
    parts = [sha256, __version__, model, options, written, job.clip.person]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def failed(
    job: Job, text: str, *, key: str = "", sha256: str = "", details: str = ""
) -> Outcome:
    """Return the outcome of a clip that could not be measured."""
    clip = job.clip
    return Outcome(
        clip.place,
        clip.person,
        key,
        sha256,
        UNUSABLE,
        (text,),
        error=text,
        details=details,
    )


@contextlib.contextmanager
def local_file(clip: Clip) -> Iterator[Path]:
    """Have the clip as a file; what lies elsewhere is fetched and dropped again."""
    if not clip.is_remote:
        yield Path(clip.place)
        return
    import fsspec

    with tempfile.TemporaryDirectory(prefix="balance-") as folder:
        path = Path(folder) / clip.name
        try:
            files, place = fsspec.core.url_to_fs(clip.place)
            files.get_file(place, str(path))
        except (OSError, ValueError, ImportError) as error:
            raise InputError(f"{clip.place} cannot be fetched: {error}") from error
        yield path


def _sha256(path: Path) -> str:
    from balance.video.video import file_sha256

    require_regular(path)
    try:
        return file_sha256(path)
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}.") from error


def _measured(job: Job, path: Path, sha256: str, key: str) -> Outcome:
    from balance.pipeline.analyze import analyze_to_folder
    from balance.pipeline.setup import make_setup
    from balance.video.cores import on_one_core

    options = {**job.options, **job.clip.options}
    if options.get("model"):
        options["model"] = Path(options["model"])
    stem = f"{job.clip.stem}-{sha256[:8]}" if job.clip.twin else job.clip.stem
    setup = make_setup(**options)
    with on_one_core():  # many clips keep the others busy
        result = analyze_to_folder(
            path,
            Path(job.out),
            setup,
            name=stem,
            video=job.video,
            report=job.report,
            pdf=job.pdf,
            details=job.details,
        )
    grade, reasons = graded(result.assessment)
    return Outcome(
        place=job.clip.place,
        person=job.clip.person,
        key=key,
        sha256=sha256,
        grade=grade,
        reasons=reasons,
        trials=len(result.assessment.trials),
        folder="" if result.folder is None else result.folder.name,
        duration_s=result.assessment.source.duration_s,
    )


def graded(assessment: Any) -> tuple[str, tuple[str, ...]]:
    """Grade an assessment and say why it is not good.

    Without a trial it is unusable; with a warning or an error among its findings, or
    a judgement that could not be made, somebody should look.
    """
    from balance.model.codes import Answer, Severity

    trials = assessment.trials
    findings = [*assessment.findings, *(f for trial in trials for f in trial.findings)]
    reasons = [f.text for f in findings if f.severity is not Severity.INFO]
    if not trials:
        return UNUSABLE, tuple(dict.fromkeys(reasons)) or ("nothing was measured",)
    reasons += [
        f"{judgement.code.value}: {judgement.because or 'cannot tell'}"
        for trial in trials
        for judgement in trial.judgements
        if judgement.answer is Answer.CANNOT_TELL
    ]
    return (CHECK if reasons else GOOD), tuple(dict.fromkeys(reasons))


def to_line(outcome: Outcome) -> str:
    """Outcome as one line of JSON."""
    return json.dumps(asdict(outcome), ensure_ascii=False)


def from_line(line: str) -> Outcome | None:
    """Outcome from a line of JSON; None for a line that was broken off."""
    try:
        data = json.loads(line)
        return Outcome(**{**data, "reasons": tuple(data["reasons"])})
    except (ValueError, TypeError, KeyError):
        return None
