"""Real change or luck: over visits, between sides. Pure."""
