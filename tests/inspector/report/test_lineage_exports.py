"""A lineage as GraphML, JSON, SVG and PNG: whole, well formed, and never more than text from names."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import pairwise

import networkx
import numpy as np
import pytest
from PIL import Image

import resources
from inspector.lineage_layout import laid_out
from inspector.lineage_results import Lineage, LineageNode
from inspector.lineage_tree import backbone
from inspector.lineage_words import fitted
from inspector.references.lineage import lineage
from inspector.report import lineage_palette
from inspector.report.lineage_data import lineage_graphml, lineage_json
from inspector.report.lineage_png import lineage_png
from inspector.report.lineage_svg import lineage_svg
from tests.data.lineages import fifty, tied, two_families

HOSTILE = (
    '</text><script>alert("x")</script>', "]]>&amp;&#0;", "a\x00b\x1b[31m", "\u202egnp.exe", "\ud800", "'\"><image/>",
    "이름" * 100, "\ufffe\uffff", "{0.__class__}%s", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
)  # fmt: skip


def hostile() -> Lineage:
    nodes = [LineageNode(text, text, text, "library", text, text, text, text) for text in HOSTILE]
    return lineage("vision_encoder", nodes, [tied(a, b) for a, b in pairwise(HOSTILE)])


@pytest.mark.parametrize("found", [two_families(), fifty(), hostile(), Lineage("x", (), (), 0)])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_svg_is_well_formed_and_holds_shapes_and_text_only(found: Lineage, language: str) -> None:
    for dark in (False, True):
        root = ElementTree.fromstring(lineage_svg(found, dark=dark, language=language))
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "title", "rect", "path", "polygon", "text", "g"}
        assert not any("href" in name or name.startswith("on") for item in root.iter() for name in item.attrib)
        texts = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
        assert all(text.isprintable() for text in texts)
        groups = [element for element in root.iter() if element.tag.endswith("}g")]
        assert len(groups) == len(found.nodes)
        paths = [element for element in root.iter() if element.tag.endswith("path")]
        assert len(paths) == len(backbone(found))


def test_the_svg_tells_candidates_and_directions() -> None:
    found = two_families()
    text = lineage_svg(found).decode()
    assert text.count(f'fill="{lineage_palette.LIGHT.wash}"') == 2
    arrows = sum(edge.direction != "none" for edge in backbone(found))
    assert text.count("<polygon") == arrows == 4
    assert "한국연구소" in text
    assert "alpha-vit-l was published first (2023-03)" in text
    assert lineage_palette.DARK.ground in lineage_svg(found, dark=True).decode()
    assert "후보" in lineage_svg(found, language="ko").decode()


@pytest.mark.parametrize("found", [two_families(), fifty(), hostile(), Lineage("x", (), (), 0)])
def test_graphml_comes_back_whole(found: Lineage) -> None:
    back = networkx.read_graphml(io.BytesIO(lineage_graphml(found)))
    assert back.graph["tested"] == found.tested
    assert list(back) == [f"n{place}" for place in range(len(found.nodes))]
    names = {node.id: f"n{place}" for place, node in enumerate(found.nodes)}
    assert back.number_of_edges() == len(found.edges)
    tree = {(edge.a, edge.b) for edge in backbone(found)}
    for edge in found.edges:
        data = back.edges[names[edge.a], names[edge.b]]
        assert data["distance"] == edge.distance
        assert data["log10_p"] == edge.log10_p
        assert data["exact"] is True
        assert data["tree"] is ((edge.a, edge.b) in tree)
        first = {"a_to_b": names[edge.a], "b_to_a": names[edge.b]}.get(edge.direction)
        assert data.get("first") == first
    for node in found.nodes:
        assert back.nodes[names[node.id]]["source"] == node.source
        assert str(back.nodes[names[node.id]]["label"]).isprintable()


def test_the_json_has_every_edge_and_says_which_are_drawn() -> None:
    found = two_families()
    document = json.loads(lineage_json(found))
    assert document["schema"] == "assayer.lineage/1"
    assert (document["kind"], document["tested"]) == ("vision_encoder", 66)
    assert [item["id"] for item in document["nodes"]] == [node.id for node in found.nodes]
    assert len(document["edges"]) == len(found.edges) == 21
    assert sum(item["tree"] for item in document["edges"]) == 8
    first = document["edges"][0]
    assert first["why"]["code"] == "references.lineage.dated"
    assert {len(item["members"]) for item in document["families"]} == {6, 4}
    assert [item["code"] for item in document["notes"]] == ["references.lineage.common_ancestor"] * 2
    assert json.loads(lineage_json(hostile()))["nodes"]


@pytest.mark.parametrize("found", [two_families(), fifty(), hostile()])
def test_the_png_has_twice_the_pixels_of_the_layout(found: Lineage) -> None:
    layout = laid_out(found)
    picture = Image.open(io.BytesIO(lineage_png(found)))
    assert picture.size == (round(2 * layout.width), round(2 * (layout.height + 30)))
    dark = Image.open(io.BytesIO(lineage_png(found, dark=True, language="ko")))
    assert dark.getpixel((1, 1)) == (0x14, 0x18, 0x1E)
    assert picture.getpixel((1, 1)) == (0xF3, 0xF5, 0xF8)


def test_a_very_large_lineage_gets_fewer_pixels() -> None:
    nodes = tuple(replace(two_families().nodes[0], id=f"{number}") for number in range(3000))
    picture = Image.open(io.BytesIO(lineage_png(Lineage("x", nodes, (), 0))))
    assert picture.width * picture.height <= 41_000_000


def test_letters_that_no_font_has_are_drawn_as_their_codes() -> None:
    def drawn(label: str) -> np.ndarray:
        node = LineageNode("a", label, "vision_encoder", "library")
        return np.asarray(Image.open(io.BytesIO(lineage_png(Lineage("x", (node,), (), 0)))))

    assert (drawn("시각") == drawn("\\uc2dc\\uac01")).all()
    assert (drawn("시각") != drawn("시선")).any()


def test_long_names_keep_both_ends() -> None:
    text = fitted("delta-encoder-large-with-a-very-long-name", 20)
    assert text.startswith("delta-en")
    assert text.endswith("long-name")
    assert len(text) == 20
    assert len(fitted("한국어" * 20, 21)) == 11


def test_every_sentence_is_used() -> None:
    import inspector

    folder = resources.path("../inspector")
    source = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    assert inspector.__version__
    codes = [code for code in resources.load_json("translations/en/references.json") if ".lineage." in code]
    assert len(codes) > 10
    assert [code for code in codes if f'"{code}"' not in source] == []
