"""A training plan as a calendar file (iCalendar, RFC 5545)."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from balance.live.training.training import Block, Plan

if TYPE_CHECKING:
    from icalendar import Event

# Days of the week's three blocks after its first day: a day of rest in between.
DAYS = (0, 2, 4)


def plan_calendar(plan: Plan, first_day: date, *, at: time, made: datetime) -> bytes:
    """Return the plan's blocks as events from ``first_day`` on, in floating time.

    Floating time (no zone) means that a block at 9 stays at 9 wherever the calendar
    is read. ``made`` is the time stamp that the standard asks for, with its zone.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//balance//training plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Balance training")
    for week in plan.weeks:
        for block, day in zip(week.blocks, DAYS, strict=True):
            days = 7 * (week.number - 1) + day
            start = datetime.combine(first_day + timedelta(days=days), at)
            calendar.add_component(_event(block, start, made, week.number, day == 0))
    return bytes(calendar.to_ical())


def _event(
    block: Block, start: datetime, made: datetime, week: int, measure: bool
) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{start:%Y%m%dT%H%M}-block-{block.number}@balance")
    event.add("dtstamp", made)
    event.add("dtstart", start)
    event.add("duration", timedelta(minutes=round(block.minutes)))
    event.add("summary", f"Balance training, week {week}, block {block.number}")
    event.add("description", "\n".join(_lines(block, measure)))
    return event


def _lines(block: Block, measure: bool) -> list[str]:
    lines = ["First measure the one-leg stand on both legs."] if measure else []
    for item in block.items:
        legs = "" if item.legs == ("both",) else f", {' and '.join(item.legs)}"
        lines.append(f"{item.exercise.title}{legs}: {item.dose.text()}")
    lines.append("Stop on pain; put the foot down before you fall.")
    return lines
