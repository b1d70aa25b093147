"""Which layers and parts are paired."""

from __future__ import annotations

import numpy as np

from inspector.anatomy import Component, Part
from inspector.similarity.align import align_layers, align_parts, best_component


def component(parts: tuple[Part, ...], kind: str = "vision_encoder", name: str = "c") -> Component:
    return Component(name, kind, "", "", 2, 8, parts, {}, sum(part.parameters for part in parts))  # type: ignore[arg-type]


def up(layer: int, shape: tuple[int, int] = (16, 8)) -> Part:
    return Part("mlp.up", "weight", layer, f"blocks.{layer}.up", shape)


def other(name: str, shape: tuple[int, int]) -> Part:
    return Part("other", "weight", None, name, shape)


def test_equal_depth_pairs_by_number_whatever_the_values() -> None:
    assert align_layers(np.array([[0.0, 1.0], [1.0, 0.0]])) == ((0, 0), (1, 1))


def test_dropped_layers_are_skipped_in_order() -> None:
    similarity = np.full((3, 5), 0.0)
    for ours, theirs in ((0, 0), (1, 3), (2, 4)):
        similarity[ours, theirs] = 0.9
    assert align_layers(similarity) == ((0, 0), (1, 3), (2, 4))


def test_repeated_layers_leave_the_copies_unpaired() -> None:
    similarity = np.full((4, 2), np.nan)
    similarity[0, 0] = similarity[2, 1] = 0.9
    pairs = align_layers(similarity)
    assert len(pairs) == 2
    assert (0, 0) in pairs


def test_parts_pair_by_role_and_mapped_layer() -> None:
    alignment = align_parts(component((up(0), up(1))), component((up(0), up(1), up(2))), {0: 0, 1: 2})
    assert [(a.tensor, b.tensor) for a, b in alignment.pairs] == [
        ("blocks.0.up", "blocks.0.up"),
        ("blocks.1.up", "blocks.2.up"),
    ]


def test_other_shapes_are_named_and_not_compared() -> None:
    alignment = align_parts(component((up(0), up(1))), component((up(0, (32, 8)),)), {0: 0, 1: 1})
    assert alignment.pairs == ()
    assert [part.layer for part in alignment.unmatched] == [1]
    assert [(a.shape, b.shape) for a, b in alignment.mismatched] == [((16, 8), (32, 8))]


def test_padded_vocabularies_compare() -> None:
    ours, theirs = (Part("embed", "weight", None, "embed", (rows, 8)) for rows in (100, 128))
    assert len(align_parts(component((ours,)), component((theirs,)), {}).pairs) == 1


def test_parts_without_a_role_pair_by_name_then_by_shape() -> None:
    ours = component((other("a", (3, 2)), other("b", (4, 4)), other("c", (9, 9))), "other")
    theirs = component((other("x", (4, 4)), other("a", (3, 2))), "other")
    alignment = align_parts(ours, theirs, {})
    assert [(a.tensor, b.tensor) for a, b in alignment.pairs] == [("a", "a"), ("b", "x")]
    assert [part.tensor for part in alignment.unmatched] == ["c"]


def test_another_prefix_does_not_hide_a_name() -> None:
    ours = component((other("stage.1.0.weight", (4, 4)), other("stage.2.0.weight", (4, 4))), "other")
    names = ("head.0.weight", "backbone.stage.2.0.weight", "backbone.stage.1.0.weight")
    alignment = align_parts(ours, component(tuple(other(name, (4, 4)) for name in names), "other"), {})
    assert [b.tensor for _, b in alignment.pairs] == ["backbone.stage.1.0.weight", "backbone.stage.2.0.weight"]


def test_the_best_component_is_of_the_same_kind() -> None:
    ours = component((up(0), up(1)))
    bare = component((up(0), up(1)), "other", "bare")
    small = component((up(0),), "vision_encoder", "small")
    assert best_component(ours, (bare, small)) is small
    assert best_component(ours, (bare,)) is bare
    assert best_component(ours, (component((up(0),), "audio_encoder"),)) is None
    assert best_component(ours, (component((up(0, (99, 99)),)),)) is None


def test_parts_without_a_role_say_whether_a_name_or_only_the_shape_paired_them() -> None:
    ours = (Part("other", "value", None, "a.first", (4, 6)), Part("other", "value", None, "one.body.weight", (8, 6)))
    theirs = (Part("other", "value", None, "x.second", (4, 6)), Part("other", "value", None, "two.body.weight", (8, 6)))
    alignment = align_parts(component(ours), component(theirs), {})
    assert len(alignment.pairs) == 2
    assert alignment.by_shape == {"a.first"}
