"""The data of the catalogue: every file loads, and wrong data is refused with its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

import resources
from inspector.anatomy.families import CatalogueError, known_paths, load_families, parse_family, prefix_and_stage
from inspector.anatomy.fixed import load_fixed
from inspector.anatomy.guessing import load_hints
from inspector.errors import Note, worded

GOOD: dict[str, Any] = {
    "family": "example",
    "kind": "vision_encoder",
    "source": [{"name": "example", "address": "https://example.org/model.py"}],
    "requires": {"patch_embed": [None, 3, None, None]},
    "templates": {
        "stem": "patch_embed",
        "blocks.{L}.qkv": {"role": "attn.qkv", "split": ["attn.q", "attn.k", "attn.v"], "head_dim": 64},
        "blocks.{L}.out": "attn.out",
    },
}


def test_every_file_of_the_catalogue_loads() -> None:
    files = {file.stem for file in resources.path("catalogue/families").glob("*.json")}
    assert {family.layout for family in load_families()} == files
    assert len(files) >= 90
    assert known_paths()["visual", "merger"] == "projector"
    assert {role for role, _ in load_hints()} >= {"attn.q", "mlp.fc1", "embed"}
    assert {entry.formula.__name__ for entry in load_fixed()} >= {"sinusoid", "inverse_frequencies", "mel_filters"}


def test_no_key_stands_twice_in_one_file() -> None:
    for file in resources.path("catalogue").rglob("*.json"):
        json.loads(file.read_text("utf-8"), object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


def test_a_template_says_where_experts_and_units_are() -> None:
    templates = {
        "stem.{E}.conv": "stem.conv",
        "neck.norm": {"role": "neck", "number": 1},
        "stages.{S}.blocks.{L}.experts.{E}.up": "mlp.up",
        "stages.{S}.blocks.{L}.experts.down": {"role": "mlp.down", "stacked": True, "transposed": True},
    }
    family = parse_family("example", GOOD | {"templates": templates, "requires": {}})
    inside = family.blocks["stages.{S}.blocks"]
    assert inside["experts.{E}.up"].expert_in("experts.12.up") == 12
    assert inside["experts.down"].matrices((4, 48, 32)) == (4, 32, 48)
    assert family.tops["stem.{E}.conv"].expert_in("stem.3.conv") == 3
    assert family.tops["neck.norm"].expert_in("neck.norm") == 1


@pytest.mark.parametrize(
    ("path", "container", "found"),
    [
        ("net.layer3", "layer{S}", ("net.", 3)),
        ("layer3", "layer{S}", ("", 3)),
        ("player3", "layer{S}", None),
        ("a.stages.1.blocks", "stages.{S}.blocks", ("a.", 1)),
        ("a.blocks", "blocks", ("a.", 0)),
        ("a.myblocks", "blocks", None),
    ],
)
def test_a_stage_is_read_from_the_path(path: str, container: str, found: tuple[str, int] | None) -> None:
    assert prefix_and_stage(path, container) == found


def test_a_good_file_is_read_as_it_says() -> None:
    family = parse_family("example", GOOD)
    assert family.requires == {"patch_embed": (None, 3, None, None)}
    assert family.blocks["blocks"]["qkv"].split == ("attn.q", "attn.k", "attn.v")
    assert family.blocks["blocks"]["qkv"].head_dim == 64
    assert set(family.tops) == {"stem"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"templates": {"blocks.{L}.q": {"role": "attn.q", "turned": True}}}, "must be a role, or an object"),
        ({"templates": {"blocks.{L}.q": {"role": "attn.q", "transposed": 1}}}, "are true or false"),
        ({"templates": {"blocks.{L}.{E}.q": {"role": "attn.q", "stacked": True}}}, "stacked without {E}"),
        ({"templates": {"blocks.{L}.q": {"role": "attn.q", "number": "1"}}}, "must be whole"),
        ({"templates": {"blocks.{L}.{E}.q": {"role": "attn.q", "number": 1}}}, "has no number of its own"),
        ({"templates": {"blocks.{L}.{S}.q": "attn.q"}}, "container.{L}.path"),
        ({"fewest": "2"}, "fewest is a whole number"),
        ({"kind": "encoder"}, "kind is 'encoder'"),
        ({"extra": 1}, "expected an object with the keys"),
        ({"source": []}, "at least one name and https address"),
        ({"source": [{"name": "x", "address": "http://example.org"}]}, "https address"),
        ({"templates": {"blocks.{L}.q": "attn.query"}}, "'attn.query' is not a canonical role"),
        ({"templates": {"blocks.{L}": "attn.q"}}, "container.{L}.path"),
        ({"templates": {"a.{L}.b.{L}.c": "attn.q"}}, "with one {L}"),
        ({"templates": {"blocks.{L}.q": {"split": ["attn.q", "attn.k"]}}}, "must be a role, or an object"),
        ({"templates": {"blocks.{L}.q": {"role": "attn.qkv", "split": ["attn.q"]}}}, "at least two different roles"),
        (
            {"templates": {"blocks.{L}.g": {"role": "mlp.gate_up", "split": ["mlp.gate", "mlp.up"], "head_dim": 8}}},
            "with three roles",
        ),
        ({"requires": {"conv1": []}}, "requires conv1, which no template has"),
        ({"requires": {"patch_embed": ["D", 3]}}, "shape pattern lists sizes or null"),
        ({"templates": {"stem": "patch_embed"}}, "every other family needs one"),
        ({"kind": "projector"}, "a projector has no {L}"),
    ],
)
def test_wrong_data_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_family("example", GOOD | change)
    assert str(caught.value).startswith("example: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_reason_is_worded(language: str) -> None:
    texts = resources.load_json(f"translations/{language}/anatomy.json")
    assert texts.keys() == resources.load_json("translations/en/anatomy.json").keys()
    assert {entry.reason for entry in load_fixed()} <= texts.keys()
    assert "F4" in worded(Note("anatomy.opaque_dtype", {"dtype": "F4"}), language)
    assert "projector" in worded(Note("anatomy.guessed", {"component": "projector"}), language)
