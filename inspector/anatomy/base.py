"""What anatomy finds: components made of parts, each part a canonical role of one block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.errors import Note
from inspector.results import Kind

# Canonical roles, most of them per block. Role keys are "<role>.<param>", for example "attn.q.weight".
# "attn.qkv" and "mlp.gate_up" name fused tensors; a part has them only where the rows cannot be told apart.
ROLES = (
    "attn.q", "attn.k", "attn.v", "attn.qkv", "attn.out", "attn.q_norm", "attn.k_norm",
    "cross.q", "cross.k", "cross.v", "cross.out",
    "mlp.gate", "mlp.up", "mlp.gate_up", "mlp.down", "mlp.fc1", "mlp.fc2",
    "norm.pre", "norm.1", "norm.cross", "norm.2", "norm.post", "ls.1", "ls.2",
    "patch_embed", "conv1", "conv2", "pos_embed", "cls_token", "embed", "head", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One canonical piece of a component: a tensor, or the rows of a fused tensor that belong to one role.

    Attributes:
        role: one of `ROLES`, or "other". param: "weight", "bias" or "value".
        layer: block number within the component, None outside blocks.
        tensor: name in the checkpoint.
        shape: (rows, columns) of this part; rows are units (see checkpoint.base.matrix_shape).
        ranges: row ranges [start, stop) of the stored matrix, in canonical order; () means all rows.
    """

    role: str
    param: str
    layer: int | None
    tensor: str
    shape: tuple[int, int]
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def key(self) -> str:
        """The role with its parameter: "attn.q.weight"."""
        return f"{self.role}.{self.param}"

    @property
    def parameters(self) -> int:
        """Number of elements."""
        return self.shape[0] * self.shape[1]


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a model that is judged by itself.

    Attributes:
        name: unique in the checkpoint, stable: the kind, then the prefix where kinds repeat.
        kind, prefix, family: as in the JSON; family "" when no template fitted.
        blocks: number of blocks. hidden_size: width of the residual stream, 0 if unknown.
        parts: every comparable piece, ordered by layer then role.
        excluded: tensor name -> why it is set apart (fixed tables, constants, opaque dtypes).
        parameters: elements of all its tensors, the excluded ones too.
    """

    name: str
    kind: Kind
    prefix: str
    family: str
    blocks: int
    hidden_size: int
    parts: tuple[Part, ...]
    excluded: Mapping[str, Note]
    parameters: int
