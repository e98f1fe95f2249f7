"""What the numbers mean: norms, judgements, scores. Pure."""
