"""ONNX models: values equal those of the onnx library, whatever the field, the type and the file that holds them."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, external_data_helper, helper, numpy_helper

from inspector.checkpoint import open_checkpoint
from inspector.checkpoint.protobuf import VarintRun
from inspector.checkpoint.source import Folder
from inspector.errors import InputError
from tests.inspector.checkpoint.conftest import refusal

COMPARED = [
    code
    for name, code in TensorProto.DataType.items()
    if name not in ("UNDEFINED", "STRING", "COMPLEX64", "COMPLEX128", "FLOAT6E2M3", "FLOAT6E3M2")
]
NAMES = {code: name for name, code in TensorProto.DataType.items()}


def model_of(initialisers: list[Any] = (), nodes: list[Any] = (), **kwargs: Any) -> onnx.ModelProto:
    graph = helper.make_graph(list(nodes), "g", [], [], list(initialisers))
    return helper.make_model(graph, **kwargs)


def written(folder: Path, model: onnx.ModelProto, name: str = "m.onnx") -> Path:
    path = folder / name
    path.write_bytes(model.SerializeToString())
    return path


def values(path: Path, name: str) -> Any:
    """All values of one tensor, read in two blocks that do not start at 0."""
    with open_checkpoint(path) as checkpoint:
        stored = checkpoint.tensors[name]
        cuts = sorted({0, min(1, stored.elements), stored.elements // 2, stored.elements})
        blocks = [checkpoint.read_flat(name, a, b) for a, b in pairwise(cuts)]
        whole = np.concatenate(blocks) if blocks else checkpoint.read_flat(name, 0, 0)
        return whole.reshape(stored.shape)


def codes(path: Path) -> set[str]:
    with open_checkpoint(path) as checkpoint:
        return {note.code.removeprefix("checkpoint.") for note in checkpoint.warnings}


def refused(path: Path) -> str:
    error = refusal(path)
    assert error is not None
    assert error.note.file
    return error.note.code.removeprefix("checkpoint.")


def tensor_of(code: int, shape: tuple[int, ...], *, raw: bool, seed: int = 0) -> TensorProto:
    """A tensor with values that its type can hold, in raw_data or in the field of its type."""
    dtype = helper.tensor_dtype_to_np_dtype(code)
    numbers = np.random.default_rng(seed).integers(0, 2, shape) * 1.0
    if code == TensorProto.FLOAT8E8M0:
        numbers = numbers + 1
    elif code not in (TensorProto.BOOL,) and not NAMES[code].startswith(("UINT", "FLOAT4")):
        numbers = numbers * 2 - 1
    array = numbers.astype(dtype)
    return numpy_helper.from_array(array, "w") if raw else helper.make_tensor("w", code, shape, array.reshape(-1))


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "field"])
@pytest.mark.parametrize("code", COMPARED, ids=NAMES.get)
def test_every_type_in_every_field(tmp_path: Path, code: int, raw: bool) -> None:
    for shape in ((), (0, 3), (5,), (3, 7), (2, 3, 4)):
        tensor = tensor_of(code, shape, raw=raw)
        found = values(written(tmp_path, model_of([tensor])), "w")
        wanted = numpy_helper.to_array(tensor)
        assert found.shape == wanted.shape
        assert np.array_equal(found.astype(np.float64), wanted.astype(np.float64))
        if wanted.dtype.itemsize > 1 or wanted.dtype.kind in "iu":
            assert found.dtype in (wanted.dtype, np.dtype(np.float32))


@settings(max_examples=60, deadline=None)
@given(
    code=st.sampled_from(COMPARED),
    shape=st.lists(st.integers(0, 6), max_size=4).map(tuple),
    seed=st.integers(0, 999),
    raw=st.booleans(),
    opset=st.integers(7, 26),
    version=st.integers(3, 13),
)
def test_random_models_have_the_library_s_values(
    tmp_path_factory: pytest.TempPathFactory,
    code: int,
    shape: tuple[int, ...],
    seed: int,
    raw: bool,
    opset: int,
    version: int,
) -> None:
    tensor = tensor_of(code, shape, raw=raw, seed=seed)
    model = model_of([tensor], opset_imports=[helper.make_opsetid("", opset)], ir_version=version)
    found = values(written(tmp_path_factory.mktemp("random"), model), "w")
    assert np.array_equal(found.astype(np.float64), numpy_helper.to_array(tensor).astype(np.float64))


def test_every_code_of_one_byte(tmp_path: Path) -> None:
    for code in (TensorProto.FLOAT8E4M3FNUZ, TensorProto.FLOAT8E5M2FNUZ, TensorProto.INT4, TensorProto.FLOAT4E2M1):
        each = 2 if code in (TensorProto.INT4, TensorProto.FLOAT4E2M1) else 1
        tensor = helper.make_tensor("w", code, (256 * each,), bytes(range(256)), raw=True)
        found = values(written(tmp_path, model_of([tensor])), "w")
        wanted = numpy_helper.to_array(tensor).astype(np.float32)
        assert np.array_equal(found, wanted, equal_nan=True)


@pytest.mark.parametrize("one_file", [True, False])
def test_external_data_of_the_library(tmp_path: Path, one_file: bool) -> None:
    arrays = {f"layer.{i}.weight": np.random.default_rng(i).normal(size=(40, 30)).astype("f4") for i in range(4)}
    model = model_of([numpy_helper.from_array(array, name) for name, array in arrays.items()])
    external_data_helper.convert_model_to_external_data(
        model, all_tensors_to_one_file=one_file, location="weights.bin" if one_file else None, size_threshold=0
    )
    onnx.save_model(model, tmp_path / "m.onnx")
    for path in (tmp_path / "m.onnx", tmp_path):
        for name, array in arrays.items():
            assert np.array_equal(values(path, name), array)
        with open_checkpoint(path) as checkpoint:
            assert len(checkpoint.files) == (2 if one_file else 5)
            assert {note.code for note in checkpoint.warnings} == set()
            stored = checkpoint.tensors["layer.2.weight"]
            there = checkpoint.read_file(stored.file, stored.offset, stored.offset + stored.nbytes)
            assert there.tobytes() == arrays["layer.2.weight"].tobytes()


def outside(folder: Path, *entries: tuple[str, str], dims: tuple[int, ...] = (4,)) -> Path:
    """A model whose tensor w lies in w.bin, 16 bytes long."""
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=dims, data_location=TensorProto.EXTERNAL)
    for key, value in entries:
        tensor.external_data.add(key=key, value=value)
    (folder / "w.bin").write_bytes(np.arange(4, dtype="<f4").tobytes())
    return written(folder, model_of([tensor]))


def test_checksums_of_the_file_or_of_the_bytes(tmp_path: Path) -> None:
    whole = hashlib.sha1(np.arange(4, dtype="<f4").tobytes()).hexdigest()
    half = hashlib.sha1(np.arange(2, 4, dtype="<f4").tobytes()).hexdigest()
    place = (("location", "w.bin"), ("offset", "8"), ("length", "8"))
    for right in (whole, half, half.upper()):
        assert values(outside(tmp_path, *place, ("checksum", right), dims=(2,)), "w").tolist() == [2, 3]
    assert refused(outside(tmp_path, *place, ("checksum", "0" * 40), dims=(2,))) == "checksum"


def test_a_large_file_s_checksum_is_verified_when_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.checkpoint.onnx_external.MAX_AT_OPENING", 8)
    path = outside(tmp_path, ("location", "w.bin"), ("checksum", "0" * 40))
    with open_checkpoint(path) as checkpoint, pytest.raises(InputError) as caught:
        checkpoint.read_flat("w", 0, 1)
    assert caught.value.note.code == "checkpoint.checksum"
    assert caught.value.note.tensor == "w"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ((("location", "/etc/hostname"),), "onnx_outside"),
        ((("location", "a\\w.bin"),), "onnx_outside"),
        ((("location", "a//w.bin"),), "onnx_outside"),
        ((("location", "C:w.bin"),), "onnx_outside"),
        ((("location", "w.bin\0"),), "onnx_outside"),
        ((("location", "./"),), "onnx_no_location"),
        ((), "onnx_no_location"),
        ((("location", "./m.onnx"), ("length", "16")), "onnx_itself"),
        ((("location", "w.bin"), ("location", "w.bin")), "onnx_twice"),
        ((("location", "w.bin"), ("offset", "1_0")), "onnx_bad_number"),
        ((("location", "w.bin"), ("offset", "٤")), "onnx_bad_number"),
        ((("location", "w.bin"), ("offset", "9" * 30)), "onnx_bad_number"),
        ((("location", "w.bin"), ("offset", "4")), "size_mismatch"),
        ((("location", "w.bin"), ("offset", "17")), "past_end"),
    ],
)
def test_what_external_data_may_not_be(tmp_path: Path, entries: tuple[tuple[str, str], ...], code: str) -> None:
    assert refused(outside(tmp_path, *entries)) == code


def test_bytes_behind_the_last_tensor_are_said(tmp_path: Path) -> None:
    path = outside(tmp_path, ("location", "./w.bin"), ("length", "8"), dims=(2,))
    assert codes(path) == {"trailing_bytes"}


def test_one_tensor_has_one_source(tmp_path: Path) -> None:
    raw = helper.make_tensor("w", TensorProto.FLOAT, (1,), np.float32(1).tobytes(), raw=True)
    both = TensorProto.FromString(raw.SerializeToString())
    both.float_data.append(2)
    wrong = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=(1,), int64_data=[1])
    outer = TensorProto.FromString(raw.SerializeToString())
    outer.data_location = TensorProto.EXTERNAL
    outer.external_data.add(key="location", value="w.bin")
    for tensor, code in ((both, "onnx_two_sources"), (wrong, "onnx_wrong_field"), (outer, "onnx_two_sources")):
        assert refused(written(tmp_path, model_of([tensor]))) == code


def test_impossible_shapes(tmp_path: Path) -> None:
    for dims, code in (((-1,), "bad_shape"), ((1 << 40, 1 << 40), "shape_overflow"), ((1,) * 65, "bad_rank")):
        tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=dims)
        assert refused(written(tmp_path, model_of([tensor]))) == code


def test_numbers_as_varints_of_every_length(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    numbers = rng.integers(-(2**63), 2**63, 150_000) >> rng.integers(0, 63, 150_000)
    path = written(tmp_path, model_of([helper.make_tensor("w", TensorProto.INT64, numbers.shape, numbers)]))
    assert np.array_equal(values(path, "w"), numbers)
    with open_checkpoint(path) as checkpoint:
        for start, stop in ((65_535, 65_537), (131_072, 131_073), (149_999, 150_000), (70_000, 70_000)):
            assert np.array_equal(checkpoint.read_flat("w", start, stop), numbers[start:stop])


@pytest.mark.parametrize("content", [b"\x80" * 9 + b"\x01" + b"\x80", b"\x80" * 11 + b"\x01", b"\x80"])
def test_varints_that_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "v").write_bytes(content)
    file = Folder.at(tmp_path).open_file("v")
    with pytest.raises(InputError):
        VarintRun(file, 0, len(content), np.dtype("<i8")).read_into(0, memoryview(bytearray(8)))
    file.close()


def test_weights_in_branches_functions_and_attributes(tmp_path: Path) -> None:
    def branch(value: float) -> onnx.GraphProto:
        constant = helper.make_node("Constant", [], ["y"], value_floats=[value, value])
        return helper.make_graph([constant], "b", [], [], [numpy_helper.from_array(np.float32([value]), "w")])

    node = helper.make_node("If", ["c"], ["z"], then_branch=branch(1.0), else_branch=branch(2.0))
    path = written(tmp_path, model_of([numpy_helper.from_array(np.float32([7]), "v")], [node]))
    with open_checkpoint(path) as checkpoint:
        found = {name: checkpoint.read_flat(name, 0, 1)[0] for name in checkpoint.tensors}
        notes = {note.code: note.params["count"] for note in checkpoint.warnings}
    assert sorted(found) == ["v", "w", "w#2", "y", "y#2"]
    assert sorted(found.values()) == [1, 1, 2, 2, 7]
    assert notes == {
        "checkpoint.onnx_inside": 2,
        "checkpoint.onnx_constants": 2,
        "checkpoint.onnx_in_two_graphs": 2,
    }


def test_shapes_and_axes_are_no_weights(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.array(value)))
        for name, value in (("axes", [0, 1]), ("eps", np.float32(1e-5)), ("table", np.arange(65)))
    ]
    nodes.append(helper.make_node("Constant", [], ["list"], value_ints=range(-30, 40)))
    nodes.append(helper.make_node("Constant", [], ["pads"], value_ints=[1, 1]))
    nodes.append(helper.make_node("Tree", ["x"], ["y"], thresholds=[0.5] * 70, few=[0.5] * 4))
    path = written(tmp_path, model_of([], nodes))
    with open_checkpoint(path) as checkpoint:
        assert list(checkpoint.tensors) == ["list", "table", "y.thresholds"]
        assert checkpoint.read_flat("list", 0, 70).tolist() == list(range(-30, 40))
        counts = {note.code: note.params["count"] for note in checkpoint.warnings}
    assert counts["checkpoint.onnx_steering"] == 3


def test_deep_nesting_costs_no_stack(tmp_path: Path) -> None:
    graph = helper.make_graph([], "leaf", [], [], [numpy_helper.from_array(np.float32([1]), "w")]).SerializeToString()
    key = {name: bytes([number << 3 | 2]) for name, number in (("node", 1), ("attribute", 5), ("g", 6), ("graph", 7))}

    def wrapped(kind: str, content: bytes) -> bytes:
        length, out = len(content), b""
        while length > 127:
            out, length = out + bytes([length & 127 | 128]), length >> 7
        return key[kind] + out + bytes([length]) + content

    for depth, fails in ((90, False), (5000, True)):
        inner = graph
        for _ in range(depth):
            inner = wrapped("node", wrapped("attribute", wrapped("g", inner)))
        (tmp_path / "m.onnx").write_bytes(b"\x08\x08" + wrapped("graph", inner))
        error = refusal(tmp_path / "m.onnx")
        assert (error.note.code == "checkpoint.onnx_limit") if fails and error else error is None


def test_a_model_that_is_cut_is_refused_at_every_length(tmp_path: Path) -> None:
    content = model_of([numpy_helper.from_array(np.float32([[1, 2], [3, 4]]), "w")]).SerializeToString()
    for length in range(len(content) - 10):
        (tmp_path / "m.onnx").write_bytes(content[:length])
        error = refusal(tmp_path / "m.onnx")
        assert error is not None
        assert length == 1 or error.note.code in (
            "checkpoint.truncated",
            "checkpoint.onnx_damaged",
            "checkpoint.empty",
            "checkpoint.no_tensors",
        )


def test_any_changed_byte_is_an_error_or_opens(tmp_path: Path) -> None:
    node = helper.make_node("MatMul", ["x", "onnx::MatMul_1"], ["y"], name="/fc/MatMul")
    content = model_of([numpy_helper.from_array(np.float32([[1, 2], [3, 4]]), "onnx::MatMul_1")], [node])
    original = content.SerializeToString()
    for place in range(len(original)):
        for byte in (0, 1, 0x7F, 0xFF):
            changed = bytearray(original)
            changed[place] = byte
            (tmp_path / "m.onnx").write_bytes(changed)
            refusal(tmp_path / "m.onnx")  # no other exception, and an end


def test_the_content_says_that_it_is_a_model(tmp_path: Path) -> None:
    tensor = numpy_helper.from_array(np.float32([1, 2]), "w")
    plain = model_of([tensor], producer_name="somebody's exporter", doc_string="words\nand words")
    bare = onnx.ModelProto(graph=plain.graph)
    last = onnx.ModelProto(ir_version=8, producer_name="p" * 1000, producer_version="1.{")
    for model in (plain, bare, onnx.ModelProto.FromString(last.SerializeToString() + bare.SerializeToString())):
        path = written(tmp_path, model, "weights")
        assert values(path, "w").tolist() == [1, 2]


@pytest.mark.parametrize("content", [b"\x08\x08 just text", b": just text", b"Better text, and more of it", b"\x08"])
def test_other_content_is_no_model(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights").write_bytes(content)
    assert refused(tmp_path / "weights") == "unknown_format"


def test_texts_alone_open_with_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path, model_of([helper.make_tensor("s", TensorProto.STRING, (1,), [b"<b>"])]))
    with open_checkpoint(path) as checkpoint:
        assert len(checkpoint.tensors) == 0
        assert [note.params["kind"] for note in checkpoint.warnings] == ["string tensor"]


def test_models_are_no_shards_of_a_torch_index(tmp_path: Path) -> None:
    tensor = helper.make_tensor("w", TensorProto.INT4, (2,), b"\x21", raw=True)
    written(tmp_path, model_of([tensor]), "a.bin")
    index = {"metadata": {"total_size": 1}, "weight_map": {"w": "a.bin"}}
    (tmp_path / "m.bin.index.json").write_text(json.dumps(index))
    assert refused(tmp_path) == "shard_format"


def test_several_threads_read_one_model(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1).integers(-(2**40), 2**40, 200_000)
    path = written(tmp_path, model_of([helper.make_tensor("w", TensorProto.INT64, numbers.shape, numbers)]))
    with open_checkpoint(path) as checkpoint, ThreadPoolExecutor(4) as pool:
        starts = list(range(0, 200_000, 7_001))
        blocks = pool.map(lambda start: checkpoint.read_flat("w", start, min(start + 7_001, 200_000)), starts)
        assert np.array_equal(np.concatenate(list(blocks)), numbers)
