"""Every number with its source: norms, protocols, thresholds, exercises."""
