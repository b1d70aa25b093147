"""What exporters did to names and matrices, told from the graph: module names of anonymous weights, transposes.

PyTorch's exporter keeps a parameter's name where the graph uses it as it is; what it folded (the transpose of a
linear layer's matrix, a BatchNorm) becomes a new initialiser with a number for a name, used by a node that is named
after its module: "/encoder/layers.0/mlp/fc1/MatMul".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from inspector.checkpoint.onnx_model import Node

# (operator, position of its input) -> what PyTorch calls it.
_ROLES = {
    ("MatMul", 1): "weight",
    ("Gemm", 1): "weight",
    ("Gemm", 2): "bias",
    ("Gather", 0): "weight",
    ("PRelu", 1): "weight",
    ("BatchNormalization", 3): "running_mean",
    ("BatchNormalization", 4): "running_var",
    **{
        (op, place): role
        for op in (
            "Conv",
            "ConvTranspose",
            "BatchNormalization",
            "LayerNormalization",
            "InstanceNormalization",
            "GroupNormalization",
        )
        for place, role in ((1, "weight"), (2, "bias"))
    },
}
_SAME_VALUE = {"Identity", "Cast", "DequantizeLinear"}
_ANONYMOUS = re.compile(r"onnx::.*|\d+|val_\d+|_?onnx_initializer_\d+|.*Constant(_\d+)?_output_\d+")
_PARAMETER = re.compile(r"[A-Za-z_]\w*(\.\w+)*")
_QUANTISED = "_quantized"
_SCOPE = re.compile(r"'([^']*)'")


@dataclass(frozen=True, slots=True)
class Use:
    """How the graph uses one tensor.

    Attributes:
        name: its module's name for it, or its own. turned: stored as the transpose of PyTorch's matrix.
        dequantise: the node that gives its values, None where it is used as it is stored.
    """

    name: str
    turned: bool = False
    dequantise: Node | None = None


class Graph:
    """The uses of the tensors in `ranks` (name -> number of dimensions)."""

    def __init__(self, nodes: Sequence[Node], ranks: Mapping[str, int]) -> None:
        self._ranks = ranks
        self._uses: dict[str, list[tuple[Node, int]]] = defaultdict(list)
        self._dequantised: dict[str, list[Node]] = defaultdict(list)
        self._added: dict[str, str] = {}  # a value -> what is added to it, "" where several things are
        root = {name: name for name in ranks}
        for node in nodes:
            if node.op == "DequantizeLinear" and node.inputs[0] in ranks:
                self._dequantised[node.inputs[0]].append(node)
            if node.op in _SAME_VALUE and node.inputs[0] in root and node.outputs:
                root.setdefault(node.outputs[0], root[node.inputs[0]])
                self._note(node, root, 1)
                continue
            self._note(node, root, 0)
            if node.op == "Add" and len(node.inputs) == 2:
                for value, other in (node.inputs, node.inputs[::-1]):
                    self._added[value] = "" if value in self._added else other

    def _note(self, node: Node, root: Mapping[str, str], first: int) -> None:
        for place, value in enumerate(node.inputs):
            if place >= first and value in root:
                self._uses[root[value]].append((node, place))

    def uses(self) -> dict[str, Use]:
        """Return the use of every tensor; no two have one name."""
        found = {name: self._use(name) for name in self._ranks}
        taken: dict[str, int] = defaultdict(int)
        for name, use in found.items():
            taken[name] += use.name != name
            taken[use.name] += 1
        return {
            name: use if use.name == name or taken[use.name] == 1 else Use(name, use.turned, use.dequantise)
            for name, use in found.items()
        }

    def dequantising(self, name: str) -> list[Node]:
        """Return the nodes that dequantise a tensor."""
        return self._dequantised.get(name, [])

    def only_scales(self, name: str, nodes: Set[int]) -> bool:
        """Say whether a tensor is nothing but the scale or zero point of these nodes, given by their `id`."""
        uses = self._uses.get(name, [])
        return bool(uses) and all(place in (1, 2) and id(node) in nodes for node, place in uses)

    def _use(self, name: str) -> Use:
        nodes = self._dequantised.get(name, [])
        alike = bool(nodes) and all((n.inputs, n.numbers) == (nodes[0].inputs, nodes[0].numbers) for n in nodes)
        dequantise = nodes[0] if alike else None
        plain = name.removesuffix(_QUANTISED) if dequantise else name
        anonymous = _ANONYMOUS.fullmatch(plain) is not None
        uses = self._uses.get(name, [])
        kept = not anonymous and _PARAMETER.fullmatch(plain) is not None
        turned = not kept and self._ranks[name] == 2 and bool(uses) and all(_by_columns(*use) for use in uses)
        if not anonymous:
            return Use(plain, turned, dequantise)
        names = {self._module_name(node, place) for node, place in uses}
        named = names.pop() if len(names) == 1 else ""
        return Use(named or name, turned, dequantise)

    def _module_name(self, node: Node, place: int) -> str:
        """Return what PyTorch calls the tensor at one input of a node, "" where that cannot be told."""
        if node.op == "Add":
            return self._bias_name(node, place)
        role = _ROLES.get((node.op, place), "")
        if not role:
            return ""
        beside = self._added.get(node.outputs[0], "") if node.op == "MatMul" and node.outputs else ""
        if beside.endswith("bias") and _PARAMETER.fullmatch(beside):
            return beside.removesuffix("bias") + "weight"
        path = _module(node)
        return f"{path}.{role}" if path else ""

    def _bias_name(self, node: Node, place: int) -> str:
        """Return the bias's name where a vector is added to what a matrix of the same module gives."""
        if len(node.inputs) != 2 or not _module(node):
            return ""
        given = node.inputs[1 - place]
        own = given.rpartition("/")[0] == node.outputs[0].rpartition("/")[0] if node.outputs else False
        return f"{_module(node)}.bias" if own and "/MatMul" in given else ""


def _by_columns(node: Node, place: int) -> bool:
    """Say whether a node multiplies by a matrix whose columns are its outputs."""
    return place == 1 and (node.op == "MatMul" or (node.op == "Gemm" and not node.numbers.get("transB", 0)))


def _module(node: Node) -> str:
    """Return the dotted name of the module that a node is part of, "" where nothing says so.

    Inside a Sequential the exporter writes the parent's name twice: "/mlp/mlp.0/Gemm".
    """
    scopes = _SCOPE.findall(node.scopes)
    if len(scopes) > 1:
        return str(scopes[-2])
    for text in (node.name, *node.outputs[:1]):
        parts = text.split("/")
        if len(parts) > 2 and not parts[0] and parts[-1].startswith(node.op):
            path: list[str] = []
            for part in parts[1:-1]:
                if path and part.startswith(path[-1] + "."):
                    path.pop()
                path.append(part)
            return ".".join(path)
    return ""
