"""One figure of a comparison by its JSON pointer (RFC 6901), out of everything that was measured.

The document is `assayer.comparison/1`; each entry of `against` has besides, for it would swell every report,

- `layer_matrices`: role -> measure -> {"values": rows of numbers, "null": {"mean", "sd"} or null};
- `pairs`: every compared tensor pair, one object each, in the order of the match table.
"""

from __future__ import annotations

from typing import Any

from inspector.errors import AssayerError, Note
from inspector.report.document import comparison_document
from inspector.report.evidence import number
from inspector.results import Against, Comparison, PairTable


class PointerError(AssayerError):
    """There is nothing at this place of the document."""

    def __init__(self, pointer: str, part: str) -> None:
        super().__init__(Note("review.no_pointer", {"pointer": pointer, "part": part}))


def whole_document(comparison: Comparison) -> dict[str, Any]:
    """Return `assayer.comparison/1` with every layer matrix and every tensor pair."""
    document = comparison_document(comparison)
    for finding, told in zip(comparison.components, document["components"], strict=True):
        for against, entry in zip(finding.against, told["against"], strict=True):
            entry["layer_matrices"] = _matrices(against)
            entry["pairs"] = _pairs(against.pairs)
    return document


def at(document: Any, pointer: str) -> Any:
    """Return what stands at a JSON pointer.

    >>> at({"a/b": [5, 6]}, "/a~1b/1")
    6

    Raises:
        PointerError: nothing does.
    """
    if pointer and not pointer.startswith("/"):
        raise PointerError(pointer, pointer)
    found = document
    for step in pointer.split("/")[1:]:
        part = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isascii() and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            raise PointerError(pointer, part)
    return found


def _matrices(against: Against) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for matrix in against.matrices:
        null = matrix.null
        out.setdefault(matrix.role, {})[matrix.measure] = {
            "values": [[number(value) for value in row] for row in matrix.values.tolist()],
            "null": None if null is None else {"mean": number(null.mean), "sd": number(null.sd)},
        }
    return out


def _pairs(pairs: PairTable) -> list[dict[str, Any]]:
    columns = {name: values.tolist() for name, values in pairs.columns.items()}
    names = zip(pairs.candidates, pairs.references, pairs.roles, strict=True)
    layers = zip(pairs.candidate_layers.tolist(), pairs.reference_layers.tolist(), strict=True)
    keys = ("candidate", "reference", "role", "candidate_layer", "reference_layer", "parameters")
    rows = zip(names, layers, pairs.parameters.tolist(), strict=True)
    return [
        {
            **dict(zip(keys, (*name, *layer, size), strict=True)),
            **{column: number(values[row]) for column, values in columns.items()},
        }
        for row, (name, layer, size) in enumerate(rows)
    ]
