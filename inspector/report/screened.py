"""What screening saw, for the JSON: one row a reference component, those that stand out first."""

from __future__ import annotations

from typing import Any

from inspector.report.evidence import number
from inspector.screening_results import Screened


def screened_fields(screened: Screened) -> dict[str, Any]:
    """Return the JSON of one component's screening; an undefined number is null."""
    table = screened.table
    rows = zip(
        table.references,
        table.components,
        table.z.tolist(),
        table.layer_z.tolist(),
        table.correlation.tolist(),
        table.matched.tolist(),
        table.groups.tolist(),
        table.judged.tolist(),
        table.verdicts,
        table.log10_p.tolist(),
        strict=True,
    )
    return {
        "references": [
            {
                "reference": reference,
                "reference_component": component,
                "z": number(z),
                "layer_z": number(layer_z),
                "centred_correlation": number(correlation),
                "matched": number(matched),
                "groups": groups,
                "judged": judged,
                "verdict": verdict or None,
                "log10_p": number(log10_p),
            }
            for reference, component, z, layer_z, correlation, matched, groups, judged, verdict, log10_p in rows
        ],
        "margin": number(screened.margin),
        "family": list(screened.family),
        "left": screened.left,
    }
