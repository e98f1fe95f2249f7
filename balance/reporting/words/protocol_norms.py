"""What was published about a protocol's score, each line with its source."""

from collections.abc import Iterator

from balance.analysis.protocols.score import ProtocolScore, StageScore
from balance.model.codes import Answer
from balance.reference.loader import (
    load_heel_raise_norms,
    load_hold_bands,
    load_norms,
    load_point_changes,
    load_squat_thresholds,
    load_stage_flags,
)
from balance.reference.norms import (
    find_hold_band,
    find_hold_norms,
    find_repetition_norm,
)
from balance.reference.protocol import Protocol

SEXES = {"f": "women", "m": "men", "all": "all"}


def held_against(protocol: Protocol) -> tuple[str, ...]:
    """Return the sources of what a protocol's score is held against; often none."""
    thresholds = load_squat_thresholds()
    tables = {
        "hold_norms": [
            row.source for row in load_norms() if row.statistic == "best of 3"
        ],
        "four_stage": [flag.source for flag in load_stage_flags()],
        "bess": [
            one.source for one in load_point_changes() if one.protocol == protocol.code
        ],
        "heel_raise_norms": [row.source for row in load_heel_raise_norms()],
        "squat_thresholds": [
            thresholds.knee_valgus.source,
            thresholds.knee_separation.source,
            thresholds.trunk_lean.source,
        ],
    }
    return tuple(dict.fromkeys(tables.get(protocol.norms or "", [])))


def published_lines(
    score: ProtocolScore, age: float | None, sex: str | None
) -> list[str]:
    """Return norms, flags and changes that count as real, where they fit a person."""
    code, norms = score.protocol.code, score.protocol.norms
    lines: list[str] = []
    if norms == "hold_norms" and age is not None:
        lines += dict.fromkeys(_about_holds(score, age, sex))
    if norms == "four_stage" and age is not None:
        lines += [
            f"{flag.text} ({flag.source})"
            for flag in load_stage_flags()
            if age >= flag.age_from
            and any(
                one.stage.code == flag.stage and _failed_below(one, flag.below_s)
                for one in score.stages
            )
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


def _about_holds(score: ProtocolScore, age: float, sex: str | None) -> Iterator[str]:
    """Typical times at this age, and what is said of short holds."""
    for stage in score.protocol.stages:
        rows = find_hold_norms(load_norms(), age, stage.eyes, sex)
        if rows and rows[0].sex in (sex, "all"):
            rows = rows[:1]
        typical = ", ".join(f"{row.typical_s:g} s ({SEXES[row.sex]})" for row in rows)
        for row in rows[:1]:
            ages = f"{row.ages[0]}-{row.ages[1]}"
            cap = f", at most {row.cap_s:g} s" if row.cap_s else ""
            how = f"eyes {row.eyes}, {row.statistic}{cap}"
            yield f"Typical at {ages}: {typical}; {how} ({row.source})"
    for one in score.stages:
        if one.best is None or one.best.censored:
            continue
        band = find_hold_band(load_hold_bands(), age, one.stage.eyes, one.best.value)
        if band is not None:
            yield f"{one.leg.capitalize()} leg: {band.text} ({band.source})"


def _failed_below(score: StageScore, seconds: float) -> bool:
    """Whether a stage surely was not held so long."""
    if score.passed != Answer.NO:
        return False
    best, goal_s = score.best, score.stage.seconds
    short = best is not None and best.high is not None and best.high < seconds
    return short or (goal_s is not None and goal_s <= seconds)
