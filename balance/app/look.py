"""The app's own look: one theme, light and dark, and the pieces that pages share."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from balance.reporting.words.colours import colour

# Streamlit options, passed by the launcher so that no file has to be found.
THEME: Mapping[str, Any] = {
    "theme.font": "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
    "theme.baseFontSize": 18,
    "theme.baseRadius": "12px",
    "theme.buttonRadius": "12px",
    "theme.light.primaryColor": "#0b6e6e",
    "theme.light.backgroundColor": "#f5f2ea",
    "theme.light.secondaryBackgroundColor": "#fffdf8",
    "theme.light.textColor": "#23302f",
    "theme.light.borderColor": "#cfd8d2",
    "theme.light.linkColor": "#0b6e6e",
    "theme.dark.primaryColor": "#12837d",
    "theme.dark.backgroundColor": "#131a18",
    "theme.dark.secondaryBackgroundColor": "#1b2421",
    "theme.dark.textColor": "#e9efec",
    "theme.dark.borderColor": "#2d474c",
    "theme.dark.linkColor": "#5fe3c0",
}

# The tab bar of a phone: five fit, the rest is in the menu.
TABS = {
    "start": "Start",
    "test": "Test",
    "training": "Train",
    "analyse": "Video",
    "people": "People",
}

# Height of a chart with its title and legend.
CHART_PX = 330

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { max-width: 62rem; padding-top: 4.6rem; }
h1, h2, h3 { font-family: "Iowan Old Style", "Palatino Linotype", Palatino,
  "Book Antiqua", "DejaVu Serif", Georgia, serif !important;
  font-weight: 600 !important; }
.wave { display: block; width: 100%; height: 26px; margin: 0 0 .6rem; }
.hero { width: 100%; height: auto; max-height: 34vh; display: block; }
.st-key-doors button { min-height: 4.2rem; }
.st-key-doors button p { font-size: 1.25rem; font-weight: 650; }
.st-key-big-answers button { min-height: 6rem; }
.st-key-big-answers button p { font-size: 1.6rem; font-weight: 650; }
button, [data-testid="stPageLink"] a { min-height: 44px; }
h1 { letter-spacing: -.02em; line-height: 1.1; text-wrap: balance; }
.lead { font-size: 1.2rem; line-height: 1.45; margin: -.4rem 0 1.2rem; opacity: .85; }
.card { border: 1px solid color-mix(in srgb, currentColor 16%, transparent);
  border-radius: 16px; padding: 1.1rem 1.3rem; margin: 0 0 1rem;
  background: color-mix(in srgb, currentColor 3.5%, transparent); }
.card h2 { margin: 0; padding: 0; font-size: 1.05rem; font-weight: 650; }
.number { font-size: clamp(2.6rem, 8vw, 4rem); font-weight: 750; line-height: 1.05;
  letter-spacing: -.03em; font-variant-numeric: tabular-nums; }
.number small { font-size: .42em; font-weight: 600; letter-spacing: 0; }
.verdict { font-size: 1.35rem; font-weight: 600; line-height: 1.3; margin: 0 0 .4rem; }
[data-testid="stHeading"] h2 { font-size: 1.5rem !important; }
[data-testid="stCaptionContainer"] { opacity: .88; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p,
[data-testid="stSliderThumbValue"], [data-testid="stSliderThumbValue"] p {
  color: inherit !important; }
.legs { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem 2rem; }
.legs .number { font-size: clamp(2rem, 7vw, 4rem); }
.bar { position: relative; height: 1.1rem; border-radius: 99px; overflow: hidden;
  background: color-mix(in srgb, currentColor 12%, transparent); }
.bar i { position: absolute; inset: 0 auto 0 0; background: #0b6e6e; }
.bar.right i {
  background: repeating-linear-gradient(90deg, #b5530d 0 10px, #c9702f 10px 14px); }
.bar .mark-typical.mark-typical { width: 4px; background: currentColor; }
.range, .why { margin: .15rem 0 0; font-size: 1rem; opacity: .8; }
.mark { display: inline-block; border-radius: 99px; padding: .12em .75em;
  font-size: .92rem; font-weight: 650; border: 2px solid currentColor; }
.steps.steps { list-style: none; display: flex; gap: .5rem; flex-wrap: wrap;
  padding: 0; margin: 0 0 1.4rem; font-size: .95rem; }
.steps { counter-reset: step; }
.steps li::before { counter-increment: step; content: counter(step) ". "; }
.steps li { margin: 0; padding: .3em .9em; border-radius: 99px; opacity: .82;
  border: 1.5px solid color-mix(in srgb, currentColor 35%, transparent); }
.steps li[aria-current] { opacity: 1; font-weight: 700; border-width: 2.5px; }
.stills { display: grid; gap: .8rem; margin: 0 0 1rem;
  grid-template-columns: repeat(auto-fill, minmax(7.6rem, 15rem)); }
.stills figure { margin: 0; }
.stills img { width: 100%; height: auto; border-radius: 12px; display: block; }
.stills figcaption { font-size: .95rem; opacity: .8; margin-top: .2rem; }
.answer { display: grid; grid-template-columns: 1.6em 1fr; margin: 0 0 .7rem; }
.answer p { margin: 0; }
.answer .because { font-size: 1rem; opacity: .8; }
.rows.rows { list-style: none; margin: .5rem 0 0; padding: 0; }
.rows li { display: grid; grid-template-columns: 1.6rem 1fr auto; gap: .6rem; margin: 0;
  padding: .5rem 0; align-items: baseline;
  border-top: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
.rows .said { opacity: .8; text-align: right; max-width: 11rem; }
@media (min-width: 641px) { .rows .said { max-width: none; } }
.rows .part { border-top: none; padding-top: 0; font-size: .95rem; }
.rows .sign { font-weight: 750; text-align: center; }
.stages.stages { list-style: none; padding: 0; margin: .6rem 0; display: grid;
  gap: .7rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.stages li { margin: 0; display: grid; grid-template-columns: 5.4rem 1fr; gap: .8rem;
  align-items: center; font-size: .96rem; line-height: 1.35; }
.exercise { display: grid; grid-template-columns: 7rem 1fr; gap: 1rem;
  align-items: start; }
.exercise h2 { margin: 0 0 .2rem; padding: 0; font-size: 1.1rem; }
.exercise p { margin: 0 0 .2rem; }
.drawing { background: #fff; border-radius: 12px; padding: .3rem; width: 100%;
  aspect-ratio: 1; object-fit: contain; }
[data-testid="stAlertContainer"] { color: inherit !important; border-radius: 16px;
  background: color-mix(in srgb, currentColor 3.5%, transparent) !important;
  border: 1px solid color-mix(in srgb, currentColor 16%, transparent);
  border-left: 6px solid #0b6e6e; }
[data-testid="stAlertContainer"] * { color: inherit; }
[data-testid="stAlertContainer"]:has([data-testid="stAlertContentWarning"]) {
  border-left-color: #b5530d; }
[data-testid="stAlertContainer"]:has([data-testid="stAlertContentError"]) {
  border-left-color: #c8402a; border-left-width: 12px; }
[data-testid="stMain"] [data-testid="stPageLink"] a { padding: .3rem 1rem;
  color: inherit; border: 1.5px solid color-mix(in srgb, currentColor 35%, transparent);
  border-radius: 12px; width: fit-content; }
.st-key-tabs { display: none; }
@media (max-width: 640px) { .exercise { grid-template-columns: 5rem 1fr; }
  h1 { font-size: 1.9rem !important; }
  [data-testid="stMainBlockContainer"] { padding: 3.6rem 1rem 6rem; }
  .st-key-doors button { min-height: 3.4rem; }
  .st-key-tabs.st-key-tabs { display: flex; position: fixed; inset: auto 0 0 0;
    z-index: 99; width: 100%; flex-wrap: nowrap; gap: 0; justify-content: space-evenly;
    background: TABS; padding: .2rem 0 calc(.2rem + env(safe-area-inset-bottom));
    border-top: 1px solid color-mix(in srgb, currentColor 22%, transparent); }
  [data-testid="stMain"] .st-key-tabs [data-testid="stPageLink"] a {
    min-width: 4rem; padding: .5rem; justify-content: center; border: 0; width: auto; }
  .stTable, [data-testid="stTable"] { overflow-x: auto; } }
/* A phone that lies: what is asked stands on the first screen. */
@media (max-height: 500px) { .wave, .steps.steps { display: none; }
  [data-testid="stMainBlockContainer"] { padding-top: 3.4rem; }
  [data-testid="stMain"] [data-testid="stVerticalBlock"] { gap: .5rem; }
  h1 { font-size: 1.5rem !important; padding: 0 0 .5rem !important; }
  [data-testid="stHeading"] h2 { font-size: 1.2rem !important; padding: 0 0 1.1rem; }
  .lead { margin: 0; font-size: 1rem; }
  .hero { max-height: 30vh; }
  .st-key-who-is-here { padding: .2rem .6rem; }
  .st-key-big-answers button { min-height: 3.6rem; }
  .st-key-doors button { min-height: 3rem; } }
</style>
"""


# The course of a quiet stand, as on top of every report.
WAVE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 26" '
    'preserveAspectRatio="none" fill="none"><path d="M0 13H600" stroke="LINE"/>'
    '<path stroke="BODY" stroke-width="2.5" vector-effect="non-scaling-stroke" '
    'd="M0 13C40 13 50 8 80 8s40 10 70 10 42-14 80-14 48 20 88 20 44-16 82-16 '
    '40 9 70 9 36-5 60-5 40 1 70 1"/></svg>'
)


def drawn(svg: str, alt: str, kind: str) -> None:
    """Show a drawing in the colours of the theme: INK, LINE and BODY become them."""
    import base64

    import streamlit as st

    dark = st.context.theme.type == "dark"
    for name, of in {"INK": "ink", "LINE": "line", "BODY": "left"}.items():
        svg = svg.replace(name, colour(of, dark))
    data = base64.b64encode(svg.encode()).decode()
    source = f"data:image/svg+xml;base64,{data}"
    st.html(f'<img class="{kind}" alt="{escape(alt)}" src="{source}">')


def dress() -> None:
    """Set the page's title and style."""
    import streamlit as st

    st.set_page_config(page_title="balance", page_icon="🦩", layout="centered")
    theme = THEME[f"theme.{st.context.theme.type or 'light'}.backgroundColor"]
    st.html(STYLE.replace("TABS", theme))


def tabs(pages: Mapping[str, Any]) -> None:
    """Put the ways to the main pages at the foot of a phone's screen."""
    import streamlit as st

    with st.container(key="tabs", horizontal=True):
        for name, label in TABS.items():
            st.page_link(pages[name], label=label)


def heading(title: str, lead: str = "") -> None:
    """Write a page's title and the one sentence under it, where it needs one."""
    import streamlit as st

    st.title(title, anchor=False)
    if lead:
        st.html(f'<p class="lead">{escape(lead)}</p>')
    drawn(WAVE, "", "wave")


def sure(interval: str) -> str:
    """Return the interval of seconds in words; nothing to be sure of by hand."""
    if "by hand" in interval:
        return interval
    # Of a hold whose end was not seen there is only a least.
    least = re.fullmatch(r"from (.+), no upper limit", interval)
    return f"at least {least[1]} s" if least else f"95 % sure: {interval} s"


def day_in_words(day: date) -> str:
    """Return a day as people say it."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def number_or_dash(value: float | None) -> str:
    """Return a number, or a dash where there is none."""
    return "–" if value is None else f"{value:g}"


# What Markdown, or Streamlit's own marks (":red[…]", ":material/…:"), make more of than
# letters: in the middle of a line, and at its beginning.
_MARKS = re.compile(r"[\\`*\[\]<>$~|&]|(?<!\w)_|_(?!\w)|:(?=\w[\w/+-]*:)|!(?=\[)")
_FIRST = re.compile(r"^(?=[#+=-])|(?<=^\d)(?=[.)])|(?<=^\d\d)(?=[.)])")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|www|mailto)(?=[.:])")


def plain(text: object) -> str:
    """Return text from outside as Markdown that shows it letter by letter.

    No link, image, tag or mark of it comes to life: an image in the name of a
    video would make every page that shows it ask an outside server. Ordinary sentences
    stay as they are.
    """
    line = " ".join(str(text).split())
    line = _MARKS.sub(lambda found: "\\" + found.group(), line)
    # An invisible joint keeps an address from becoming a link.
    line = _ADDRESS.sub(lambda found: found.group() + "\u2060", line)
    return _FIRST.sub(lambda _: "\\", line, count=1)


def steps(names: tuple[str, ...], current: int) -> None:
    """Show where one is on a way of a few steps; the number says it, too."""
    import streamlit as st

    items = "".join(
        f"<li{' aria-current=step' if i == current else ''}>{escape(n)}</li>"
        for i, n in enumerate(names)
    )
    st.html(f'<ol class="steps" aria-label="Steps">{items}</ol>')


def number_card(  # noqa: PLR0913 - the lines of a card
    title: str,
    value: str,
    unit: str,
    interval: str,
    why: str = "",
    marks: Sequence[str] = (),
    more: Sequence[str] = (),
) -> None:
    """Show one result large, with its interval and what belongs to it below."""
    import streamlit as st

    parts = [f"<h2>{escape(title)}</h2>"]
    parts.append(
        f'<div class="number">{escape(value)} <small>{escape(unit)}</small></div>'
    )
    if interval:
        said = interval[:1].upper() + interval[1:]
        parts.append(f'<p class="range">{escape(said)}</p>')
    parts += [f'<p class="why">{escape(line)}</p>' for line in (why, *more) if line]
    parts += [
        f'<p class="why"><span class="mark">{escape(mark)}</span></p>' for mark in marks
    ]
    st.html(f'<section class="card">{"".join(parts)}</section>')


def stills(shown: Sequence[Mapping[str, str]]) -> None:
    """Show stills side by side: ``uri``, ``caption`` and ``alt`` of each."""
    import streamlit as st

    figures = "".join(
        f'<figure><img src="{escape(one["uri"])}" alt="{escape(one["alt"])}">'
        f"<figcaption>{escape(one['caption'])}</figcaption></figure>"
        for one in shown
    )
    if figures:
        st.html(f'<div class="stills">{figures}</div>')


def answer(shape: str, question: str, word: str, because: str) -> None:
    """Show a question with its answer: a shape, a word, and the reason below."""
    import streamlit as st

    st.html(
        f'<div class="answer"><span aria-hidden="true">{escape(shape)}</span><div>'
        f"<p>{escape(question)} <b>{escape(word)}</b></p>"
        f'<p class="because">{escape(because)}</p></div></div>'
    )


def rows(
    title: str, lines: Sequence[tuple[str, str, str]], more: Sequence[str] = ()
) -> None:
    """Show a list on a card: a sign, what it is, what is said of it; ``more`` below.

    A line without a sign belongs to the one above it.
    """
    import streamlit as st

    items = "".join(
        f'<li{"" if sign else " class=part"}><span class="sign">{escape(sign)}</span>'
        f'<span>{escape(name)}</span><span class="said">{escape(said)}</span></li>'
        for sign, name, said in lines
    )
    below = "".join(f'<p class="why">{escape(line)}</p>' for line in more)
    st.html(
        f'<section class="card"><h2>{escape(title)}</h2>'
        f'<ul class="rows">{items}</ul>{below}</section>'
    )
