"""What was published about a protocol's score, each line with its source."""

from balance.codes import Answer
from balance.judging.norms import find_repetition_norm
from balance.protocols.protocol_score import ProtocolScore
from balance.reference import (
    load_heel_raise_norms,
    load_point_changes,
    load_stage_flags,
)


def published_lines(
    score: ProtocolScore, age: float | None, sex: str | None
) -> list[str]:
    """Return norms, flags and changes that count as real, where they fit a person."""
    code, norms = score.protocol.code, score.protocol.norms
    failed = {one.stage.code for one in score.stages if one.passed == Answer.NO}
    lines = []
    if norms == "four_stage" and age is not None:
        lines += [
            f"{flag.text} ({flag.source})"
            for flag in load_stage_flags()
            if flag.stage in failed and age >= flag.age_from
        ]
    if norms == "heel_raise_norms" and age is not None and sex:
        row = find_repetition_norm(load_heel_raise_norms(), age, sex)
        if row is not None:
            typical = f"Typical at {row.ages[0]}-{row.ages[1]}: {row.repetitions}"
            lines.append(f"{typical} ({row.condition}; {row.source})")
    lines += [
        f"{change.text} ({change.source})"
        for change in load_point_changes()
        if change.protocol == code
    ]
    return lines
