"""The anatomy table: family × layout × (named, prefix changed, renamed, fused, split, transposed), right or wrong.

`python -m benchmarks.anatomy_table` prints it and writes it to docs/anatomy.md. Small instances come from transformers
and timm, the layouts that neither writes from lists of names; what each tensor is comes from the modules' own classes
and attributes and from those lists, never from the catalogue (tests/inspector/anatomy/vocabulary.py, handwritten.py).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

from tests.inspector.anatomy.judging import Judgement
from tests.inspector.anatomy.table import Row, rows

PAGE = Path(__file__).parent.parent / "docs" / "anatomy.md"
NONE = "–"  # the layout stores nothing in this way
COLUMNS: dict[str, Callable[[Row], str]] = {
    "named": lambda row: _right(row.named),
    "prefix changed": lambda row: _right(row.moved),
    "renamed": lambda row: "wrong" if row.renamed else "right",
    "fused": lambda row: _share(row.named.fused, row.moved.fused),
    "split": lambda row: _share(row.named.split, row.moved.split),
    "transposed": lambda row: _share(row.named.transposed, row.moved.transposed),
}
TEXT = """# The anatomy table

Whether the parts of a model are found in each layout that its weights are published in. Written by
`python -m benchmarks.anatomy_table` on {date}, with {versions}.

- **named**: under the layout's own names, the kind, family and number of blocks are right, every tensor of every block
  has the right role, and each role's values are exactly those of the module it came from.
- **prefix changed**: the same with everything moved below `submission.part7.`, which says nothing.
- **renamed**: a light fine-tune of it (5 % noise) with the names t0000, t0001, ... in random order: every tensor is
  found again from its shape and content, and so has its role and block. The weights are random, as libraries start
  them. One cell is wrong: BEATs keeps a gate of one value a head in each block, too few to tell the blocks apart.
- **fused**: the pieces of tensors that hold several roles (q, k and v; gate and up; a stack of experts) have the right
  rows.
- **split**: q, k, v, gate and up that are stored apart are told apart.
- **transposed**: kernels stored (in, out) are found turned, with the right rows.
- {none}: the layout stores nothing in this way.

What a tensor is comes from the classes and attributes of the modules that libraries build, and from lists of names for
layouts that no installed library writes; the catalogue's templates are not asked. Those lists were written from the
code that is named, not from published files. Tensors outside the blocks are judged where their names are plain words
(patch embeddings, positions, tokens, pooling heads, last norms, vocabularies).

{table}

{totals}
"""


def _right(judgement: Judgement) -> str:
    return "wrong" if judgement.wrong else "right"


def _share(*counts: tuple[int, int]) -> str:
    if not any(total for _, total in counts):
        return NONE
    return "right" if all(right == total for right, total in counts) else "wrong"


def _table(judged: Sequence[Row]) -> str:
    lines = [["family", "layout", *COLUMNS]]
    lines += [[row.family, row.layout, *(cell(row) for cell in COLUMNS.values())] for row in judged]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [
        "| " + " | ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([text[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *text[1:]])


def _totals(judged: Sequence[Row]) -> str:
    said = []
    for title, cell in COLUMNS.items():
        cells = [cell(row) for row in judged]
        counted = [word for word in cells if word != NONE]
        said.append(f"{title} {counted.count('right')} of {len(counted)}")
    families = len({row.family for row in judged})
    return f"Right: {', '.join(said)}; {families} families in {len(judged)} layouts."


def _versions() -> str:
    said = []
    for package in ("transformers", "timm", "torch"):
        try:
            said.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            said.append(f"no {package}")
    return ", ".join(said)


def main() -> int:
    """Judge every layout, print and write the table; 1 if any cell is wrong."""
    judged = list(rows())
    table, totals = _table(judged), _totals(judged)
    print(table, totals, sep="\n\n")
    for row in judged:
        for judgement in (row.named, row.moved):
            for complaint in judgement.wrong:
                print(f"{row.family}, {row.layout}: {complaint}")
        for complaint in row.renamed:
            print(f"{row.family}, {row.layout}, renamed: {complaint}")
    page = TEXT.format(date=date.today().isoformat(), versions=_versions(), none=NONE, table=table, totals=totals)
    PAGE.write_text(page, "utf-8")
    return 1 if any(row.named.wrong or row.moved.wrong for row in judged) else 0


if __name__ == "__main__":
    sys.exit(main())
