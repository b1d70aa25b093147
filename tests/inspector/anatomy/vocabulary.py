"""What an instance's tensors are, from its modules: their classes, their attributes and the words that name them.

This knows nothing of the catalogue. Blocks are elements of a module list that have attention or are residual blocks;
fused tensors are cut by the number of heads that their own module says; kernels are turned where the class says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

Array = np.ndarray[Any, Any]
Key = tuple[str, str, int | None, int | None]  # role, param, layer, expert

RESIDUAL = {"BasicBlock", "Bottleneck", "ResNetBottleNeckLayer", "ResNetBasicLayer"}
ATTENTION = {"attn", "self_attn", "attention"}
WORDS = {
    "attn.q": "q_proj query wq q q_lin linear_q",
    "attn.k": "k_proj key wk k k_lin linear_k",
    "attn.v": "v_proj value wv v v_lin linear_v",
    "attn.qkv": "qkv c_attn qkv_proj in_proj_",
    "attn.out": "out_proj o_proj proj wo out_lin linear_out projection_layer c_proj dense",
    "attn.q_norm": "q_norm",
    "attn.k_norm": "k_norm",
    "attn.norm": "norm inner_attn_ln",
    "attn.rel_pos": "rel_attn_embed distance_embedding relative_position_bias_table",
    "attn.rel_pos_h": "rel_pos_h",
    "attn.rel_pos_w": "rel_pos_w",
    "attn.rel_gate": "gru_rel_pos_const gru_rel_pos_linear",
    "attn.pos_proj": "linear_pos relative_k_proj",
    "attn.pos_u": "pos_bias_u bias_u",
    "attn.pos_v": "pos_bias_v bias_v",
}
BLOCK = {
    "norm.1": "norm1 norm_1 ln_1 layer_norm1 input_layernorm attention_norm layernorm_before self_attn_layer_norm "
    "rms_norm1 sa_layer_norm norm_self_att layer_norm",
    "norm.2": "norm2 norm_2 ln_2 layer_norm2 post_attention_layernorm ffn_norm layernorm_after rms_norm2 "
    "output_layer_norm pre_feedforward_layernorm final_layer_norm",
    "norm.post_mlp": "post_feedforward_layernorm",
    "norm.ffn1": "ffn1_layer_norm norm_feed_forward1",
    "norm.ffn2": "ffn2_layer_norm norm_feed_forward2",
    "norm.conv": "norm_conv",
    "norm.out": "norm_out",
    "ls.1": "ls1 layer_scale1 lambda_1 gamma_1",
    "ls.2": "ls2 layer_scale2 lambda_2 gamma_2",
    "gate.1": "gate_attn",
    "gate.2": "gate_ffn",
    "stage.proj": "proj",
}
RESIDUAL_WORDS = {"conv1": "conv1", "conv2": "conv2", "conv3": "conv3", "bn1": "norm.1", "bn2": "norm.2",
                  "bn3": "norm.3", "layer.0.convolution": "conv1", "layer.1.convolution": "conv2",
                  "layer.2.convolution": "conv3", "layer.0.normalization": "norm.1", "layer.1.normalization": "norm.2",
                  "layer.2.normalization": "norm.3", "downsample.0": "skip.conv", "downsample.1": "skip.norm",
                  "shortcut.convolution": "skip.conv", "shortcut.normalization": "skip.norm"}  # fmt: skip
CONVOLUTION = {"pointwise_conv1": "conv.pw1", "depthwise_conv": "conv.dw", "pointwise_conv2": "conv.pw2",
               "norm": "conv.norm", "depthwise_layer_norm": "conv.norm", "layer_norm": "norm.conv"}  # fmt: skip
FIRST, SECOND = {"fc1", "lin1", "linear_fc1", "c_fc", "intermediate_dense", "linear1", "proj_in", "up_proj"}, {
    "fc2", "lin2", "linear_fc2", "c_proj", "output_dense", "linear2", "proj_out", "down_proj"}  # fmt: skip
GATED = {"gate_proj": "gate", "up_proj": "up", "down_proj": "down", "fc1_g": "gate", "fc1_x": "up", "fc2": "down",
         "w1": "gate", "w2": "up", "w3": "down", "gate_up_proj": "gate_up", "norm": "norm"}  # fmt: skip
OUTSIDE = {
    "cls_token": "cls_token class_embedding",
    "pos_embed": "pos_embed position_embedding position_embeddings positional_embedding_vlm "
    "position_embedding_table wpe",
    "embed": "embed_tokens wte word_embeddings",
    "norm.post": "norm ln_f post_layernorm layernorm final_layernorm ln_post layernorm_post",
    "norm.pre": "pre_layrnorm layernorm_pre ln_pre norm_pre",
    "head": "lm_head",
    "mask_token": "mask_token masked_spec_embed",
    "reg_tokens": "register_tokens distillation_token reg_token",
    "patch_embed": "patch_embedding patch_embeddings patch_conv",
}
FUSED = {"attn.qkv": "attn.q attn.k attn.v", "mlp.gate_up": "mlp.gate mlp.up", "pool.qkv": "pool.q pool.k pool.v",
         "pool.kv": "pool.k pool.v"}  # fmt: skip


def _word(table: dict[str, str], word: str) -> str | None:
    return next((role for role, words in table.items() if word in words.split()), None)


def expected(model: torch.nn.Module) -> tuple[dict[Key, Array], set[Key]]:
    """Return (role, param, layer, expert) -> values with units as rows, and those keys whose kernels are turned.

    Every tensor of every block is in it, but for masks and tables of integers; of the others those that the words
    above name.
    """
    found: dict[Key, Array] = {}
    turned: set[Key] = set()
    blocks = list(_blocks(model))
    for layer, (prefix, block) in enumerate(blocks):
        for name, tensor in block.state_dict().items():
            if tensor.is_floating_point() and not name.endswith(("attn.bias", "attn_mask")):
                role, param = _block_role(block, name)
                _add(found, turned, model, prefix + name, (role, param, layer), tensor)
    inside = tuple(prefix for prefix, _ in blocks)
    for name, tensor in model.state_dict().items():
        outer = None if name.startswith(inside) or not tensor.is_floating_point() else _outer_role(model, name)
        if outer is not None and not (outer[0] == "head" and getattr(model.config, "tie_word_embeddings", False)):
            _add(found, turned, model, name, (*outer, None), tensor)
    return found, turned


def _blocks(model: torch.nn.Module) -> Iterator[tuple[str, torch.nn.Module]]:
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.ModuleList | torch.nn.Sequential):
            for number, child in module.named_children():
                if ATTENTION & {n for n, _ in child.named_children()} or type(child).__name__ in RESIDUAL:
                    yield f"{name}.{number}.", child


def _split(name: str) -> tuple[str, str]:
    for ending, param in ((".weight", "weight"), (".bias", "bias"), (".running_mean", "mean"), (".running_var", "var")):
        if name.endswith(ending):
            return name.removesuffix(ending), param
    for ending in ("weight", "bias"):
        if name.endswith("_" + ending):
            return name.removesuffix(ending), ending
    return name, "value"


def _block_role(block: torch.nn.Module, name: str) -> tuple[str, str]:
    path, param = _split(name)
    words = path.removesuffix(".linear").split(".")
    role: str | None = None
    if type(block).__name__ in RESIDUAL:
        role = RESIDUAL_WORDS[path]
    elif words[0] in ("conv", "conv_module"):
        role = CONVOLUTION[words[-1]]
    elif words[0] in ATTENTION and "LayerNorm" in words:
        role = "norm.1"
    elif words[0] in ATTENTION:
        role = {"q_": "attn.q", "v_": "attn.v"}.get(words[-1]) or _word(WORDS, words[-1])
    elif words[0].startswith(("ls", "layer_scale")) or (len(words) == 1 and words[0] not in FIRST | SECOND):
        role = _single(block, words[0])
    elif words[-1] == "LayerNorm":
        role = "norm.2"
    else:
        role = _mlp_role(block, words)
    if role is None:
        raise KeyError(f"no word for {name}")
    return role, param


def _single(block: torch.nn.Module, word: str) -> str | None:
    if word == "post_attention_layernorm" and hasattr(block, "pre_feedforward_layernorm"):
        return "norm.post_attn"
    if word == "final_layer_norm" and hasattr(block, "conv_module"):
        return "norm.out"
    return _word(BLOCK, word)


def _mlp_role(block: torch.nn.Module, words: list[str]) -> str | None:
    parent = block.get_submodule(".".join(words[:-1]))
    siblings = {name for name, _ in parent.named_children()} | {name for name, _ in parent.named_parameters()}
    last = words[-1]
    group = "shared" if "shared_expert" in words else "mlp"
    if last in ("gate", "router"):
        return "mlp.router"
    if last == "shared_expert_gate":
        return "shared.router"
    if words[0] in ("ffn1", "ffn2", "feed_forward1", "feed_forward2"):
        return f"ffn{words[0][-1]}.fc{1 if last in FIRST else 2}"
    if words[0] in ("intermediate", "output"):
        return "mlp.fc1" if words[0] == "intermediate" else "mlp.fc2"
    if type(parent).__name__ == "GluMlp":
        return "mlp.gate_up" if last == "fc1" else "mlp.down"
    if siblings & {"gate_proj", "fc1_g", "w3", "gate_up_proj"}:
        return f"{group}.{GATED[last]}"
    if last in ("0", "1"):  # timm's Hiera and SAM 2 number the linear layers
        return f"mlp.fc{int(last) + 1}"
    return "mlp.fc1" if last in FIRST else "mlp.fc2" if last in SECOND else None


def _outer_role(model: torch.nn.Module, name: str) -> tuple[str, str] | None:
    path, param = _split(name)
    words = path.split(".")
    owner = model.get_submodule(path) if param in ("weight", "bias") and not path.endswith("_") else None
    if words[0] == "attn_pool" or (words[0] == "head" and _pools(model)):
        pool = {"probe": "probe", "latent": "probe", "cls_token": "probe", "k_proj": "k", "v_proj": "v",
                "output_proj": "out", "in_proj_": "qkv", "out_proj": "out", "proj": "out", "q": "q",
                "kv": "kv", "fc1": "fc1", "fc2": "fc2", "layernorm": "norm", "norm": "norm"}  # fmt: skip
        return (f"pool.{pool[words[-1]]}", param) if words[-1] in pool else None
    if isinstance(owner, torch.nn.Conv2d | torch.nn.Conv3d) and words[0].startswith("patch_embed"):
        return "patch_embed", param
    if len(words) > 2 or (words[0] == "merger"):
        return None
    role = _word(OUTSIDE, words[-1])
    return None if role is None else (role, param)


def _pools(model: torch.nn.Module) -> bool:
    """Return whether the head reads the blocks' output by attention, from a query of its own."""
    head = model.get_submodule("head")
    return hasattr(head, "probe") or hasattr(head, "cls_token")


def _add(
    found: dict[Key, Array],
    turned: set[Key],
    model: torch.nn.Module,
    name: str,
    key: tuple[str, str, int | None],
    tensor: torch.Tensor,
) -> None:
    path, param = _split(name)
    owner = model.get_submodule(path.rstrip("_").rpartition(".")[0] if param == "value" or path[-1:] == "_" else path)
    values = tensor.detach().numpy()
    stack = values if type(owner).__name__.endswith("Experts") else values[None]
    turn = type(owner).__name__ in ("Conv1D", "Llama4TextExperts") and stack.ndim == 3
    for number, matrix in enumerate(stack):
        rows = matrix.T if turn else matrix
        expert = number if stack is values else None
        for role, piece in _pieces(model, path, key[0], rows):
            full = (role, key[1] if expert is None else "weight", key[2], expert)
            found[full] = piece
            if turn:
                turned.add(full)


def _pieces(model: torch.nn.Module, path: str, role: str, rows: Array) -> list[tuple[str, Array]]:
    roles = FUSED.get(role, role).split()
    if role != "attn.qkv":
        return list(zip(roles, np.split(rows, len(roles)), strict=True))
    attention: Any = model.get_submodule(path.rpartition(".")[0])
    config = getattr(attention, "config", None)
    heads = (
        next(
            (h for h in (getattr(attention, a, None) for a in ("num_heads", "num_attention_heads", "n_head")) if h),
            None,
        )
        or config.num_attention_heads
    )
    own = getattr(attention, "num_key_value_heads", None) or getattr(config, "num_key_value_heads", None) or heads
    head = rows.shape[0] // (heads + 2 * own)
    return list(zip(roles, np.split(rows, [heads * head, (heads + own) * head]), strict=True))
