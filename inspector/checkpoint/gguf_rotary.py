"""Rows of queries and keys in the order of the Hugging Face models, and what a GGUF header tells about heads.

For models whose rotary embedding turns neighbouring rows, llama.cpp's converter takes the two halves of each head's
rows in turns: row i of half j becomes row 2 i + j of the head (convert_hf_to_gguf.py, `LlamaModel.permute`). Here the
halves are put together again, for the architectures whose converter does so; the others (qwen2, gemma, phi3, ...) keep
their rows. Llama 4 and Apertus use that class without the step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from inspector.checkpoint.gguf_header import Value
from inspector.checkpoint.storage import Storage

# general.architecture of the converter's classes that permute q and k.
_PERMUTED = frozenset(
    (
        "llama",
        "llama-embed",
        "mistral3",
        "smollm3",
        "arcee",
        "granite",
        "granitemoe",
        "granitehybrid",
        "deci",
        "minicpm",
        "internlm2",
        "baichuan",
        "xverse",
        "olmo",
        "arctic",
        "deepseek",
        "chameleon",
        "bailingmoe",
        "llada",
    )
)
# Vision encoders (clip.projector_type) that are converted so: Pixtral's, and LightOnOCR's, which is built like it.
_PERMUTED_VISION = frozenset(("pixtral", "lightonocr"))
_QUERY_OR_KEY = re.compile(r"(v\.)?blk\.(\d{1,6})\.attn_([qk])\.(?:weight|bias)")
_MAX_HEAD = 64 << 20  # bytes of one head's rows, which are read together
_SPAN = 4 << 20
_FEW_ROWS = 8  # are read one by one


def rotary_heads(name: str, values: Mapping[str, Value]) -> int | None:
    """Return the number of heads whose rows a converter moved in this tensor, 0 where none is declared.

    None for a tensor whose rows are as the model has them.
    """
    match = _QUERY_OR_KEY.fullmatch(name)
    if match is None:
        return None
    vision, layer, role = match[1], int(match[2]), match[3]
    architecture = values.get("general.architecture")
    if vision:
        moved = architecture == "clip" and values.get("clip.projector_type") in _PERMUTED_VISION
        return _heads(values, "clip.vision", layer, "q") if moved else None
    return _heads(values, str(architecture), layer, role) if architecture in _PERMUTED else None


def _heads(values: Mapping[str, Value], section: str, layer: int, role: str) -> int:
    """Return the heads of queries, or of keys (as many where nothing else is said), in a layer."""
    declared = values.get(f"{section}.attention.head_count")
    if role == "k":
        declared = values.get(f"{section}.attention.head_count_kv", declared)
    if isinstance(declared, tuple):
        declared = declared[layer] if layer < len(declared) else 0
    return declared if isinstance(declared, int) and declared > 0 else 0


def config_hints(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return the numbers of heads as a config.json would say them."""
    architecture = str(values.get("general.architecture", ""))
    sections = {"vision": "clip.vision", "audio": "clip.audio"} if architecture == "clip" else {"text": architecture}
    found: dict[str, Any] = {}
    for kind, section in sections.items():
        heads = values.get(f"{section}.attention.head_count")
        if isinstance(heads, int) and not isinstance(heads, bool):
            found[f"{kind}_config"] = {"num_attention_heads": heads}
    return found


def rows_put_back(storage: Storage, shape: tuple[int, ...], heads: int) -> Storage | None:
    """Return the bytes of a permuted tensor in the model's order of rows, None where the heads do not fit the rows."""
    rows = shape[0] if shape else 0
    if heads <= 0 or not rows or not storage.nbytes or rows % (2 * heads) or storage.nbytes % rows:
        return None
    if storage.nbytes // heads > _MAX_HEAD:
        return None
    return PairedRows(storage, rows // heads, storage.nbytes // rows)


class PairedRows:
    """Bytes of a matrix whose rows of each head are stored half by half in turns, given half after half.

    offset: -1, since they do not lie so in the file. nbytes: length in bytes.
    """

    def __init__(self, storage: Storage, head: int, width: int) -> None:
        """Wrap `storage`: `head` rows a head, `width` bytes a row."""
        self._storage = storage
        self._head = head
        self._width = width
        self.offset = -1
        self.nbytes = storage.nbytes

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the rows in the model's order."""
        stop = start + len(out)
        first, last = start // self._width, -(-stop // self._width)
        if last - first <= _FEW_ROWS:
            few = np.empty((last - first, self._width), np.uint8)
            for place, row in enumerate(range(first, last)):
                self._storage.read_into(self._stored(row) * self._width, few[place].data)
            out[:] = few.reshape(-1)[start - first * self._width : stop - first * self._width].data
            return
        size = self._head * self._width
        step = max(1, _SPAN // size)
        for head in range(start // size, -(-stop // size), step):
            count = min(step, -(-stop // size) - head)
            piece = np.empty((count, self._head // 2, 2, self._width), np.uint8)
            self._storage.read_into(head * size, piece.reshape(-1).data)
            rows = piece.swapaxes(1, 2).reshape(-1)
            low, high = max(start, head * size), min(stop, (head + count) * size)
            out[low - start : high - start] = rows[low - head * size : high - head * size].data

    def _stored(self, row: int) -> int:
        """Return where a row of the model is stored."""
        head, within = divmod(row, self._head)
        half, place = divmod(within, self._head // 2)
        return head * self._head + 2 * place + half
