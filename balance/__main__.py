"""``python -m balance``."""

from balance.cli.main import main

main()
