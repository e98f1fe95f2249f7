"""A chart as a frame inside a page: no script, no network, light and dark.

The charts are drawn in the colours of a light page; the style sheet of
``theme_css`` exchanges each for its dark twin where the reader asks for that.
"""

import re

import altair as alt
from markupsafe import Markup, escape

from balance.reporting.charts.palette import Chart
from balance.reporting.words.colours import COLOURS

# Drawn for a phone; on a wide page it may grow, until its words look large. On paper
# it has its own size, in which no word is smaller than 9 pt.
GROWTH = 1.35


def inline_svg(chart: Chart, title: str, description: str, ident: str) -> Markup:
    """Return a chart as an ``<svg>`` that a screen reader announces by its words.

    ``ident`` must be unique in the page.
    """
    import vl_convert

    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    drawn = vl_convert.vegalite_to_svg(
        chart.to_dict(validate=False), vl_version=version, allowed_base_urls=[]
    )
    head, body = re.match(r"\s*(<svg\b[^>]*>)(.*)</svg>\s*$", drawn, re.S).groups()  # type: ignore[union-attr]
    box = re.search(r'viewBox="([-0-9. ]+)"', head).group(1)  # type: ignore[union-attr]
    width = GROWTH * float(box.split()[2])
    body = _unique(_without_roles(body), ident)
    return Markup(
        f'<svg class="chart" viewBox="{box}" '
        f'style="max-width:{width:.0f}px;--own:{width / GROWTH:.0f}px" '
        f'role="img" aria-labelledby="{ident}-t {ident}-d">'
        f'<title id="{ident}-t">{escape(title)}</title>'
        f'<desc id="{ident}-d">{escape(description)}</desc>'
        f'<g aria-hidden="true">{body}</g></svg>'
    )


def theme_css() -> str:
    """Rules that turn the charts' light colours into their dark twins."""
    rules = []
    for light, dark in COLOURS.values():
        rules.append(f'.chart [fill="{light}" i]{{fill:{dark}}}')
        rules.append(f'.chart [stroke="{light}" i]{{stroke:{dark}}}')
    return "\n".join(rules)


def _without_roles(body: str) -> str:
    """Take out the drawing's own labels: the whole has one name, said once."""
    return re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", body)


def _unique(body: str, ident: str) -> str:
    """Make names inside the drawing its own, so that charts of a page do not clash."""
    body = re.sub(r'\bid="([^"]+)"', rf'id="{ident}-\1"', body)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{ident}-\1)", body)
