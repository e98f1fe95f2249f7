"""Results and recordings as tables: plain rows, pandas data frames, xarray data sets.

pandas and xarray are asked for only where they are used.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from balance.model.errors import InputError, OutputError
from balance.model.files import CSV_COLUMNS, trial_rows
from balance.model.results import Assessment, Trial

if TYPE_CHECKING:
    import pandas

Row = dict[str, Any]
# First columns of a row a trial, in this order; measures and answers follow.
SUMMARY_COLUMNS = (
    "clip",
    "sha256",
    "recorded_at",
    "protocol",
    "eyes",
    "footwear",
    "surface",
    "height_mm",
    "age_years",
    "sex",
    "trial",
    "kind",
    "side",
    "start_s",
    "end_s",
    "end_reason",
    "repetitions",
    "score_low",
    "score_high",
)


def summary_rows(assessment: Assessment) -> list[Row]:
    """Return one row a trial: conditions, measures with intervals, answers.

    Each measure has three columns (``hold_s``, ``hold_s_low``, ``hold_s_high``), each
    answer two (``knee_valgus_left`` yes, no or cannot_tell; ``…_chance`` 0 to 1 where
    one was worked out). None stands for what could not be had.
    """
    return [
        {**_head(assessment), **_trial_row(number, trial)}
        for number, trial in enumerate(assessment.trials, start=1)
    ]


def _head(assessment: Assessment) -> Row:
    source, person = assessment.source, assessment.person
    return {
        "clip": source.name,
        "sha256": source.sha256,
        "recorded_at": source.recorded_at,
        "protocol": assessment.protocol,
        "eyes": assessment.conditions.eyes,
        "footwear": assessment.conditions.footwear,
        "surface": assessment.conditions.surface,
        "height_mm": person.height_mm,
        "age_years": person.age_years,
        "sex": person.sex,
    }


def _trial_row(number: int, trial: Trial) -> Row:
    row: Row = {
        "trial": number,
        "kind": trial.kind.value,
        "side": trial.side,
        "start_s": trial.start_s,
        "end_s": trial.end_s,
        "end_reason": trial.end_reason.value,
        "repetitions": len(trial.repetitions),
        "score_low": trial.score.low if trial.score else None,
        "score_high": trial.score.high if trial.score else None,
    }
    for name, measure in trial.measures.items():
        row[name] = None if measure is None else measure.value
        row[f"{name}_low"] = None if measure is None else measure.low
        row[f"{name}_high"] = None if measure is None else measure.high
    for judgement in trial.judgements:
        row[judgement.code.value] = judgement.answer.value
        row[f"{judgement.code.value}_chance"] = judgement.chance
    return row


def summary_columns(rows: Iterable[Row]) -> list[str]:
    """Return the columns of rows: the common ones first, then each as it appears."""
    return list(
        dict.fromkeys([*SUMMARY_COLUMNS, *(name for row in rows for name in row)])
    )


def long_rows(assessment: Assessment) -> list[Row]:
    """Return one row a measure, with the columns of ``trials.csv``."""
    return [
        {
            name: None if value == "" else value
            for name, value in zip(CSV_COLUMNS, row, strict=True)
        }
        for row in trial_rows(assessment)
    ]


def rows_of(assessments: Iterable[Assessment], detail: str) -> list[Row]:
    """Return the rows of results, ``detail`` "wide" (a trial) or "long" (a measure).

    Raises
    ------
    InputError
        Where ``detail`` is neither.
    """
    kinds = {"wide": summary_rows, "long": long_rows}
    if detail not in kinds:
        raise InputError(f"detail {detail!r}: choose one of wide, long.")
    return [row for one in assessments for row in kinds[detail](one)]


def data_frame(rows: Sequence[Row], columns: Sequence[str]) -> "pandas.DataFrame":
    """Return rows as a pandas data frame.

    Raises
    ------
    OutputError
        Where pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise OutputError("a data frame needs pandas: pip install pandas") from error
    return pandas.DataFrame(list(rows), columns=list(columns))


def results_frame(
    assessments: Iterable[Assessment], detail: str = "wide"
) -> "pandas.DataFrame":
    """Return results as a data frame; see `rows_of`."""
    rows = rows_of(assessments, detail)
    columns = summary_columns(rows) if detail == "wide" else CSV_COLUMNS
    return data_frame(rows, columns)
