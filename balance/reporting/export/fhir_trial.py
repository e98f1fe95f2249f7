"""A trial's measures, judgements and end as components of one FHIR Observation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from balance.model.codes import Answer
from balance.model.results import Assessment, Judgement, Measurement, Trial
from balance.reporting.export.fhir_codes import YES_NO, absent
from balance.reporting.pages.report_view import reason_for
from balance.reporting.words import wording
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
    "": "1",
}
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
        plain, term = measure_words(name)
        code = self.own(name, term or name, f"{plain or name}, measured in a video.")
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
                        f"The {end} end of the 95 % interval of {name}.",
                    ),
                    "valueQuantity": quantity(number, measure.unit),
                }

    def _judgement(self, judgement: Judgement) -> Component:
        question, term = wording.JUDGEMENT_WORDS[judgement.code]
        code = self.own(
            f"judgement.{judgement.code.value}",
            term,
            f"{question} Yes from a chance of 90 %, no up to 10 %.",
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
            "repetitions", "Number of repetitions", "How many repetitions were seen."
        )
        value = quantity(len(self.trial.repetitions), "")
        return {"code": code, "valueQuantity": value}

    def _end(self) -> Component:
        code = self.own("end_reason", "Why the trial ended", "What ended a trial.")
        reason = self.trial.end_reason.value
        words = reason.replace("_", " ")
        ended = self.own(f"end_reason.{reason}", words, f"A trial ended by: {words}.")
        value = {**ended, "text": wording.end_words(self.trial)}
        return {"code": code, "valueCodeableConcept": value}
