"""Reader of ONNX models: the tensors of the graph by name, placed where their values lie. Nothing is run.

Format: https://github.com/onnx/onnx/blob/main/docs/IR.md
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from inspector.checkpoint.dtypes import ENCODED
from inspector.checkpoint.onnx_external import External
from inspector.checkpoint.onnx_model import Declared, Model, ModelReader
from inspector.checkpoint.onnx_names import Graph
from inspector.checkpoint.onnx_quantised import dequantised, turned
from inspector.checkpoint.onnx_values import NOT_COMPARED, bytes_of, elements_of, own_values, placed
from inspector.checkpoint.protobuf import Wire
from inspector.checkpoint.source import Beside, SourceFile
from inspector.checkpoint.storage import Part, Placed
from inspector.errors import InputError, Note

_QUANTISED = {name.removeprefix("DQ_") for name in ENCODED if name.startswith("DQ_")}


@dataclass(slots=True)
class _Counted:
    """The names that a warning is about: the first is named, all are counted."""

    names: list[str] = field(default_factory=list)

    def notes(self, code: str, file: str) -> list[Note]:
        return [Note(code, {"count": len(self.names)}, file, self.names[0])] if self.names else []


def read_onnx(file: SourceFile, beside: Beside) -> Part:
    """Read the structure of an opened ONNX model.

    Raises:
        InputError: anything in it is not as the format says; names the file and, where there is one, the tensor.
    """
    model = ModelReader(Wire(file)).read()
    declared, notes = _named(model, file.name)
    external = External(file, beside)
    left_out = dict.fromkeys(_apart(model.sparse, declared), "sparse initialiser")
    tensors: dict[str, Placed] = {}
    for name, tensor in declared.items():
        if tensor.code in NOT_COMPARED:
            elements_of(tensor, name, file.name)
            left_out[name] = NOT_COMPARED[tensor.code]
        else:
            tensors[name] = _placed(tensor, name, file, external)
    shown, more = _shown(model, tensors, file)
    inside = [Note("checkpoint.onnx_inside", {"count": model.inside}, file.name)] if model.inside else []
    constants = _Counted([name for _, tensor in model.constants if (name := tensor.name) in declared])
    notes += [*inside, *constants.notes("checkpoint.onnx_constants", file.name), *external.notes(), *more]
    if model.steering:
        notes.append(Note("checkpoint.onnx_steering", {"count": len(model.steering)}, file.name))
    return Part("onnx", shown, model.metadata, left_out, tuple(notes))


def _named(model: Model, file: str) -> tuple[dict[str, Declared], list[Note]]:
    """Give every tensor a name of its own. InputError when one graph has the same name twice."""
    declared: dict[str, Declared] = {}
    seen: set[tuple[int, str]] = set()
    unnamed = _Counted()
    again = _Counted()
    numbers: dict[str, int] = {}
    for graph, tensor in (*model.initialisers, *model.constants):
        name = tensor.name
        if not name:
            name = f"unnamed_{len(unnamed.names) + 1}"
            unnamed.names.append(name)
        if (graph, name) in seen:
            raise InputError("checkpoint.onnx_duplicate", file=file, tensor=name)
        seen.add((graph, name))
        unique = name
        while unique in declared:  # subgraphs side by side may use one name for different values
            numbers[name] = numbers.get(name, 1) + 1
            unique = f"{name}#{numbers[name]}"
        if unique != name:
            again.names.append(unique)
        declared[unique] = tensor
    notes = unnamed.notes("checkpoint.onnx_unnamed", file)
    return declared, [*notes, *again.notes("checkpoint.onnx_in_two_graphs", file)]


def _apart(names: Iterable[str], declared: dict[str, Declared]) -> list[str]:
    """Return names for the sparse tensors that differ from one another and from all others."""
    found: dict[str, None] = {}
    for name in names:
        unique, number = name or "unnamed sparse tensor", 1
        while unique in found or unique in declared:
            number += 1
            unique = f"{name}#{number}" if number < 20 else f"{name}#{len(found) + number}"
        found[unique] = None
    return list(found)


def _placed(tensor: Declared, name: str, file: SourceFile, external: External) -> Placed:
    if not tensor.located and not tensor.external:
        return placed(tensor, own_values(tensor, name, file))
    if tensor.located != 1:
        raise InputError("checkpoint.onnx_damaged", file=file.name, tensor=name)
    if tensor.data:
        raise InputError("checkpoint.onnx_two_sources", file=file.name, tensor=name)
    storage, other = external.values(tensor, name, bytes_of(tensor, name, file.name))
    return placed(tensor, storage, other)


def _shown(model: Model, tensors: dict[str, Placed], file: SourceFile) -> tuple[dict[str, Placed], list[Note]]:
    """Return the tensors as the graph uses them: named after their modules, in PyTorch's order, dequantised."""
    graph = Graph(model.nodes, {name: len(placed.shape) for name, placed in tensors.items()})
    known = {**_scales(model, file), **tensors}
    shown: dict[str, Placed] = {}
    named, flipped, decoded, raw = _Counted(), _Counted(), _Counted(), _Counted()
    done: set[int] = set()
    for name, use in graph.uses().items():
        placed, label = tensors[name], use.name
        values = None
        if use.dequantise and placed.dtype in _QUANTISED:
            values = dequantised(placed, use.dequantise, known, use.turned)
            (raw if values is None else decoded).names.append(label)
        if values is not None:
            done.update(id(node) for node in graph.dequantising(name))
        elif use.turned:
            values = turned(placed)
        if use.turned:
            flipped.names.append(label)
        if label != name:
            named.names.append(label)
        shown[label] = values or placed
    for name in [name for name in shown if graph.only_scales(name, done)]:
        del shown[name]
    return shown, [
        *named.notes("checkpoint.onnx_named", file.name),
        *flipped.notes("checkpoint.onnx_turned", file.name),
        *decoded.notes("checkpoint.onnx_dequantised", file.name),
        *raw.notes("checkpoint.onnx_no_scale", file.name),
    ]


def _scales(model: Model, file: SourceFile) -> dict[str, Placed]:
    """Return the small constants that nodes dequantise with."""
    wanted = {name for node in model.nodes if node.op == "DequantizeLinear" for name in node.inputs[1:3]}
    return {
        tensor.name: placed(tensor, own_values(tensor, tensor.name, file))
        for tensor in model.steering
        if tensor.name in wanted and tensor.code not in NOT_COMPARED
    }
