"""Block codes: bit for bit what gguf-py gives, whatever is read of them."""

from __future__ import annotations

import gguf
import numpy as np
import pytest

from inspector.checkpoint.dtypes import ENCODED
from inspector.checkpoint.gguf_blocks import CODES, Blocks
from inspector.checkpoint.storage import Held

IN_GGUF_PY = sorted(CODES.keys() - {"Q8_K"})  # an intermediate of products, which gguf-py does not decode


def random_blocks(code: str, count: int = 40) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.random.default_rng(7).integers(0, 256, (count, CODES[code].nbytes), dtype=np.uint8)


def test_all_codes_are_known_as_encoded() -> None:
    assert set(CODES) <= ENCODED


@pytest.mark.parametrize("code", IN_GGUF_PY)
def test_random_bytes_give_the_values_of_gguf_py(code: str) -> None:
    kind = gguf.GGMLQuantizationType[code]
    assert gguf.GGML_QUANT_SIZES[kind] == (CODES[code].elements, CODES[code].nbytes)
    raw = random_blocks(code, (1 << 19) // CODES[code].elements + 5)  # more than are decoded at a time
    values = Blocks(CODES[code], Held(raw.tobytes()), 0).values(0, len(raw) * CODES[code].elements)
    with np.errstate(all="ignore"):
        theirs = gguf.quants.dequantize(raw, kind).reshape(-1)
    numbers = ~np.isnan(theirs)
    assert numbers.mean() > 0.8
    assert np.array_equal(np.isnan(values), ~numbers)
    assert values[numbers].tobytes() == theirs[numbers].tobytes()


def test_q8_k_is_scale_times_code() -> None:
    raw = random_blocks("Q8_K")
    raw[:, :4] = np.linspace(-2, 2, len(raw), dtype="<f4")[:, None].view(np.uint8)
    values = Blocks(CODES["Q8_K"], Held(raw.tobytes()), 0).values(0, len(raw) * 256)
    scale = raw[:, :4].copy().view("<f4")
    assert np.array_equal(values.reshape(-1, 256), scale * raw[:, 4:260].view(np.int8).astype(np.float32))


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_part_is_what_the_whole_has_there(code: str) -> None:
    blocks = Blocks(CODES[code], Held(bytes(3) + random_blocks(code, 9).tobytes()), 3)
    elements = 9 * CODES[code].elements
    whole = blocks.values(0, elements)
    for start, stop in np.random.default_rng(1).integers(0, elements + 1, (60, 2)):
        low, high = sorted((int(start), int(stop)))
        assert blocks.values(low, high).tobytes() == whole[low:high].tobytes()


@pytest.mark.parametrize("code", sorted(CODES))
def test_big_endian_blocks_have_the_same_values(code: str) -> None:
    raw = random_blocks(code)
    turned = raw.copy()
    for place, width in CODES[code].fields:
        turned[:, place : place + width] = raw[:, place : place + width][:, ::-1]
    elements = len(raw) * CODES[code].elements
    values = Blocks(CODES[code], Held(raw.tobytes()), 0).values(0, elements)
    assert Blocks(CODES[code], Held(turned.tobytes()), 0, big_endian=True).values(0, elements).tobytes() == (
        values.tobytes()
    )
