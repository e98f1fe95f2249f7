"""Measure human balance with an ordinary camera."""

from balance.model.version import __version__ as __version__
