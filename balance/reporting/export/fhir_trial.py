"""A trial's measures, judgements and end as components of one FHIR Observation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from balance.model.codes import Answer
from balance.model.results import Assessment, Judgement, Measurement, Trial
from balance.reporting.export.fhir_codes import YES_NO, absent
from balance.reporting.pages.report_view import reason_for
from balance.reporting.words import wording
from balance.reporting.words.definitions import (
    define_end,
    define_judgement,
    define_measure,
)
from balance.reporting.words.measure_words import measure_words

Component = dict[str, Any]

UCUM = {
    "s": "s",
    "mm": "mm",
    "cm": "cm",
    "a": "a",
    "mm/s": "mm/s",
    "°": "deg",
    "deg": "deg",
    "%": "%",
    "%/s": "%/s",
    "Hz": "Hz",
    "px": "{pixel}",
    "ratio": "1",
    "count": "1",
    "errors": "1",
    "1/min": "/min",
    "": "1",
}
_ENDS = {"low": "Lower end", "high": "Upper end"}
_YES_NO = {Answer.YES: ("Y", "Yes"), Answer.NO: ("N", "No")}


def quantity(value: float, unit: str) -> Component:
    """Return a value with its unit, by UCUM where that has one."""
    made: Component = {"value": round(value, 6), "unit": unit or "1"}
    if unit in UCUM:
        made |= {"system": "http://unitsofmeasure.org", "code": UCUM[unit]}
    return made


@dataclass(frozen=True)
class TrialComponents:
    """Makes the components; ``own`` gives a code of ours and notes its definition."""

    assessment: Assessment
    trial: Trial
    own: Callable[[str, str, str], Component]

    def all(self) -> list[Component]:
        """Return measures with their intervals, judgements, and why it ended."""
        parts = [
            part
            for name, measure in self.trial.measures.items()
            for part in self._measure(name, measure)
        ]
        parts += [self._judgement(judgement) for judgement in self.trial.judgements]
        if self.trial.repetitions:
            parts.append(self._count())
        return [*parts, self._end()]

    def _measure(self, name: str, measure: Measurement | None) -> Iterator[Component]:
        term = measure_words(name)[1]
        unit = None if measure is None else measure.unit
        code = self.own(name, term or name, define_measure(name, unit))
        if measure is None:
            findings = self.assessment.findings
            why = reason_for(name, self.trial, findings)
            known = (*self.trial.findings, *findings)
            about = [one.code for one in known if one.text == why]
            yield {"code": code, "dataAbsentReason": absent(why, about)}
            return
        value = quantity(measure.value, measure.unit)
        if measure.censored:
            value["comparator"] = ">="
        yield {"code": code, "valueQuantity": value}
        for end, number in (("low", measure.low), ("high", measure.high)):
            if number is not None:
                yield {
                    "code": self.own(
                        f"{name}.{end}",
                        f"{term or name}, 95 % interval, {end}",
                        f"{_ENDS[end]} of the 95 % interval of the measure {name}: "
                        f"{define_measure(name, measure.unit)}",
                    ),
                    "valueQuantity": quantity(number, measure.unit),
                }

    def _judgement(self, judgement: Judgement) -> Component:
        term = wording.JUDGEMENT_WORDS[judgement.code][1]
        code = self.own(
            f"judgement.{judgement.code.value}",
            term,
            define_judgement(judgement.code),
        )
        if judgement.answer not in _YES_NO:
            why = f"cannot tell: {judgement.because}"
            return {"code": code, "dataAbsentReason": absent(why)}
        letter, word = _YES_NO[judgement.answer]
        coded = {"system": YES_NO, "code": letter, "display": word}
        text = f"{wording.answer_words(judgement)}: {judgement.because}"
        value = {"coding": [coded], "text": text}
        return {"code": code, "valueCodeableConcept": value}

    def _count(self) -> Component:
        code = self.own(
            "repetitions",
            "Number of repetitions",
            define_measure("repetitions", "count"),
        )
        value = quantity(len(self.trial.repetitions), "")
        return {"code": code, "valueQuantity": value}

    def _end(self) -> Component:
        code = self.own(
            "end_reason",
            "Why the trial ended",
            "What ended the trial, the first of the causes that the software looks "
            "for; the value is one of the codes end_reason.*.",
        )
        reason = self.trial.end_reason
        words = reason.value.replace("_", " ")
        ended = self.own(f"end_reason.{reason.value}", words, define_end(reason))
        value = {**ended, "text": wording.end_words(self.trial)}
        return {"code": code, "valueCodeableConcept": value}
