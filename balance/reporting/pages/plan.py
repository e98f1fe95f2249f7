"""A training plan as one page that prints: drawings, doses, reasons, a log."""

from functools import cache
from typing import TYPE_CHECKING, Any

from balance.live.training.training import Item, Plan, Week
from balance.reference.safety import Safety
from balance.reporting.drawings.exercises import draw_exercise

if TYPE_CHECKING:
    from jinja2 import Template

HEADINGS = {
    "warm_up": "Warm up",
    "activation": "Wake the feet",
    "static": "Stand",
    "dynamic": "Move",
    "cool_down": "Cool down",
}
STATUS_WORDS = {
    "go": "Your plan",
    "reduced": "Your plan, with less this time",
    "paused": "Training pauses",
    "referred": "A clinician first",
}


def render_plan(plan: Plan, safety: Safety, *, week: int = 1) -> str:
    """Return the page of one week, complete in itself.

    A plan that is paused or referred has no week: the page then says why.
    """
    chosen = next((w for w in plan.weeks if w.number == week), None)
    return _template().render(
        heading=STATUS_WORDS[plan.status],
        plan=plan,
        week=chosen,
        weeks=len(plan.weeks),
        sections=_sections(chosen) if chosen else [],
        blocks=chosen.blocks if chosen else (),
        stop_rules=safety.stop_rules,
        set_up=safety.set_up,
        disclaimers=safety.disclaimers,
        sources=_sources(plan, chosen),
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader("balance.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template("plan.html.j2")


def _sections(week: Week) -> list[dict[str, Any]]:
    """Return the exercises of a week by phase, each once, with its blocks."""
    from markupsafe import Markup

    cards: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for block in week.blocks:
        for item in block.items:
            card = cards.setdefault(
                (item.exercise.code, item.legs),
                {
                    "item": item,
                    # Made by our own code from our own data, titles escaped there.
                    "drawing": Markup(draw_exercise(item.exercise)),
                    "legs": _legs(item),
                    "dose": item.dose.text(),
                    "blocks": [],
                },
            )
            card["blocks"].append(block.number)
    return [
        {
            "phase": phase,
            "heading": heading,
            "cards": [c for c in cards.values() if c["item"].exercise.phase == phase],
        }
        for phase, heading in HEADINGS.items()
    ]


def _legs(item: Item) -> str:
    if item.legs == ("both",):
        return ""
    return "each leg" if len(item.legs) == 2 else f"{item.legs[0]} leg"


def _sources(plan: Plan, week: Week | None) -> list[str]:
    """Return every source behind the page, each once."""
    found = [reason.source for reason in plan.reasons]
    for block in week.blocks if week else ():
        for item in block.items:
            found += [item.dose.source, item.reason.source, item.exercise.source]
    return list(dict.fromkeys(found))
