"""Fixed tables go by their values, under any name; learned tables stay, under any name."""

from __future__ import annotations

from math import log
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from inspector.anatomy.fixed import find_fixed
from tests.data.memory_checkpoint import MemoryCheckpoint

Array = np.ndarray[Any, Any]
RNG = np.random.default_rng(3)


def codes(arrays: dict[str, Array]) -> dict[str, str]:
    return {name: note.code for name, note in find_fixed(MemoryCheckpoint(arrays)).items()}


def whisper(length: int, width: int) -> Array:
    """openai/whisper's recipe, in float32."""
    step = np.float32(log(10000) / (width // 2 - 1))
    angles = np.arange(length, dtype=np.float32)[:, None] * np.exp(-step * np.arange(width // 2, dtype=np.float32))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def interleaved(length: int, width: int) -> Array:
    angles = np.arange(length)[:, None] / 10000 ** (np.arange(0, width, 2) / width)
    table = np.zeros((length, width), np.float32)
    table[:, 0::2], table[:, 1::2] = np.sin(angles), np.cos(angles)
    return table


def grid(side: int, width: int) -> Array:
    """MAE's 2-D table with a class row of zeros."""
    omega = 1.0 / 10000 ** (np.arange(width // 4) / (width / 4))
    axes = np.meshgrid(np.arange(side), np.arange(side))  # w goes first, as in MAE
    halves = [np.outer(axis.reshape(-1), omega) for axis in axes]
    table = np.concatenate([part for half in halves for part in (np.sin(half), np.cos(half))], axis=1)
    return np.concatenate([np.zeros((1, width)), table]).astype(np.float32)


def mel(bands: int, bins: int) -> Array:
    edges = np.geomspace(4, bins - 1, bands + 2)
    frequency = np.arange(bins)[None, :]
    rise = (frequency - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - frequency) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rise, fall)).astype(np.float32)


def stft(taps: int) -> Array:
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(taps) / taps)
    phase = 2 * np.pi * np.outer(np.arange(taps // 2 + 1), np.arange(taps)) / taps
    return np.concatenate([window * np.cos(phase), -window * np.sin(phase)]).astype(np.float32)[:, None, :]


TABLES = {
    "Whisper": (whisper(1500, 64), "anatomy.fixed_sinusoid"),
    "Whisper, many rows": (whisper(9000, 384), "anatomy.fixed_sinusoid"),
    "Whisper in bfloat16": (whisper(1500, 64).astype(ml_dtypes.bfloat16), "anatomy.fixed_sinusoid"),
    "Whisper in float8": (whisper(1500, 64).astype(ml_dtypes.float8_e4m3fn), "anatomy.fixed_sinusoid"),
    "Whisper in float16": (whisper(300, 96).astype(np.float16), "anatomy.fixed_sinusoid"),
    "Whisper through bfloat16": (whisper(64, 48).astype(ml_dtypes.bfloat16).astype("f4"), "anatomy.fixed_sinusoid"),
    "interleaved": (interleaved(200, 64)[None], "anatomy.fixed_sinusoid"),
    "2-D grid with a class row": (grid(14, 64)[None], "anatomy.fixed_sinusoid"),
    "mel filters": (mel(80, 513), "anatomy.mel_filters"),
    "mel filters, turned": (mel(64, 257).T.copy(), "anatomy.mel_filters"),
    "Fourier basis": (stft(256), "anatomy.stft_basis"),
    "Fourier basis, cosines only": (stft(128)[:65], "anatomy.stft_basis"),
    "Fourier basis, sines only": (stft(128)[65:], "anatomy.stft_basis"),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_fixed_table_goes_whatever_it_is_called(table: str) -> None:
    values, reason = TABLES[table]
    assert codes({"t0001": values, "other.weight": RNG.standard_normal((8, 8)).astype("f4")}) == {"t0001": reason}


@pytest.mark.parametrize("table", TABLES)
def test_a_learned_table_of_its_shape_stays_whatever_it_is_called(table: str) -> None:
    values = TABLES[table][0]
    learned = (0.02 * RNG.standard_normal(values.shape)).astype(np.float32)
    name = "encoder.embed_positions.stft.mel_filters.weight"
    assert codes({name: learned}) == {}
    moved = values.astype(np.float32) + 0.05 * RNG.standard_normal(values.shape).astype(np.float32)
    assert codes({name: moved}) == {}, "a table that training moved is evidence"


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("rotary.inv_freq", 1 / 10000 ** (np.arange(32) / 32), "anatomy.fixed_rotary"),
        ("rope.inv_freq", 1 / 5e6 ** (np.arange(32) / 32) / np.linspace(1, 8, 32), "anatomy.fixed_rotary"),
        ("rope_embed.periods", 100.0 ** (np.arange(16) / 16), "anatomy.fixed_rotary"),
        ("rope.freqs_cos", np.cos(np.outer(np.arange(9), [1.0, 0.1, 0.01])), "anatomy.fixed_rotary_table"),
        ("attn_mask", np.triu(np.full((77, 77), -np.inf), 1), "anatomy.fixed_mask"),
        ("h.0.attn.bias", np.tril(np.ones((1, 1, 9, 9), np.uint8)).astype(bool), "anatomy.fixed_mask"),
        ("attn.qkv.bias_mask", np.repeat([1.0, np.nan, 1.0], 8), "anatomy.fixed_mask"),
        ("window", np.hanning(400), "anatomy.stft_window"),
        ("scale_layer.shift", np.array([-0.030, -0.088, -0.188]).reshape(1, 3, 1, 1), "anatomy.image_normalisation"),
        ("position_ids", np.arange(50, dtype=np.int64)[None], "anatomy.fixed_position_ids"),
        ("bn.num_batches_tracked", np.array(812, np.int64), "anatomy.batch_counter"),
        ("stride", np.array(2, np.int64), "anatomy.integer_scalar"),
        ("relative_position_index", RNG.integers(0, 99, (49, 49)), "anatomy.integer_table"),
        ("nothing", np.zeros((0, 4), np.float32), "anatomy.empty"),
    ],
)
def test_constants_are_named_with_their_reason(name: str, values: Array, reason: str) -> None:
    kept = values.astype(np.float32) if values.dtype == np.float64 else values
    assert codes({name: kept}) == {name: reason}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("rotary.inv_freq", RNG.standard_normal(32)),
        ("norm.weight", np.ones(32)),
        ("mask_token", np.zeros((1, 1, 32))),
        ("attn.bias", np.zeros(96)),
        ("window.weight", RNG.standard_normal(400)),
        ("decoder.embed_positions.weight", np.zeros((448, 64))),
        ("running_mean", RNG.standard_normal(64)),
    ],
)
def test_learned_and_constant_tensors_are_not_called_fixed(name: str, values: Array) -> None:
    assert codes({name: values.astype(np.float32)}) == {}


def test_packed_integers_may_be_weights_and_stay() -> None:
    packed = RNG.integers(0, 255, (64, 32)).astype(np.uint8)
    assert codes({"layers.0.qweight": packed, "layers.0.int8": packed.astype(np.int8)}) == {}


def test_ordinary_weights_are_not_read() -> None:
    shapes = {f"layers.{i}.{name}.weight": (64, 48) for i in range(50) for name in ("q", "k")}
    checkpoint = MemoryCheckpoint({name: np.ones(shape, np.float32) for name, shape in shapes.items()})
    find_fixed(checkpoint)
    assert checkpoint.reads == []
