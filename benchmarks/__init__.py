"""How long a user waits, on this machine: ``python -m benchmarks``."""
