"""What exporters did to names and matrices is undone: module names, PyTorch's order, dequantised values."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import inspector
from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError
from tests.inspector.checkpoint.test_onnx import codes, model_of, values, written

RNG = np.random.default_rng(0)
W = RNG.normal(size=(5, 3)).astype("f4")


class Block(torch.nn.Module):
    """Attention and a Sequential: the exporter folds and renames matrices of both."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = torch.nn.LayerNorm(16)
        self.attn = torch.nn.MultiheadAttention(16, 2, batch_first=True)
        self.mlp = torch.nn.Sequential(torch.nn.Linear(16, 32), torch.nn.GELU(), torch.nn.Linear(32, 16, bias=False))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.norm(x)
        x = x + self.attn(h, h, h, need_weights=False)[0]
        return x + self.mlp(x)  # type: ignore[no-any-return]


class Small(torch.nn.Module):
    """A convolution, two blocks, a head."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = torch.nn.Conv2d(3, 16, 4, 4)
        self.layers = torch.nn.ModuleList([Block(), Block()])
        self.head = torch.nn.Linear(16, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        for layer in self.layers:
            x = layer(x)
        return self.head(x.mean(1))  # type: ignore[no-any-return]


def exported(folder: Path) -> tuple[Path, dict[str, torch.Tensor]]:
    torch.manual_seed(0)
    model = Small().eval()
    for parameter in model.parameters():  # equal ones would be exported once
        torch.nn.init.normal_(parameter)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, (torch.randn(1, 3, 8, 8),), folder / "m.onnx", dynamo=False, opset_version=17)
    return folder / "m.onnx", model.state_dict()


def test_an_export_has_the_state_dict_s_names_and_values(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path, state = exported(tmp_path)
    stored = {tensor.name for tensor in onnx.load(path).graph.initializer}
    assert not stored >= state.keys()
    with open_checkpoint(path) as checkpoint:
        assert set(checkpoint.tensors) == set(state)
    for name, tensor in state.items():
        assert np.array_equal(values(path, name), tensor.numpy()), name
    assert {"onnx_named", "onnx_turned"} <= codes(path)


def test_an_export_is_identical_to_what_was_exported(tmp_path: Path) -> None:
    path, state = exported(tmp_path)
    torch.save(state, tmp_path / "m.pt")
    found = inspector.compare(path, [tmp_path / "m.pt"])
    assert {component.verdict for component in found.components} == {"identical"}


def node(op: str, *inputs: str, name: str = "", out: str = "y", **numbers: int) -> onnx.NodeProto:
    return helper.make_node(op, list(inputs), [out], name=name, **numbers)


def opened(folder: Path, tensors: dict[str, npt.NDArray[Any]], *nodes: onnx.NodeProto) -> Path:
    return written(folder, model_of([numpy_helper.from_array(v, k) for k, v in tensors.items()], list(nodes)))


def names(path: Path) -> list[str]:
    with open_checkpoint(path) as checkpoint:
        return sorted(checkpoint.tensors)


@pytest.mark.parametrize(
    ("stored", "step", "shown", "turned"),
    [
        ("onnx::MatMul_9", node("MatMul", "x", "onnx::MatMul_9", name="/a/b.0/fc/MatMul"), "a.b.0.fc.weight", True),
        ("onnx::MatMul_9", node("MatMul", "x", "onnx::MatMul_9", out="/a/MatMul_output_0"), "a.weight", True),
        ("9", node("Gemm", "x", "9", name="/mlp/mlp.2/Gemm"), "mlp.2.weight", True),
        ("9", node("Gemm", "x", "9", name="/fc/Gemm", transB=1), "fc.weight", False),
        ("9", node("MatMul", "9", "x", name="/fc/MatMul"), "9", False),
        ("9", node("MatMul", "x", "9", name="MatMul_3"), "9", True),
        ("fc.weight", node("Gemm", "x", "fc.weight", name="/fc/Gemm", transB=1), "fc.weight", False),
        ("h.0.c_attn.weight", node("Gemm", "x", "h.0.c_attn.weight", name="/h.0/Gemm"), "h.0.c_attn.weight", False),
        ("m/dense/MatMul/Read:0", node("MatMul", "x", "m/dense/MatMul/Read:0"), "m/dense/MatMul/Read:0", True),
    ],
)
def test_names_and_order(tmp_path: Path, stored: str, step: onnx.NodeProto, shown: str, turned: bool) -> None:
    path = opened(tmp_path, {stored: W}, step)
    assert names(path) == [shown]
    assert np.array_equal(values(path, shown), W.T if turned else W)
    assert ("onnx_turned" in codes(path)) == turned
    assert ("onnx_named" in codes(path)) == (shown != stored)


def test_a_name_that_could_be_two_tensors_is_given_to_neither(tmp_path: Path) -> None:
    two = [node("MatMul", "x", str(i), name=f"/fc/MatMul_{i}") for i in (1, 2)]
    assert names(opened(tmp_path, {"1": W, "2": W}, *two)) == ["1", "2"]
    taken = opened(tmp_path, {"1": W, "fc.weight": W}, node("MatMul", "x", "1", name="/fc/MatMul"))
    assert names(taken) == ["1", "fc.weight"]
    elsewhere = [node("MatMul", "x", "1", name="/fc/MatMul"), node("MatMul", "x", "1", name="/other/MatMul")]
    assert names(opened(tmp_path, {"1": W}, *elsewhere)) == ["1"]


def test_the_newer_exporter_s_scopes_name_modules(tmp_path: Path) -> None:
    step = node("MatMul", "x", "val_7", name="node_linear_3")
    step.metadata_props.add(key="pkg.torch.onnx.name_scopes", value="['', 'enc', 'enc.fc', 'linear_3']")
    assert names(opened(tmp_path, {"val_7": W}, step)) == ["enc.fc.weight"]


STORED = {
    "i8": RNG.integers(-128, 128, (6, 8)).astype("i1"),
    "u8": RNG.integers(0, 256, (6, 8)).astype("u1"),
    "i4": RNG.integers(-8, 8, (6, 8)).astype(helper.tensor_dtype_to_np_dtype(TensorProto.INT4)),
}


@pytest.mark.parametrize("kind", STORED)
@pytest.mark.parametrize("use", ["MatMul", "Gemm"])
@pytest.mark.parametrize(("axis", "block"), [(None, 0), (0, 0), (-1, 0), (0, 3), (1, 4)])
def test_dequantised_as_the_library_does(tmp_path: Path, kind: str, use: str, axis: int | None, block: int) -> None:
    stored = STORED[kind]
    shape = () if axis is None else (stored.shape[axis],)
    if block:
        shape = tuple(-(-size // block) if place == axis else size for place, size in enumerate(stored.shape))
    scale = RNG.uniform(0.1, 1, shape).astype("f4")
    zero = RNG.integers(0, 7, shape).astype(stored.dtype)
    numbers = {} if axis is None else {"axis": axis, **({"block_size": block} if block else {})}
    steps = [
        node("DequantizeLinear", "onnx::MatMul_1_quantized", "s", "z", out="w", **numbers),
        node(use, "x", "w", name=f"/fc/{use}", **({"transB": 1} if use == "Gemm" else {})),
    ]
    path = opened(tmp_path, {"onnx::MatMul_1_quantized": stored, "s": scale, "z": zero}, *steps)
    only = helper.make_graph(steps[:1], "g", [], [helper.make_tensor_value_info("w", TensorProto.FLOAT, None)])
    only.initializer.extend(onnx.load(path).graph.initializer)
    wanted = ReferenceEvaluator(helper.make_model(only)).run(None, {})[0]
    assert names(path) == ["fc.weight"]
    assert np.allclose(values(path, "fc.weight"), wanted.T if use == "MatMul" else wanted, rtol=1e-6, atol=0)
    assert "onnx_dequantised" in codes(path)


def test_a_scale_in_a_constant_node_counts(tmp_path: Path) -> None:
    scale = helper.make_node("Constant", [], ["s"], value=numpy_helper.from_array(np.float32(0.5)))
    steps = [scale, node("DequantizeLinear", "fc.weight_quantized", "s", out="w"), node("Gemm", "x", "w", transB=1)]
    path = opened(tmp_path, {"fc.weight_quantized": STORED["i8"]}, *steps)
    assert np.array_equal(values(path, "fc.weight"), STORED["i8"].astype("f4") / 2)


@pytest.mark.parametrize("scale", [None, np.ones(5, "f4"), np.ones((2, 2), "f4"), np.ones(6, "i4")])
def test_without_a_fitting_scale_the_numbers_stay_and_it_is_said(
    tmp_path: Path, scale: npt.NDArray[Any] | None
) -> None:
    tensors = {"w": STORED["i8"]} | ({} if scale is None else {"s": scale})
    path = opened(tmp_path, tensors, node("DequantizeLinear", "w", "s", out="d", axis=0))
    assert np.array_equal(values(path, "w"), STORED["i8"])
    assert "onnx_no_scale" in codes(path)


def test_several_nodes_with_one_scale(tmp_path: Path) -> None:
    steps = [node("DequantizeLinear", "w", "s", out=f"d{i}") for i in range(3)]
    path = opened(tmp_path, {"w": STORED["i8"], "s": np.float32([2])}, *steps)
    assert names(path) == ["w"]
    other = node("DequantizeLinear", "w", "t", out="d3")
    path = opened(tmp_path, {"w": STORED["i8"], "s": np.float32([2]), "t": np.float32([3])}, *steps, other)
    assert names(path) == ["s", "t", "w"]


def test_nothing_to_compare_is_said(tmp_path: Path) -> None:
    texts = written(tmp_path, model_of([helper.make_tensor("s", TensorProto.STRING, (1,), [b"x"])]))
    path = opened(tmp_path / "..", {"w": W})
    with pytest.raises(InputError) as caught:
        inspector.compare(texts, [path])
    assert caught.value.note.code == "checkpoint.no_tensors"
