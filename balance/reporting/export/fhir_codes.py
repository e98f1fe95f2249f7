"""Codes of the FHIR export: LOINC where one fits what was done, else our own.

66569-5 is the time of the first stand on one leg, in panel 64388-2: the stand of the
Health ABC study, eyes open, arms free, up to 30 s. 91553-8 is the hold of a pose of the
NIH Toolbox, which lasts 50 s and is none of the protocols here: it is not used.
"""

from collections.abc import Iterable
from typing import Any

from balance.model.codes import FindingCode, TrialKind
from balance.model.results import Assessment, Measurement, Trial

LOINC = "http://loinc.org"
OWN = "urn:balance:codes"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
AMBULATORY = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "code": "AMB",
    "display": "ambulatory",
}

HEIGHT = ("8302-2", "Body height")
AGE = ("30525-0", "Age")
ONE_LEG_PANEL = ("64388-2", "One-leg stand panel")
FIRST_ONE_LEG_TIME = ("66569-5", "Time of the first one-leg stand")
ONE_LEG_CAP_S = 30.0

# Protocols whose stand is the one that LOINC describes; of an uncapped stand with arms
# as one likes, the first 30 s are that stand.
ONE_LEG_PROTOCOLS = ("auto", "single_leg_stance_30_s")

# The code of a missing value by the finding that explains it.
_NOT_SEEN = (
    FindingCode.NOT_VISIBLE_FROM_THIS_VIEW,
    FindingCode.HIDDEN_BY_RAISED_THIGH,
    FindingCode.HEEL_NOT_SEEN,
    FindingCode.SWAY_NOT_FRONTAL,
    FindingCode.SWAY_FROM_LANDMARKS,
)
_NOT_ASKED = (FindingCode.NO_SCALE, FindingCode.EYES_UNKNOWN, FindingCode.AGE_UNKNOWN)


def loinc(code: tuple[str, str]) -> dict[str, Any]:
    """Return a LOINC code."""
    coding = {"system": LOINC, "code": code[0], "display": code[1]}
    return {"coding": [coding], "text": code[1]}


def own(code: str, text: str) -> dict[str, Any]:
    """Return a code of this project's own; `definitions` says what it means."""
    return {"coding": [{"system": OWN, "code": code, "display": text}], "text": text}


def absent(text: str, findings: Iterable[FindingCode] = ()) -> dict[str, Any]:
    """Return why a value is missing, coded and in words."""
    known = set(findings)
    code = "unknown"
    if known & set(_NOT_ASKED):
        code = "not-asked"
    if known & set(_NOT_SEEN):
        code = "unsupported"
    return {"coding": [{"system": ABSENT, "code": code}], "text": text}


def first_one_leg_time(
    assessment: Assessment, trial: Trial
) -> tuple[Measurement, float] | None:
    """Return the hold and its time as LOINC 66569-5 means it; None where none is."""
    hold = trial.measures.get("hold_s")
    if (
        hold is None
        or trial.kind is not TrialKind.SINGLE_LEG_STANCE
        or assessment.conditions.eyes != "open"
        or assessment.protocol not in ONE_LEG_PROTOCOLS
    ):
        return None
    return hold, min(hold.value, ONE_LEG_CAP_S)


def code_system(definitions: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return the own codes that a bundle uses, each with its definition."""
    return {
        "resourceType": "CodeSystem",
        "url": OWN,
        "name": "BalanceCodes",
        "title": "Codes of balance",
        "status": "active",
        "content": "fragment",
        "concept": [
            {"code": code, "display": display, "definition": definition}
            for code, (display, definition) in sorted(definitions.items())
        ],
    }
