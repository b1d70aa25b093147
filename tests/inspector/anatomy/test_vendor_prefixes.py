"""Vendors' prefixes say the kind of what stands below them; small nets stay whole."""

from __future__ import annotations

import pytest

from inspector.anatomy.grouping import kind_of_path
from tests.data.memory_checkpoint import from_shapes
from tests.inspector.anatomy.instances import components, keys, part


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("transformer.visual.transformer.resblocks.0", "vision_encoder"),
        ("transformer.visual.attn_pool.attn", "projector"),
        ("thinker.audio_tower.layers.0", "audio_encoder"),
        ("model.visual.deepstack_merger_list.0.norm", "projector"),
        ("vision_model.radio_model.model.blocks.0", "vision_encoder"),
        ("vision_model.vision_adapter.mlp.fc1", "projector"),
        ("vision_model.vision_projection", "projector"),
        ("vision_backbone.image_vit.transformer", "vision_encoder"),
        ("vision_backbone.image_pooling_2d.wq", "projector"),
        ("transformer.vision.linear_proj.norm1", "projector"),
        ("sound_encoder.encoder.layers.0", "audio_encoder"),
        ("model.discrete_vision_model.encoder", "vision_encoder"),
        ("model.discrete_audio_model.encoder", "audio_encoder"),
        ("model.vision_projector", "projector"),
        ("model.video_audio_compressor.layers.0", "projector"),
        ("text_branch.encoder.layer.0", "other"),
        ("code2wav.decoder", "other"),
        ("vit.perceive.proj", "projector"),
    ],
)
def test_prefixes(path: str, kind: str) -> None:
    found = kind_of_path(path)
    assert found is not None
    assert found[1] == kind


def lstm(stem: str, width: int = 8) -> dict[str, tuple[int, ...]]:
    return {f"{stem}weight_{gate}_l{layer}": (4 * width, width) for gate in ("ih", "hh") for layer in (0, 1)}


def test_a_recurrent_net_and_what_stands_around_it_are_one_component() -> None:
    shapes = lstm("rnn.") | {"encoder.weight": (60, 8), "decoder.weight": (60, 8), "decoder.bias": (60,)}
    (net,) = components(from_shapes(shapes)).values()
    assert (net.family, net.kind, net.blocks) == ("recurrent", "other", 2)
    assert keys(net, 1) == {"rnn.ih.weight", "rnn.hh.weight"}


def test_recurrent_layers_inside_a_codec_do_not_cut_it_up() -> None:
    convs = {f"encoder.layers.{i}.conv.weight": (8, 8, 3) for i in (0, 1, 3, 4)}
    convs |= {f"decoder.layers.{i}.conv.weight": (8, 8, 3) for i in (0, 2, 3)}
    found = components(from_shapes(convs | lstm("encoder.layers.2.lstm.") | lstm("decoder.layers.1.lstm.")))
    assert sorted(item.family for item in found.values()) == ["", "recurrent", "recurrent"]


def test_a_list_of_projectors_keeps_one_key_a_module() -> None:
    merger = {f"visual.deepstack_merger_list.{i}.linear_fc{n}.weight": (8, 8) for i in (0, 1, 2) for n in (1, 2)}
    (found,) = components(from_shapes(merger)).values()
    assert (found.family, found.kind) == ("qwen_merger", "projector")
    assert part(found, "mlp.fc2.weight[2]").tensor == "visual.deepstack_merger_list.2.linear_fc2.weight"


@pytest.mark.parametrize("number", ["{N}", "{E}", "{L}", "{S}", "²", "99999999999999999999", "-1", ""])
def test_names_that_spell_out_the_catalogue_or_hold_odd_numbers_are_only_names(number: str) -> None:
    block = {f"mlp.experts.{number}.{name}_proj.weight": (8, 8) for name in ("gate", "up", "down")}
    block |= {"self_attn.q_proj.weight": (8, 8), "self_attn.o_proj.weight": (8, 8), "input_layernorm.weight": (8,)}
    shapes: dict[str, tuple[int, ...]] = {f"model.layers.{i}.{name}": s for i in (0, 1) for name, s in block.items()}
    shapes |= {f"visual.merger_list.{number}.mlp.0.weight": (8, 8), f"layer{number}.0.conv1.weight": (8, 8, 3, 3)}
    shapes |= {f"encoder.feature_extractor.conv_layers.{number}.conv.weight": (8, 8, 3)}
    found = components(from_shapes(shapes))
    assert all(p.expert is None for item in found.values() for p in item.parts)


def test_gemma_3_stores_its_projection_turned() -> None:
    at = "multi_modal_projector."
    shapes: dict[str, tuple[int, ...]] = {
        f"{at}mm_input_projection_weight": (8, 24),
        f"{at}mm_soft_emb_norm.weight": (8,),
    }
    (found,) = components(from_shapes(shapes)).values()
    projection = part(found, "mlp.fc1.weight")
    assert (found.family, projection.shape, projection.transposed) == ("gemma3_projector", (24, 8), True)
    assert keys(found, None) == {"mlp.fc1.weight", "norm.1.weight"}


@pytest.mark.parametrize(
    ("modules", "roles"),
    [
        (("layer_norm", "linear_1", "linear_2"), {"norm.1", "mlp.fc1", "mlp.fc2"}),  # InternVL
        (("norm", "linear_1", "linear_2", "patch_merger.merging_layer"), {"norm.1", "mlp.fc1", "mlp.fc2", "stem.proj"}),
        (("linear1", "linear2"), {"mlp.fc1", "mlp.fc2"}),  # CLAP
    ],
)
def test_linear_projectors(modules: tuple[str, ...], roles: set[str]) -> None:
    found = components(from_shapes({f"multi_modal_projector.{name}.weight": (8, 8) for name in modules}))
    assert {p.role for item in found.values() for p in item.parts} == roles
