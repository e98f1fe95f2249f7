"""Named protocols as data, as a guided sequence, scored; safety gates."""
