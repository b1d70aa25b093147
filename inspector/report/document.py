"""The JSON documents `assayer.inspect/1` and `assayer.comparison/1` (DESIGN, section JSON).

Undefined numbers are null, never NaN. Fields that need the evidence tests are null where those have not run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from inspector.errors import Note, worded
from inspector.plain import component_notes
from inspector.report.evidence import evidence_fields, left_out, note, number, sentence, warning
from inspector.report.screened import screened_fields
from inspector.results import (
    ALL_ROLES,
    Against,
    ArchitectureFact,
    Comparison,
    ComponentFact,
    ComponentFinding,
    Disclosure,
    Excluded,
    Inspection,
    Measured,
)
from inspector.sandbox import isolation

_SIMILARITIES = ("cosine", "centred_correlation", "bit_identity", "relative_l2", "norm_ratio")


def inspection_document(inspection: Inspection, *, whole: bool = True) -> dict[str, Any]:
    """Return `assayer.inspect/1` as plain data; as a part of another document it does not repeat the isolation."""
    return {
        "schema": "assayer.inspect/1",
        **({"isolation": isolation().level} if whole else {}),
        "path": inspection.path,
        "format": inspection.format,
        "files": [{"name": fact.name, "bytes": fact.bytes, "sha256": fact.sha256 or None} for fact in inspection.files],
        "tensors": len(inspection.tensors.names),
        "parameters": inspection.parameters,
        "dtypes": dict(inspection.dtypes),
        "components": [_component(fact) for fact in inspection.components],
        "warnings": [warning(item) for item in inspection.warnings],
    }


def comparison_document(comparison: Comparison, confined: str | None = None) -> dict[str, Any]:
    """Return `assayer.comparison/1` as plain data.

    `confined`: how far the process was confined that compared; this one where None.
    """
    return {
        "schema": "assayer.comparison/1",
        "tool": {
            "version": comparison.version,
            "settings": dict(comparison.settings),
            "seed": comparison.seed,
            "isolation": isolation().level if confined is None else confined,
        },
        "candidate": inspection_document(comparison.candidate, whole=False),
        "references": [
            {"name": fact.name, **inspection_document(fact.inspection, whole=False)} for fact in comparison.references
        ],
        "components": [_finding(finding) for finding in comparison.components],
        "overall": [note(item) for item in comparison.overall],
        "disclosure": _disclosure(comparison.disclosure),
        "warnings": [warning(item) for item in comparison.warnings],
    }


def canonical(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison's document with the name alone of every path: the same wherever the inputs lie."""
    references = [_placeless(item) for item in document["references"]]
    return {**document, "candidate": _placeless(document["candidate"]), "references": references}


def _placeless(inspection: Mapping[str, Any]) -> dict[str, Any]:
    return {**inspection, "path": last_part(inspection["path"])}


def last_part(path: str) -> str:
    """Return what a path is called, whichever system wrote it.

    >>> last_part("models/candidate/"), last_part("C:\\\\models\\\\a.gguf")
    ('candidate', 'a.gguf')
    """
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def placeless(note: Note) -> Note:
    """Return a message with the name alone of every place outside the folder."""
    params = {key: last_part(str(value)) if _is_place(value) else value for key, value in note.params.items()}
    return Note(note.code, params, last_part(note.file) if _is_place(note.file) else note.file, note.tensor)


def _is_place(value: object) -> bool:
    return isinstance(value, str) and (value.startswith(("/", "\\", "..")) or value[1:3] in (":\\", ":/"))


def to_json(document: Any) -> str:
    """Serialise a document or a part of one: UTF-8 text, stable key order, one line feed at the end."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    # A lone surrogate, which a name may hold, has no UTF-8 form; its escape is what JSON has for it.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _disclosure(found: Disclosure | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "files": list(found.files),
        "left": list(found.left),
        "searched": list(found.searched),
        "mentions": [
            {"reference": item.reference, "name": item.name, "file": item.file, "line": item.line}
            for item in found.mentions
        ],
    }


def _component(fact: ComponentFact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "kind": fact.kind,
        "prefix": fact.prefix,
        "family": fact.family or None,
        "blocks": fact.blocks,
        "hidden_size": fact.hidden_size or None,
        "parameters": fact.parameters,
        "excluded": [_excluded(item) for item in fact.excluded],
        "architecture": [_architecture(item) for item in fact.architecture],
    }


def _architecture(item: ArchitectureFact) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "publisher": item.publisher,
        "country": item.country,
        "licence": item.licence or None,
        "published": item.published or None,
        "verified": item.verified,
    }


def _excluded(item: Excluded) -> dict[str, Any]:
    return {"tensor": item.tensor, "reason": item.reason.code, "text": worded(item.reason)}


def _finding(finding: ComponentFinding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "kind": finding.kind,
        "best_reference": finding.best_reference,
        "verdict": finding.verdict,
        "sentence": sentence(*component_notes(finding)) or None,
        "against": [_against(against) for against in finding.against],
        **({"screened": screened_fields(finding.screened)} if finding.screened is not None else {}),
    }


def _against(against: Against) -> dict[str, Any]:
    evidence = against.evidence
    return {
        "reference": against.reference,
        "reference_component": against.reference_component,
        **evidence_fields(evidence),
        "similarity": {name: number(against.similarity[name].value) for name in _SIMILARITIES},
        "similarity_null": {name: _null(against.similarity[name]) for name in _SIMILARITIES},
        "coverage": number(against.coverage if evidence is None else evidence.coverage),
        "compared": number(against.coverage),
        "layers": [
            {
                "candidate": score.candidate,
                "reference": score.reference,
                "cosine": number(score.cosine),
                "z": number(score.z),
            }
            for score in against.layers
        ],
        "layer_matrix": _combined_matrix(against),
        "excluded": [*({**_excluded(item), "stage": "comparison"} for item in against.excluded), *left_out(evidence)],
        "warnings": [warning(item) for item in against.warnings],
    }


def _null(measured: Measured) -> dict[str, float | None] | None:
    if measured.null is None:
        return None
    return {"mean": number(measured.null.mean), "sd": number(measured.null.sd)}


def _combined_matrix(against: Against) -> dict[str, Any] | None:
    """Return the combined centred correlation: unlike the cosine, shared means do not raise it."""
    matrix = against.matrix(ALL_ROLES, "centred_correlation")
    if matrix is None:
        return None
    return {"measure": matrix.measure, "values": [[number(value) for value in row] for row in matrix.values.tolist()]}
