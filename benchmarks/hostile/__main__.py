"""Run the corpus of hostile inputs and print, by format, how many cases are as expected.

    python -m benchmarks.hostile [--format FORMAT] [--case ID] [--through cli|window] [--sandbox on|off] [--write]

A case is as expected when its outcome is (an error, a warning, or neither), an error is one sentence that names the
file, it took at most 10 s and 1 GiB more memory than an idle process, nothing in it was executed, nothing was written,
nothing outside its folder was read, and no traceback is shown. `--write` puts the table into docs/security.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.hostile.judging import Judged
from benchmarks.marked import fill
from tests.data import bad_inputs

PAGE = Path(__file__).parents[2] / "docs" / "security.md"


def table(rows: Sequence[Judged]) -> str:
    """Return the Markdown table: format, as expected / all, slowest case, most memory."""
    lines = ["| format | as expected | slowest | most memory |", "|---|---:|---:|---:|"]
    formats = list(dict.fromkeys(row.case["format"] for row in rows))
    for name in [*formats, "all"]:
        of = [row for row in rows if name in (row.case["format"], "all")]
        good = sum(not row.reasons for row in of)
        memory = max(row.seen.memory for row in of) / 2**20
        shown = f"{memory:.0f} MiB" if memory else "–"
        slowest = max(of, key=lambda row: row.seen.seconds)
        took = f"{slowest.seen.seconds:.2f} s ({slowest.case['id']})"
        lines.append(f"| {name} | {good} / {len(of)} | {took} | {shown} |")
    return "\n".join(lines)


def main() -> int:
    """Run the corpus; return 1 where a case is not as expected."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--format", choices=sorted({case["format"] for case in bad_inputs.CASES}))
    parser.add_argument("--case", action="append")
    parser.add_argument("--through", choices=("cli", "window"), default="cli")
    parser.add_argument("--sandbox", choices=("on", "off"), default="on")
    parser.add_argument("--write", action="store_true", help="write the table into docs/security.md")
    given = parser.parse_args()
    if given.write and (given.format or given.case):
        parser.error("only the whole corpus is written")
    if given.through == "cli":
        from benchmarks.hostile.command_line import run_cases
    else:
        from benchmarks.hostile.window_runs import run_cases
    started = time.monotonic()
    with TemporaryDirectory(prefix="hostile-") as folder:
        root = Path(folder).resolve()
        formats = {given.format} if given.format else None
        cases, skipped = bad_inputs.build(root, set(given.case) if given.case else None, formats)
        rows = list(run_cases(root, cases, sandbox=given.sandbox == "on"))
    print(table(rows))
    for row in rows:
        if row.reasons:
            print(f"{row.case['id']}: {'; '.join(row.reasons)}")
    seconds = time.monotonic() - started
    print(f"{len(rows)} cases in {seconds:.0f} s" + (f"; not possible here: {', '.join(skipped)}" if skipped else ""))
    if given.write:
        heading = f"Through {'the command line' if given.through == 'cli' else 'the window'}, sandbox {given.sandbox}"
        fill(PAGE, f"hostile {given.through} {given.sandbox}", f"{heading}, {date.today()}:\n\n{table(rows)}")
    return int(any(row.reasons for row in rows))


if __name__ == "__main__":
    sys.exit(main())
