"""The colours of charts, frames and pages, each for a light and a dark ground."""

# Light, dark. Told apart with any colour vision, and by lightness when printed grey.
COLOURS = {
    "ink": ("#23302f", "#e9efec"),
    "soft": ("#66736f", "#a3b1ab"),
    "line": ("#d3d9d4", "#3a4743"),
    "band": ("#e3ebe5", "#2b3a36"),
    "left": ("#0b6e6e", "#5fd0c5"),
    "right": ("#b5530d", "#f4a35f"),
    "event": ("#8a1c4a", "#f08db2"),
}


def colour(name: str, dark: bool = False) -> str:
    """Return a colour of the palette for a light or a dark page."""
    return COLOURS[name][dark]
