"""Keras files as the versions of Keras lay them out: short names, kernels in PyTorch's order."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

from inspector.checkpoint import Checkpoint, open_checkpoint, parts, storage
from inspector.checkpoint.keras_layout import unique_names

RNG = np.random.default_rng(1)


def array(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape).astype("f4")


def write(path: Path, datasets: dict[str, np.ndarray], layers: tuple[str, ...] = (), at: str = "/") -> None:
    with h5py.File(path, "w") as file:
        for name, values in datasets.items():
            file[name] = values
        if layers:
            file[at].attrs["layer_names"] = np.array([layer.encode() for layer in layers])


def whole(checkpoint: Checkpoint, name: str) -> np.ndarray:
    stored = checkpoint.tensors[name]
    return checkpoint.read_flat(name, 0, stored.elements).reshape(stored.shape)


def opened(path: Path) -> tuple[dict[str, np.ndarray], list[str]]:
    with open_checkpoint(path) as checkpoint:
        codes = [note.code.removeprefix("checkpoint.") for note in checkpoint.warnings]
        return {name: whole(checkpoint, name) for name in checkpoint.tensors}, codes


def test_a_keras_2_model(tmp_path: Path) -> None:
    stored = {
        "model_weights/conv2d/conv2d/kernel:0": array(3, 3, 2, 8),
        "model_weights/conv2d/conv2d/bias:0": array(8),
        "model_weights/conv2d_1/conv2d_1_1/kernel:0": array(1, 1, 8, 4),
        "model_weights/conv1d/conv1d/kernel:0": array(5, 2, 6),
        "model_weights/dense/dense/kernel:0": array(3, 7),
        "model_weights/separable/separable/depthwise_kernel:0": array(3, 3, 4, 2),
        "model_weights/separable/separable/pointwise_kernel:0": array(1, 1, 8, 5),
        "model_weights/lstm/lstm/lstm_cell/kernel:0": array(3, 16),
        "model_weights/lstm/lstm/lstm_cell/recurrent_kernel:0": array(4, 16),
        "model_weights/embedding/embedding/embeddings:0": array(11, 3),
        "model_weights/bn/bn/gamma:0": array(8),
        "optimizer_weights/Adam/m/dense/kernel:0": array(3, 7),
    }
    write(tmp_path / "m.h5", stored, ("conv2d", "dense"), "model_weights")
    found, codes = opened(tmp_path / "m.h5")
    assert codes == ["training_left_out"]
    expected = {
        "conv2d.kernel": stored["model_weights/conv2d/conv2d/kernel:0"].transpose(3, 2, 0, 1),
        "conv2d.bias": stored["model_weights/conv2d/conv2d/bias:0"],
        "conv2d_1.kernel": stored["model_weights/conv2d_1/conv2d_1_1/kernel:0"].transpose(3, 2, 0, 1),
        "conv1d.kernel": stored["model_weights/conv1d/conv1d/kernel:0"].transpose(2, 1, 0),
        "dense.kernel": stored["model_weights/dense/dense/kernel:0"].T,
        "separable.depthwise_kernel": stored["model_weights/separable/separable/depthwise_kernel:0"]
        .transpose(2, 3, 0, 1)
        .reshape(8, 1, 3, 3),
        "separable.pointwise_kernel": stored["model_weights/separable/separable/pointwise_kernel:0"].transpose(
            3, 2, 0, 1
        ),
        "lstm.lstm_cell.kernel": stored["model_weights/lstm/lstm/lstm_cell/kernel:0"].T,
        "lstm.lstm_cell.recurrent_kernel": stored["model_weights/lstm/lstm/lstm_cell/recurrent_kernel:0"].T,
        "embedding.embeddings": stored["model_weights/embedding/embedding/embeddings:0"],
        "bn.gamma": stored["model_weights/bn/bn/gamma:0"],
    }
    assert set(found) == set(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)


def test_a_turned_kernel_computes_what_keras_computes(tmp_path: Path) -> None:
    """The definition of Keras' layers: y = x @ kernel; depthwise output channel = input × multiplier + m."""
    dense, depthwise = array(3, 7), array(2, 2, 3, 2)
    write(tmp_path / "m.h5", {"dense/kernel:0": dense, "dw/depthwise_kernel:0": depthwise}, ("dense", "dw"))
    found, _ = opened(tmp_path / "m.h5")
    x = array(5, 3)
    turned = torch.nn.functional.linear(torch.tensor(x), torch.tensor(found["dense.kernel"]))
    np.testing.assert_allclose(turned.numpy(), x @ dense, rtol=1e-5)
    image = array(2, 2, 3)
    by_torch = torch.nn.functional.conv2d(
        torch.tensor(image.transpose(2, 0, 1)[None]), torch.tensor(found["dw.depthwise_kernel"]), groups=3
    )
    by_keras = np.einsum("hwi,hwim->im", image, depthwise).reshape(-1)
    np.testing.assert_allclose(by_torch.numpy().reshape(-1), by_keras, rtol=1e-4)


@pytest.mark.parametrize(("suffix", "bias"), [("", "bias:0"), ("_dense", "1")])
def test_attention_projections_of_both_versions(tmp_path: Path, suffix: str, bias: str) -> None:
    out = "output_dense" if suffix else "attention_output"
    kernel = "vars/0" if suffix else "kernel:0"
    bias = f"vars/{bias}" if suffix else bias
    base = "layers/mha" if suffix else "mha"
    q, q_bias, o = array(6, 2, 4), array(2, 4), array(2, 4, 6)
    stored = {
        f"{base}/query{suffix}/{kernel}": q,
        f"{base}/query{suffix}/{bias}": q_bias,
        f"{base}/{out}/{kernel}": o,
        f"{base}/{out}/{bias}": array(6),
        f"{base}/value{suffix}x/kernel:0": array(3, 2, 4),
    }
    write(tmp_path / "m.h5", stored, ("mha",))
    found, codes = opened(tmp_path / "m.h5")
    assert codes == []
    np.testing.assert_array_equal(found[f"mha.query{suffix}.kernel"], q.reshape(6, 8).T)
    np.testing.assert_array_equal(found[f"mha.query{suffix}.bias"], q_bias.reshape(-1))
    np.testing.assert_array_equal(found[f"mha.{out}.kernel"], o.reshape(8, 6).T)
    assert found[f"mha.value{suffix}x.kernel"].shape == (4, 2, 3)


def test_a_convolution_named_query_is_none_of_attention(tmp_path: Path) -> None:
    write(tmp_path / "m.h5", {"query/kernel:0": array(1, 6, 3), "query/bias:0": array(3)}, ("query",))
    assert opened(tmp_path / "m.h5")[0]["query.kernel"].shape == (3, 6, 1)


def test_a_keras_3_weights_file(tmp_path: Path) -> None:
    stored = {
        "layers/dense/vars/0": array(3, 7),
        "layers/dense/vars/1": array(7),
        "layers/conv2d_3/vars/0": array(3, 3, 2, 8),
        "layers/depthwise_conv2d/vars/0": array(3, 3, 4, 1),
        "layers/lstm/cell/vars/0": array(3, 16),
        "layers/lstm/cell/vars/1": array(4, 16),
        "layers/lstm/cell/vars/2": array(16),
        "layers/embedding/vars/0": array(11, 3),
        "layers/batch_normalization/vars/0": array(4),
        "layers/batch_normalization/vars/1": array(4),
        "layers/batch_normalization/vars/2": array(4),
        "layers/batch_normalization/vars/3": array(4),
        "layers/separable_conv2d/vars/0": array(3, 3, 4, 2),
        "layers/separable_conv2d/vars/1": array(1, 1, 8, 5),
        "layers/head/vars/0": array(2, 5),
        "layers/head/vars/1": array(5),
        "layers/mystery/vars/0": array(2, 5),
        "optimizer/vars/0": np.array(7),
    }
    write(tmp_path / "model.weights.h5", stored)
    found, codes = opened(tmp_path / "model.weights.h5")
    assert codes == ["training_left_out", "keras_order_unknown"]
    assert {name: values.shape for name, values in found.items()} == {
        "dense.kernel": (7, 3),
        "dense.bias": (7,),
        "conv2d_3.kernel": (8, 2, 3, 3),
        "depthwise_conv2d.depthwise_kernel": (4, 1, 3, 3),
        "lstm.cell.kernel": (16, 3),
        "lstm.cell.recurrent_kernel": (16, 4),
        "lstm.cell.bias": (16,),
        "embedding.embeddings": (11, 3),
        "batch_normalization.gamma": (4,),
        "batch_normalization.beta": (4,),
        "batch_normalization.moving_mean": (4,),
        "batch_normalization.moving_variance": (4,),
        "separable_conv2d.depthwise_kernel": (8, 1, 3, 3),
        "separable_conv2d.pointwise_kernel": (5, 8, 1, 1),
        "head.kernel": (5, 2),
        "head.bias": (5,),
        "mystery.vars.0": (2, 5),
    }
    np.testing.assert_array_equal(found["head.kernel"], stored["layers/head/vars/0"].T)
    np.testing.assert_array_equal(found["mystery.vars.0"], stored["layers/mystery/vars/0"])


@pytest.mark.parametrize("tail", ["", ":0"])
def test_keras_1_tells_the_order_by_the_bias(tmp_path: Path, tail: str) -> None:
    output_first, output_last, dense = array(8, 2, 3, 3), array(3, 3, 2, 8), array(4, 6)
    stored = {
        f"a/conv_1_W{tail}": output_first,
        f"a/conv_1_b{tail}": array(8),
        f"b/conv_2_W{tail}": output_last,
        f"b/conv_2_b{tail}": array(8),
        f"c/dense_1_W{tail}": dense,
        f"d/lstm_1_U_i{tail}": array(4, 4),
        f"e/embedding_1_W{tail}": array(9, 4),
    }
    write(tmp_path / "m.h5", stored, ("a", "b", "c"))
    found, _ = opened(tmp_path / "m.h5")
    np.testing.assert_array_equal(found["a.conv_1_W"], output_first)
    np.testing.assert_array_equal(found["b.conv_2_W"], output_last.transpose(3, 2, 0, 1))
    np.testing.assert_array_equal(found["c.dense_1_W"], dense.T)
    np.testing.assert_array_equal(found["d.lstm_1_U_i"], stored[f"d/lstm_1_U_i{tail}"].T)
    assert found["e.embedding_1_W"].shape == (9, 4)


def test_plain_datasets_stay_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "m.h5", {"dense/kernel": array(3, 7), "optimizer/kernel:0": array(2, 5)})
    found, codes = opened(tmp_path / "m.h5")
    assert codes == []
    assert {name: values.shape for name, values in found.items()} == {
        "dense.kernel": (3, 7),
        "optimizer.kernel:0": (2, 5),
    }


def test_locally_connected_kernels_stay_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "m.h5", {"locally_connected1d/kernel:0": array(5, 6, 4)}, ("locally_connected1d",))
    assert opened(tmp_path / "m.h5")[0]["locally_connected1d.kernel"].shape == (5, 6, 4)


def test_two_paths_never_share_a_name() -> None:
    short = {("a", "a", "w"): ("a", "w"), ("a", "w"): ("a", "w"), ("b", "w"): ("b", "w")}
    assert unique_names(short) == {("a", "a", "w"): "a/a/w", ("a", "w"): "a/w", ("b", "w"): "b.w"}


@pytest.mark.parametrize("segment", [1, 1 << 20], ids=["by rows", "with what lies between"])
@pytest.mark.parametrize("options", [{}, {"chunks": (5, 4), "compression": "gzip"}], ids=["contiguous", "gzip"])
def test_kernels_too_large_to_hold_are_read_by_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, segment: int, options: dict[str, object]
) -> None:
    kernel, big = array(23, 17), array(2, 3, 4, 6).astype(">f4")
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file.create_dataset("model_weights/dense/kernel:0", data=kernel, **options)
        file["model_weights/conv/kernel:0"] = big
        file["model_weights/dw/depthwise_kernel:0"] = big
        file["model_weights/a/query/kernel:0"] = kernel[:22].reshape(11, 2, 17)
    monkeypatch.setattr(parts, "MAX_SPAN", 16)
    monkeypatch.setattr(storage, "_SEGMENT", segment)
    monkeypatch.setattr(storage, "_PIECE", 200)
    monkeypatch.setattr(parts, "read_span", None)  # the other way of reading would fail
    expected = {
        "dense.kernel": kernel.T,
        "conv.kernel": big.transpose(3, 2, 0, 1),
        "dw.depthwise_kernel": big.transpose(2, 3, 0, 1).reshape(24, 1, 2, 3),
        "a.query.kernel": kernel[:22].reshape(11, 34).T,
    }
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        for name, values in expected.items():
            np.testing.assert_array_equal(whole(checkpoint, name), values, err_msg=name)
            middle = values.shape[0] // 2
            np.testing.assert_array_equal(
                checkpoint.read_flat(name, 5, values.size - 3), values.reshape(-1)[5 : values.size - 3]
            )
            rows = checkpoint.read_rows(name, middle, middle + 2)
            np.testing.assert_array_equal(rows, values.reshape(values.shape[0], -1)[middle : middle + 2])
