"""Plain quantisers that write matrices as AWQ, GPTQ and bitsandbytes publish them, with the values they stand for.

Each returns (tensors by name ending, values (out, in) float32). Loops over elements, so that they share nothing with
the readers.
"""

from __future__ import annotations

import json

import torch
from torch import Tensor

Packed = tuple[dict[str, Tensor], Tensor]
AWQ_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)
NF4 = [
    -1.0, -0.6961928, -0.52507305, -0.39491749, -0.28444138, -0.18477343, -0.09105004, 0.0,
    0.0795803, 0.1609302, 0.24611230, 0.33791524, 0.44070983, 0.56261700, 0.72295684, 1.0,
]  # fmt: skip
FP4 = [
    0.0, 0.005208333, 0.6666667, 1.0, 0.3333333, 0.5, 0.1666667, 0.25,
    -0.0, -0.005208333, -0.6666667, -1.0, -0.3333333, -0.5, -0.1666667, -0.25,
]  # fmt: skip


def levels(weight: Tensor, groups: Tensor, bits: int, symmetric: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Integers (out, in), zeros and float16 scales (groups, out) of a weight whose input i is of group groups[i]."""
    top = 2**bits - 1
    count = int(groups.max()) + 1
    zeros = torch.zeros(count, weight.shape[0], dtype=torch.int64)
    scales = torch.zeros(count, weight.shape[0], dtype=torch.float16)
    integers = torch.zeros(weight.shape, dtype=torch.int64)
    for group in range(count):
        part = weight[:, groups == group]
        high = part.abs().amax(1) if symmetric else part.amax(1).clamp(min=0)
        low = -high if symmetric else part.amin(1).clamp(max=0)
        scale = ((high - low) / top).clamp(min=1e-4).to(torch.float16)
        zero = torch.full_like(low, 2 ** (bits - 1)) if symmetric else (-low / scale.float()).round().clamp(0, top)
        scales[group], zeros[group] = scale, zero.to(torch.int64)
        rounded = (part / scale.float()[:, None]).round() + zero[:, None]
        integers[:, groups == group] = rounded.clamp(0, top).to(torch.int64)
    return integers, zeros, scales


def plain_values(integers: Tensor, zeros: Tensor, scales: Tensor, groups: Tensor) -> Tensor:
    """The weight (out, in) that integers, zeros and scales stand for."""
    out = torch.zeros(integers.shape, dtype=torch.float32)
    for column, group in enumerate(groups.tolist()):
        out[:, column] = (integers[:, column] - zeros[group]).float() * scales[group].float()
    return out


def words(rows: Tensor, bits: int, order: tuple[int, ...] | None = None) -> Tensor:
    """Pack each row's integers (n, m) into int32 (n, ceil(m × bits / 32)); place k of a word holds column order[k]."""
    per = 32 // bits
    order = order or tuple(range(per))
    packed = []
    for row in rows.tolist():
        row = row + [0] * (-len(row) % per)
        line = []
        for start in range(0, len(row), per):
            word = sum((row[start + order[place]] & (2**bits - 1)) << (bits * place) for place in range(per))
            line.append(word - (1 << 32) if word >= 1 << 31 else word)
        packed.append(line)
    return torch.tensor(packed, dtype=torch.int32)


def awq(weight: Tensor, group_size: int = 16, *, symmetric: bool = False) -> Packed:
    """4 bits as AutoAWQ's GEMM layout packs them."""
    groups = torch.arange(weight.shape[1]) // (group_size if group_size > 0 else weight.shape[1])
    integers, zeros, scales = levels(weight, groups, 4, symmetric)
    stored = {"qweight": words(integers.T, 4, AWQ_ORDER), "qzeros": words(zeros, 4, AWQ_ORDER), "scales": scales}
    return stored, plain_values(integers, zeros, scales, groups)


def gptq(
    weight: Tensor,
    group_size: int = 16,
    *,
    bits: int = 4,
    symmetric: bool = False,
    version: int = 1,
    groups: Tensor | None = None,
) -> Packed:
    """2, 4 or 8 bits as AutoGPTQ packs them; `groups` gives an act-order g_idx."""
    inputs = weight.shape[1]
    index = groups if groups is not None else torch.arange(inputs) // (group_size if group_size > 0 else inputs)
    integers, zeros, scales = levels(weight, index, bits, symmetric)
    stored = {
        "qweight": words(integers, bits).T.contiguous(),
        "qzeros": words(zeros - (1 if version == 1 else 0), bits),
        "scales": scales,
        "g_idx": index.to(torch.int32),
    }
    return stored, plain_values(integers, zeros, scales, index)


def packed_rows(weight: Tensor, group_size: int = 16, *, bits: int = 4, symmetric: bool = True) -> Packed:
    """4 or 8 bits as compressed-tensors packs them along the rows."""
    groups = torch.arange(weight.shape[1]) // group_size
    integers, zeros, scales = levels(weight, groups, bits, symmetric)
    stored = {
        "weight_packed": words(integers, bits),
        "weight_scale": scales.T.contiguous(),
        "weight_shape": torch.tensor(weight.shape),
    }
    if not symmetric:
        stored["weight_zero_point"] = words(zeros, bits).T.contiguous()
    return stored, plain_values(integers, zeros, scales, groups)


def bnb_int8(weight: Tensor) -> Packed:
    """LLM.int8(): a scale a row, which stands for 127."""
    scale = weight.abs().amax(1)
    integers = (weight * 127 / scale[:, None]).round().to(torch.int8)
    stored = {"weight": integers, "SCB": scale, "weight_format": torch.tensor([0], dtype=torch.uint8)}
    return stored, integers.float() * (scale[:, None] / 127)


def bnb_4bit(weight: Tensor, kind: str = "nf4", block: int = 64, *, nested: bool = False) -> Packed:
    """4 bits of a table of 16 values, with one scale a block, which `nested` stores in 8 bits again."""
    table = torch.tensor(NF4 if kind == "nf4" else FP4)
    flat = weight.reshape(-1)
    padded = torch.cat([flat, flat.new_zeros(-len(flat) % block)]).reshape(-1, block)
    absmax = padded.abs().amax(1)
    state = {"quant_type": kind, "blocksize": block, "dtype": "float16", "shape": list(weight.shape)}
    stored = {}
    if nested:
        offset = float(absmax.mean())
        inner_table = torch.linspace(-1, 1, 256)
        inner = 4
        centred = absmax - offset
        outer = torch.cat([centred, centred.new_zeros(-len(centred) % inner)]).reshape(-1, inner).abs().amax(1)
        of = torch.arange(len(absmax)) // inner
        codes = (centred / outer[of])[:, None].sub(inner_table).abs().argmin(1)
        absmax = inner_table[codes] * outer[of] + offset
        stored = {"weight.nested_absmax": outer, "weight.nested_quant_map": inner_table}
        stored["weight.absmax"] = codes.to(torch.uint8)
        state |= {"nested_blocksize": inner, "nested_offset": offset, "nested_dtype": "float32"}
    else:
        stored["weight.absmax"] = absmax
    places = (padded / absmax[:, None]).unsqueeze(-1).sub(table).abs().argmin(-1)
    values = (table[places] * absmax[:, None]).reshape(-1)[: len(flat)].reshape(weight.shape)
    codes = places.reshape(-1)[: len(flat)].tolist()
    codes += [0] * (len(codes) % 2)
    pairs = [16 * first + second for first, second in zip(codes[::2], codes[1::2], strict=True)]
    stored["weight"] = torch.tensor(pairs, dtype=torch.uint8)[:, None]
    stored["weight.quant_map"] = table
    stored[f"weight.quant_state.bitsandbytes__{kind}"] = torch.tensor(
        list(json.dumps(state).encode()), dtype=torch.uint8
    )
    return stored, values
