"""No family fits: blocks, roles and kind from names that repeat, and from shapes where names carry nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inspector.anatomy import Component
from inspector.checkpoint.naming import natural_key
from tests.data.memory_checkpoint import MemoryCheckpoint, from_shapes
from tests.inspector.anatomy.instances import build, components, keys, named, part

D, M, L = 32, 80, 4
Shapes = dict[str, tuple[int, ...]]
PLAIN: Shapes = {
    "a": (D, D), "b": (D, D), "c": (D, D), "d": (D, D), "up": (M, D), "wn": (D, M), "n1": (D,), "n2": (D,)
}  # fmt: skip


def only(shapes: Shapes) -> Component:
    (component,) = components(from_shapes(shapes)).values()
    return component


def test_numbered_groups_of_equal_shapes_are_blocks() -> None:
    found = only({f"net/stack_{i}/x{name}/kernel": shape for i in range(L) for name, shape in PLAIN.items()})
    assert (found.blocks, found.hidden_size, found.family) == (L, D, "")
    for layer in range(L):
        assert keys(found, layer) >= {
            "attn.q.value", "attn.k.value", "attn.v.value", "attn.out.value", "mlp.fc1.value", "mlp.fc2.value"
        }  # fmt: skip
    assert part(found, "mlp.fc2.value", 3).tensor == "net/stack_3/xwn/kernel"


def test_two_of_three_equal_matrices_are_gate_and_up() -> None:
    one = {"p.weight": (M, D), "q2.weight": (M, D), "r.weight": (D, M), "ln.weight": (D,)}
    found = only({f"h.{i}.{name}": shape for i in range(2) for name, shape in one.items()})
    assert [part(found, f"mlp.{role}.weight", 1).tensor for role in ("gate", "up", "down")] == [
        "h.1.p.weight", "h.1.q2.weight", "h.1.r.weight"
    ]  # fmt: skip


def test_names_inside_a_block_that_say_a_role_go_before_order() -> None:
    one = {f"{name}_proj.weight": (D, D) for name in ("k", "o", "q", "v")} | {"x.weight": (M, D), "y.weight": (D, M)}
    found = only({f"h.{i}.{name}": shape for i in range(2) for name, shape in one.items()})
    assert part(found, "attn.q.weight", 0).tensor == "h.0.q_proj.weight"
    assert part(found, "attn.out.weight", 0).tensor == "h.0.o_proj.weight"


def test_fused_square_attention_is_split() -> None:
    one = {"x.weight": (3 * D, D), "x.bias": (3 * D,), "y.weight": (D, D), "u.weight": (M, D), "w.weight": (D, M)}
    found = only({f"h.{i}.{name}": shape for i in range(2) for name, shape in one.items()})
    assert part(found, "attn.v.weight", 0).ranges == ((2 * D, 3 * D),)
    assert part(found, "attn.k.bias", 1).shape == (D, 1)


@pytest.mark.parametrize(
    ("shape", "kind", "role"),
    [
        ((D, 3, 16, 16), "vision_encoder", "patch_embed"),
        ((D, 3, 2, 14, 14), "vision_encoder", "patch_embed"),
        ((D, 3, 3, 3), "vision_encoder", "other"),
        ((D, 128, 3), "audio_encoder", "conv1"),
        ((D, 80, 3), "audio_encoder", "conv1"),
        ((4000, D), "language_model", "embed"),
        ((200, D), "other", "other"),
        ((D, 1, 16, 16), "other", "other"),
    ],
)
def test_the_stem_says_the_kind(shape: tuple[int, ...], kind: str, role: str) -> None:
    body = {f"h.{i}.{name}.weight": size for i in range(L) for name, size in PLAIN.items()}
    found = only(body | {"stem.weight": shape})
    assert found.kind == kind
    assert [p.role for p in found.parts if p.tensor == "stem.weight"] == [role]


def renamed(checkpoint: MemoryCheckpoint) -> MemoryCheckpoint:
    """Every tensor as t0001, t0002, ... in the order of the names."""
    arrays: dict[str, Any] = checkpoint.arrays
    return MemoryCheckpoint({f"t{i:04d}": arrays[name] for i, name in enumerate(sorted(arrays, key=natural_key))})


@pytest.mark.parametrize(
    ("family", "kind", "roles"),
    [
        ("clip_vision", "vision_encoder", {"attn.q", "attn.out", "mlp.fc1", "mlp.fc2"}),
        ("llama", "other", {"attn.q", "attn.k", "mlp.gate", "mlp.up", "mlp.down"}),
    ],
)
def test_names_that_carry_nothing(family: str, kind: str, roles: set[str]) -> None:
    checkpoint = renamed(named(build(family)))
    (found,) = components(checkpoint).values()
    assert found.kind == kind
    assert found.blocks == 2
    assert {part.role for part in found.parts if part.layer == 1} >= roles
    assert components(checkpoint) == components(renamed(named(build(family)))), "deterministic"


def test_small_nets_give_one_component_with_every_tensor() -> None:
    convs = {
        "conv1.weight": (10, 1, 5, 5),
        "conv1.bias": (10,),
        "conv2.weight": (20, 10, 5, 5),
        "fc1.weight": (50, 320),
    }
    gru = {"encoder.weight": (60, 12)} | {f"gru.weight_{gate}_l{i}": (36, 12) for gate in ("ih", "hh") for i in (0, 1)}
    mlp = {"policy.0.weight": (64, 4), "policy.0.bias": (64,), "policy.2.weight": (64, 64), "policy.2.bias": (64,)}
    for shapes in (convs, gru, mlp, {"w": (4, 4)}):
        found = only(shapes)
        assert found.kind == "other"
        assert {part.tensor for part in found.parts} == set(shapes)


def test_matrices_with_units_as_columns_are_not_given_a_role_of_rows() -> None:
    one = {"mix.c_attn.weight": (D, 3 * D), "mix.c_proj.weight": (D, D), "units.c_fc.weight": (D, M),
           "units.c_proj.weight": (M, D), "ln_1.weight": (D,), "ln_2.weight": (D,)}  # fmt: skip
    found = only({f"h.{i}.{name}": shape for i in range(3) for name, shape in one.items()})
    assert {p.role for p in found.parts} == {"other", "norm.1", "norm.2"}


def test_nothing_at_all() -> None:
    assert components(MemoryCheckpoint({})) == {}
    (found,) = components(MemoryCheckpoint({"x": np.zeros((0, 3), np.float32)})).values()
    assert (found.parts, found.parameters, set(found.excluded)) == ((), 0, {"x"})
