"""The lineage of one kind of component: from the evidence of every pair to a graph. Pure: reads no file."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from inspector.errors import Note
from inspector.evidence_results import DEPENDENT, Verdict
from inspector.job import QUIET, Job
from inspector.lineage_results import Direction, Lineage, LineageEdge, LineageNode
from inspector.lineage_tree import families, known_root

ALPHA_LOG10 = -6.0  # METHODS section 4, Verdict: Holm at 1e-6
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

Parents = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """What the tests found for two components.

    Attributes:
        a, b: node ids, in any order. verdict: of the pair. log10_p: its proven bound, None where no exact test ran.
        exact: an exact test decided.
        correlation: centred correlation over all weight matrices, of the weights with a disguise undone where one
            was; None where unknown.
        inherited: share of the parameters in inherited units, 0..1, None where unknown.
    """

    a: str
    b: str
    verdict: Verdict
    log10_p: float | None
    exact: bool
    correlation: float | None
    inherited: float | None


def lineage_of(
    library: str | Path | None, kind: str, candidates: Sequence[str | Path] = (), job: Job = QUIET
) -> Lineage:
    """Return the lineage of all components of one kind in the library (None: the usual one) and the candidates.

    Raises:
        InputError: the library or a candidate cannot be read.
        Cancelled: the job was cancelled.
    """
    from inspector.references.pairs import documented, members, pair_evidence  # it builds on the classes above

    found = members(library, kind, candidates, job)
    return lineage(kind, _once(member.node for member in found), pair_evidence(found, job), documented(found))


def _once(nodes: Iterable[LineageNode]) -> list[LineageNode]:
    return list({node.id: node for node in nodes}.values())


def distance(pair: PairEvidence) -> float:
    """Return how much of either component's weights the other leaves unexplained, 0..1.

    d = sqrt(1 - r² / f), with r the centred correlation over everything and f the share that was inherited. Where all
    was inherited this is sqrt(1 - r²), the sine of the angle between the two centred weight vectors: what a
    regression of one on the other leaves of its length. Where only a share f was, with nothing in common elsewhere,
    the correlation inside that share is r / f, it explains f (r / f)² = r² / f of all variance, and d is what is left:
    ten per cent copied bit for bit is 0.95 away, not 0. A correlation r over everything cannot come from less than a
    share r of it, so f is at least r. Scale and offset do not count, a rotation does unless it was undone.
    """
    if pair.correlation is None or not math.isfinite(pair.correlation) or pair.correlation <= 0.0:
        return 1.0
    r = min(pair.correlation, 1.0)
    share = max(1.0 if pair.inherited is None else min(pair.inherited, 1.0), r)
    return math.sqrt(max(0.0, 1.0 - r * r / share))


def lineage(
    kind: str, nodes: Iterable[LineageNode], evidence: Iterable[PairEvidence], parents: Parents | None = None
) -> Lineage:
    """Return the graph of a kind: an edge where an exact test rejects independence, after Holm over all pairs.

    Args:
        kind: component kind. nodes: one a component, ids unique. evidence: one a pair, in any order.
        parents: node id -> ids of the models that documents name as its ancestors; ids without a node are steps on
            the way to older ones.

    Raises:
        ValueError: two nodes have one id, or a pair comes twice or names no node.
    """
    ordered = tuple(_dated(node) for node in sorted(nodes, key=lambda node: node.id))
    places = {node.id: place for place, node in enumerate(ordered)}
    pairs = [pair if places[pair.a] < places[pair.b] else replace(pair, a=pair.b, b=pair.a)
             for pair in evidence if _known(pair, places)]  # fmt: skip
    pairs.sort(key=lambda pair: (places[pair.a], places[pair.b]))
    if len(places) != len(ordered) or len({(pair.a, pair.b) for pair in pairs}) != len(pairs):
        raise ValueError("a node or a pair comes twice")
    older = _ancestors(parents or {})
    edges = tuple(_edge(pair, bound, (ordered[places[pair.a]], ordered[places[pair.b]]), older)
                  for pair, bound in _rejecting(pairs))  # fmt: skip
    graph = Lineage(kind, ordered, edges, len(pairs))
    return replace(graph, notes=_notes(graph, pairs))


def _dated(node: LineageNode) -> LineageNode:
    """Return the node without a date that is none: what a pack says of a model is not to be trusted."""
    return node if _span(node.published) is not None else replace(node, published="")


def _known(pair: PairEvidence, places: Mapping[str, int]) -> bool:
    if pair.a == pair.b or pair.a not in places or pair.b not in places:
        raise ValueError(f"no pair of nodes: {pair.a!r}, {pair.b!r}")
    return True


def _claim(pair: PairEvidence) -> float | None:
    """Return the bound with which an exact test rejects for this pair alone, None where none does."""
    bound = pair.log10_p
    counts = pair.exact and pair.verdict in DEPENDENT and bound is not None and math.isfinite(bound)
    return bound if counts else None


def _rejecting(pairs: Sequence[PairEvidence]) -> list[tuple[PairEvidence, float]]:
    """Return the pairs that reject under Holm over all pairs tested, with their bounds so corrected, in their order.

    Pairs without an exact claim count as tests too: they were looked at.
    """
    claims = sorted((bound, place) for place, pair in enumerate(pairs) if (bound := _claim(pair)) is not None)
    kept: dict[int, float] = {}
    worst = -math.inf
    for rank, (bound, place) in enumerate(claims):
        worst = max(worst, bound + math.log10(len(pairs) - rank))
        if worst > ALPHA_LOG10:
            break
        kept[place] = worst
    return [(pairs[place], kept[place]) for place in sorted(kept)]


def _edge(
    pair: PairEvidence, bound: float, ends: tuple[LineageNode, LineageNode], older: Mapping[str, frozenset[str]]
) -> LineageEdge:
    direction, why = _direction(*ends, older)
    return LineageEdge(pair.a, pair.b, distance(pair), pair.verdict, bound, pair.exact, direction, why)


def _direction(a: LineageNode, b: LineageNode, older: Mapping[str, frozenset[str]]) -> tuple[Direction, Note | None]:
    """Return which came first by documents, else by dates; where the two contradict each other, neither counts."""
    documented = _first(a.id in older.get(b.id, ()), b.id in older.get(a.id, ()))
    spans = _span(a.published), _span(b.published)
    dated: Direction = "none"
    if spans[0] is not None and spans[1] is not None:
        dated = _first(spans[0][1] < spans[1][0], spans[1][1] < spans[0][0])
    both = {documented, dated} - {"none"}
    if len(both) == 2:
        return "none", Note("references.lineage.contradiction", {"a": a.label, "b": b.label})
    found = both.pop() if both else "none"
    first, second = (a, b) if found == "a_to_b" else (b, a)
    names = {"first": first.label, "second": second.label}
    if documented != "none":
        return documented, Note("references.lineage.documented", names)
    if dated != "none":
        dates = {"first_date": first.published, "second_date": second.published}
        return dated, Note("references.lineage.dated", {**names, **dates})
    return "none", None


def _first(a: bool, b: bool) -> Direction:
    return "none" if a == b else "a_to_b" if a else "b_to_a"


def _span(published: str) -> tuple[date, date] | None:
    """Return the first and the last day that a date may mean, None where it is none.

    >>> _span("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    match = _DATE.fullmatch(published)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        last = month or 12
        end = day or calendar.monthrange(year, last)[1]
        return date(year, month or 1, day or 1), date(year, last, end)
    except (ValueError, calendar.IllegalMonthError):
        return None


def _ancestors(parents: Parents) -> dict[str, frozenset[str]]:
    """Return everything that documents name before each id, over any number of steps."""
    found = {}
    for name in parents:
        seen: set[str] = set()
        waiting = list(parents[name])
        while waiting:
            above = waiting.pop()
            if above not in seen:
                seen.add(above)
                waiting += parents.get(above, ())
        found[name] = frozenset(seen)
    return found


def _notes(graph: Lineage, pairs: Sequence[PairEvidence]) -> tuple[Note, ...]:
    """Say of every family without a known root that it goes back to an ancestor nobody named, and what was left out."""
    labels = {node.id: node.label for node in graph.nodes}
    notes = []
    for family in families(graph):
        if known_root(graph, family) is None:
            names = ", ".join(labels[name] for name in family[:3]) + (", …" if len(family) > 3 else "")
            notes.append(Note("references.lineage.common_ancestor", {"count": len(family), "names": names}))
    alone = sum(_claim(pair) is not None for pair in pairs) - len(graph.edges)
    if alone:
        notes.append(Note("references.lineage.alone", {"count": alone, "tested": graph.tested}))
    calibrated = sum(pair.verdict in DEPENDENT and _claim(pair) is None for pair in pairs)
    if calibrated:
        notes.append(Note("references.lineage.not_exact", {"count": calibrated}))
    return tuple(notes)
