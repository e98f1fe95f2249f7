"""Measure human balance with an ordinary camera."""

__version__ = "0.1.0"
