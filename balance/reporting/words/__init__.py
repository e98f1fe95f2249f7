"""How measures, protocols and scores are worded."""
