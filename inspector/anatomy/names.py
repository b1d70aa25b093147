"""How a tensor name is taken apart: the module's path, the parameter, and the numbers between dots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

# A name that is longer or deeper is not looked into: a hostile one may hold a million dots.
MAX_PATH = 512
_MAX_LEVELS = 32
_MAX_NUMBERS = 6  # of one name that may count blocks or experts
# A digit first: the search then skips to digits, and what stands before is looked at only there.
_NUMBER = re.compile(r"(\d(?<![^.]\d)\d{0,8})(?=\.|$)")
_PARAMS = {
    "weight": "weight",
    "bias": "bias",
    "running_mean": "mean",
    "running_var": "var",
    "weight_g": "weight_g",
    "weight_v": "weight_v",
}
# What torch's weight_norm writes since it is a parametrization: the same two tensors under other names.
_PARAMETRIZED = {"original0": "weight_g", "original1": "weight_v"}
_PARAMETRIZATION = ".parametrizations.weight"
_TENSORS = (
    (".weight", "weight"),
    (".bias", "bias"),
    ("", "value"),
    *(("." + name, param) for name, param in list(_PARAMS.items())[2:]),
    *((f"{_PARAMETRIZATION}.{name}", param) for name, param in _PARAMETRIZED.items()),
)
_RECURRENT = re.compile(r"(.*\.)?(weight|bias)_(ih|hh|hr)(?:_l(\d{1,9}))?(_reverse)?", re.DOTALL)


def is_plain(name: str) -> bool:
    """Say whether a name is short and shallow enough to be taken apart.

    >>> is_plain("blocks.0.attn.in_proj_weight"), is_plain("1." * 1000)
    (True, False)
    """
    return len(name) <= MAX_PATH and name.count(".") <= _MAX_LEVELS


def split_param(name: str) -> tuple[str, str]:
    """Return (module path, parameter): what follows the last dot where that is a parameter, else "value".

    A name that is not plain has the path "". A fused ending keeps its underscore. The two tensors of a weight norm
    are parameters of their module, and so are the statistics of a batch norm. Tensors of torch's recurrent modules
    are read as modules of numbered layers.

    >>> split_param("blocks.0.attn.in_proj_weight")
    ('blocks.0.attn.in_proj_', 'weight')
    >>> split_param("class_embedding")
    ('class_embedding', 'value')
    >>> split_param("bn1.running_mean")
    ('bn1', 'mean')
    >>> split_param("pos_conv.0.parametrizations.weight.original1")
    ('pos_conv.0', 'weight_v')
    >>> split_param("lstm.weight_ih_l1_reverse")
    ('lstm.rnn_l.1.ih_reverse', 'weight')
    """
    if not is_plain(name):
        return "", "value"
    path, _, last = name.rpartition(".")
    param = _PARAMS.get(last)
    if param:
        return path, param
    if last in _PARAMETRIZED and path.endswith(_PARAMETRIZATION):
        return path.removesuffix(_PARAMETRIZATION), _PARAMETRIZED[last]
    if "_" not in last:
        return name, "value"
    for ending in ("weight", "bias"):
        if last.endswith("_" + ending):
            return name[: -len(ending)], ending
    if "_ih" in last or "_hh" in last or "_hr" in last:
        match = _RECURRENT.fullmatch(name)
        if match:
            stem, param, gate, layer, reverse = match.groups()
            return f"{stem or ''}rnn_l.{int(layer or 0)}.{gate}{reverse or ''}", param
    return name, "value"


def tensors_of(path: str) -> list[tuple[str, str]]:
    """Return (name, parameter) of every tensor that a module on this path may have: `split_param` turned round.

    >>> tensors_of("attn.in_proj_")
    [('attn.in_proj_weight', 'weight'), ('attn.in_proj_bias', 'bias')]
    >>> tensors_of("norm")[:3]
    [('norm.weight', 'weight'), ('norm.bias', 'bias'), ('norm', 'value')]
    """
    if path.endswith("_"):
        return [(path + "weight", "weight"), (path + "bias", "bias")]
    return [(path + ending, param) for ending, param in _TENSORS]


def numbered(path: str, pattern: re.Pattern[str] = _NUMBER) -> list[tuple[str, int, str]]:
    """Return (left, number, rest) for every number that stands alone between dots, the first `_MAX_NUMBERS`.

    Args:
        path: of a module.
        pattern: what finds a number (its first group); `numbers_after` gives one that looks at fewer.

    >>> numbered("visual.blocks.3.mlp.0")
    [('visual.blocks', 3, 'mlp.0'), ('visual.blocks.3.mlp', 0, '')]
    """
    return [
        (path[: match.start(1) - 1] if match.start(1) else "", int(match[1]), path[match.end() + 1 :])
        for match in islice(pattern.finditer(path), _MAX_NUMBERS)
    ]


def numbered_parents(path: str) -> Iterator[str]:
    """Yield what stands left of the numbers that `numbered` returns.

    >>> list(numbered_parents("visual.blocks.3.mlp.0"))
    ['visual.blocks', 'visual.blocks.3.mlp']
    """
    for match in islice(_NUMBER.finditer(path), _MAX_NUMBERS):
        yield path[: max(0, match.start() - 1)]


def numbers_after(paths: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of numbers that follow one of these module paths; "{S}" in them stands for any number.

    >>> numbered("visual.blocks.3.mlp.0", numbers_after(["blocks"]))
    [('visual.blocks', 3, 'mlp.0')]
    """
    last = {path.rpartition(".")[2] for path in paths}
    names = "|".join(sorted(re.escape(name).replace(r"\{S\}", r"\d{1,9}") for name in last))
    return re.compile(rf"(?:^|(?<=\.))(?:{names})\.(\d{{1,9}})(?=\.|$)")


def collapse_numbers(path: str) -> str:
    """Return the path with {N} for every number between dots.

    >>> collapse_numbers("mlp.experts.17.gate_proj")
    'mlp.experts.{N}.gate_proj'
    """
    return _NUMBER.sub("{N}", path)


def dotted_prefixes(name: str) -> list[str]:
    """Return every prefix of a name that ends in a dot, the longest first, and "" last.

    >>> dotted_prefixes("a.b.c")
    ['a.b.', 'a.', '']
    """
    if not is_plain(name):
        return [""]
    ends = [end + 1 for end, char in enumerate(name) if char == "."]
    return [name[:end] for end in reversed(ends)] + [""]
