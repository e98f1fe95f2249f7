"""Measure human balance with an ordinary camera."""

__version__ = "0.2.0"
