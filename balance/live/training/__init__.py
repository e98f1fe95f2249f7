"""What to train next: exercises, ladders, plan, guided session."""
