"""The part of `assayer.comparison/1` that the evidence tests fill (DESIGN, section JSON)."""

from __future__ import annotations

import math
from typing import Any

from inspector.errors import Note, worded
from inspector.evidence_results import Evidence, EvidenceTest, GroupTable, Nature
from inspector.plain import finding_notes
from inspector.safety import severity
from inspector.undone_map import undone_notes

_NOTHING: dict[str, Any] = {
    "verdict": None,
    "reason": None,
    "reason_text": None,
    "sentence": None,
    "log10_p": None,
    "log10_p_gauss": None,
    "z": None,
    "exact": None,
    "inherited_fraction": None,
    "detection_limit": None,
    "tests": [],
    "groups": [],
    "units": [],
    "nature": None,
    "disguises": [],
    "undone": [],
    "notes": [],
}


def evidence_fields(evidence: Evidence | None) -> dict[str, Any]:
    """Return the fields of one comparison that the tests give; null and empty where they have not run."""
    if evidence is None:
        return dict(_NOTHING)
    limit = evidence.detection_limit
    return {
        "verdict": evidence.verdict,
        "reason": evidence.reason.code.rpartition(".")[2],
        "reason_text": worded(evidence.reason),
        "sentence": sentence(*finding_notes(evidence)),
        "log10_p": number(evidence.log10_p),
        "log10_p_gauss": number(evidence.log10_p_gauss),
        "z": number(evidence.z),
        "exact": evidence.exact,
        "inherited_fraction": number(evidence.inherited_fraction),
        "detection_limit": None if limit is None else {"r": number(limit.r), "units": number(limit.units)},
        "tests": [_test(test) for test in evidence.tests],
        "groups": _groups(evidence.groups),
        "units": [{"group": u.group, "layer": u.layer, "units": u.units.tolist()} for u in evidence.units],
        "nature": _nature(evidence.nature),
        "disguises": list(evidence.disguises),
        "undone": [note(item) for item in undone_notes(evidence.undone)] if evidence.undone is not None else [],
        "notes": [note(item) for item in evidence.notes],
    }


def left_out(evidence: Evidence | None) -> list[dict[str, Any]]:
    """Return what no test examined, as entries of `excluded`."""
    items = evidence.left_out if evidence is not None else ()
    return [
        {
            "tensor": item.what,
            "reason": item.reason.code,
            "text": worded(Note(item.reason.code, item.reason.params)),
            "stage": "evidence",
        }
        for item in items
    ]


def sentence(*notes: Note) -> str:
    """Return several messages as one text."""
    return " ".join(worded(item) for item in notes)


def note(item: Note) -> dict[str, Any]:
    """Return a message as data, with its wording."""
    place = {"file": item.file or None, "tensor": item.tensor or None}
    params = {key: number(value) if isinstance(value, float) else value for key, value in item.params.items()}
    return {"code": item.code, **place, "params": params, "text": worded(item)}


def warning(item: Note) -> dict[str, Any]:
    """Return a warning as data; one that is a safety finding says how grave it is ("danger" or "notice")."""
    grave = severity(item)
    return {**note(item), **({"severity": grave} if grave else {})}


def number(value: float | None) -> float | None:
    """Return a number as JSON may hold it: None where it is undefined or infinite."""
    return None if value is None or not math.isfinite(value) else float(value)


def _test(test: EvidenceTest) -> dict[str, Any]:
    null, controls = test.null, test.controls
    return {
        "test": test.test,
        "statistic": number(test.statistic),
        "z": number(test.z),
        "log10_p": number(test.log10_p),
        "log10_p_gauss": number(test.log10_p_gauss),
        "log10_p_mc": number(test.log10_p_mc),
        "n": test.n,
        "groups": test.groups,
        "exact": test.exact,
        "rejects": test.rejects,
        "null": None if null is None else {"mean": number(null.mean), "sd": number(null.sd)},
        "controls": {"kind": controls.kind, "max_z": number(controls.max_z), "n": controls.n},
        "variants": {name: number(value) for name, value in test.variants.items()},
        "notes": [note(item) for item in test.notes],
    }


def _groups(table: GroupTable) -> list[dict[str, Any]]:
    """Return the permutation groups as one object each."""
    names = ("candidate_layers", "reference_layers", "units", "columns", "correlation", "z", "log10_p", "rank_z",
             "sign_z", "mutual", "in_place", "coincidence_log10_p", "inherited", "rejects")  # fmt: skip
    columns = [getattr(table, name).tolist() for name in names]
    keys = ("candidate", "reference", *names[2:])
    rows = (dict(zip(keys, map(_cell, row), strict=True)) for row in zip(*columns, strict=True))
    return [{"group": group, **row} for group, row in zip(table.groups, rows, strict=True)]


def _cell(value: Any) -> Any:
    return number(value) if isinstance(value, float) else value


def _nature(nature: Nature | None) -> dict[str, Any] | None:
    if nature is None:
        return None
    return {
        "kind": nature.kind,
        "origin": nature.origin,
        "rank": nature.rank,
        "levels": nature.levels,
        "zeros": number(nature.zeros),
        "relative_change": number(nature.relative_change),
        "spike_bulk": {
            "reference": number(nature.spike_bulk_reference),
            "candidate": number(nature.spike_bulk_candidate),
        },
        "weights": [
            {
                "reference": item.reference,
                "weight": number(item.weight),
                "standard_error": number(item.standard_error),
            }
            for item in nature.weights
        ],
        "merged_share": number(nature.merged_share),
    }
