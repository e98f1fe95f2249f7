"""Where the feet stand in a position, drawn from above: two soles, toes upwards.

Sizes are chosen for a readable image. Drawings take the colour of the text round
them (``currentColor``).
"""

from html import escape

from balance.model.codes import TrialKind

SIZE = 120.0
LENGTH, WIDTH = 52.0, 20.0
# Left and right sole: how far aside and ahead of the middle, in soles.
PLACES: dict[TrialKind, tuple[tuple[float, float], tuple[float, float]]] = {
    TrialKind.SIDE_BY_SIDE_STANCE: ((-0.55, 0.0), (0.55, 0.0)),
    TrialKind.SEMI_TANDEM_STANCE: ((-0.55, 0.22), (0.55, -0.22)),
    TrialKind.TANDEM_STANCE: ((0.0, 0.51), (0.0, -0.51)),
    TrialKind.TWO_LEG_STANCE: ((-1.2, 0.0), (1.2, 0.0)),
    TrialKind.SINGLE_LEG_STANCE: ((-0.55, 0.0), (0.7, 0.12)),
}

CUSHION = (
    '<rect x="6" y="6" width="108" height="108" rx="18" stroke-width="1.6" '
    'fill="currentColor" fill-opacity="0.07"/>'
)
EYE = '<path stroke-width="2" d="M92 16q8 8 16 0M94 21l-2 4M100 22v4M106 21l2 4"/>'


def draw_feet(
    kind: TrialKind, title: str, *, soft: bool = False, eyes_closed: bool = False
) -> str | None:
    """Return one SVG of a position; None where the feet do not tell it.

    A lifted foot is dashed; a soft surface is a cushion under the feet, closed eyes
    are drawn in a corner.
    """
    if kind not in PLACES:
        return None
    soles = "".join(
        _sole(aside, ahead, mirrored=foot == 1, lifted=lifted)
        for foot, (aside, ahead) in enumerate(PLACES[kind])
        for lifted in (foot == 1 and kind is TrialKind.SINGLE_LEG_STANCE,)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE:g} {SIZE:g}" '
        f'role="img" aria-label="{escape(title)}" fill="none" stroke="currentColor" '
        f'stroke-width="2.4" stroke-linejoin="round"><title>{escape(title)}</title>'
        f"{CUSHION * soft}{soles}{EYE * eyes_closed}</svg>"
    )


def _sole(aside: float, ahead: float, *, mirrored: bool, lifted: bool) -> str:
    """Draw one sole round its own middle; the outline is that of a left foot."""
    x, y = SIZE / 2 + aside * WIDTH, SIZE / 2 - ahead * LENGTH
    turn = " scale(-1 1)" if mirrored else ""
    style = ' stroke-dasharray="5 4" opacity="0.6"' if lifted else ""
    fill = "" if lifted else ' fill="currentColor" fill-opacity="0.14"'
    return (
        f'<path transform="translate({x:g} {y:g}){turn}"{style}{fill} '
        'd="M 4 -26 C 10 -26 10 -16 9 -8 C 8 0 6 4 7 14 C 8 22 4 26 0 26 '
        'C -5 26 -8 22 -7 14 C -6 6 -10 0 -10 -9 C -10 -19 -4 -26 4 -26 Z"/>'
    )
