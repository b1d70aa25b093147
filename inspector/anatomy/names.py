"""How a tensor name is taken apart: the module's path, the parameter, and the numbers between dots."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_PATH = 1024  # characters that are looked into; a hostile name may hold a million dots
_NUMBER = re.compile(r"(?:^|\.)(\d{1,9})(?=\.|$)")
_ENDINGS = ((".weight", "weight", 7), (".bias", "bias", 5), ("_weight", "weight", 6), ("_bias", "bias", 4))


def split_param(name: str) -> tuple[str, str]:
    """Return (module path, "weight" | "bias" | "value"); a fused ending keeps its underscore.

    >>> split_param("blocks.0.attn.in_proj_weight")
    ('blocks.0.attn.in_proj_', 'weight')
    >>> split_param("class_embedding")
    ('class_embedding', 'value')
    """
    for ending, param, length in _ENDINGS:
        if name.endswith(ending):
            return name[:-length], param
    return ("", name) if name in ("weight", "bias") else (name, "value")


def numbered(path: str, pattern: re.Pattern[str] = _NUMBER) -> list[tuple[str, int, str]]:
    """Return (left, number, rest) for every number that stands alone between dots.

    Args:
        path: of a module.
        pattern: what finds a number (its first group); `numbers_after` gives one that looks at fewer.

    >>> numbered("visual.blocks.3.mlp.0")
    [('visual.blocks', 3, 'mlp.0'), ('visual.blocks.3.mlp', 0, '')]
    """
    return [
        (path[: match.start(1) - 1] if match.start(1) else "", int(match[1]), path[match.end() + 1 :])
        for match in pattern.finditer(path, 0, MAX_PATH)
    ]


def numbers_after(paths: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of numbers that follow one of these module paths.

    >>> numbered("visual.blocks.3.mlp.0", numbers_after(["blocks"]))
    [('visual.blocks', 3, 'mlp.0')]
    """
    names = "|".join(sorted({re.escape(path.rpartition(".")[2]) for path in paths}))
    return re.compile(rf"(?:^|(?<=\.))(?:{names})\.(\d{{1,9}})(?=\.|$)")


def collapse_numbers(path: str) -> str:
    """Return the path with {N} for every number between dots.

    >>> collapse_numbers("mlp.experts.17.gate_proj")
    'mlp.experts.{N}.gate_proj'
    """
    return _NUMBER.sub(lambda m: m[0][: m.start(1) - m.start()] + "{N}", path)


def dotted_prefixes(name: str) -> list[str]:
    """Return every prefix of a name that ends in a dot, the longest first, and "" last.

    >>> dotted_prefixes("a.b.c")
    ['a.b.', 'a.', '']
    """
    name = name[:MAX_PATH]
    ends = [end + 1 for end, char in enumerate(name) if char == "."]
    return [name[:end] for end in reversed(ends)] + [""]
