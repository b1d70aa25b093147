"""Layouts that no installed library writes: names by hand, as the vendors' code spells them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from inspector.anatomy import Component
from tests.data.memory_checkpoint import MemoryCheckpoint, from_shapes
from tests.inspector.anatomy.instances import both, components, keys, part, values

D, M, L = 32, 80, 3
Shapes = dict[str, tuple[int, ...]]


def linear(name: str, rows: int, columns: int, bias: bool = True) -> Shapes:
    return {f"{name}.weight": (rows, columns)} | ({f"{name}.bias": (rows,)} if bias else {})


def norm(name: str, bias: bool = True) -> Shapes:
    return {f"{name}.weight": (D,)} | ({f"{name}.bias": (D,)} if bias else {})


def merge(*parts: Shapes) -> Shapes:
    return {name: shape for shapes in parts for name, shape in shapes.items()}


def blocks(container: str, one: Shapes, numbers: Iterable[int] = range(L)) -> Shapes:
    return {f"{container}.{number}.{name}": shape for number in numbers for name, shape in one.items()}


FC_BLOCK = merge(linear("mlp.fc1", M, D), linear("mlp.fc2", D, M))
TIMM_BLOCK = merge(norm("norm1"), norm("norm2"), linear("attn.qkv", 3 * D, D), linear("attn.proj", D, D))
TIMM_ENDS: Shapes = merge(
    {"cls_token": (1, 1, D), "pos_embed": (1, 17, D)},
    {"patch_embed.proj.weight": (D, 3, 8, 8), "patch_embed.proj.bias": (D,)},
    norm("norm"),
    linear("head", 10, D),
)
OPENAI_BLOCK = merge(
    norm("attn_ln"),
    norm("mlp_ln"),
    *(linear(f"attn.{name}", D, D, bias=name != "key") for name in ("query", "key", "value", "out")),
    linear("mlp.0", M, D),
    linear("mlp.2", D, M),
)
CROSS_BLOCK = merge(
    norm("cross_attn_ln"),
    *(linear(f"cross_attn.{name}", D, D, bias=name != "key") for name in ("query", "key", "value", "out")),
)
OPENAI_WHISPER = merge(
    {"encoder.positional_embedding": (50, D), "decoder.positional_embedding": (40, D)},
    {"encoder.conv1.weight": (D, 80, 3), "encoder.conv1.bias": (D,)},
    {"encoder.conv2.weight": (D, D, 3), "encoder.conv2.bias": (D,), "decoder.token_embedding.weight": (90, D)},
    norm("encoder.ln_post"),
    norm("decoder.ln"),
    blocks("encoder.blocks", OPENAI_BLOCK),
    blocks("decoder.blocks", OPENAI_BLOCK | CROSS_BLOCK),
)
CLIP_BLOCK = merge(
    norm("ln_1"),
    norm("ln_2"),
    {"attn.in_proj_weight": (3 * D, D), "attn.in_proj_bias": (3 * D,)},
    linear("attn.out_proj", D, D),
    linear("mlp.c_fc", M, D),
    linear("mlp.c_proj", D, M),
)
OPENAI_CLIP = merge(
    {"visual.class_embedding": (D,), "visual.positional_embedding": (17, D), "visual.proj": (D, 24)},
    {"visual.conv1.weight": (D, 3, 8, 8), "positional_embedding": (20, D), "text_projection": (D, 24)},
    {"token_embedding.weight": (90, D), "logit_scale": ()},
    norm("visual.ln_pre"),
    norm("visual.ln_post"),
    norm("ln_final"),
    blocks("visual.transformer.resblocks", CLIP_BLOCK),
    blocks("transformer.resblocks", CLIP_BLOCK),
)
GLU_BLOCK = merge(*(linear(f"mlp.{name}_proj", *shape) for name, shape in
                    (("gate", (M, D)), ("up", (M, D)), ("down", (D, M)))))  # fmt: skip
OMNI_VISION = merge(
    {"patch_embed.proj.weight": (D, 3, 2, 4, 4)},
    norm("merger.ln_q", bias=False),
    linear("merger.mlp.0", 4 * D, 4 * D),
    linear("merger.mlp.2", D, 4 * D),
    blocks(
        "blocks",
        merge(
            norm("norm1", bias=False),
            norm("norm2", bias=False),
            *(linear(f"attn.{name}", D, D) for name in ("q", "k", "v", "proj")),
            GLU_BLOCK,
        ),
    ),
)
WHISPER_BLOCK = merge(
    *(linear(f"self_attn.{name}", D, D, bias=name != "k_proj") for name in ("q_proj", "k_proj", "v_proj", "out_proj")),
    norm("self_attn_layer_norm"),
    norm("final_layer_norm"),
    linear("fc1", M, D),
    linear("fc2", D, M),
)
OMNI_AUDIO = merge(
    {"conv1.weight": (D, 128, 3), "conv1.bias": (D,), "conv2.weight": (D, D, 3), "conv2.bias": (D,)},
    {"audio_bos_eos_token.weight": (2, 48)},
    norm("ln_post"),
    linear("proj", 48, D),
    blocks("layers", WHISPER_BLOCK),
)
LLAMA_BLOCK = merge(
    norm("input_layernorm", bias=False),
    norm("post_attention_layernorm", bias=False),
    *(linear(f"self_attn.{name}_proj", rows, D, bias=False) for name, rows in (("q", D), ("k", 8), ("v", 8), ("o", D))),
    *(linear(f"mlp.{name}_proj", *shape, bias=False) for name, shape in
      (("gate", (M, D)), ("up", (M, D)), ("down", (D, M)))),
)  # fmt: skip
LLAMA = merge({"model.embed_tokens.weight": (90, D), "lm_head.weight": (90, D)}, norm("model.norm", bias=False),
              blocks("model.layers", LLAMA_BLOCK))  # fmt: skip


def under(prefix: str, shapes: Shapes) -> Shapes:
    return {prefix + name: shape for name, shape in shapes.items()}


def found(shapes: Shapes) -> dict[str, Component]:
    return components(from_shapes(shapes))


def test_openai_whisper() -> None:
    model = found(OPENAI_WHISPER)
    audio, text = model["audio_encoder"], model["language_model"]
    block = both("attn.q attn.k attn.v attn.out mlp.fc1 mlp.fc2 norm.1 norm.2", "all") - {"attn.k.bias"}
    assert (audio.family, audio.prefix, audio.blocks) == ("whisper", "encoder.", L)
    assert keys(audio, 0) == block
    assert keys(audio, None) == both("conv1 conv2 norm.post", "all") | {"pos_embed.value"}
    assert (text.family, text.prefix) == ("whisper_decoder", "decoder.")
    assert keys(text, 2) > block
    assert keys(text, None) == both("embed norm.post", "norm.post") | {"pos_embed.value"}


def test_openai_clip_and_its_text_encoder() -> None:
    checkpoint = from_shapes(OPENAI_CLIP)
    model = components(checkpoint)
    vision, text = model["vision_encoder"], model["other"]
    assert (vision.family, vision.prefix, vision.blocks) == ("clip", "visual.", L)
    assert keys(vision, None) >= {"patch_embed.weight", "cls_token.value", "pos_embed.value", "head.value"}
    assert (text.family, text.prefix) == ("clip_text", "")
    assert {p.tensor for p in text.parts if p.role == "other"} == {"logit_scale"}
    fused = checkpoint.arrays["visual.transformer.resblocks.1.attn.in_proj_weight"]
    for role, own in zip(("attn.q", "attn.k", "attn.v"), np.split(fused, 3), strict=True):
        assert np.array_equal(values(checkpoint, part(vision, f"{role}.weight", 1)), own)
        assert part(vision, f"{role}.bias", 1).tensor == "visual.transformer.resblocks.1.attn.in_proj_bias"


def test_qwen_vl_interleaves_its_fused_rows_per_head() -> None:
    width, heads = 208, 2  # heads of 104, as in the released model
    block = {"attn.in_proj.weight": (3 * width, width), "attn.out_proj.weight": (width, width),
             "ln_1.weight": (width,), "mlp.c_fc.weight": (M, width), "mlp.c_proj.weight": (width, M)}  # fmt: skip
    shapes = blocks("transformer.visual.transformer.resblocks", block, range(2))
    shapes["transformer.visual.conv1.weight"] = (width, 3, 2, 2)
    checkpoint = from_shapes(shapes)
    vision = components(checkpoint)["vision_encoder"]
    assert vision.family == "qwen_vl"
    fused = checkpoint.arrays["transformer.visual.transformer.resblocks.0.attn.in_proj.weight"]
    own = fused.reshape(heads, 3, width // heads, width)
    for index, role in enumerate(("attn.q", "attn.k", "attn.v")):
        assert np.array_equal(
            values(checkpoint, part(vision, f"{role}.weight", 0)), own[:, index].reshape(width, width)
        )


@pytest.mark.parametrize("prefix", ["", "trunk.", "visual.trunk.", "anything.at.all."])
def test_timm_vit(prefix: str) -> None:
    vision = found(under(prefix, merge(TIMM_ENDS, blocks("blocks", TIMM_BLOCK | FC_BLOCK))))["vision_encoder"]
    assert (vision.family, vision.prefix, vision.blocks, vision.hidden_size) == ("vit", prefix, L, D)
    assert keys(vision, 0) == both("attn.q attn.k attn.v attn.out mlp.fc1 mlp.fc2 norm.1 norm.2", "all")
    assert keys(vision, None) == both("patch_embed norm.post head", "all") | {"cls_token.value", "pos_embed.value"}


def test_timm_packed_swiglu_is_told_from_a_plain_mlp_by_its_shapes() -> None:
    packed = merge(linear("mlp.fc1", 2 * M, D), linear("mlp.fc2", D, M))
    checkpoint = from_shapes(merge(TIMM_ENDS, blocks("blocks", TIMM_BLOCK | packed)))
    vision = components(checkpoint)["vision_encoder"]
    gate, up = np.split(checkpoint.arrays["blocks.1.mlp.fc1.weight"], 2)
    assert np.array_equal(values(checkpoint, part(vision, "mlp.gate.weight", 1)), gate)
    assert np.array_equal(values(checkpoint, part(vision, "mlp.up.weight", 1)), up)
    assert part(vision, "mlp.down.weight", 1).shape == (D, M)


def test_dinov2_fused_swiglu_and_layer_scale() -> None:
    one = merge(TIMM_BLOCK, linear("mlp.w12", 2 * M, D), linear("mlp.w3", D, M), {"ls1.gamma": (D,), "ls2.gamma": (D,)})
    vision = found(merge(TIMM_ENDS, {"mask_token": (1, D)}, blocks("blocks", one)))["vision_encoder"]
    assert vision.family == "dinov2"
    assert keys(vision, 0) >= {"ls.1.value", "ls.2.value", "mlp.gate.weight", "mlp.up.bias", "mlp.down.weight"}


def test_moonvits_second_matrix_is_called_fc1() -> None:
    one = merge(norm("norm0"), norm("norm1"), linear("wqkv", 3 * D, D), linear("wo", D, D),
                linear("mlp.fc0", M, D), linear("mlp.fc1", D, M))  # fmt: skip
    ends = {"patch_embed.proj.weight": (D, 3, 8, 8), "patch_embed.pos_emb.weight": (8, 8, D)}
    shapes = under("vision_tower.", merge(ends, norm("encoder.final_layernorm"), blocks("encoder.blocks", one)))
    vision = found(shapes)["vision_encoder"]
    assert vision.family == "moonvit"
    assert part(vision, "mlp.fc1.weight", 0).tensor == "vision_tower.encoder.blocks.0.mlp.fc0.weight"
    assert part(vision, "mlp.fc2.weight", 0).tensor == "vision_tower.encoder.blocks.0.mlp.fc1.weight"
    assert part(vision, "norm.2.weight", 0).tensor == "vision_tower.encoder.blocks.0.norm1.weight"


def test_qwen2_5_omni() -> None:
    shapes = merge(
        under("thinker.visual.", OMNI_VISION), under("thinker.audio_tower.", OMNI_AUDIO), under("thinker.", LLAMA)
    )
    model = found(shapes)
    assert set(model) == {"vision_encoder", "audio_encoder", "projector", "language_model"}
    vision, audio = model["vision_encoder"], model["audio_encoder"]
    assert (vision.family, vision.prefix) == ("qwen2_5_vl", "thinker.visual.")
    assert keys(vision, 0) >= both("attn.q attn.k attn.v attn.out mlp.gate", "all")
    assert (audio.family, audio.prefix) == ("whisper", "thinker.audio_tower.")
    assert keys(audio, None) >= both("conv1 conv2 norm.post head", "all")
    assert model["projector"].prefix == "thinker.visual.merger."
    assert part(model["language_model"], "head.weight").tensor == "thinker.lm_head.weight"


def test_hyperclova_x_seed_omni() -> None:
    tower = {name: shape for name, shape in OMNI_VISION.items() if not name.startswith("merger.")}
    shapes = merge(
        under("model.vision_model.", tower),
        under("model.audio_model.", {n: s for n, s in OMNI_AUDIO.items() if not n.startswith(("proj", "audio_"))}),
        linear("model.mm_projector", 48, D),
        linear("model.audio_projector.fc1", 48, D),
        linear("model.audio_projector.fc2", 48, 48),
        under("model.language_model.", LLAMA),
    )
    model = found(shapes)
    assert {name: component.prefix for name, component in model.items()} == {
        "vision_encoder": "model.vision_model.",
        "audio_encoder": "model.audio_model.",
        "projector:model.audio_projector": "model.audio_projector.",
        "projector:model.mm_projector": "model.mm_projector.",
        "language_model": "model.language_model.model.",
    }
    assert keys(model["projector:model.audio_projector"], None) == both("mlp.fc1 mlp.fc2", "all")


def test_language_model_and_vision_below_one_model_prefix() -> None:
    clip = {"embeddings.class_embedding": (D,), "embeddings.patch_embedding.weight": (D, 3, 8, 8)}
    block = merge(*(linear(f"self_attn.{name}_proj", D, D) for name in ("q", "k", "v", "out")),
                  norm("layer_norm1"), norm("layer_norm2"), FC_BLOCK)  # fmt: skip
    vision = under("model.vision_tower.vision_tower.vision_model.", clip | blocks("encoder.layers", block))
    projector = linear("model.mm_projector.0", D, D) | linear("model.mm_projector.2", D, D)
    model = found(merge(LLAMA, vision, projector, {"model.image_newline": (D,)}))
    assert set(model) == {"vision_encoder", "projector", "language_model", "other"}
    assert model["language_model"].prefix == "model."
    assert all("vision" not in p.tensor for p in model["language_model"].parts)
    assert keys(model["projector"], None) == both("mlp.fc1 mlp.fc2", "all")
    assert [p.tensor for p in model["other"].parts] == ["model.image_newline"]


def test_numbered_experts_do_not_hide_a_language_model() -> None:
    shapes = {"gate": (M, D), "up": (M, D), "down": (D, M)}
    experts = {f"mlp.experts.{e}.{name}_proj.weight": shapes[name] for e in range(20) for name in shapes}
    one = {name: shape for name, shape in LLAMA_BLOCK.items() if not name.startswith("mlp.")} | experts
    ends = {"model.embed_tokens.weight": (90, D), "model.norm.weight": (D,)}
    text = found(ends | blocks("model.layers", one | {"mlp.gate.weight": (20, D)}))["language_model"]
    assert (text.family, text.blocks) == ("llama", L)
    numbered = {(p.role, p.expert) for p in text.parts if p.layer == 1 and p.expert is not None}
    assert numbered == {(f"mlp.{role}", e) for role in ("gate", "up", "down") for e in range(20)}
    assert part(text, "mlp.up.weight[7]", 1).tensor == "model.layers.1.mlp.experts.7.up_proj.weight"
    assert part(text, "mlp.router.weight", 2).shape == (20, D)


def test_a_shard_that_starts_in_the_middle_counts_its_own_blocks() -> None:
    text = found(blocks("model.layers", LLAMA_BLOCK, (10, 11, 12)))["language_model"]
    assert (text.family, text.blocks) == ("llama", 3)
    assert part(text, "attn.q.weight", 0).tensor == "model.layers.10.self_attn.q_proj.weight"


def test_adapters_inside_a_block_stay_with_their_component() -> None:
    lora = {f"model.layers.{i}.self_attn.q_proj.lora_A.weight": (4, D) for i in range(L)}
    text = found(LLAMA | lora)["language_model"]
    assert {p.tensor for p in text.parts if p.role == "other"} == set(lora)
    assert {p.layer for p in text.parts if p.role == "other"} == set(range(L))


def test_a_tower_without_its_stem_has_roles_but_its_kind_only_from_the_prefix() -> None:
    body = blocks("blocks", TIMM_BLOCK | FC_BLOCK)
    assert found(under("visual.", body))["vision_encoder"].family == ""
    bare = found(body)["other"]
    assert (bare.family, bare.blocks) == ("", L)
    assert keys(bare, 0) == both("attn.q attn.k attn.v attn.out mlp.fc1 mlp.fc2 norm.1 norm.2", "all")


def test_memory_checkpoint_reads_what_it_was_given() -> None:
    checkpoint = MemoryCheckpoint({"w": np.arange(6, dtype=np.float32).reshape(2, 3)})
    assert checkpoint.read_rows("w", 1, 2).tolist() == [[3.0, 4.0, 5.0]]
