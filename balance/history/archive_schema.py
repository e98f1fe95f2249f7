"""What an exported person's file may hold; whatever else it says is refused.

Checked before anything is kept: a row with a day that is none, or with a field of the
wrong type, would break every later page of the history.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from balance.history.location import VIDEO_NAME
from balance.history.people import LONGEST_TEXT, check_code, check_day
from balance.history.training_log import block_from_json
from balance.model.errors import InputError
from balance.model.files import assessment_from_dict

MOST_ROWS = 100_000


def _a_day(text: str) -> str:
    check_day(date.fromisoformat(text))
    return text


def _a_moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _a_code(text: str) -> str:
    check_code(text)
    return text


def _a_block(text: str) -> str:
    block_from_json(text)
    return text


def _an_assessment(data: dict[str, Any]) -> dict[str, Any]:
    assessment_from_dict(data)
    return data


Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Code = Annotated[str, AfterValidator(_a_code)]
Day = Annotated[str, Field(max_length=10), AfterValidator(_a_day)]
Moment = Annotated[str, Field(max_length=40), AfterValidator(_a_moment)]
Word = Annotated[str, Field(max_length=200)]
Notes = Annotated[str, Field(max_length=LONGEST_TEXT["notes"])]
Long = Annotated[str, Field(max_length=100_000)]
Side = Literal["left", "right"]
Rating = Annotated[int, Field(ge=0, le=10)]
Block = Annotated[str, Field(max_length=1_000_000), AfterValidator(_a_block)]
Result = Annotated[dict[str, Any], AfterValidator(_an_assessment)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class PersonRow(_Row):
    """Facts of the person."""

    id: Key
    code: Code
    code_key: Word
    name: Annotated[str, Field(max_length=LONGEST_TEXT["name"])] | None
    birth_year: Annotated[int, Field(ge=1890, le=2100)] | None
    height_mm: Annotated[float, Field(ge=500, le=2500)] | None
    sex: Literal["f", "m"] | None
    dominant_side: Side | None
    injured_side: Side | None
    notes: Notes
    consent_at: Moment | None
    consent_text: Long | None
    created_at: Moment


class VisitRow(_Row):
    """One day."""

    id: Key
    person_id: Key
    on_day: Day
    notes: Notes


class RecordingRow(_Row):
    """One result of a visit."""

    id: Key
    visit_id: Key
    saved_at: Moment
    protocol: Word
    eyes: Word
    footwear: Word
    surface: Word
    age_years: Annotated[float, Field(ge=0, le=130)] | None
    assessment: Result
    original: Result | None
    video_name: Annotated[str, Field(pattern=rf"^{VIDEO_NAME.pattern}$")] | None


class OverruleRow(_Row):
    """One correction of a result."""

    id: Key
    recording_id: Key
    position: Annotated[int, Field(ge=0, le=10_000)]
    what: Word
    was: Notes
    becomes: Notes
    by: Word
    at: Moment


class SelfReportRow(_Row):
    """What somebody said of a day."""

    id: Key
    person_id: Key
    on_day: Day
    fatigue: Rating | None
    pain: Rating | None
    training_minutes: Annotated[float, Field(ge=0, le=1440)] | None
    notes: Notes


class TrainingBlockRow(_Row):
    """One block that was done."""

    id: Key
    person_id: Key
    on_day: Day
    saved_at: Moment
    block: Block


class Archive(_Row):
    """The whole of ``person.json``."""

    archive_version: Literal[1, 2]
    person: PersonRow
    visit: Annotated[list[VisitRow], Field(max_length=MOST_ROWS)]
    recording: Annotated[list[RecordingRow], Field(max_length=MOST_ROWS)]
    overrule: Annotated[list[OverruleRow], Field(max_length=MOST_ROWS)]
    self_report: Annotated[list[SelfReportRow], Field(max_length=MOST_ROWS)]
    # Version 1 knew none.
    training_block: Annotated[list[TrainingBlockRow], Field(max_length=MOST_ROWS)] = []

    @model_validator(mode="after")
    def _belongs_together(self) -> "Archive":
        """Every row hangs on one of this file, and no key is there twice."""
        visits = {row.id for row in self.visit}
        recordings = {row.id for row in self.recording}
        owners = {row.person_id for row in self.visit}
        owners |= {row.person_id for row in self.self_report}
        owners |= {row.person_id for row in self.training_block}
        whole = (
            owners <= {self.person.id}
            and all(row.visit_id in visits for row in self.recording)
            and all(row.recording_id in recordings for row in self.overrule)
            and len(visits) == len(self.visit) == len({v.on_day for v in self.visit})
            and len(recordings) == len(self.recording)
        )
        if not whole:
            raise ValueError("its rows do not belong together")
        return self


def read_archive(content: Any) -> Archive:
    """Check what was read from ``person.json``.

    Raises
    ------
    InputError
        With what is wrong first, and where.
    """
    try:
        return Archive.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "person.json"
        raise InputError(f"{where}: {first['msg']}") from error
