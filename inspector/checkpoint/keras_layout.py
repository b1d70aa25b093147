"""Names and kernels of the Keras layouts in HDF5: which layer a dataset belongs to and which way it is stored.

Layouts: Keras 1 (`<layer>/<layer>_W`), Keras 2 (`model_weights/<layer>/<scope>/kernel:0`, or without the first
level), Keras 3 (`layers/<layer>/vars/0`). Sources: keras/src/legacy/saving/legacy_h5_format.py,
keras/src/saving/saving_lib.py. Attributes are not read: paths and shapes say all that is needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from inspector.checkpoint.keras_kernels import DEPTHWISE, FLAT, HEADS_IN, HEADS_OUT, PLAIN, turned
from inspector.checkpoint.storage import Placed

Path = tuple[str, ...]
Shapes = Mapping[Path, tuple[int, ...]]

OPTIMIZERS = ("optimizer_weights", "optimizer")
_ROOTS = ("model_weights", "layers", "_layer_checkpoint_dependencies")
_TAIL = re.compile(r":\d+$")
_COUNTER = re.compile(r"_\d+$")
_VARS = "vars"
_KERNELS = {"kernel": PLAIN, "recurrent_kernel": PLAIN, "pointwise_kernel": PLAIN, "depthwise_kernel": DEPTHWISE}
_KERAS1 = re.compile(r"(?P<layer>.+?)_(?P<kind>[WU])(?:_[a-z])?")
_HEADS_OUT = re.compile(r"(query|key|value)(_dense)?")
_HEADS_IN = re.compile(r"attention_output|output_dense")
# Keras 3 numbers the variables of a layer in the order in which it makes them: name of the layer's group
# without its counter -> their names.
_RECURRENT = ("kernel", "recurrent_kernel", "bias")
_VARIABLES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"dense|(query|key|value|output)_dense|conv[123]d(_transpose)?"), ("kernel", "bias")),
    (re.compile(r"depthwise_conv[12]d"), ("depthwise_kernel", "bias")),
    (re.compile(r"separable_conv[12]d"), ("depthwise_kernel", "pointwise_kernel", "bias")),
    (re.compile(r"(.*_)?cell"), _RECURRENT),
    (re.compile(r"(.*_)?embedding"), ("embeddings",)),
)
_NORMALIZED = {"gamma": 0, "beta": 1, "moving_mean": 2, "moving_variance": 3}


def is_keras(paths: Shapes, marked: bool) -> bool:
    """Say whether a file is in a Keras layout; `marked`: it has the attribute layer_names or group model_weights."""
    return marked or any(_numbered(path) for path in paths)


def arranged(found: Mapping[Path, Placed]) -> tuple[dict[str, Placed], list[str]]:
    """Name the tensors of a Keras file and turn their kernels.

    Returns tensors by name, and the names of matrices whose order the file does not tell, left as stored.
    """
    shapes = {path: placed.shape for path, placed in found.items()}
    variables = {path: _variable(path, shapes) for path in found}
    names = unique_names({path: _short(path, variables[path], shapes) for path in found})
    tensors: dict[str, Placed] = {}
    unknown = []
    for path, placed in found.items():
        kind = _kind(path, variables[path], shapes)
        tensors[names[path]] = turned(placed, kind) if kind else placed
        if not variables[path] and _numbered(path) and len(placed.shape) > 1:
            unknown.append(names[path])
    return tensors, unknown


def unique_names(short: Mapping[Path, Path]) -> dict[Path, str]:
    """Join shortened paths with dots; where two agree, both keep the whole path, with the file's own slashes."""
    joined = {path: ".".join(parts) for path, parts in short.items()}
    times = Counter(joined.values())
    return {path: name if times[name] == 1 else "/".join(path) for path, name in joined.items()}


def _numbered(path: Path) -> bool:
    """Say whether a path is that of a Keras 3 variable."""
    return len(path) > 1 and path[-2] == _VARS and path[-1].isascii() and path[-1].isdigit()


def _variable(path: Path, shapes: Shapes) -> str:
    """Return the name of the variable that a dataset holds, "" where neither path nor shapes tell it."""
    if not _numbered(path):
        return _TAIL.sub("", path[-1])
    siblings = [shapes.get((*path[:-1], str(number))) for number in range(5)]
    count = siblings.index(None) if None in siblings else len(siblings)
    number = int(path[-1]) if len(path[-1]) < 3 else count
    if number >= count:
        return ""
    layer = _COUNTER.sub("", path[-3]) if len(path) > 2 else ""
    for pattern, names in _VARIABLES:
        if pattern.fullmatch(layer) and count <= len(names) and number < len(names):
            return names[number] if "separable" not in layer or count > 1 else ""
    return _by_shape(number, [shape for shape in siblings[:count] if shape is not None])


def _by_shape(number: int, shapes: list[tuple[int, ...]]) -> str:
    """Name variables of a layer with a name of its own: a kernel with its bias, or a whole normalisation."""
    ranks = [len(shape) for shape in shapes]
    if len(shapes) == 2 and ranks[0] > 1 and ranks[1] == 1 and shapes[0][-1] == shapes[1][0]:
        return ("kernel", "bias")[number]
    if ranks == [1, 1, 1, 1] and len(set(shapes)) == 1:
        return list(_NORMALIZED)[number]
    return ""


def _short(path: Path, variable: str, shapes: Shapes) -> Path:
    """Return a path without the outer container, repeated layer levels and counters of the graph (":0")."""
    parts = list(path)
    if _numbered(path):
        parts[-2:] = [variable] if variable else parts[-2:]
    else:
        parts[-1] = variable
    if len(parts) > 1 and parts[0] in _ROOTS:
        parts = parts[1:]
    # The second level repeats the layer's name, with a counter where a layer of that name was made before.
    if len(parts) > 2 and (parts[1] == parts[0] or re.fullmatch(re.escape(parts[0]) + r"_\d+", parts[1])):
        del parts[1]
    return tuple(parts)


def _kind(path: Path, variable: str, shapes: Shapes) -> str:
    """Return how a dataset is turned, "" where it is not."""
    layer = path[-3] if _numbered(path) and len(path) > 2 else path[-2] if len(path) > 1 else ""
    rank = len(shapes[path])
    if any("locally_connected" in part for part in path):
        return ""  # its kernels have no such order: one matrix for each position
    if variable in _KERNELS:
        if rank == 3 and (heads := _attention(path, layer, shapes)):
            return heads
        return _KERNELS[variable]
    if variable == "bias" and rank == 2 and _HEADS_OUT.fullmatch(layer):
        return FLAT
    return _keras1(path, shapes)


def _attention(path: Path, layer: str, shapes: Shapes) -> str:
    """Tell the projections of MultiHeadAttention, of rank 3, from kernels of one-dimensional convolutions."""
    bias = shapes.get((*path[:-1], "1" if _numbered(path) else path[-1].replace("kernel", "bias")))
    if _HEADS_OUT.fullmatch(layer) and (bias is None or bias == shapes[path][1:]):
        return HEADS_OUT
    return HEADS_IN if _HEADS_IN.fullmatch(layer) else ""


def _keras1(path: Path, shapes: Shapes) -> str:
    """Turn the weights of Keras 1: matrices always, convolutions only where the output comes last.

    Their order ("th": output first, "tf": output last) is not in the file, and the bias has the output's length.
    """
    tail = _TAIL.search(path[-1])
    match = _KERAS1.fullmatch(_TAIL.sub("", path[-1]))
    shape = shapes[path]
    if match is None or len(shape) < 2 or match["layer"].startswith("embedding"):
        return ""
    if len(shape) == 2:
        return PLAIN
    bias = shapes.get((*path[:-1], f"{match['layer']}_b{tail[0] if tail else ''}"))
    if bias is None or len(bias) != 1 or shape[0] == bias[0]:
        return ""
    return PLAIN if shape[-1] == bias[0] else ""
