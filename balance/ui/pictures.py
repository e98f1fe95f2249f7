"""Drawings of exercises and positions, as the pages show them."""

from functools import cache

from balance.codes import TrialKind
from balance.programme.drawings import draw_exercise
from balance.protocols.protocol import Stage
from balance.reference import load_exercises


def drawing_of(stage: Stage) -> str:
    """SVG of the exercise that looks like a stage; "" where there is none."""
    return _drawing(stage.kind, stage.legs)


@cache
def _drawing(kind: TrialKind, legs: str) -> str:
    alike = [e for e in load_exercises().exercises.values() if e.kind == kind]
    # Without support before with support; the legs of the stage before others.
    alike.sort(key=lambda e: (e.legs != legs, e.support not in ("none", "reach")))
    return draw_exercise(alike[0]) if alike else ""
