"""Fused tensors taken apart: which rows of a stored matrix belong to which role."""

from __future__ import annotations

from inspector.anatomy.families import Template

Ranges = tuple[tuple[int, int], ...]


def split_rows(template: Template, rows: int, query_rows: int | None) -> tuple[tuple[str, Ranges], ...]:
    """Return (role, row ranges) for each role of a fused tensor, or () where its rows cannot be divided so.

    Args:
        template: the roles in row order, and the head width where rows lie per group of heads.
        rows: rows of the stored matrix.
        query_rows: columns of the block's output projection, which are the rows of q; None if unknown. With fewer
            key and value heads than query heads, k and v share what is left equally.

    >>> split_rows(Template("attn.qkv", ("attn.q", "attn.k", "attn.v")), 8, 4)
    (('attn.q', ((0, 4),)), ('attn.k', ((4, 6),)), ('attn.v', ((6, 8),)))
    """
    parts = len(template.split)
    if parts != 3:
        return _in_turn(template, [rows // parts] * parts) if rows % parts == 0 else ()
    first = query_rows if query_rows is not None else rows // 3
    other, odd = divmod(rows - first, 2)
    if odd or other <= 0 or first < other:
        return ()
    if template.head_dim:
        return _per_group(template, first, other)
    return _in_turn(template, [first, other, other])


def _in_turn(template: Template, sizes: list[int]) -> tuple[tuple[str, Ranges], ...]:
    """Each role is one run of rows."""
    out, start = [], 0
    for role, size in zip(template.split, sizes, strict=True):
        out.append((role, ((start, start + size),)))
        start += size
    return tuple(out)


def _per_group(template: Template, first: int, other: int) -> tuple[tuple[str, Ranges], ...]:
    """Rows lie per key head: the query heads that share it, then its key, then its value."""
    head = template.head_dim
    groups, odd = divmod(other, head)
    if odd or first % (groups * head):
        return ()
    sizes = (first // groups, head, head)
    offsets = (0, sizes[0], sizes[0] + head)
    step = sum(sizes)
    return tuple(
        (role, tuple((group * step + offset, group * step + offset + size) for group in range(groups)))
        for role, offset, size in zip(template.split, offsets, sizes, strict=True)
    )
