"""The parts of an ONNX model that hold or name weights: tensors, and the nodes that use them. Nothing is evaluated.

Format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, whose field numbers these are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from inspector.checkpoint.protobuf import FOUR, RUN, VARINT, VarintRun, Wire, signed
from inspector.errors import InputError

MAX_TENSORS = 300_000
MAX_DEPTH = 100  # the format's own library stops at as many nested messages
_PER_NAME = 1 << 16  # dimensions or entries of one tensor


def _key(number: int, kind: int = RUN) -> int:
    return number << 3 | kind


class Declared(NamedTuple):
    """A tensor as the file declares it.

    Attributes:
        name: "" where it has none. dims: dimensions, possibly negative. code: the format's number of the element type.
        data: (key, start, stop) of the fields that hold values, in file order.
        external: key and value of what lies in another file. located: 1 when it does.
    """

    name: str
    dims: tuple[int, ...]
    code: int
    data: tuple[tuple[int, int, int], ...]
    external: tuple[tuple[str, str], ...] = ()
    located: int = 0


class Node(NamedTuple):
    """A step of the computation.

    Attributes:
        op: what it does, with its domain where it is not the format's own. numbers: its whole-number attributes that
            turn or scale a weight. scopes: the modules that PyTorch's newer exporter wrote down, as text.
    """

    op: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    numbers: dict[str, int]
    scopes: str


@dataclass(slots=True)
class Model:
    """What was found in one file.

    Attributes:
        initialisers: in file order, with the number of their graph. constants: the same of tensors that nodes hold,
            named by the value that they give. sparse: names. nodes: those with inputs. metadata: text pairs.
            steering: constants too small to be weights. inside: initialisers of subgraphs.
    """

    initialisers: list[tuple[int, Declared]] = field(default_factory=list)
    constants: list[tuple[int, Declared]] = field(default_factory=list)
    sparse: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    steering: list[Declared] = field(default_factory=list)
    inside: int = 0


_NUMBERS = {"axis", "transA", "transB", "block_size"}
_SCOPES = "pkg.torch.onnx.name_scopes"
_DATA = {4, 5, 6, 7, 9, 10, 11}
_ONCE = {2, 8, 9, 14}  # fields of a tensor of which readers would take the first or the last
_FLOAT, _INT64 = 1, 7
# A node's lists of numbers: key -> element type, and the key under which a tensor has the same values.
_LISTS = {
    _key(7): (_FLOAT, _key(4)),
    _key(7, FOUR): (_FLOAT, _key(4, FOUR)),
    _key(8): (_INT64, _key(7)),
    _key(8, VARINT): (_INT64, _key(7, VARINT)),
}
_FLOATS = {1, 10, 11, 16, 17, 18, 19, 20, 23}
_SMALL = 64


class ModelReader:
    """Walks one file: graphs wait in a list, so that nesting costs no stack."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._waiting: list[tuple[int, int, int]] = []  # start, end, depth
        self._graph = 0
        self.found = Model()

    def read(self) -> Model:
        """Return what the whole file holds. InputError names the file."""
        wire, found = self._wire, self.found
        graphs = 0
        for key, start, stop in wire.fields(0, wire.file.size):
            if key == _key(7):
                graphs += 1
                self._waiting.append((start, stop, 0))
            elif key == _key(14):
                name, value = self._pair(start, stop)
                found.metadata[name] = value
            elif key == _key(20):
                self._waiting += [(a, b, 1) for inner, a, b in wire.fields(start, stop) if inner in (_key(1), _key(2))]
            elif key == _key(25):
                self._graph += 1
                self._function(start, stop)
        if graphs > 1:
            raise InputError("checkpoint.onnx_twice", file=wire.file.name, what="graph")
        while self._waiting:
            begin, end, depth = self._waiting.pop()
            self._graph += 1
            self._walk(begin, end, depth)
        return found

    def _function(self, start: int, end: int) -> None:
        for key, first, stop in self._wire.fields(start, end):
            if key == _key(7):
                self._node(first, stop, 1)

    def _walk(self, start: int, end: int, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise InputError("checkpoint.onnx_limit", file=self._wire.file.name)
        for key, first, stop in self._wire.fields(start, end):
            if key == _key(1):
                self._node(first, stop, depth)
            elif key == _key(5):
                self.found.initialisers.append((self._graph, self.tensor(first, stop)))
                self.found.inside += depth > 0
                self._limit()
            elif key == _key(15):
                self.found.sparse.append(self._sparse_name(first, stop))
                self._limit()

    def _limit(self) -> None:
        found = self.found
        if max(len(found.initialisers) + len(found.constants) + len(found.sparse), len(found.steering)) > MAX_TENSORS:
            raise InputError("checkpoint.too_many_tensors", file=self._wire.file.name, limit=MAX_TENSORS)

    def _sparse_name(self, start: int, end: int) -> str:
        for key, first, stop in self._wire.fields(start, end):
            if key == _key(1):
                return self.tensor(first, stop).name
        return ""

    def _pair(self, start: int, end: int) -> tuple[str, str]:
        """Return a StringStringEntryProto."""
        pair = ["", ""]
        for key, first, stop in self._wire.fields(start, end):
            if key in (_key(1), _key(2)):
                pair[(key >> 3) - 1] = self._wire.text(first, stop)
        return pair[0], pair[1]

    def tensor(self, start: int, end: int) -> Declared:
        """Return a TensorProto. InputError when a field that counts once is there twice."""
        wire = self._wire
        name, code, located, seen = "", 0, 0, 0
        dims: list[int] = []
        data: list[tuple[int, int, int]] = []
        external: list[tuple[str, str]] = []
        for key, first, stop in wire.fields(start, end):
            number = key >> 3
            if number in _ONCE:
                if seen >> number & 1:
                    raise InputError("checkpoint.onnx_twice", file=wire.file.name, tensor=name, what=f"field {number}")
                seen |= 1 << number
            if key == _key(1, VARINT):
                dims.append(signed(first))
            elif key == _key(2, VARINT):
                code = first
            elif key == _key(8):
                name = wire.text(first, stop)
            elif key == _key(14, VARINT):
                located = first
            elif key == _key(13):
                external.append(self._pair(first, stop))
            elif key == _key(1):
                dims += self._packed(first, stop)
            elif number in _DATA:
                data.append((key, first, stop))
            elif number == 3:
                raise InputError("checkpoint.onnx_segment", file=wire.file.name, tensor=name)
            elif number in _ONCE or number in (1, 13):
                raise wire.damaged()
        if len(dims) > _PER_NAME or len(external) > _PER_NAME:
            raise InputError("checkpoint.onnx_limit", file=wire.file.name)
        return Declared(name, tuple(dims), code, tuple(data), tuple(external), located)

    def _packed(self, start: int, stop: int) -> list[int]:
        content, values, value, place = self._wire.content(start, stop), [], 0, 0
        for byte in content:
            value |= (byte & 0x7F) << place
            place += 7
            if byte < 0x80:
                values.append(signed(value & (1 << 64) - 1))
                value, place = 0, 0
            elif place > 63:
                raise self._wire.damaged()
        if place:
            raise self._wire.damaged()
        return values

    def _node(self, start: int, end: int, depth: int) -> None:
        wire = self._wire
        inputs: list[str] = []
        outputs: list[str] = []
        attributes: list[tuple[int, int]] = []
        op = name = domain = scopes = ""
        for key, first, stop in wire.fields(start, end):
            if key == _key(1):
                inputs.append(wire.text(first, stop))
            elif key == _key(2):
                outputs.append(wire.text(first, stop))
            elif key == _key(3):
                name = wire.text(first, stop)
            elif key == _key(4):
                op = wire.text(first, stop)
            elif key == _key(5):
                attributes.append((first, stop))
            elif key == _key(7):
                domain = wire.text(first, stop)
            elif key == _key(9):
                what, text = self._pair(first, stop)
                scopes = text if what == _SCOPES else scopes
        if domain not in ("", "ai.onnx"):
            op = f"{domain}.{op}"
        numbers: dict[str, int] = {}
        gives = outputs[0] if outputs else ""
        for first, stop in attributes:
            self._attribute(first, stop, (op, gives, numbers), depth)
        if inputs:
            self.found.nodes.append(Node(op, name, tuple(inputs), tuple(outputs), numbers, scopes))

    def _attribute(self, start: int, end: int, node: tuple[str, str, dict[str, int]], depth: int) -> None:
        """Note a node's attribute: its whole number, its subgraphs, its tensors and lists of numbers."""
        wire, (op, gives, numbers) = self._wire, node
        name = (0, 0)
        number: int | None = None
        tensors: list[Declared] = []
        lists: dict[int, list[tuple[int, int, int]]] = {}
        seen: set[int] = set()
        for key, first, stop in wire.fields(start, end):
            if key in (_key(5), _key(6)):
                if key in seen:
                    raise InputError("checkpoint.onnx_twice", file=wire.file.name, tensor=gives, what="attribute")
                seen.add(key)
            if key == _key(1):
                name = (first, stop)
            elif key == _key(3, VARINT):
                number = signed(first)
            elif key in (_key(5), _key(10)):
                tensors.append(self.tensor(first, stop))
            elif key in (_key(6), _key(11)):
                self._waiting.append((first, stop, depth + 1))
            elif key in _LISTS:
                code, as_data = _LISTS[key]
                lists.setdefault(code, []).append((as_data, first, stop))
            elif key in (_key(22), _key(23)):
                self.found.sparse.append(gives or self._sparse_name(first, stop))
                self._limit()
        if number is None and not tensors and not lists:
            return
        label = wire.text(*name)
        if number is not None and label in _NUMBERS:
            numbers[label] = number
        tensors += [self._listed(code, data) for code, data in lists.items()]
        self._constants(op, gives, label, tensors)

    def _listed(self, code: int, data: list[tuple[int, int, int]]) -> Declared:
        """Return a list of numbers as a tensor."""
        count = 0
        for key, first, stop in data:
            if key & 7 == RUN and code == _INT64:
                count += VarintRun(self._wire.file, first, stop, np.dtype("<i8")).count
            else:
                count += (stop - first) // 4 if code == _FLOAT else 1
        return Declared("", (count,), code, tuple(data))

    def _constants(self, op: str, gives: str, label: str, tensors: list[Declared]) -> None:
        """Keep what can be weights: more than one float, or more numbers than a shape or a list of axes has."""
        constant = op == "Constant"
        base = gives if constant else f"{gives}.{label}"
        for place, tensor in enumerate(tensors):
            count = 1
            for size in tensor.dims:
                count *= size
            held = sum(stop - start for _, start, stop in tensor.data if stop >= 0)
            limit = 1 if constant and tensor.code in _FLOATS else _SMALL
            named = tensor._replace(name=f"{base}.{place}" if place else base)
            if count > limit or held > 8 * _SMALL or tensor.located:
                self.found.constants.append((self._graph, named))
            elif constant:
                self.found.steering.append(named)
            self._limit()
