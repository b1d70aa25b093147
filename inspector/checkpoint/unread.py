"""Formats that are recognised and not read: what they are called, and the usual way to convert them."""

from __future__ import annotations

import re
from collections.abc import Collection

from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError

_NUMPY = "safetensors.numpy.save_file"
_TFLITE = ("TensorFlow Lite", "python -m tf2onnx.convert --tflite FILE --output model.onnx")
_SAVED_MODEL = ("TensorFlow SavedModel", "python -m tf2onnx.convert --saved-model FOLDER --output model.onnx")
_FROZEN = ("TensorFlow GraphDef", "python -m tf2onnx.convert --graphdef FILE --output model.onnx")
_TF_CHECKPOINT = ("TensorFlow checkpoint", f"tf.train.load_checkpoint, get_tensor, {_NUMPY}")
_CORE_ML = ("Core ML", f"coremltools.optimize.coreml.get_weights_metadata, {_NUMPY}")
_FLAX = ("Flax msgpack", f"flax.serialization.msgpack_restore, flax.traverse_util.flatten_dict, {_NUMPY}")
_PADDLE = ("PaddlePaddle", "paddle.load, safetensors.paddle.save_file")
_ORT = ("ONNX Runtime (.ort)", "model.onnx")

# The last bytes of a table of TensorFlow's index: tensorflow/core/lib/io/format.h, kTableMagicNumber.
_TABLE_END = bytes.fromhex("57fb808b247547db")
_TF_DATA = re.compile(r".*\.data-\d{5}-of-\d{5}")
_TF_STATE = b"model_checkpoint_path:"
_MSGPACK_MAPS = (*range(0x81, 0x90), 0xDE, 0xDF)
_PICKLE = b"\x80"
_PADDLE_NAMES = b"StructuredToParameterName@@"  # paddle/framework/io.py


def refuse_unread(file: SourceFile, head: bytes) -> None:
    """Raise InputError("checkpoint.convert") for a file of a format that is not read."""
    found = _by_content(file, head) or _by_name(file.name.lower(), head)
    if found:
        raise _error(file.name, found)


def refuse_folder(label: str, names: Collection[str]) -> None:
    """Raise InputError("checkpoint.convert") for a folder (`label`) that is a model of a format that is not read."""
    if "saved_model.pb" in names or "saved_model.pbtxt" in names:
        raise _error(label, _SAVED_MODEL)
    if label.lower().endswith(".mlpackage") or {"Manifest.json", "Data"} <= set(names):
        raise _error(label, _CORE_ML)
    if label.lower().endswith(".mlmodelc") or "coremldata.bin" in names:
        raise _error(label, _CORE_ML)
    if any(name.endswith(".index") or _TF_DATA.fullmatch(name) for name in names):
        raise _error(label, _TF_CHECKPOINT)


def _error(name: str, found: tuple[str, str]) -> InputError:
    what, how = found
    return InputError("checkpoint.convert", file=name, what=what, how=how)


def _by_content(file: SourceFile, head: bytes) -> tuple[str, str] | None:
    if head[4:8] == b"TFL3":
        return _TFLITE
    if head[4:8] == b"ORTM":
        return _ORT
    if head.startswith(_TF_STATE):
        return _TF_CHECKPOINT
    if head[0] in _MSGPACK_MAPS and (b"\xa6params" in head[1:8] or file.name.lower().endswith((".msgpack", ".flax"))):
        return _FLAX
    if head[:1] == _PICKLE and (_PADDLE_NAMES in head or file.name.lower().endswith((".pdparams", ".pdopt"))):
        return _PADDLE
    if file.size >= 48 and file.read(file.size - 8, 8) == _TABLE_END:
        return _TF_CHECKPOINT
    return None


def _by_name(name: str, head: bytes) -> tuple[str, str] | None:
    """Tell by the name what has no signature: a protocol buffer, or plain values."""
    last = name.rpartition("/")[2]
    if _TF_DATA.fullmatch(last):
        return _TF_CHECKPOINT
    if last == "saved_model.pb" and head[:1] == b"\x08":
        return _SAVED_MODEL
    if last.endswith(".pb") and head[:1] == b"\x0a":
        return _FROZEN
    if last.endswith(".mlmodel") and head[:1] == b"\x08":
        return _CORE_ML
    return None
