"""A stored result assessed again, with facts that were forgotten at the time.

What is stored stays as it is where nothing else is said. The landmarks are never
measured again, so this needs neither the video nor a pose model.
"""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

from balance.analysis.judging.overruling import overrule, rescore_by
from balance.model.corrections import Correction
from balance.model.errors import InputError
from balance.model.files import (
    read_assessment,
    read_recording,
    write_assessment,
    write_recording,
    write_trials,
)
from balance.model.recording import Recording
from balance.model.result_folder import require_writable
from balance.model.results import Assessment, Conditions, Overrule, Person, Trial
from balance.model.setup import Setup
from balance.pipeline.analyze import (
    ALL_FILES,
    Files,
    Result,
    assess_recording,
    write_pages,
)
from balance.reference.standards import load_standards
from balance.reporting.video.stills import read_drawn_stills

Facts = TypeVar("Facts", Person, Conditions)


@dataclass(frozen=True, eq=False)
class Rescored:
    """The new assessment, its recording and folder, and what to know of it."""

    assessment: Assessment
    recording: Recording
    folder: Path
    notes: tuple[str, ...]


def with_facts(recording: Recording, setup: Setup) -> tuple[Recording, list[str]]:
    """Return the recording with what is said now, and a sentence a difference.

    A fact that ``setup`` leaves open (None, "unknown", test and protocol "auto") stays
    as it is stored. A fact that was not known is filled in without a sentence.
    """
    notes: list[str] = []
    person = _merged(recording.person, setup.person, notes)
    conditions = _merged(recording.conditions, setup.conditions, notes)
    options, protocol = recording.options, recording.protocol
    if setup.options.test != "auto" and setup.options.test != options.test:
        if options.test != "auto":
            notes.append(_sentence("test", options.test, setup.options.test))
        options = replace(options, test=setup.options.test)
    if setup.protocol not in ("auto", protocol):
        if protocol != "auto":
            notes.append(_sentence("protocol", protocol, setup.protocol))
        protocol = setup.protocol
    changed = replace(
        recording,
        person=person,
        conditions=conditions,
        options=options,
        protocol=protocol,
    )
    return changed, notes


def _merged(stored: Facts, said: Facts, notes: list[str]) -> Facts:
    changed = {}
    for field in fields(stored):
        old, new = getattr(stored, field.name), getattr(said, field.name)
        if new in (None, "unknown") or new == old:
            continue
        if old not in (None, "unknown"):
            notes.append(_sentence(field.name, old, new))
        changed[field.name] = new
    return replace(stored, **changed)


_WORDS = {"height_mm": "body height", "age_years": "age"}
_UNITS = {"height_mm": " cm", "age_years": " years"}


def _sentence(name: str, old: object, new: object) -> str:
    return (
        f"The stored {_WORDS.get(name, name)} was {fact_words(name, old)}; "
        f"{fact_words(name, new)} is used now."
    )


def fact_words(name: str, value: object) -> str:
    """Return a fact as a person says it: millimetres of height as cm."""
    if isinstance(value, float):
        value = f"{value / 10 if name == 'height_mm' else value:g}"
    return f"{value}{_UNITS.get(name, '')}"


def rescore_file(
    path: Path,
    setup: Setup,
    *,
    out: Path | None = None,
    files: Files = ALL_FILES,
) -> Rescored:
    """Assess a ``landmarks.npz`` or a result folder again and write what came out.

    Parameters
    ----------
    path
        The landmarks, or the folder that holds them.
    setup
        What is known now; see `with_facts`.
    out
        Folder below which the result goes; None writes beside the landmarks.
    files
        Which pages are written anew; they keep the stills of the old report.

    Raises
    ------
    InputError, OutputError
        With one sentence, where it cannot be read or written.
    """
    landmarks = path / "landmarks.npz" if path.is_dir() else path
    recording, notes = with_facts(read_recording(landmarks), setup)
    assessment = assess_recording(recording)
    name = landmarks.absolute().parent.name
    folder = landmarks.parent if out is None else out / name
    stored = landmarks.parent / "assessment.json"
    assessment, not_carried = _corrected_again(assessment, stored)
    notes += not_carried
    require_writable(folder)
    drawn = read_drawn_stills(landmarks.parent / "report.html")
    write_pages(Result(assessment, recording), {}, folder, files, drawn)
    write_assessment(assessment, folder / "assessment.json")
    write_recording(recording, folder / "landmarks.npz")
    write_trials(assessment, folder / "trials.csv")
    return Rescored(assessment, recording, folder, tuple(notes))


def _corrected_again(
    assessment: Assessment, stored: Path
) -> tuple[Assessment, list[str]]:
    """Make the corrections of the stored result again, and say which do not hold.

    A correction goes to the trial of the same number, where that is of the same kind.
    """
    if not stored.is_file():
        return assessment, []
    rescore = rescore_by(load_standards())
    notes = []
    for position, old in enumerate(read_assessment(stored).trials, start=1):
        for entry in old.overruled:
            try:
                correction = _same_correction(assessment, position, old, entry)
                assessment = overrule(assessment, correction, rescore)
            except InputError as error:
                notes.append(
                    f"The correction of {entry.what} in trial {position} was not "
                    f"carried over: {error}."
                )
    return assessment, notes


def _same_correction(
    assessment: Assessment, position: int, old: Trial, entry: Overrule
) -> Correction:
    if entry.becomes is None:
        raise InputError("the result does not say what it became")
    here = assessment.trials[position - 1 : position]
    if not here or here[0].kind is not old.kind:
        raise InputError("there is another trial now")
    return Correction.of_text(position, entry.what, entry.becomes, entry.by, entry.at)
