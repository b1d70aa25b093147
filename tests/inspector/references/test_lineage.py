"""Edges only where an exact test rejects, directions only where something says them, one tree a family."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import networkx
import pytest

from inspector.errors import worded
from inspector.evidence_results import VERDICTS, Verdict
from inspector.lineage_layout import BOX_HEIGHT, BOX_WIDTH, arrow_head, laid_out, line_width
from inspector.lineage_results import Lineage, LineageNode
from inspector.lineage_tree import backbone, families, is_sound, known_root
from inspector.references.lineage import PairEvidence, distance, lineage
from tests.data.lineages import apart, fifty, tied, two_families


def node(name: str, published: str = "") -> LineageNode:
    return LineageNode(name, name.upper(), "vision_encoder", "library", published=published)


def graph(
    *pairs: PairEvidence, dates: dict[str, str] | None = None, parents: dict[str, list[str]] | None = None
) -> Lineage:
    names = {name for pair in pairs for name in (pair.a, pair.b)}
    return lineage("vision_encoder", [node(name, (dates or {}).get(name, "")) for name in names], pairs, parents)


def ends(found: Lineage) -> list[tuple[str, str]]:
    return [(edge.a, edge.b) for edge in found.edges]


def codes(found: Lineage) -> list[str]:
    return [note.code.rpartition(".")[2] for note in found.notes]


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("bound", [None, 0.0, -5.9, -6.1, -400.0, -math.inf, math.nan])
def test_an_edge_needs_a_dependence_that_an_exact_test_proved(
    verdict: Verdict, exact: bool, bound: float | None
) -> None:
    pair = replace(tied("a", "b"), verdict=verdict, exact=exact, log10_p=bound)
    proved = exact and verdict in VERDICTS[:3] and bound in (-6.1, -400.0)
    found = graph(pair)
    assert ends(found) == ([("a", "b")] if proved else [])
    assert all(edge.exact for edge in found.edges)
    assert found.tested == 1


def test_every_pair_tested_counts_in_holm() -> None:
    others = [apart("a", f"x{number}") for number in range(99)]
    weak, strong = replace(tied("a", "b"), log10_p=-7.9), replace(tied("c", "d"), log10_p=-9.0)
    assert ends(graph(weak)) == [("a", "b")]
    found = graph(weak, strong, *others)
    assert ends(found) == [("c", "d")]
    assert found.edges[0].log10_p == pytest.approx(-9.0 + math.log10(101))
    assert "alone" in codes(found)
    assert "1 of 101 pairs" in worded(found.notes[-1])
    assert ends(graph(weak, strong, *others[:70])) == [("a", "b"), ("c", "d")]  # 72 pairs: the weak one by 71


def test_a_calibrated_finding_is_told_and_not_drawn() -> None:
    found = graph(replace(tied("a", "b"), exact=False))
    assert (found.edges, codes(found)) == ((), ["not_exact"])


@pytest.mark.parametrize(
    ("dates", "direction"),
    [
        (("2023-01", "2024-05"), "a_to_b"),
        (("2024-05-02", "2024-05-01"), "b_to_a"),
        (("2024-05", "2024-05"), "none"),
        (("2024", "2024-05"), "none"),  # may be earlier or later
        (("2024-05", "2024-05-31"), "none"),
        (("2024-02", "2024-03-01"), "a_to_b"),
        (("2023-01", ""), "none"),
        (("2023-13", "2024"), "none"),
        (("2023-02-30", "2024"), "none"),
        (("<b>", "2024"), "none"),
        (("0000", "2024"), "none"),
    ],
)
def test_direction_comes_from_dates_that_differ_for_certain(dates: tuple[str, str], direction: str) -> None:
    edge = graph(tied("b", "a"), dates=dict(zip("ab", dates, strict=True))).edges[0]
    assert (edge.a, edge.b, edge.direction) == ("a", "b", direction)
    assert (edge.why is None) == (direction == "none")
    if edge.why is not None:
        earlier, later = sorted(dates)
        assert f"({earlier})" in worded(edge.why)
        assert worded(edge.why).index(earlier) < worded(edge.why).index(later)


def test_a_date_that_is_none_is_dropped() -> None:
    found = graph(tied("a", "b"), dates={"a": "<b>", "b": "2024"})
    assert [item.published for item in found.nodes] == ["", "2024"]


def test_documents_give_a_direction_over_any_number_of_steps() -> None:
    parents = {"a": ["middle"], "middle": ["b"]}
    edge = graph(tied("a", "b"), parents=parents).edges[0]
    assert edge.direction == "b_to_a"
    assert edge.why is not None
    assert worded(edge.why) == "Documents name B as an ancestor of A."


@pytest.mark.parametrize(
    ("parents", "dates"),
    [({"a": ["b"]}, {"a": "2020", "b": "2021"}), ({"a": ["b"], "b": ["a"]}, {}), ({"a": ["x"], "b": ["x"]}, {})],
)
def test_what_contradicts_itself_or_says_nothing_gives_no_direction(
    parents: dict[str, list[str]], dates: dict[str, str]
) -> None:
    edge = graph(tied("a", "b"), parents=parents, dates=dates).edges[0]
    assert edge.direction == "none"
    assert (edge.why is not None) == bool(dates)


@pytest.mark.parametrize(
    ("correlation", "inherited", "expected"),
    [
        (1.0, 1.0, 0.0),
        (0.6, 1.0, 0.8),
        (0.6, None, 0.8),
        (0.1, 0.1, math.sqrt(0.9)),  # a tenth copied bit for bit
        (0.1, 0.0, math.sqrt(0.9)),  # a share below the correlation cannot be
        (0.0, 1.0, 1.0),
        (-0.3, 1.0, 1.0),
        (None, 1.0, 1.0),
        (math.nan, 1.0, 1.0),
        (1.0000001, 0.99, 0.0),
    ],
)
def test_distance_is_what_is_left_unexplained(
    correlation: float | None, inherited: float | None, expected: float
) -> None:
    pair = PairEvidence("a", "b", "derived", -300.0, True, correlation, inherited)
    assert distance(pair) == pytest.approx(expected)


def test_distance_is_the_residual_of_a_regression() -> None:
    import numpy as np

    rng = np.random.default_rng(3)
    theirs, own = rng.normal(size=(2, 400_000))
    copied = 100_000
    ours = np.concatenate([0.8 * theirs[:copied] + 0.6 * own[:copied], own[copied:]])
    r = float(np.corrcoef(ours, theirs)[0, 1])
    slope = float(ours[:copied] @ theirs[:copied] / (theirs[:copied] @ theirs[:copied]))
    left = ours - slope * np.concatenate([theirs[:copied], np.zeros(400_000 - copied)])
    measured = float(np.linalg.norm(left) / np.linalg.norm(ours))
    assert distance(PairEvidence("a", "b", "derived", -9.0, True, r, 0.25)) == pytest.approx(measured, abs=0.005)


def test_the_backbone_is_a_minimum_spanning_forest() -> None:
    found = fifty()
    full, tree = networkx.Graph(), networkx.Graph()
    for edges, into in ((found.edges, full), (backbone(found), tree)):
        into.add_weighted_edges_from((edge.a, edge.b, edge.distance) for edge in edges)
    assert networkx.is_forest(tree)
    assert {frozenset(part) for part in networkx.connected_components(tree)} == set(map(frozenset, families(found)))
    least = networkx.minimum_spanning_tree(full).size("weight")
    assert tree.size("weight") == pytest.approx(least)
    assert len(found.edges) > len(backbone(found))


def test_ties_of_the_backbone_go_by_bound_then_by_order() -> None:
    pairs = [tied("a", "b"), tied("b", "c"), tied("a", "c", log10_p=-500.0)]
    assert [(edge.a, edge.b) for edge in backbone(graph(*pairs))] == [("a", "c"), ("a", "b")]


def test_order_of_the_input_does_not_matter() -> None:
    found = two_families()
    pairs = [tied("b", "a"), tied("c", "b"), apart("c", "a")]
    nodes = [node(name, "2024") for name in "abc"]
    first = lineage("x", nodes, pairs)
    for seed in range(5):
        random.Random(seed).shuffle(pairs)
        random.Random(seed).shuffle(nodes)
        swapped = [replace(pair, a=pair.b, b=pair.a) for pair in pairs]
        assert lineage("x", nodes, swapped) == first
    assert laid_out(found) == laid_out(two_families())


@pytest.mark.parametrize("pairs", [[tied("a", "a")], [tied("a", "z")], [tied("a", "b"), tied("b", "a")]])
def test_pairs_that_are_none_are_refused(pairs: list[PairEvidence]) -> None:
    with pytest.raises(ValueError, match="pair"):
        lineage("x", [node("a"), node("b")], pairs)
    with pytest.raises(ValueError, match="twice"):
        lineage("x", [node("a"), node("a")], [])


def test_a_family_without_a_known_root_is_told_as_a_common_ancestor() -> None:
    pairs = [tied("a", "b"), tied("b", "c"), tied("a", "c")]
    dated = graph(*pairs, dates={"a": "2022", "b": "2023", "c": "2024"})
    assert known_root(dated, ["a", "b", "c"]) == "a"
    assert dated.notes == ()
    undated = graph(*pairs, dates={"a": "2022", "b": "2023"})
    assert known_root(undated, ["a", "b", "c"]) is None
    assert codes(undated) == ["common_ancestor"]
    assert "A, B, C" in worded(undated.notes[0])
    siblings = graph(tied("a", "c"), tied("b", "c"), dates={"a": "2022", "b": "2022", "c": "2023"})
    assert known_root(siblings, ["a", "b", "c"]) is None


@pytest.mark.parametrize("found", [two_families(), *(fifty(seed) for seed in range(8))])
def test_no_box_covers_another_and_all_lie_in_the_picture(found: Lineage) -> None:
    layout = laid_out(found)
    assert is_sound(found)
    assert sorted(box.node.id for box in layout.boxes) == [item.id for item in found.nodes]
    assert len(layout.lines) == len(backbone(found))
    for place, box in enumerate(layout.boxes):
        assert 0 <= box.x <= layout.width - BOX_WIDTH
        assert 0 <= box.y <= layout.height - BOX_HEIGHT
        for other in layout.boxes[:place]:
            assert abs(box.x - other.x) >= BOX_WIDTH or abs(box.y - other.y) > BOX_HEIGHT


@pytest.mark.parametrize("found", [two_families(), fifty(3)])
def test_dates_go_to_the_right_and_arrows_point_at_what_came_later(found: Lineage) -> None:
    layout = laid_out(found)
    boxes = {box.node.id: box for box in layout.boxes}
    arrows = 0
    for line in layout.lines:
        first, second = boxes[line.edge.a], boxes[line.edge.b]
        if line.edge.direction == "b_to_a":
            first, second = second, first
        head = arrow_head(line)
        assert (head is None) == (line.edge.direction == "none")
        if head is not None:
            arrows += 1
            assert first.x < second.x
            assert head[0] == (second.x, second.y + BOX_HEIGHT / 2)
    assert arrows >= 3


def test_a_wider_line_is_stronger_evidence() -> None:
    widths = [line_width(bound) for bound in (None, -6.0, -30.0, -300.0, -1000.0, -1e6)]
    assert widths == sorted(widths)
    assert widths[0] == widths[1] < widths[2] < widths[3] < widths[4] == widths[5]


def test_a_lineage_that_does_not_fit_together_is_seen() -> None:
    found = two_families()
    edge = found.edges[0]
    for edges in ((edge, edge), (replace(edge, a="nobody"),), (replace(edge, a=edge.b, b=edge.a),),
                  (replace(edge, distance=math.nan),), (replace(edge, log10_p=-math.inf),)):  # fmt: skip
        assert not is_sound(replace(found, edges=edges))
    assert not is_sound(replace(found, nodes=(*found.nodes, found.nodes[0])))
