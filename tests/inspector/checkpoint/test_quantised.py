"""Quantised layouts against plain quantisers: every value, every cut, and what does not fit together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError, worded
from tests.data.quantising import Packed, awq, bnb_4bit, bnb_int8, gptq, packed_rows


def matrix(outputs: int = 24, inputs: int = 64, seed: int = 0) -> Tensor:
    return torch.randn(outputs, inputs, generator=torch.Generator().manual_seed(seed))


def named(stored: dict[str, Tensor], module: str = "layers.0.q") -> dict[str, Tensor]:
    return {f"{module}.{ending}": tensor.contiguous() for ending, tensor in stored.items()}


def check(path: Path, dtype: str, values: Tensor, name: str = "layers.0.q.weight") -> None:
    """One tensor of this name, type, shape; the whole and every kind of cut give the reference's values."""
    with open_checkpoint(path) as checkpoint:
        stored = checkpoint.tensors[name]
        assert (stored.dtype, stored.shape, stored.offset) == (dtype, tuple(values.shape), -1)
        assert [other for other in checkpoint.tensors if other.startswith(name[:-6])] == [name]
        whole = checkpoint.read_flat(name, 0, stored.elements)
        assert whole.dtype == np.float32
        np.testing.assert_allclose(whole, values.reshape(-1).numpy(), rtol=2e-6, atol=1e-7)
        generator = np.random.default_rng(0)
        for start, stop in np.sort(generator.integers(0, stored.elements + 1, (60, 2)), axis=1).tolist():
            assert checkpoint.read_flat(name, start, stop).tobytes() == whole[start:stop].tobytes()
        columns = values.shape[1]
        rows = checkpoint.read_rows(name, 3, 9)
        assert rows.tobytes() == whole[3 * columns : 9 * columns].tobytes()
        codes = [note.code for note in checkpoint.warnings]
        assert codes.count("checkpoint.quantised") == 1


ACT_ORDER = torch.arange(64)[torch.randperm(64, generator=torch.Generator().manual_seed(1))] // 16
CASES: dict[str, tuple[str, Packed]] = {
    "awq": ("AWQ_INT4", awq(matrix())),
    "awq_one_group": ("AWQ_INT4", awq(matrix(), -1)),
    "awq_odd_outputs": ("AWQ_INT4", awq(matrix(21))),
    "gptq_v1": ("GPTQ_INT4", gptq(matrix())),
    "gptq_v1_symmetric": ("GPTQ_INT4", gptq(matrix(), symmetric=True)),
    "gptq_v2_symmetric": ("GPTQ_INT4", gptq(matrix(), symmetric=True, version=2)),
    "gptq_8": ("GPTQ_INT8", gptq(matrix(), bits=8)),
    "gptq_2": ("GPTQ_INT2", gptq(matrix(), bits=2)),
    "gptq_one_group": ("GPTQ_INT4", gptq(matrix(), -1)),
    "gptq_act_order": ("GPTQ_INT4", gptq(matrix(), groups=ACT_ORDER)),
    "gptq_odd_sizes": ("GPTQ_INT4", gptq(matrix(21, 61))),
    "gptq_few_outputs": ("GPTQ_INT4", gptq(matrix(9, 64))),
    "packed_rows": ("PACKED_INT4", packed_rows(matrix())),
    "packed_rows_8": ("PACKED_INT8", packed_rows(matrix(), bits=8)),
    "packed_rows_zeros": ("PACKED_INT4", packed_rows(matrix(21), symmetric=False)),
    "packed_rows_odd": ("PACKED_INT4", packed_rows(matrix(21, 60), 12)),
    "bnb_int8": ("BNB_INT8", bnb_int8(matrix())),
    "bnb_nf4": ("BNB_NF4", bnb_4bit(matrix())),
    "bnb_nf4_nested": ("BNB_NF4", bnb_4bit(matrix(), nested=True)),
    "bnb_nf4_odd": ("BNB_NF4", bnb_4bit(matrix(11, 13))),
    "bnb_fp4": ("BNB_FP4", bnb_4bit(matrix(), "fp4")),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("suffix", [".safetensors", ".bin"])
def test_values(tmp_path: Path, case: str, suffix: str) -> None:
    dtype, (stored, values) = CASES[case]
    path = tmp_path / f"model{suffix}"
    tensors = named(stored) | {"norm.weight": torch.ones(4)}
    if suffix == ".bin":
        torch.save(tensors, path)
    else:
        save_file(tensors, path)
    check(path, dtype, values)


def test_large_tiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Matrices that are not kept, and rows longer than a tile, give the same values."""
    monkeypatch.setattr("inspector.checkpoint.quantised_tiles.KEPT", 0)
    monkeypatch.setattr("inspector.checkpoint.quantised_tiles.TILE", 50)
    monkeypatch.setattr("inspector.checkpoint.quantised_bnb.TILE", 50)
    for whole_lines in (1 << 20, 100, 1):
        monkeypatch.setattr("inspector.checkpoint.quantised_tiles._WHOLE_LINES", whole_lines)
        for case in ("awq", "gptq_act_order", "packed_rows_zeros", "bnb_int8", "bnb_nf4_nested"):
            dtype, (stored, values) = CASES[case]
            save_file(named(stored), tmp_path / f"{case}.safetensors")
            check(tmp_path / f"{case}.safetensors", dtype, values)


def test_second_version_is_read_from_the_configuration(tmp_path: Path) -> None:
    stored, values = gptq(matrix(), version=2)
    save_file(named(stored), tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({"quantization_config": {"checkpoint_format": "gptq_v2"}}))
    check(tmp_path, "GPTQ_INT4", values)


def test_a_group_over_two_shards(tmp_path: Path) -> None:
    stored, values = gptq(matrix())
    tensors = named(stored)
    first = {name: tensor for name, tensor in tensors.items() if "qweight" in name}
    save_file(first, tmp_path / "model-00001-of-00002.safetensors")
    rest = {name: tensor for name, tensor in tensors.items() if name not in first}
    save_file(rest, tmp_path / "model-00002-of-00002.safetensors")
    index = {name: f"model-0000{1 if name in first else 2}-of-00002.safetensors" for name in tensors}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    check(tmp_path, "GPTQ_INT4", values)


@pytest.mark.parametrize("scale", ["tensor", "row", "block"])
def test_scaled_fp8(tmp_path: Path, scale: str) -> None:
    weight = matrix(160, 200).to(torch.float8_e4m3fn)
    scales = {"tensor": torch.tensor(0.5), "row": torch.rand(160, 1), "block": torch.rand(2, 2)}[scale]
    ending = "weight_scale_inv" if scale == "block" else "weight_scale"
    save_file(named({"weight": weight, ending: scales}), tmp_path / "model.safetensors")
    wide = scales.repeat_interleave(128, 0)[:160].repeat_interleave(128, 1)[:, :200] if scale == "block" else scales
    check(tmp_path / "model.safetensors", "FP8_SCALED", weight.float() * wide)


def test_scaled_int8(tmp_path: Path) -> None:
    weight, scales = (matrix() * 30).round().to(torch.int8), torch.rand(24, 1)
    save_file(named({"weight": weight, "weight_scale": scales}), tmp_path / "model.safetensors")
    check(tmp_path / "model.safetensors", "INT8_SCALED", weight.float() * scales)


def left_out(tmp_path: Path, stored: dict[str, Tensor], code: str, word: str) -> None:
    """The group is named and left out; alone in a file, it is an error with the same sentence."""
    save_file(named(stored) | {"other.weight": torch.ones(4)}, tmp_path / "a.safetensors")
    with open_checkpoint(tmp_path / "a.safetensors") as checkpoint:
        assert list(checkpoint.tensors) == ["other.weight"]
        note = next(note for note in checkpoint.warnings if note.code == code)
        assert note.tensor.startswith("layers.0.q.")
        assert word in worded(note)
    save_file(named(stored), tmp_path / "b.safetensors")
    with pytest.raises(InputError) as caught:
        open_checkpoint(tmp_path / "b.safetensors")
    assert caught.value.note.code == code


def without(packed: Packed, ending: str) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in packed[0].items() if name != ending}


@pytest.mark.parametrize(
    ("stored", "missing"),
    [
        (without(gptq(matrix()), "scales"), "scales"),
        (without(awq(matrix()), "qzeros"), "qzeros"),
        (without(awq(matrix()), "qweight"), "qweight"),
        (without(packed_rows(matrix()), "weight_shape"), "weight_shape"),
        (without(bnb_int8(matrix()), "weight"), "weight"),
        ({"weight": bnb_4bit(matrix())[0]["weight"]}, "quant_state"),
        (without(bnb_4bit(matrix()), "weight.absmax"), "weight.absmax"),
        (without(bnb_4bit(matrix()), "weight.quant_map"), "weight.quant_map"),
        (without(bnb_4bit(matrix()), "weight.quant_state.bitsandbytes__nf4"), "quant_state"),
        (without(bnb_4bit(matrix(), nested=True), "weight.nested_absmax"), "nested_absmax"),
    ],
)
def test_a_missing_part(tmp_path: Path, stored: dict[str, Tensor], missing: str) -> None:
    left_out(tmp_path, stored, "checkpoint.quantised_missing", missing)


def test_integers_beside_nothing_are_numbers(tmp_path: Path) -> None:
    """A copy saved as whole numbers, without the scales that no verdict needs, stays in sight."""
    levels = bnb_int8(matrix())[0]["weight"]
    save_file({"layer.weight": levels}, tmp_path / "m.safetensors")
    with open_checkpoint(tmp_path / "m.safetensors") as checkpoint:
        assert checkpoint.tensors["layer.weight"].dtype == "I8"
        assert checkpoint.warnings == ()


@pytest.mark.parametrize(
    ("packed", "changed"),
    [
        (gptq(matrix()), {"qweight": torch.zeros(7, 24, dtype=torch.int32)}),
        (gptq(matrix()), {"scales": torch.zeros(4, 23, dtype=torch.float16)}),
        (gptq(matrix()), {"g_idx": torch.zeros(63 - 8, dtype=torch.int32)}),
        (gptq(matrix()), {"qweight": torch.zeros(8, 24, dtype=torch.float32)}),
        (awq(matrix()), {"qzeros": torch.zeros(3, 3, dtype=torch.int32)}),
        (awq(matrix()), {"scales": torch.zeros(0, 24, dtype=torch.float16)}),
        (packed_rows(matrix()), {"weight_shape": torch.tensor([24, -64])}),
        (packed_rows(matrix()), {"weight_shape": torch.tensor([25, 64])}),
        (packed_rows(matrix()), {"weight_scale": torch.zeros(24, 5, dtype=torch.float16)}),
        (packed_rows(matrix()), {"weight_zero_point": torch.zeros(4, 4, dtype=torch.int32)}),
        (bnb_int8(matrix()), {"SCB": torch.zeros(23)}),
        (bnb_4bit(matrix()), {"weight": torch.zeros(767, 1, dtype=torch.uint8)}),
        (bnb_4bit(matrix()), {"weight.absmax": torch.zeros(23)}),
        (bnb_4bit(matrix()), {"weight.quant_map": torch.zeros(15)}),
    ],
)
def test_sizes_that_disagree(tmp_path: Path, packed: Packed, changed: dict[str, Tensor]) -> None:
    left_out(tmp_path, packed[0] | changed, "checkpoint.quantised_sizes", "do not fit")


@pytest.mark.parametrize("block", [1 << 21, 1 << 39])
def test_a_block_longer_than_the_weight(tmp_path: Path, block: int) -> None:
    stored, values = bnb_4bit(matrix(), block=24 * 64)
    state = json.dumps({"quant_type": "nf4", "blocksize": block, "shape": [24, 64]}).encode()
    stored[STATE] = torch.tensor(list(state), dtype=torch.uint8)
    save_file(named(stored), tmp_path / "model.safetensors")
    check(tmp_path / "model.safetensors", "BNB_NF4", values)


def test_codes_declared_as_another_type(tmp_path: Path) -> None:
    """bnb_4bit_quant_storage: the same bytes, declared as bfloat16."""
    stored, values = bnb_4bit(matrix())
    stored["weight"] = stored["weight"].reshape(-1).view(torch.bfloat16)[:, None]
    save_file(named(stored), tmp_path / "model.safetensors")
    check(tmp_path / "model.safetensors", "BNB_NF4", values)


@pytest.mark.parametrize("offset", ["1e400", "NaN", "1" + "0" * 400, "true", '"1"', "[]"])
def test_an_offset_that_is_no_number(tmp_path: Path, offset: str) -> None:
    stored = bnb_4bit(matrix(), nested=True)[0]
    state = f'{{"shape": [24, 64], "blocksize": 64, "nested_blocksize": 4, "nested_offset": {offset}}}'
    stored[STATE] = torch.tensor(list(state.encode()), dtype=torch.uint8)
    save_file(named(stored), tmp_path / "model.safetensors")
    with pytest.raises(InputError) as caught:
        open_checkpoint(tmp_path)
    assert caught.value.note.code == "checkpoint.quantised_unknown"


@pytest.mark.parametrize("hint", [[128, 10**30], [0, 128], "x", [128.0, 128], None])
def test_a_block_size_is_only_a_hint(tmp_path: Path, hint: object) -> None:
    weight, scales = matrix(160, 200).to(torch.float8_e4m3fn), torch.rand(2, 2)
    save_file(named({"weight": weight, "weight_scale_inv": scales}), tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({"quantization_config": {"weight_block_size": hint}}))
    wide = scales.repeat_interleave(128, 0)[:160].repeat_interleave(128, 1)[:, :200]
    check(tmp_path, "FP8_SCALED", weight.float() * wide)


STATE = "weight.quant_state.bitsandbytes__nf4"


@pytest.mark.parametrize(
    "state",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"shape": [24, -64], "blocksize": 64}',
        b'{"shape": [24, 64], "blocksize": 0}',
        b'{"shape": [24, 64.0], "blocksize": 64}',
        b'{"shape": [24, 64], "blocksize": 64, "quant_type": "fp4"}',
        b'{"shape": [24, 64], "shape": [24, 64], "blocksize": 64}',
        b" " * 5000,
    ],
)
def test_a_quant_state_that_is_none(tmp_path: Path, state: bytes) -> None:
    stored = bnb_4bit(matrix())[0] | {STATE: torch.tensor(list(state), dtype=torch.uint8)}
    left_out(tmp_path, stored, "checkpoint.quantised_unknown", "quant_state")


def test_layouts_that_are_only_known_by_name(tmp_path: Path) -> None:
    integers = torch.zeros(8, 24, dtype=torch.uint8)
    for ending in ("W_q", "weight._data"):
        left_out(tmp_path, {ending: integers}, "checkpoint.quantised_unknown", ending)
    wide = {"weight_shape": torch.tensor([24, 65])}
    left_out(tmp_path, packed_rows(matrix())[0] | wide, "checkpoint.quantised_unknown", "weight_packed")
    row = {"weight_format": torch.tensor([1], dtype=torch.uint8)}
    left_out(tmp_path, bnb_int8(matrix())[0] | row, "checkpoint.quantised_unknown", "weight_format")


@pytest.mark.parametrize("place", [4, -1])
def test_an_index_past_the_groups(tmp_path: Path, place: int) -> None:
    stored = gptq(matrix())[0]
    stored["g_idx"][17] = place
    save_file(named(stored), tmp_path / "model.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        with pytest.raises(InputError) as caught:
            checkpoint.read_flat("layers.0.q.weight", 0, 64)
        assert caught.value.note.code == "checkpoint.quantised_index"
        assert caught.value.note.file == "model.safetensors"
        assert caught.value.note.tensor == "layers.0.q.weight"


@pytest.mark.parametrize("ending", ["weight_scale", "SCB", "weight.absmax"])
def test_nothing_beside_it_hides_a_plain_weight(tmp_path: Path, ending: str) -> None:
    weight = matrix()
    save_file(named({"weight": weight, ending: torch.rand(24)}), tmp_path / "model.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        assert checkpoint.tensors["layers.0.q.weight"].dtype == "F32"


def test_a_plain_weight_beside_a_quantised_one_is_kept(tmp_path: Path) -> None:
    weight = matrix()
    save_file(named(gptq(weight)[0] | {"weight": weight}), tmp_path / "model.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        assert list(checkpoint.tensors) == ["layers.0.q.weight"]
        assert checkpoint.read_rows("layers.0.q.weight", 0, 24).tobytes() == weight.numpy().tobytes()
        assert "checkpoint.quantised_twice" in [note.code for note in checkpoint.warnings]
