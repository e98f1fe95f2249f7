"""Landmarks that other programs found, as a recording that can be assessed.

``load`` is the way in; one file a format.
"""

from balance.tracking.importers.load import FORMATS, import_recording

__all__ = ["FORMATS", "import_recording"]
