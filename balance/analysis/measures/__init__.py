"""What was measured of a trial: one file a question."""
