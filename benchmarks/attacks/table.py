"""What the engine says of every attack on every family of the zoo.

    python -m benchmarks.attacks.table --folder ZOO [--family F ...] [--attack NAME ...] [--tuned] [--independent]
                                       [--results FILE] [--again] [--write]

Each attacked model is compared with the model it was made from; with --independent, an attacked model is compared with
one that it has nothing of, and no verdict may say otherwise. Outcomes are kept as JSON lines in --results, so that a
run can be cut and goes on where it was (--again judges anew). --tuned follows each attack but
the chains with a short fine-tune.
Exit code 1 if an honest model is accused or an attack that says so did not keep the function.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import torch

from benchmarks.attacks import page
from benchmarks.attacks.attacks import ATTACKS
from benchmarks.attacks.chains import tuned
from benchmarks.attacks.checks import KEPT, NEAR
from benchmarks.attacks.judging import Outcome, from_json, judge, to_json
from benchmarks.attacks.registry import FAMILIES, Attack

PAGE = Path(__file__).parent.parent.parent / "docs" / "attacks.md"


def load(results: Path | None) -> dict[tuple[str, str, bool], Outcome]:
    """Return the outcomes of a file of results, the last of each cell."""
    if results is None or not results.is_file():
        return {}
    lines = results.read_text(encoding="utf-8").splitlines()
    outcomes = [from_json(line) for line in lines if line.endswith("}")]
    return {(item.attack, item.family, item.independent): item for item in outcomes}


def run(
    folder: Path, attacks: Sequence[Attack], families: Sequence[str], independent: bool, results: Path | None,
    again: bool = False,
) -> Iterator[Outcome]:  # fmt: skip
    """Judge every attack on every family that is not in the file of results, and append to it."""
    known = {} if again else load(results)
    for attack in attacks:
        for family in families:
            outcome = known.get((attack.name, family, independent))
            if outcome is None:
                outcome = judge(folder, attack, family, independent)
                print(page.line(outcome), flush=True)
                if results is not None:
                    with results.open("a", encoding="utf-8") as file:
                        file.write(to_json(outcome) + "\n")
            yield outcome


def broken(outcome: Outcome) -> bool:
    """Whether an honest model was accused, or the answers moved more than the attack says."""
    if outcome.independent and outcome.found:
        return True
    limit = {"kept": KEPT, "near": NEAR}.get(outcome.function)
    return limit is not None and outcome.moved is not None and outcome.moved > limit


def main() -> int:
    """Judge the attacks and print, or write, the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--family", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--attack", nargs="+", choices=sorted(ATTACKS), default=list(ATTACKS), metavar="NAME")
    parser.add_argument("--tuned", action="store_true", help="follow each attack with a short fine-tune")
    parser.add_argument("--independent", action="store_true", help="attack a model that the reference has nothing of")
    parser.add_argument("--results", type=Path, help="JSON lines, read and appended to")
    parser.add_argument("--again", action="store_true", help="judge anew what the file of results has")
    parser.add_argument("--write", action="store_true", help="write docs/attacks.md from all that the results hold")
    options = parser.parse_args()
    torch.set_num_threads(1)
    attacks = [ATTACKS[name] for name in options.attack]
    if options.tuned:
        attacks = [tuned(item) for item in attacks if item.group != "chains"]
    outcomes = list(run(options.folder, attacks, options.family, options.independent, options.results, options.again))
    if options.write:
        everything = list(load(options.results).values()) or outcomes
        PAGE.write_text(page.text(everything, date.today().isoformat()), encoding="utf-8")
    else:
        print(page.table(outcomes))
    wrong = [item for item in outcomes if broken(item)]
    for item in wrong:
        print(f"wrong: {page.line(item)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
