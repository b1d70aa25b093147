"""The allow-list of the pickle reader: which names a pickle may mention and what a call of one describes.

Nothing here imports or calls what is named. A name that is not listed is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from inspector.checkpoint.pickle_values import Dictionary, Name, OtherTensor, Skipped, StorageRef, TensorRef

# torch.<name>Storage -> element type (safetensors spelling where there is one).
STORAGES = {
    "DoubleStorage": "F64",
    "FloatStorage": "F32",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
    "LongStorage": "I64",
    "IntStorage": "I32",
    "ShortStorage": "I16",
    "CharStorage": "I8",
    "ByteStorage": "U8",
    "BoolStorage": "BOOL",
    "ComplexFloatStorage": "C64",
    "ComplexDoubleStorage": "C128",
    "QInt8Storage": "qint8",
    "QUInt8Storage": "quint8",
    "QInt32Storage": "qint32",
    "QUInt4x2Storage": "quint4x2",
    "QUInt2x4Storage": "quint2x4",
    "UntypedStorage": "",
}
DTYPE_NAMES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "float8_e4m3fnuz": "F8_E4M3FNUZ",
    "float8_e5m2fnuz": "F8_E5M2FNUZ",
    "float8_e8m0fnu": "F8_E8M0",
    "float4_e2m1fn_x2": "F4",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint64": "U64",
    "uint32": "U32",
    "uint16": "U16",
    "uint8": "U8",
    "bool": "BOOL",
    "complex32": "C32",
    "complex64": "C64",
    "complex128": "C128",
    "qint8": "qint8",
    "quint8": "quint8",
    "qint32": "qint32",
}
_DICTIONARIES = {"collections.OrderedDict", "collections.defaultdict", "builtins.dict"}
_SEQUENCES = {"builtins.set", "builtins.frozenset", "builtins.list", "builtins.tuple", "torch.Size"}
_PLAIN_TENSORS = {"torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer", "torch._tensor.Tensor"}
# Mentioned beside weights in ordinary training files; they hold settings and counters.
_HARMLESS = {
    "argparse.Namespace",
    "_codecs.encode",
    "builtins.int",
    "builtins.float",
    "builtins.complex",
    "builtins.str",
    "builtins.bool",
    "builtins.bytes",
    "builtins.slice",
    "builtins.range",
    "collections.Counter",
    "collections.deque",
    "datetime.date",
    "datetime.datetime",
    "datetime.timedelta",
    "decimal.Decimal",
    "pathlib.Path",
    "pathlib.PosixPath",
    "pathlib.PurePosixPath",
    "pathlib.WindowsPath",
    "typing.Any",
    "omegaconf.base.ContainerMetadata",
    "omegaconf.base.Metadata",
    "omegaconf.dictconfig.DictConfig",
    "omegaconf.listconfig.ListConfig",
    "omegaconf.nodes.AnyNode",
    "pytorch_lightning.utilities.parsing.AttributeDict",
    "lightning.pytorch.utilities.parsing.AttributeDict",
    "lightning_fabric.utilities.data.AttributeDict",
    "numpy.dtype",
    "numpy.ndarray",
    "numpy.core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct",
    "numpy._core.multiarray.scalar",
    "numpy._core.multiarray._reconstruct",
    "numpy.core.numeric._frombuffer",
    "numpy._core.numeric._frombuffer",
    "torch.device",
    "torch.Generator",
    "torch.serialization._get_layout",
    "torch.per_tensor_affine",
    "torch.per_channel_affine",
}
_MAX_SIZES = 1000  # no tensor has so many dimensions; where they are placed, the limit is 64
_PYTHON_2 = {"__builtin__": "builtins", "copy_reg": "copyreg"}


class Malformed(Exception):
    """A call with arguments that no writer gives; `what` names the call."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def allowed(module: str, name: str) -> Name | None:
    """Return the inert name, or None where it is not on the list."""
    full = f"{_PYTHON_2.get(module, module)}.{name}"
    if full.startswith("torch.cuda."):  # storages saved by old versions straight from a GPU
        full = f"torch.{name}"
    if full.startswith("torch.storage."):
        full = f"torch.{name}"
    listed = full in _CALLS or full in _DICTIONARIES | _SEQUENCES | _PLAIN_TENSORS | _HARMLESS
    if listed or storage_dtype(full) is not None or full.removeprefix("torch.") in DTYPE_NAMES:
        return Name(full)
    return None


def is_ordinary(name: str) -> bool:
    """Say whether a name only serves to build tensors and dictionaries: others are worth telling."""
    return name not in _HARMLESS or name.startswith(("builtins.", "torch.")) or name == "_codecs.encode"


def storage_dtype(full: str) -> str | None:
    """Return the element type of a storage class, None where the name is no storage class."""
    module, _, name = full.rpartition(".")
    return STORAGES.get(name) if module == "torch" else None


def call(function: Name, arguments: tuple[object, ...]) -> object:
    """Describe what calling an allowed name would give. Raises Malformed."""
    name = function.name
    if name in _DICTIONARIES:
        return _dictionary(arguments)
    if name in _SEQUENCES:
        return _sequence(name, arguments)
    if name in _HARMLESS:
        return Skipped(name)
    handler = _CALLS.get(name)
    if handler is None:
        raise Malformed(name)
    return handler(arguments)


def _dictionary(arguments: tuple[object, ...]) -> Dictionary:
    """OrderedDict() and OrderedDict([[key, value], ...]), as Python 2 wrote it; defaultdict(factory)."""
    result = Dictionary()
    for pair in arguments[0] if arguments and isinstance(arguments[0], list) else ():
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise Malformed("collections.OrderedDict")
        result.items.append((pair[0], pair[1]))
    return result


def _sequence(name: str, arguments: tuple[object, ...]) -> object:
    content = arguments[0] if arguments else ()
    if len(arguments) > 1 or not isinstance(content, list | tuple):
        raise Malformed(name)
    return tuple(content) if name in ("torch.Size", "builtins.tuple") else list(content)


def _tensor(arguments: tuple[object, ...]) -> TensorRef:
    """_rebuild_tensor(storage, offset, size, stride) and _rebuild_tensor_v2(..., requires_grad, hooks, metadata)."""
    if not 4 <= len(arguments) <= 7 or not isinstance(storage := arguments[0], StorageRef):
        raise Malformed("torch._utils._rebuild_tensor_v2")
    return _strided(storage, storage.dtype, arguments)


def _tensor_v3(arguments: tuple[object, ...]) -> TensorRef:
    """_rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype, metadata): fp8, uint16 and up."""
    if not 7 <= len(arguments) <= 8 or not isinstance(storage := arguments[0], StorageRef):
        raise Malformed("torch._utils._rebuild_tensor_v3")
    kind = arguments[6]
    dtype = DTYPE_NAMES.get(kind.name.removeprefix("torch.")) if isinstance(kind, Name) else None
    if dtype is None:
        raise Malformed("torch._utils._rebuild_tensor_v3")
    return _strided(storage, dtype, arguments)


def _strided(storage: StorageRef, dtype: str, arguments: tuple[object, ...]) -> TensorRef:
    offset, shape, strides = arguments[1:4]
    if type(offset) is not int or not isinstance(shape, tuple) or not isinstance(strides, tuple):
        raise Malformed("torch._utils._rebuild_tensor_v2")
    if len(shape) > _MAX_SIZES or len(strides) > _MAX_SIZES:  # looked at again in every call
        raise Malformed("torch._utils._rebuild_tensor_v2")
    if not all(type(value) is int for value in (*shape, *strides)):
        raise Malformed("torch._utils._rebuild_tensor_v2")
    hooks = arguments[5] if len(arguments) > 5 else None
    hooked = hooks is not None and not (isinstance(hooks, Dictionary) and not hooks.items)
    return TensorRef(dtype, storage, offset, shape, strides, hooked)


def _parameter(arguments: tuple[object, ...]) -> object:
    """_rebuild_parameter(data, requires_grad, hooks): the tensor itself."""
    if not arguments or not isinstance(arguments[0], TensorRef | OtherTensor):
        raise Malformed("torch._utils._rebuild_parameter")
    return arguments[0]


def _typed(arguments: tuple[object, ...]) -> object:
    """_rebuild_from_type_v2(function, type, arguments, state): a tensor with attributes of its own."""
    if len(arguments) != 4:
        raise Malformed("torch._tensor._rebuild_from_type_v2")
    function, kind, inner, _ = arguments
    known = isinstance(function, Name) and isinstance(kind, Name) and kind.name in _PLAIN_TENSORS
    if not known or not isinstance(function, Name) or not isinstance(inner, tuple):
        raise Malformed("torch._tensor._rebuild_from_type_v2")
    if function.name == "torch._tensor._rebuild_from_type_v2":  # would nest without end
        raise Malformed(function.name)
    return call(function, inner)


def _other(kind: str) -> Callable[[tuple[object, ...]], object]:
    return lambda _: OtherTensor(kind)


def storage_of(identity: object) -> StorageRef:
    """Read torch's persistent id: ("storage", class, key, location, numel[, (view key, offset, size)]).

    Raises ValueError where it is not one.
    """
    if not isinstance(identity, tuple) or not 5 <= len(identity) <= 6 or identity[0] != "storage":
        raise ValueError
    kind, key, _, numel = identity[1:5]
    dtype = storage_dtype(kind.name) if isinstance(kind, Name) else None
    if dtype is None or not isinstance(key, str) or type(numel) is not int or numel < 0:
        raise ValueError
    view = identity[5] if len(identity) == 6 else None
    if view is None:
        return StorageRef(dtype, key, numel, 0, numel)
    if not isinstance(view, tuple) or len(view) != 3 or type(view[1]) is not int or type(view[2]) is not int:
        raise ValueError
    if view[1] < 0 or view[2] < 0 or view[1] + view[2] > numel:
        raise ValueError
    return StorageRef(dtype, key, numel, view[1], view[2])


_CALLS: dict[str, Callable[[tuple[object, ...]], object]] = {
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_tensor_v3": _tensor_v3,
    "torch._utils._rebuild_parameter": _parameter,
    "torch._utils._rebuild_parameter_with_state": _parameter,
    "torch._tensor._rebuild_from_type_v2": _typed,
    "torch._utils._rebuild_sparse_tensor": _other("sparse"),
    "torch._utils._rebuild_nested_tensor": _other("nested"),
    "torch._utils._rebuild_qtensor": _other("quantised"),
    "torch._utils._rebuild_meta_tensor_no_storage": _other("meta"),
}
