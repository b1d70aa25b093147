"""Models in several GGUF files: each says how many there are and which one it is, and all must be there.

Keys: https://github.com/ggml-org/llama.cpp, tools/gguf-split (split.no, split.count, split.tensors.count).
"""

from __future__ import annotations

from collections.abc import Sequence

from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import Part
from inspector.errors import InputError

_COUNT, _NUMBER, _TENSORS = "split.count", "split.no", "split.tensors.count"


def check_splits(parts: Sequence[tuple[SourceFile, Part]]) -> None:
    """Refuse a split model of which parts are missing, or whose parts contradict each other.

    Raises:
        InputError: the message names the first part and says how many are missing.
    """
    split = [(file, part) for file, part in parts if _whole(part, _COUNT) > 1]
    if not split:
        return
    file, first = split[0]
    count = _whole(first, _COUNT)
    numbers = {_whole(part, _NUMBER) for _, part in split}
    alike = all(_whole(part, _COUNT) == count for _, part in split)
    if not alike or len(numbers) != len(split) or not all(0 <= number < count for number in numbers):
        raise InputError("checkpoint.gguf_parts_disagree", file=file.name)
    if len(split) < count:
        raise InputError("checkpoint.gguf_parts_missing", file=file.name, missing=count - len(split), count=count)
    held = sum(len(part.tensors) + len(part.not_comparable) for _, part in split)
    if _whole(first, _TENSORS, held) != held:
        declared = _whole(first, _TENSORS)
        raise InputError("checkpoint.gguf_parts_tensors", file=file.name, declared=declared, held=held)


def _whole(part: Part, key: str, otherwise: int = 0) -> int:
    text = part.metadata.get(key, "") if part.format == "gguf" else ""
    return int(text) if text.isascii() and text.isdigit() else otherwise
