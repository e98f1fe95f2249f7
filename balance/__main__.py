"""``python -m balance``."""

from balance.cli.start import main

main()
