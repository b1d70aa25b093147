"""Roles and kind from shapes, where no family's names fit.

Inside a block: module names that say it (`resources/catalogue/hints.json`); then pairs (m, d) and (d, m) are an MLP,
square matrices are attention, vectors of width d with no matrix beside them are norms. Outside: a convolution over
3 channels is a patch embedding, one over 80 or 128 mel bands an audio stem, a tall table an embedding.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import resources
from inspector.anatomy.base import ROLES
from inspector.anatomy.blocks import Block, Member, find_blocks, is_matrix
from inspector.anatomy.families import CatalogueError, Template
from inspector.anatomy.names import split_param
from inspector.anatomy.placing import Role
from inspector.checkpoint.base import StoredTensor
from inspector.results import Kind

MEL_BANDS = (80, 128)
MIN_PATCH = 4  # smaller kernels over 3 channels are the first layer of a conv net, not a patch embedding
MIN_VOCABULARY = 1000
MIN_EMBEDDING = 16
TALL = 8  # a table has at least so many rows a column
_STEM = ("embed", "pos_embed")
OTHER = Template("other")
_QKV = Template("attn.qkv", ("attn.q", "attn.k", "attn.v"))


@dataclass(frozen=True, slots=True)
class Guess:
    """What shapes say of a group of tensors: name -> Role, the kind, the width of its blocks (0 if unknown)."""

    roles: dict[str, Role]
    kind: Kind
    width: int


@cache
def load_hints() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return (role, pattern of the end of the module's path).

    Raises:
        CatalogueError: `hints.json` names an unknown role, or a pattern is of another form.
    """
    hints = resources.load_json("catalogue/hints.json")["roles"]
    unknown = set(hints) - set(ROLES)
    if unknown:
        raise CatalogueError(f"hints: {', '.join(sorted(unknown))} is not a canonical role")
    for role, pattern in hints.items():
        if not (pattern.startswith("(^|[._/])(") and pattern.endswith(")$")) or pattern.count(r"\.") > 1:
            raise CatalogueError(f"hints: {role} must say the end of a path, in at most two segments")
    return tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in hints.items())


@cache
def _says_any(roles: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for what says any of these roles: most names say none, and one search tells."""
    hints = [f"(?:{pattern.pattern})" for role, pattern in load_hints() if role in roles]
    return re.compile("|".join(hints), re.IGNORECASE)


@lru_cache(maxsize=1 << 12)  # the modules of a block have the same names in all blocks
def _hint(path: str) -> str:
    """Return the first role that the end of a module's path says, "" where it says none."""
    return next((role for role, pattern in load_hints() if pattern.search(path)), "")


def guess(tensors: Sequence[StoredTensor]) -> Guess:
    """Return roles, kind and width of tensors in natural order; what stays unknown has the role "other"."""
    blocks = find_blocks(tensors)
    width = _width(blocks)
    roles: dict[str, Role] = {}
    for layer, block in enumerate(blocks):
        for name, (template, param) in _block_roles(block, width).items():
            roles[name] = Role(template, param, layer)
    outside = [tensor for tensor in tensors if tensor.name not in roles]
    named, kind = _stem_roles(outside, width)
    for tensor in outside:
        path, param = split_param(tensor.name)
        roles[tensor.name] = Role(named.get(path, OTHER), param, None)
    return Guess(roles, kind, width)


def _width(blocks: list[Block]) -> int:
    """Return the size that most matrices of the blocks share: the width of the residual stream, 0 without matrices."""
    sizes: Counter[int] = Counter()
    for block in blocks:
        for member in block:
            if len(member.tensor.shape) == 2:
                sizes.update({size for size in member.tensor.shape if size > 1})
    return max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0


def _block_roles(block: Block, width: int) -> dict[str, tuple[Template, str]]:
    modules: defaultdict[str, list[Member]] = defaultdict(list)
    for order, member in enumerate(block):
        path = split_param(member.label)[0] if member.label else f"#{order}"
        modules[path].append(member)
    matrices = {path: matrix for path, members in modules.items() if (matrix := _matrix(members)) is not None}
    roles = {path: _turned(role, matrices[path], width) for path, role in _hinted(matrices).items()}
    rest = {path: shape for path, shape in matrices.items() if path not in roles}
    for path, role in _mlp(rest, width) + _attention(rest, width):
        if role not in roles.values():
            roles[path] = role
    norms = [path for path in modules if path not in matrices and _is_norm(modules[path], width)]
    if len(norms) == 2:
        roles.update(zip(norms, ("norm.1", "norm.2"), strict=True))
    found = {}
    for path, members in modules.items():
        for member in members:
            param = split_param(member.label)[1] if member.label else "weight"
            statistic = path not in matrices and param == "value"
            found[member.tensor.name] = (OTHER if statistic else _template(roles.get(path)), param)
    return found


def _template(role: str | None) -> Template:
    return _QKV if role == "attn.qkv" else Template(role) if role else OTHER


def _matrix(members: list[Member]) -> tuple[int, int] | None:
    """Return the (rows, columns) of a module's one matrix, None for vectors, kernels and more than one."""
    shapes = [member.tensor.shape for member in members if is_matrix(member.tensor)]
    return (shapes[0][0], shapes[0][1]) if len(shapes) == 1 and len(shapes[0]) == 2 else None


def _hinted(paths: Iterable[str], roles: tuple[str, ...] = ROLES) -> dict[str, str]:
    """Return path -> role for modules whose names say one of these roles; a role that several say is left out."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    said = _says_any(roles)
    for path in paths:
        text = path.rstrip("_")
        start = max(0, text.rfind(".", 0, max(0, text.rfind("."))))  # of the last two segments, dot and all
        role = _hint(text[start:]) if said.search(text, start) else ""
        if role in roles:
            found[role].append(path)
    return {paths[0]: role for role, paths in found.items() if len(paths) == 1}


def _turned(role: str, shape: tuple[int, int], width: int) -> str:
    """Return the role, or "other" where the matrix is stored with units as columns (GPT-2's Conv1D)."""
    if role in ("mlp.fc1", "mlp.gate", "mlp.up"):
        return role if shape[1] == width else "other"
    return role if role not in ("mlp.fc2", "mlp.down") or shape[0] == width else "other"


def _mlp(matrices: dict[str, tuple[int, int]], width: int) -> list[tuple[str, str]]:
    """Return the roles of an MLP's matrices: (m, d) with (d, m), or two (m, d) with one (d, m)."""
    ups: defaultdict[int, list[str]] = defaultdict(list)
    downs: defaultdict[int, list[str]] = defaultdict(list)
    for path, (rows, columns) in matrices.items():
        if rows != columns == width:
            ups[rows].append(path)
        elif columns != rows == width:
            downs[columns].append(path)
    for units, up in ups.items():
        down = downs.get(units, [])
        if len(down) == 1 and len(up) in (1, 2):
            names = ("mlp.fc1", "mlp.fc2") if len(up) == 1 else ("mlp.gate", "mlp.up", "mlp.down")
            return list(zip([*up, *down], names, strict=True))
    return []


def _attention(matrices: dict[str, tuple[int, int]], width: int) -> list[tuple[str, str]]:
    """Return the roles of square matrices: q, k, v, out in order of appearance; fewer key heads make k and v short."""
    square = [path for path, shape in matrices.items() if shape == (width, width)]
    fused = [path for path, shape in matrices.items() if shape == (3 * width, width)]
    short = [path for path, (rows, columns) in matrices.items() if columns == width and rows < width]
    if len(square) == 4:
        return list(zip(square, ("attn.q", "attn.k", "attn.v", "attn.out"), strict=True))
    if len(square) == 2 and len(short) == 2:
        return list(zip([square[0], *short, square[1]], ("attn.q", "attn.k", "attn.v", "attn.out"), strict=True))
    if len(square) == 1 and len(fused) == 1:
        return [(fused[0], "attn.qkv"), (square[0], "attn.out")]
    return []


def _is_norm(members: list[Member], width: int) -> bool:
    return all(member.tensor.shape in ((width,), ()) for member in members)


def _stem_roles(tensors: Sequence[StoredTensor], width: int) -> tuple[dict[str, Template], Kind]:
    """Return module path -> template outside blocks, and the kind that these modules say."""
    paths = {tensor.name: split_param(tensor.name)[0] for tensor in tensors}
    roles = {path: Template(role) for path, role in _hinted(dict.fromkeys(paths.values()), _STEM).items()}
    images = [tensor for tensor in tensors if _sees_colour(tensor.shape)]
    if images:
        patches = [tensor for tensor in images if tensor.shape[-1] >= MIN_PATCH]
        return roles | {paths[tensor.name]: Template("patch_embed") for tensor in patches[:1]}, "vision_encoder"
    stems = [tensor for tensor in tensors if _hears_mel(tensor.shape)]
    if stems:
        channels = stems[0].shape[0]
        second = [tensor for tensor in tensors if tensor.shape == (channels, channels, 3) and tensor != stems[0]]
        roles[paths[stems[0].name]] = Template("conv1")
        return roles | {paths[tensor.name]: Template("conv2") for tensor in second[:1]}, "audio_encoder"
    tables = [tensor for tensor in tensors if _is_vocabulary(tensor.shape, width)]
    left = [role for role in ("embed", "head") if role not in {template.role for template in roles.values()}]
    free = [paths[tensor.name] for tensor in tables if paths[tensor.name] not in roles]
    roles.update(zip(free, map(Template, left), strict=False))
    return roles, "language_model" if tables else "other"


def _sees_colour(shape: tuple[int, ...]) -> bool:
    return len(shape) in (4, 5) and shape[1] == 3 and shape[-1] == shape[-2] > 1


def _hears_mel(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 and shape[1] in MEL_BANDS and shape[2] == 3 and shape[0] != shape[1]


def _is_vocabulary(shape: tuple[int, ...], width: int) -> bool:
    if len(shape) != 2 or width not in (0, shape[1]):
        return False
    return shape[0] >= max(MIN_VOCABULARY, TALL * shape[1]) and shape[1] >= MIN_EMBEDDING
