"""The command `assayer tensor`: one tensor of a candidate beside one of a reference, and how alike they are."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from inspector.cli_common import (
    JsonOption,
    NoSandbox,
    confine_to,
    exit_codes,
    print_isolation,
    printing,
    terminal_job,
    write_json,
)
from inspector.errors import shown
from inspector.results import TensorSide, TensorView


def tensor(
    candidate: Annotated[str, typer.Argument(help="The checkpoint to judge.")],
    reference: Annotated[str, typer.Argument(help="The checkpoint to compare with.")],
    name: Annotated[str, typer.Option("--tensor", metavar="NAME", help="A tensor of the candidate.")],
    reference_name: Annotated[
        str | None, typer.Option("--reference-tensor", metavar="NAME", help="Of the reference, where it has another.")
    ] = None,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="Which rows of a fused tensor, for example attn.k.weight.")
    ] = "",
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Compare one pair of tensors, as they are stored."""
    from inspector.review import view_tensor

    confine_to([candidate, reference], json, no_sandbox)
    with exit_codes():
        with terminal_job() as job:
            view = view_tensor(candidate, reference, (name, reference_name or name), role, job=job)
        document = tensor_document(view)
        if json is not None:
            write_json(document, json)
        if json != "-":
            with printing() as console:
                for line in _lines(document):
                    console.print(line, markup=False, highlight=False, soft_wrap=True)
                print_isolation(console)


def tensor_document(view: TensorView) -> dict[str, Any]:
    """Return `assayer.tensor/1` as plain data."""
    from inspector.report.evidence import number

    measures = {}
    for name, measured in view.measures.items():
        null = measured.null
        measures[name] = {
            "value": number(measured.value),
            "null": None if null is None else {"mean": number(null.mean), "sd": number(null.sd)},
        }
    return {
        "schema": "assayer.tensor/1",
        "role": view.role or None,
        "shape": list(view.shape),
        "candidate": _side(view.candidate),
        "reference": _side(view.reference),
        "similarity": measures,
    }


def _side(side: TensorSide) -> dict[str, Any]:
    from inspector.report.evidence import number

    values = {key: number(getattr(side, key)) for key in ("low", "high", "mean", "sd")}
    return {"tensor": side.name, "dtype": side.dtype, "layer": side.layer, "left_out": side.left_out, **values}


def _lines(document: dict[str, Any]) -> list[str]:
    rows, columns = document["shape"]
    lines = [f"{shown(document[side]['tensor'])} ({document[side]['dtype']})" for side in ("candidate", "reference")]
    lines.append(f"{rows} × {columns}")
    for name, measured in document["similarity"].items():
        null = measured["null"]
        beside = "" if null is None or null["mean"] is None else f"   shuffled {null['mean']:.6g}"
        lines.append(
            f"{name:<22}{'undefined' if measured['value'] is None else format(measured['value'], '.6g')}{beside}"
        )
    return lines
