"""The commands about protocols: read them, score recordings by them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from balance.cli import options as given
from balance.cli.options import NOTHING_MEASURED
from balance.cli.output import emit, say

if TYPE_CHECKING:
    from balance.analysis.protocols.score import ProtocolScore, StageScore, Take
    from balance.reference.protocol import Protocol


def add_commands(app: typer.Typer) -> None:
    """Put these commands beside the others of ``balance``."""
    app.command("protocols")(list_protocols)
    app.command("protocol")(score_recordings)


def list_protocols(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[PROTOCOL]", help="One protocol, to read it whole."),
    ] = None,
) -> None:
    """List the protocols, or read one with its sources."""
    from balance.reference.loader import load_protocol, protocol_codes

    if name is not None:
        from pydantic import TypeAdapter

        protocol = load_protocol(name)
        _read_out(protocol)
        emit(TypeAdapter(type(protocol)).dump_python(protocol, mode="json"))
        return
    known = [load_protocol(code) for code in protocol_codes()]
    for protocol in known:
        mark = " (experimental)" if protocol.experimental else ""
        say(f"{protocol.code:32} {protocol.title}{mark}")
    emit([{"code": one.code, "title": one.title} for one in known])


def _read_out(protocol: "Protocol") -> None:
    from balance.analysis.protocols.run import goal_words
    from balance.reporting.words.protocol_norms import held_against
    from balance.reporting.words.protocol_score import scored_words

    say(protocol.title, bold=True)
    say(protocol.purpose)
    say(f"Position: {protocol.position}")
    for number, line in enumerate(protocol.instructions, start=1):
        say(f"  {number}. {line}")
    say(f"Start: {protocol.start_rule}")
    say(f"End: {protocol.end_rule}")
    for stage in protocol.stages:
        say(f"  - {stage.title}: {goal_words(stage)}. {stage.position}")
    if protocol.scored:
        say(f"Scored: {'; '.join(scored_words(protocol))}.")
    norms = "; ".join(held_against(protocol)) or "nothing published"
    say(f"Held against: {norms}.")
    if protocol.asked:
        say(f"Asked, because no camera sees it: {_unseen(protocol)}.")
    for person in protocol.not_alone:
        say(f"Not alone: {person}.")
    say(f"Source: {protocol.source}")
    for number_of, source in protocol.sources.items():
        say(f"  {number_of}: {source}")


def _unseen(protocol: "Protocol") -> str:
    return ", ".join(protocol.asked).replace("_", " ")


def score_recordings(
    name: Annotated[
        str,
        typer.Argument(metavar="PROTOCOL", help="A protocol; see 'balance protocols'."),
    ],
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="RECORDING", help="Videos, landmarks.npz files or result folders."
        ),
    ],
    age: given.Age = None,
    sex: given.Sex = None,
) -> None:
    """Score a set of recordings by a protocol.

    As many recordings as the protocol has stages are taken in its order, unless more of
    them fit where their stance belongs.
    """
    from balance.analysis.protocols.score import score_protocol
    from balance.pipeline.setup import make_setup
    from balance.reference.loader import load_protocol
    from balance.reporting.words.protocol_norms import published_lines

    make_setup(age=age, sex=sex)
    protocol = load_protocol(name)
    score = score_protocol(protocol, [_take(path, protocol) for path in recordings])
    from pydantic import TypeAdapter

    emit(TypeAdapter(type(score)).dump_python(score, mode="json"))
    _show_score(score)
    for line in published_lines(score, age, sex):
        say(line)
    if all(stage.best is None for stage in score.stages):
        raise typer.Exit(NOTHING_MEASURED)


def _show_score(score: "ProtocolScore") -> None:
    from balance.reporting.words.protocol_score import symmetry_lines

    protocol = score.protocol
    say(protocol.title, bold=True)
    for stage in score.stages:
        _show_stage(protocol, stage)
    if score.ended_at is not None:
        say(f"Ended at: {score.ended_at.title}.")
    if score.total is not None:
        sign = "" if score.total.high is not None else "at least "
        say(f"Total: {sign}{score.total.value:.0f} errors.")
    for line in symmetry_lines(score):
        say(line)
    if protocol.asked:
        say(f"Not seen by the camera, so not scored: {_unseen(protocol)}.")
    say(f"Source: {protocol.source}")


def _show_stage(protocol: "Protocol", score: "StageScore") -> None:
    """Print one position: what came of it, what else is scored, and when what was."""
    from balance.reporting.words.protocol_score import scored_lines
    from balance.reporting.words.wording import ANSWER_WORDS, EVENT_WORDS

    leg = "" if score.leg == "both" else f" [{score.leg}]"
    goal = score.stage.seconds or score.stage.repetitions
    passed = f" Passed: {ANSWER_WORDS[score.passed]}."
    say(f"  {score.because}{leg}{passed if goal and not protocol.error_types else ''}")
    for words, found in scored_lines(protocol, score):
        colon = "" if words.endswith("?") else ":"
        say(f"      {words}{colon} {found}")
    for event in (event for trial in score.trials for event in trial.events):
        say(f"      at {event.time_s:6.1f} s  {EVENT_WORDS[event.code]}")


def _take(path: Path, protocol: "Protocol") -> "Take":
    """Return a recording with its assessment, from a video or from landmarks."""
    from balance.analysis.protocols.score import Take
    from balance.model.files import read_assessment, read_recording
    from balance.model.setup import Setup
    from balance.pipeline.analyze import analyze_video, assess_recording

    kept = path / "assessment.json"
    if path.is_dir():
        path = path / "landmarks.npz"
    if path.suffix == ".npz":
        recording = read_recording(path)
        # A stored result holds what a person has put right in it.
        known = read_assessment(kept) if kept.is_file() else None
        return Take(recording, known or assess_recording(recording))
    result = analyze_video(path, Setup(protocol=protocol.code))
    return Take(result.recording, result.assessment)
