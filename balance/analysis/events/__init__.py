"""When did it start and end, and why: stances, squats, other tests. Pure."""
