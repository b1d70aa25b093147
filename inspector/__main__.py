"""`python -m inspector` is the `assayer` command."""

from inspector.cli import main

main()
