"""Page: what to train next, why, and the training itself before the camera."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from balance.app import look, who
from balance.app.before_test import ask, show_camera
from balance.app.state import SessionState, visit
from balance.app.trainee import SIGNS, history_of, report_of, trainee_of
from balance.history.training_log import Wishes
from balance.live.training.session import block_steps
from balance.live.training.training import make_plan, next_block
from balance.model.errors import BalanceError
from balance.reference.loader import load_handbook, load_safety

if TYPE_CHECKING:
    from balance.live.training.trainee import Trainee
    from balance.live.training.training import Plan

PAGE = "training"
STEPS = ("Safety", "About you", "Plan", "Training")
INVITATION = "Press the button. A voice tells you what to do, and when."
STATUS = {"reduced": "warning", "paused": "error", "referred": "error"}


def show() -> None:
    """Show the camera on top, and below it questions, plan or block."""
    import streamlit as st

    here = visit(st.session_state)
    training = here.training
    mine = show_camera(
        here, PAGE, camera=training.camera, once=True, invitation=INVITATION
    )
    try:
        if not who.is_known(here):
            return
        who.show_who(here)
        if mine:
            from balance.app.training_block import show_block

            show_block(here)
        elif not here.asked:
            ask(here, STEPS)
        elif not training.asked:
            _ask(here)
        else:
            _plan(here)
    except BalanceError as error:
        st.error(look.plain(error))


def _ask(here: SessionState) -> None:
    import streamlit as st

    training = here.training
    look.heading("About you", "The plan follows your aim, your results and your feet.")
    look.steps(STEPS, 1)
    training.code = here.code  # whoever was chosen first
    known = history_of(training, here.own_jobs())
    wishes = known.wishes if known.blocks else training.wishes
    rules = load_handbook().rules
    with st.form("wishes", border=False):
        goals = list(rules.goals)
        goal = st.radio(
            "What do you train for?",
            goals,
            goals.index(wishes.goal),
            format_func=lambda code: rules.goals[code].title.capitalize(),
        )
        things = _equipment()
        have = st.multiselect(
            "What do you have at hand?",
            things,
            [t for t in wishes.equipment if t in things],
        )
        minutes = st.slider(
            "Minutes for a block, three times a week",
            int(rules.numbers["shortest_block_min"]),
            int(rules.numbers["longest_block_min"]),
            int(wishes.minutes),
        )
        st.markdown("**Your feet, since the last block or in the past days**")
        pain = st.slider("Worst pain, 0 none to 10", 0, 10, 0)
        sore = st.number_input("For how many days were they sore?", 0, 30, 0)
        signs = st.multiselect(
            "Was there any of these?", list(SIGNS), format_func=SIGNS.__getitem__
        )
        sent = st.form_submit_button("Show my plan", type="primary")
    if sent:
        training.wishes = Wishes(goal or "daily", tuple(have), float(minutes))
        training.today = report_of(0.0, 0, pain, signs, sore_days=int(sore))
        training.asked = True
        for side, leg in known.legs.items():
            if leg.now_s is not None:
                here.learn_hold(side.value, leg.now_s)
        st.rerun()


def _equipment() -> list[str]:
    exercises = load_handbook().library.exercises.values()
    return sorted({name for one in exercises for name in one.equipment})


def _plan(here: SessionState) -> None:
    import streamlit as st

    from balance.app.training_block import offer_to_go_on
    from balance.reporting.pages.plan import STATUS_WORDS

    training = here.training
    trainee = _trainee(here)
    plan = make_plan(trainee, load_handbook())
    lead = "Measure, train, measure again; small steps, often."
    look.heading(STATUS_WORDS[plan.status], lead)
    look.steps(STEPS, 2)
    offer_to_go_on(here)
    if training.kept:
        st.success(training.kept)
    _why(plan)
    if st.button("Change aim, things or minutes"):
        training.asked, training.kept = False, ""
        st.rerun()
    if plan.weeks:
        _blocks(here, plan, trainee)
        _take_away(plan)


def _trainee(here: SessionState) -> "Trainee":
    known = history_of(here.training, here.own_jobs())
    person = here.circumstances
    return trainee_of(here.training, known, person.age_years, person.yes)


def _why(plan: "Plan") -> None:
    """Say at the head of the plan why it is as it is, each with its source."""
    import streamlit as st

    for reason in plan.reasons:
        kind = STATUS.get(plan.status, "info") if reason is plan.reasons[0] else "info"
        text = f"{reason.text}  \n:small[Source: {reason.source}]"
        {"info": st.info, "warning": st.warning, "error": st.error}[kind](text)


def _blocks(here: SessionState, plan: "Plan", trainee: "Trainee") -> None:
    import streamlit as st

    from balance.app.plan_view import show_item

    week = plan.weeks[0]
    if all(not leg.open_s for leg in trainee.legs.values()):
        st.markdown("No stand on one leg was measured yet; the plan is careful.")
        st.page_link(here.pages["test"], label="**Measure it first**")
    number = st.radio(
        "Block",
        range(len(week.blocks)),
        next_block(plan, trainee),
        format_func=lambda n: f"Block {n + 1} · {week.blocks[n].minutes:.0f} min",
        horizontal=True,
    )
    block = week.blocks[number or 0]
    here.training.camera = st.toggle(
        "The camera counts and watches along", here.training.camera
    )
    if st.button("Start this block", type="primary"):
        _start(here, plan, number or 0)
        st.rerun()
    for item in block.items:
        show_item(item)


def _start(here: SessionState, plan: "Plan", number: int) -> None:
    from balance.app.block_under_way import BlockUnderWay
    from balance.app.webcam.fetch_runtime import is_complete
    from balance.live.training.guided_block import GuidedBlock, Progress

    training = here.training
    change_over_s = load_handbook().rules.numbers["change_over_s"]
    steps = block_steps(plan.weeks[0].blocks[number], change_over_s)
    rungs = tuple((one.ladder, one.leg, one.exercise.code) for one in plan.rungs)
    training.under_way = BlockUnderWay(date.today(), steps, rungs, Progress())
    training.kept = ""
    training.camera = training.camera and is_complete()
    here.live.start(lambda: GuidedBlock(steps, here.emergency))
    here.go_to_camera(PAGE)


def _take_away(plan: "Plan") -> None:
    """Offer the week as one page to print, and all blocks as a calendar file."""
    import streamlit as st

    from balance.reporting.pages.plan import render_plan
    from balance.reporting.pages.plan_calendar import plan_calendar

    st.header("Take it with you", anchor=False)
    today = date.today()
    day, clock = st.columns(2)
    first = day.date_input("First day", today + timedelta(days=7 - today.weekday()))
    at = clock.time_input("Time of the blocks", time(9))
    page = render_plan(plan, load_safety())
    calendar = plan_calendar(plan, first, at=at, made=datetime.now(UTC))
    with st.container(horizontal=True):
        st.download_button(
            "One page to print", page, "plan.html", "text/html", on_click="ignore"
        )
        st.download_button(
            "Calendar (.ics)",
            calendar,
            "training.ics",
            "text/calendar",
            on_click="ignore",
        )
