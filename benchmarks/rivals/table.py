"""All methods side by side on the same pairs.

    python -m benchmarks.rivals.table --folder ZOO [--family NAME ...] [--results FILE] [--write]

ZOO holds the models of `benchmarks.zoo.train`; disguised copies come from `benchmarks.attacks`. Results go to FILE as
JSON lines; a run that was broken off goes on where it was, and a run of one family adds to those of others. Prints the
page and writes it to docs/rivals.md (with --write).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from benchmarks.rivals.cases import zoo_cases
from benchmarks.rivals.disguises import disguised_cases, known_disguises
from benchmarks.rivals.page import page
from benchmarks.rivals.running import run
from benchmarks.zoo.shelf import Zoo

PAGE = Path(__file__).parents[2] / "docs" / "rivals.md"


def main() -> None:
    """Run the methods and print the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--family", nargs="*", default=None)
    parser.add_argument("--results", type=Path, default=Path("rivals.jsonl"))
    parser.add_argument("--write", action="store_true", help="write docs/rivals.md")
    options = parser.parse_args()
    torch.set_num_threads(1)
    zoo = Zoo.open(options.folder)
    families = options.family or sorted({entry.family for entry in zoo.models})
    cases = [*zoo_cases(zoo, families), *disguised_cases(zoo, families, known_disguises())]
    text = page(run(cases, options.results))
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
