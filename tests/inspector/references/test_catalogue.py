"""The catalogue: every entry is whole, its shapes are those that libraries build, and no verdict depends on it."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

import inspector
import resources
from inspector.anatomy import Component, find_components
from inspector.anatomy.families import CatalogueError, load_families
from inspector.errors import Note, worded
from inspector.plain import architecture_note, component_architecture
from inspector.references import catalogue
from inspector.references.reading_encoders import parse_encoders
from inspector.report.document import comparison_document
from inspector.results import ComponentFact
from tests.data.shape_checkpoint import ShapeCheckpoint
from tests.inspector.references.published import PUBLISHED, built

ONE_CLASS = {"whisper-large-v3", "qwen2-audio-7b-encoder", "qwen2.5-omni-7b-audio", "voxtral-mini-3b-audio"}


@pytest.fixture
def data() -> Any:
    return copy.deepcopy(resources.load_json("catalogue/encoders.json"))


def largest(checkpoint: ShapeCheckpoint) -> Component:
    return max(find_components(checkpoint), key=lambda component: component.parameters)


def fitting_ids(component: Component) -> list[str]:
    return [encoder.id for encoder in catalogue.fitting(component)]


def fact(component: Component) -> ComponentFact:
    said = catalogue.facts(catalogue.fitting(component))
    return ComponentFact("a", component.kind, "", component.family, component.blocks, 1, 1, architecture=said)


def test_every_entry_is_whole() -> None:
    encoders = catalogue.encoders()
    assert len(encoders) == 158
    layouts = {(family.family, family.kind) for family in load_families()}
    for encoder in encoders:
        assert all((family, encoder.kind) in layouts for family in encoder.families), encoder.id
        assert catalogue.entry(encoder.id) is encoder
    measured = [encoder for encoder in encoders if encoder.architecture.heads and encoder.architecture.hidden_size]
    assert len(measured) > 140
    for encoder in measured:  # heads × head width is the width of the stream, or of the attention in Gemma 4
        sizes = encoder.architecture
        widths = zip(sizes.heads, sizes.head_dim * (len(sizes.heads) // len(sizes.head_dim)), strict=True)
        if not encoder.families or encoder.families[0] != "clap":
            assert tuple(heads * width for heads, width in widths) == sizes.hidden_size, encoder.id


@pytest.mark.parametrize("encoder", PUBLISHED)
def test_an_encoder_as_the_library_builds_it_has_the_architecture_of_its_entry(encoder: str) -> None:
    assert encoder in fitting_ids(largest(built(encoder)))


@pytest.mark.parametrize("encoder", ["whisper-large-v3", "clip-vit-b32", "qwen2.5-vl-7b-vit"])
def test_one_block_more_is_another_architecture(encoder: str) -> None:
    shapes = {name: tensor.shape for name, tensor in built(encoder).tensors.items()}
    depth = catalogue.entry(encoder).architecture.blocks[0]
    last = re.compile(rf"(layers|blocks)\.{depth - 1}\.")
    more = {last.sub(rf"\1.{depth}.", name): shape for name, shape in shapes.items()}
    deeper = largest(ShapeCheckpoint(shapes | more))
    assert deeper.blocks == depth + 1
    assert fitting_ids(deeper) == []


def test_encoders_of_one_shape_are_all_named_the_earliest_first() -> None:
    component = largest(built("whisper-large-v3"))
    found = fitting_ids(component)
    assert found[0] == "whisper-large-v3"
    assert set(found) >= ONE_CLASS
    assert "whisper-large-v2" not in found  # 80 mel bins
    dates = [catalogue.entry(encoder).published or "9999" for encoder in found]
    assert dates == sorted(dates)


def test_a_variant_with_registers_or_another_patch_is_another_architecture() -> None:
    assert "dinov2-base" not in fitting_ids(largest(built("dinov2-base-reg4")))
    assert "clip-vit-b16" not in fitting_ids(largest(built("clip-vit-b32")))
    assert "qwen2.5-vl-7b-vit" not in fitting_ids(largest(built("qwen2.5-vl-32b-vit")))


def test_a_renamed_encoder_is_known_by_its_shapes_alone() -> None:
    shapes = {name: tensor.shape for name, tensor in built("qwen2.5-vl-7b-vit").tensors.items()}
    renamed: dict[str, tuple[int, ...]] = {}
    for name, shape in shapes.items():
        words = [word if word.isdigit() else f"z{len(word)}{word[0]}{word[-1]}" for word in name.split(".")]
        renamed[".".join(words)] = shape
    assert len(renamed) == len(shapes)
    component = max(find_components(ShapeCheckpoint(renamed)), key=lambda item: item.parameters)
    assert component.family == ""
    assert "qwen2.5-vl-7b-vit" in fitting_ids(component)
    note = component_architecture(fact(component))
    assert note is not None
    assert worded(note).startswith("Its blocks have the shapes of Qwen2.5-VL-")


def test_an_architecture_that_is_in_no_catalogue_gets_nothing() -> None:
    inspection = inspector.inspect(resources.path("demo/candidate"))
    assert [component.architecture for component in inspection.components] == [()] * len(inspection.components)
    assert component_architecture(inspection.components[0]) is None


def test_the_words_in_both_languages() -> None:
    several = fact(largest(built("whisper-large-v3")))
    others = len(several.architecture) - 1
    note = component_architecture(several)
    assert note is not None
    english = f"Has the architecture of Whisper large-v3 encoder (OpenAI, MIT); others of the same shape: {others}."
    assert worded(note) == english
    assert worded(note, "ko").startswith("구조가 Whisper large-v3 encoder(OpenAI, MIT)과(와) 같습니다.")
    lonely = inspector.inspect(resources.path("demo/reference_audio"))
    absent = component_architecture(several, [lonely])
    assert absent is not None
    assert worded(absent).endswith("none of them among the references.")
    assert worded(absent, "ko").endswith("이 구조의 기준 모델은 없습니다.")
    one = several.architecture[:1]
    assert worded(architecture_note(one, in_library=False)).endswith("(OpenAI, MIT); not among the references.")
    codes = {
        architecture_note(entries, held, named).code
        for entries in (one, several.architecture)
        for held in (None, False)
        for named in (True, False)
    }
    assert codes == set(resources.load_json("translations/en/references.json")) & codes
    assert len(codes) == 8
    assert all(worded(Note(code, note.params), "ko") != worded(Note(code, note.params)) for code in codes)


def test_ancestry_follows_documented_parents() -> None:
    told = catalogue.ancestry("hyperclovax-seed-omni-8b-audio")
    assert [(child, parent.id, parent.relation) for child, parent in told] == [
        ("hyperclovax-seed-omni-8b-audio", "qwen2-audio-7b-encoder", "file_name"),
        ("qwen2-audio-7b-encoder", "whisper-large-v3", "continued"),
    ]
    scratch = catalogue.ancestry("qwen2.5-vl-7b-vit")
    assert [(parent.id, parent.name, parent.relation) for _, parent in scratch] == [(None, "", "scratch")]
    with pytest.raises(KeyError):
        catalogue.entry("whisper-enormous")


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("kind", "projector", "clip-vit-b32: kind is 'projector'"),
        ("families", ["clyp"], "clip-vit-b32: clyp is no family"),
        ("publisher", "Nobody", "publisher 'Nobody' is not among"),
        ("published", "2021", "published is YYYY-MM"),
        ("verified", "surely", "verified is one of"),
        ("sources", ["hearsay"], "clip-vit-b32: sources"),
        ("licence", 3, "licence is text"),
        ("id", "clip-vit-b16", "two entries have the same id"),
        ("architecture", {}, "architecture: expected the keys"),
        ("parents", [{"id": "nobody"}], "a parent has the keys"),
    ],
)
def test_a_broken_entry_is_named(data: Any, key: str, value: Any, complaint: str) -> None:
    data["encoders"][0][key] = value
    with pytest.raises(CatalogueError, match=complaint):
        parse_encoders(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [("blocks", 0), ("blocks", True), ("mlp", "wide"), ("gated", 1), ("patch", [14, 14]), ("stem", {"clip": 3})],
)
def test_a_broken_size_is_named(data: Any, key: str, value: Any) -> None:
    data["encoders"][0]["architecture"][key] = value
    with pytest.raises(CatalogueError, match="clip-vit-b32"):
        parse_encoders(data)


def test_parents_must_be_entries_and_no_circle(data: Any) -> None:
    by_id = {encoder["id"]: encoder for encoder in data["encoders"]}
    parent = by_id["qwen2-audio-7b-encoder"]["parents"][0]
    by_id["whisper-large-v3"]["parents"] = [{**parent, "id": "qwen2-audio-7b-encoder"}]
    with pytest.raises(CatalogueError, match="among its own ancestors"):
        parse_encoders(data)
    parent["id"] = "whisper-enormous"
    with pytest.raises(CatalogueError, match="parent 'whisper-enormous' is no other entry"):
        parse_encoders(data)


def test_no_verdict_depends_on_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = [resources.path("demo/reference_audio")]
    entry = catalogue.entry("whisper-large-v3")
    monkeypatch.setattr(catalogue, "fitting", lambda component: (entry,))
    full = comparison_document(inspector.compare(resources.path("demo/candidate"), reference, quick=True))
    said = [component.pop("architecture") for component in full["candidate"]["components"]]
    assert said[0] == [
        {
            "id": "whisper-large-v3",
            "name": "Whisper large-v3 encoder",
            "publisher": "OpenAI",
            "country": "US",
            "licence": "MIT",
            "published": "2023-11",
            "verified": "published",
        }
    ]
    monkeypatch.undo()
    monkeypatch.setattr(catalogue, "encoders", lambda: ())
    empty = comparison_document(inspector.compare(resources.path("demo/candidate"), reference, quick=True))
    for document in (full, empty):
        for side in (document["candidate"], *document["references"]):
            for component in side["components"]:
                component.pop("architecture", None)
    assert full == empty
