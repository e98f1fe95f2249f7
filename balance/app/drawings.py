"""Drawings of exercises and positions, as the pages show them.

Streamlit takes SVG out of a page's HTML, so each is an image; it stands on a light
tile in both themes, because an image does not know the colour of the text.
"""

from functools import cache
from html import escape
from urllib.parse import quote

from balance.reference.exercise import Exercise
from balance.reference.loader import load_exercises
from balance.reference.protocol import Stage
from balance.reporting.drawings.exercises import draw_exercise
from balance.reporting.drawings.footprints import draw_feet


def drawing(exercise: Exercise) -> str:
    """HTML of an exercise's drawing."""
    return _image(draw_exercise(exercise), exercise.title)


@cache
def drawing_of(stage: Stage) -> str:
    """HTML of a stage: its feet, or the exercise that looks like it."""
    feet = draw_feet(
        stage.kind,
        stage.title,
        soft=stage.surface == "soft",
        eyes_closed=stage.eyes == "closed",
    )
    if feet is not None:
        return _image(feet, stage.title)
    alike = [e for e in load_exercises().exercises.values() if e.kind == stage.kind]
    alike.sort(key=lambda e: e.legs != stage.legs)
    return drawing(alike[0]) if alike else ""


def _image(svg: str, title: str) -> str:
    words = escape(title, quote=True)
    return f'<img class="drawing" alt="{words}" src="data:image/svg+xml,{quote(svg)}">'
