"""The commands about protocols: read them, score recordings by them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from balance.analysis.protocols.score import ProtocolScore, StageScore, Take
    from balance.reference.protocol import Protocol

# Exit status where recordings were read but decide nothing.
NOTHING_MEASURED = 3

Ages = Annotated[
    float | None, typer.Option("--age", min=3, max=120, help="Age in years.")
]


def list_protocols(
    name: Annotated[
        str | None, typer.Argument(help="One protocol, to read it whole.")
    ] = None,
) -> None:
    """List the named protocols, or read one with its rules and sources."""
    from balance.reference.loader import load_protocol, protocol_codes

    if name is not None:
        _read_out(load_protocol(name))
        return
    for code in protocol_codes():
        protocol = load_protocol(code)
        mark = " (experimental)" if protocol.experimental else ""
        typer.echo(f"{code:32} {protocol.title}{mark}")


def _read_out(protocol: "Protocol") -> None:
    from balance.analysis.protocols.run import goal_words
    from balance.reporting.words.protocol_norms import held_against
    from balance.reporting.words.protocol_score import scored_words

    typer.secho(protocol.title, bold=True)
    typer.echo(protocol.purpose)
    typer.echo(f"Position: {protocol.position}")
    for number, line in enumerate(protocol.instructions, start=1):
        typer.echo(f"  {number}. {line}")
    typer.echo(f"Start: {protocol.start_rule}")
    typer.echo(f"End: {protocol.end_rule}")
    for stage in protocol.stages:
        typer.echo(f"  - {stage.title}: {goal_words(stage)}. {stage.position}")
    if protocol.scored:
        typer.echo(f"Scored: {'; '.join(scored_words(protocol))}.")
    norms = "; ".join(held_against(protocol)) or "nothing published"
    typer.echo(f"Held against: {norms}.")
    if protocol.asked:
        typer.echo(f"Asked, because no camera sees it: {_unseen(protocol)}.")
    for person in protocol.not_alone:
        typer.echo(f"Not alone: {person}.")
    typer.echo(f"Source: {protocol.source}")
    for number_of, source in protocol.sources.items():
        typer.echo(f"  {number_of}: {source}")


def _unseen(protocol: "Protocol") -> str:
    return ", ".join(protocol.asked).replace("_", " ")


def score_recordings(
    name: Annotated[str, typer.Argument(help="A protocol; see 'balance protocols'.")],
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="RECORDING…", help="Videos, landmarks.npz files or result folders."
        ),
    ],
    age: Ages = None,
    sex: Annotated[str | None, typer.Option(help="f or m, where norms differ.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the score as JSON.")
    ] = False,
) -> None:
    """Score a set of recordings by a protocol: which stage, which end, which score.

    As many recordings as the protocol has stages are taken in its order, unless more of
    them fit where their stance belongs.
    """
    from balance.analysis.protocols.score import score_protocol
    from balance.reference.loader import load_protocol
    from balance.reporting.words.protocol_norms import published_lines

    protocol = load_protocol(name)
    score = score_protocol(protocol, [_take(path, protocol) for path in recordings])
    if as_json:
        from pydantic import TypeAdapter

        from balance.analysis.protocols.score import ProtocolScore

        plain = TypeAdapter(ProtocolScore).dump_python(score, mode="json")
        typer.echo(json.dumps(plain, indent=1, ensure_ascii=False))
    else:
        _show_score(score)
        for line in published_lines(score, age, sex):
            typer.echo(line)
    if all(stage.best is None for stage in score.stages):
        raise typer.Exit(NOTHING_MEASURED)


def _show_score(score: "ProtocolScore") -> None:
    from balance.reporting.words.protocol_score import symmetry_lines

    protocol = score.protocol
    typer.secho(protocol.title, bold=True)
    for stage in score.stages:
        _show_stage(protocol, stage)
    if score.ended_at is not None:
        typer.echo(f"Ended at: {score.ended_at.title}.")
    if score.total is not None:
        sign = "" if score.total.high is not None else "at least "
        typer.echo(f"Total: {sign}{score.total.value:.0f} errors.")
    for line in symmetry_lines(score):
        typer.echo(line)
    if protocol.asked:
        typer.echo(f"Not seen by the camera, so not scored: {_unseen(protocol)}.")
    typer.echo(f"Source: {protocol.source}")


def _show_stage(protocol: "Protocol", score: "StageScore") -> None:
    """Print one position: what came of it, what else is scored, and when what was."""
    from balance.reporting.words.protocol_score import scored_lines
    from balance.reporting.words.wording import ANSWER_WORDS, EVENT_WORDS

    leg = "" if score.leg == "both" else f" [{score.leg}]"
    goal = score.stage.seconds or score.stage.repetitions
    passed = f" Passed: {ANSWER_WORDS[score.passed]}."
    typer.echo(
        f"  {score.because}{leg}{passed if goal and not protocol.error_types else ''}"
    )
    for words, found in scored_lines(protocol, score):
        colon = "" if words.endswith("?") else ":"
        typer.echo(f"      {words}{colon} {found}")
    for event in (event for trial in score.trials for event in trial.events):
        typer.echo(f"      at {event.time_s:6.1f} s  {EVENT_WORDS[event.code]}")


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
