"""Made-up lineages for tests and pictures: families with known roots, without any, and what is tied to nothing."""

from __future__ import annotations

import random

from inspector.lineage_results import Lineage, LineageNode
from inspector.references.lineage import PairEvidence, lineage


def tied(a: str, b: str, correlation: float = 0.9, log10_p: float = -300.0, inherited: float = 1.0) -> PairEvidence:
    return PairEvidence(a, b, "derived", log10_p, True, correlation, inherited)


def apart(a: str, b: str) -> PairEvidence:
    return PairEvidence(a, b, "no_dependence_found", -0.3, True, 0.001, 0.0)


def _node(name: str, publisher: str = "", published: str = "", source: str = "library") -> LineageNode:
    country = "KR" if "한" in publisher else ""
    return LineageNode(name, name, "vision_encoder:visual.", source, publisher, country, "apache-2.0", published)  # type: ignore[arg-type]


def two_families() -> Lineage:
    """Twelve components: one family by date, one without dates, two tied to nothing."""
    nodes = [
        _node("alpha-vit-l", "Alpha Lab", "2023-03"),
        _node("alpha-vit-l-336", "Alpha Lab", "2023-08"),
        _node("beta-vl-7b", "Beta", "2024-01-15"),
        _node("beta-vl-7b-instruct", "Beta", "2024-02"),
        _node("gamma-omni-한국어", "한국연구소", "2024-06"),
        _node("submission-2026", source="candidate"),
        _node("delta-encoder-base", "Delta"),
        _node("delta-encoder-large-with-a-very-long-name-that-does-not-fit", "Delta"),
        _node("delta-encoder-v2", "Delta"),
        _node("team-seven/candidate", source="candidate"),
        _node("honest-vit", "Epsilon", "2025-05"),
        _node("zeta-vit", "Zeta", "2025"),
    ]  # fmt: skip
    ids = [node.id for node in nodes]
    first, second = ids[:6], ids[6:10]
    near = {("alpha-vit-l", "alpha-vit-l-336"): 0.97, ("alpha-vit-l-336", "beta-vl-7b"): 0.9,
            ("beta-vl-7b", "beta-vl-7b-instruct"): 0.999, ("beta-vl-7b", "gamma-omni-한국어"): 0.8,
            ("beta-vl-7b-instruct", "submission-2026"): 0.95,
            ("delta-encoder-base", "delta-encoder-v2"): 0.7,
            ("delta-encoder-base", "team-seven/candidate"): 0.99}  # fmt: skip
    pairs = []
    for place, a in enumerate(ids):
        for b in ids[place + 1 :]:
            if (a in first and b in first) or (a in second and b in second):
                known = near.get((a, b)) or near.get((b, a))
                pairs.append(tied(a, b, known or 0.45, -900.0 if known else -40.0))
            else:
                pairs.append(apart(a, b))
    return lineage("vision_encoder", nodes, pairs)


def fifty(seed: int = 5) -> Lineage:
    """Fifty components: families of 19, 11, 6, 3 and 2 grown at random, the rest tied to nothing."""
    draw = random.Random(seed)
    nodes: list[LineageNode] = []
    pairs: list[PairEvidence] = []
    for family, size in enumerate((19, 11, 6, 3, 2)):
        members: list[str] = []
        months: list[int] = []
        for place in range(size):
            dated = family in (0, 2) and draw.random() < 0.85
            near = draw.randint(max(0, place - 6), place - 1) if place else None
            months.append(months[near] + draw.randint(0, 7) if near is not None else 0)
            day = f"{2022 + months[-1] // 12}-{months[-1] % 12 + 1:02d}" if dated else ""
            source = "candidate" if draw.random() < 0.1 else "library"
            nodes.append(_node(f"{'abcde'[family]}-model-{place:02d}-encoder", "Publisher", day, source))
            for other, name in enumerate(members):
                pairs.append(tied(name, nodes[-1].id, draw.uniform(0.85, 0.999) if other == near else 0.3))
            members.append(nodes[-1].id)
    nodes += [_node(f"lone-{place}", "Somebody", "2025") for place in range(9)]
    return lineage("vision_encoder", nodes, pairs)
