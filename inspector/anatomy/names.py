"""How a tensor name is taken apart: the module's path, the parameter, and the numbers between dots."""

from __future__ import annotations

import re

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


def numbered(path: str, after: tuple[str, ...] = ("",)) -> list[tuple[str, int, str]]:
    """Return (left, number, rest) for every number between dots whose left side ends in one of `after`.

    >>> numbered("visual.blocks.3.mlp.0")
    [('visual.blocks', 3, 'mlp.0'), ('visual.blocks.3.mlp', 0, '')]
    >>> numbered("visual.blocks.3.mlp.0", ("blocks",))
    [('visual.blocks', 3, 'mlp.0')]
    """
    found = []
    for match in _NUMBER.finditer(path, 0, MAX_PATH):
        left = path[: match.start()]
        if left.endswith(after):
            found.append((left, int(match[1]), path[match.end() + 1 :]))
    return found


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
