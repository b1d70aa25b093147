"""What anatomy finds: components made of parts, each part a canonical role of one block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector.errors import Note
from inspector.results import Kind

# Canonical roles, most of them per block. Role keys are "<role>.<param>", for example "attn.q.weight".
# "attn.qkv", "pool.qkv", "pool.kv" and "mlp.gate_up" name fused tensors; a part has them only where the rows cannot be
# told apart. "ffn1" and "ffn2" are the two half-step MLPs of a Conformer block, "conv.*" its convolution module.
ROLES = (
    "attn.q", "attn.k", "attn.v", "attn.qkv", "attn.out", "attn.q_norm", "attn.k_norm", "attn.norm",
    "attn.rel_pos", "attn.rel_pos_h", "attn.rel_pos_w", "attn.rel_gate", "attn.pos_proj", "attn.pos_u", "attn.pos_v",
    "attn.memory",
    "cross.q", "cross.k", "cross.v", "cross.out", "cross.q_norm", "cross.k_norm",
    "mlp.gate", "mlp.up", "mlp.gate_up", "mlp.down", "mlp.fc1", "mlp.fc2", "mlp.norm", "mlp.router",
    "shared.gate", "shared.up", "shared.down", "shared.router",
    "ffn1.fc1", "ffn1.fc2", "ffn2.fc1", "ffn2.fc2", "conv.pw1", "conv.dw", "conv.norm", "conv.pw2",
    "rnn.ih", "rnn.hh", "rnn.hr", "rnn.ih_reverse", "rnn.hh_reverse", "rnn.hr_reverse",
    "norm.pre", "norm.1", "norm.cross", "norm.2", "norm.3", "norm.post_attn", "norm.post_mlp",
    "norm.ffn1", "norm.conv", "norm.ffn2", "norm.out", "norm.post", "ls.1", "ls.2", "gate.1", "gate.2",
    "patch_embed", "conv1", "conv2", "conv3", "skip.conv", "skip.norm", "stage.proj", "stage.norm",
    "stem.conv", "stem.norm", "stem.proj", "stem.proj_norm", "pos_conv",
    "pos_embed", "pos_embed.gate", "pos_embed.tile", "pos_embed.window", "type_embed",
    "cls_token", "reg_tokens", "mask_token", "embed",
    "pool.probe", "pool.q", "pool.k", "pool.v", "pool.qkv", "pool.kv", "pool.out", "pool.norm", "pool.norm_kv",
    "pool.fc1", "pool.fc2", "neck", "head", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One canonical piece of a component: a tensor, or the rows of a fused tensor that belong to one role.

    Attributes:
        role: one of `ROLES`, or "other". param: "weight", "bias" or "value"; "mean" and "var" of a batch norm,
            "weight_g" and "weight_v" of a weight norm.
        layer: block number within the component, None outside blocks.
        tensor: name in the checkpoint.
        shape: (rows, columns) of this part; rows are units (see checkpoint.base.matrix_shape).
        ranges: row ranges [start, stop) of the stored matrix, in canonical order; () means all rows. Of a stack
            of experts (experts, rows, columns), the matrix is all experts below each other.
        expert: number among like modules of one block, None where there is one: the expert of a mixture, or the
            place of a repeated module of the stem.
        transposed: the stored matrix is (columns, rows) of this part, units last; `shape` and `ranges` are of the
            turned one. Of a stack of experts each is turned by itself.
        flipped: the taps of a convolution kernel are stored in reverse order (Theano); set by a comparison only.
        found: "content" or "shape" where a comparison found the tensor so because names say nothing, else "".
    """

    role: str
    param: str
    layer: int | None
    tensor: str
    shape: tuple[int, int]
    ranges: tuple[tuple[int, int], ...] = ()
    expert: int | None = None
    transposed: bool = False
    flipped: bool = False
    found: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """The role with its parameter, and its number where there are several: "attn.q.weight", "mlp.up.weight[3]"."""
        number = "" if self.expert is None else f"[{self.expert}]"
        return f"{self.role}.{self.param}{number}"

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
