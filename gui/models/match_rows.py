"""What the match table shows: compared pairs of all findings, then what found no partner on either side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt
from inspector.errors import Note
from inspector.evidence_results import DEPENDENT, shows_effect
from inspector.results import Against, ComponentFinding, FloatArray, Inspection, IntArray, ReferenceFact
from inspector.undone_map import touches

from gui.buckets import UNMATCHED_THERE, PairEvidence, pair_buckets
from gui.models.match_pieces import Piece, paired_piece, unmatched_pieces
from gui.models.pair_groups import group_rows, possible_groups, reasons_of_roles
from gui.models.tensor_pairs import TensorPair
from gui.words import against_key

BoolArray = npt.NDArray[np.bool_]


class PairRows:
    """The rows, end to end: compared pairs first (`paired` of them).

    Attributes:
        kinds, components, checkpoints, roles, candidates, references: text columns; a kind is that of the component,
            "" for what belongs to none; a name is "" on the side that has no partner.
        candidate_layers, reference_layers, parameters: numbers, -1 for no layer.
        pieces: number of the run of rows with one component and one comparison that a row is in.
        buckets: numbers of `gui.buckets.BUCKETS`. groups: row of the comparison's group table, -1 for none.
    """

    def __init__(
        self,
        findings: Sequence[ComponentFinding],
        inspection: Inspection | None = None,
        facts: Sequence[ReferenceFact] = (),
    ) -> None:
        compared = [paired_piece(finding, against) for finding in findings for against in finding.against]
        pieces = [*compared, *unmatched_pieces(findings, inspection, facts)]
        sizes = [len(piece.roles) for piece in pieces]
        self._pieces, self._compared = pieces, len(compared)
        self._ends = np.cumsum(sizes)
        self.paired = sum(sizes[: len(compared)])
        self._inspection = inspection
        repeated = list(zip(pieces, sizes, strict=True))
        self.kinds = _each(repeated, lambda p: p.finding.kind if p.finding else "")
        self.components = _each(repeated, lambda p: p.finding.name if p.finding else "")
        self.checkpoints = _each(repeated, lambda p: p.against.reference if p.against else "")
        self.roles = tuple(chain.from_iterable(piece.roles for piece in pieces))
        self.candidates = tuple(chain.from_iterable(piece.candidates for piece in pieces))
        self.references = tuple(chain.from_iterable(piece.references for piece in pieces))
        self.candidate_layers = _joined([piece.candidate_layers for piece in pieces])
        self.reference_layers = _joined([piece.reference_layers for piece in pieces])
        self.parameters = _joined([piece.parameters for piece in pieces])
        self.pieces = np.repeat(np.arange(len(pieces)), sizes).astype(np.int64)
        self.groups = _joined([_groups_of(piece) for piece in pieces])
        self._values: dict[str, FloatArray] = {}
        self.buckets = self._sorted_in()

    def against(self, row: int) -> Against | None:
        """Return the comparison that a row belongs to, None where a tensor was compared with nothing."""
        return self._piece(row).against

    def is_pair(self, row: int) -> bool:
        """Say whether a row has a tensor on both sides."""
        return 0 <= row < self.paired

    def pair(self, row: int) -> TensorPair:
        """Return the two tensors of a row."""
        return TensorPair(
            self.checkpoints[row],
            self.roles[row],
            self.candidates[row],
            self.references[row],
            int(self.candidate_layers[row]),
            int(self.reference_layers[row]),
        )

    def values(self, name: str) -> FloatArray:
        """Return one measure, NaN where a table has no such column and where there is no pair."""
        if name not in self._values:
            self._values[name] = self._of_pieces(lambda against: against.pairs.columns.get(name))
        return self._values[name]

    def group_values(self, name: str) -> FloatArray:
        """Return a column of the group tables ("z", "log10_p") for the group whose units a row's tensor holds.

        NaN where no group does, and for biases and gains.
        """
        key = f"group {name}"
        if key not in self._values:
            out = np.full(len(self.roles), np.nan)
            for number, piece in enumerate(self._pieces[: self._compared]):
                start = int(self._ends[number]) - len(piece.roles)
                rows = self.groups[start : int(self._ends[number])]
                if piece.against is not None and piece.against.evidence is not None and (rows >= 0).any():
                    values = np.asarray(getattr(piece.against.evidence.groups, name), np.float64)
                    out[start : start + len(rows)][rows >= 0] = values[rows[rows >= 0]]
            self._values[key] = out
        return self._values[key]

    def reason(self, row: int) -> Note | None:
        """Return why a row has no partner, or why no test judges its pair; None where nothing is known of it."""
        piece = self._piece(row)
        if piece.reasons:
            return piece.reasons[row - int(self._ends[self.pieces[row]]) + len(piece.roles)]
        evidence = piece.against.evidence if piece.against is not None else None
        if evidence is None:
            return None
        if self.groups[row] >= 0:
            seen_through = evidence.verdict in DEPENDENT and not evidence.groups.rejects[self.groups[row]]
            return Note("gui.match_undone") if seen_through and self.undone(row) else None
        role = self.roles[row]
        known = {item.what: item.reason for item in evidence.left_out}
        for what in (self.candidates[row], *possible_groups(role)):
            if what in known:
                return known[what]
        if role.startswith(("norm.", "ls.")):
            return Note("evidence.left_out.norm_gains")
        if role.partition("[")[0] in reasons_of_roles():
            return Note(f"evidence.left_out.{reasons_of_roles()[role.partition('[')[0]]}")
        return Note("gui.match_bias" if role.partition("[")[0].endswith(".bias") else "gui.match_no_group")

    def undone(self, row: int) -> bool:
        """Say whether a disguise was undone in the row's tensor."""
        against = self._piece(row).against if self.is_pair(row) else None
        undone = against.evidence.undone if against is not None and against.evidence is not None else None
        return undone is not None and touches(undone, self.roles[row], int(self.candidate_layers[row]))

    @property
    def piece_components(self) -> list[tuple[str, str]]:
        """Kind and name of the component of each piece of rows (`pieces` says which piece a row is of)."""
        return [(piece.finding.kind, piece.finding.name) if piece.finding else ("", "") for piece in self._pieces]

    @cached_property
    def matched(self) -> tuple[str, ...]:
        """How each pair was put together (`PairTable.matched`), "" where that is not known."""
        pieces = self._pieces[: self._compared]
        tables = [piece.against.pairs for piece in pieces if piece.against is not None]
        told = chain.from_iterable(table.matched or ("",) * len(table.roles) for table in tables)
        return (*told, *("",) * (len(self.roles) - self.paired))

    @cached_property
    def moved(self) -> BoolArray:
        """Pairs whose layers stand at different places."""
        out = np.asarray(self.candidate_layers != self.reference_layers)
        out[self.paired :] = False
        return out

    @cached_property
    def undone_rows(self) -> BoolArray:
        """Pairs in which a disguise was undone."""
        out = np.zeros(len(self.roles), np.bool_)
        for number, piece in enumerate(self._pieces[: self._compared]):
            evidence = piece.against.evidence if piece.against is not None else None
            if evidence is not None and evidence.undone is not None:
                end = int(self._ends[number])
                rows = range(end - len(piece.roles), end)
                known = {key: touches(evidence.undone, *key) for key in {self._place(row) for row in rows}}
                out[rows.start : rows.stop] = [known[self._place(row)] for row in rows]
        return out

    def _place(self, row: int) -> tuple[str, int]:
        return self.roles[row], int(self.candidate_layers[row])

    @cached_property
    def dtypes(self) -> tuple[str, ...]:
        """The candidate's stored types (the reference's where there is no candidate tensor), "" where unknown."""
        table = self._inspection.tensors if self._inspection is not None else None
        known = dict(zip(table.names, table.dtypes, strict=True)) if table is not None else {}
        there = [dtype for piece in self._pieces if piece.dtypes for dtype in piece.dtypes]
        count = len(self.roles) - len(there)
        return (*[known.get(name, "") for name in self.candidates[:count]], *there)

    def find(self, candidate: str, key: str, role: str = "") -> int:
        """Return the row of a candidate tensor in one comparison (`words.against_key`), -1 where there is none.

        `role`: of a fused tensor, which part; without one the first.
        """
        for first, repeated in self._index.get(key, ()):
            row = first.get(candidate, -1)
            if row >= 0 and role and self.roles[row] != role:
                row = next((other for other in repeated.get(candidate, ()) if self.roles[other] == role), -1)
            if row >= 0:
                return row
        return -1

    @cached_property
    def _index(self) -> dict[str, list[tuple[dict[str, int], dict[str, list[int]]]]]:
        """Per comparison and run of rows: name -> its first row, and all rows of names that stand in several."""
        out: dict[str, list[tuple[dict[str, int], dict[str, list[int]]]]] = {}
        start = 0
        for piece in self._pieces:
            stop = start + len(piece.roles)
            if piece.against is not None and piece.bucket != UNMATCHED_THERE:
                first = dict(zip(reversed(piece.candidates), range(stop - 1, start - 1, -1), strict=True))
                repeated: dict[str, list[int]] = {}
                if len(first) < stop - start:
                    for row, name in enumerate(piece.candidates, start):
                        if first[name] != row:
                            repeated.setdefault(name, []).append(row)
                out.setdefault(against_key(piece.against), []).append((first, repeated))
            start = stop
        return out

    def _piece(self, row: int) -> Piece:
        return self._pieces[int(self.pieces[row])]

    def _of_pieces(self, of: Callable[[Against], FloatArray | None]) -> FloatArray:
        out = np.full(len(self.roles), np.nan)
        for number, piece in enumerate(self._pieces[: self._compared]):
            column = of(piece.against) if piece.against is not None else None
            if column is not None:
                end = int(self._ends[number])
                out[end - len(piece.roles) : end] = column
        return out

    def _sorted_in(self) -> npt.NDArray[np.int8]:
        """Return the bucket of every row."""
        of_pieces = np.array([piece.bucket for piece in self._pieces], np.int8)
        supported = np.array([piece.against is not None and piece.against.verdict in ("identical", "derived")
                              for piece in self._pieces], np.bool_)  # fmt: skip
        if not len(self.roles):
            return np.empty(0, np.int8)
        out = of_pieces[self.pieces]
        group = {name: self.group_values(name)[: self.paired] for name in _GATE}
        tested = ~np.isnan(group["rejects"])
        with np.errstate(invalid="ignore"):
            effect = shows_effect(*(group[name] for name in _GATE[1:]))  # type: ignore[arg-type]
        rejects = group["rejects"] == 1.0
        bits = self.values("bit_identity")[: self.paired]
        known = PairEvidence(bits, tested, rejects, effect, supported[self.pieces[: self.paired]])
        out[: self.paired] = pair_buckets(known)
        return out


_GATE = ("rejects", "inherited", "units", "correlation", "z")


def _groups_of(piece: Piece) -> IntArray:
    evidence = piece.against.evidence if piece.against is not None and piece.bucket < 0 else None
    if piece.against is None or evidence is None:
        return np.full(len(piece.roles), -1, np.int64)
    return group_rows(piece.against.pairs, evidence.groups)


def _each(pieces: Sequence[tuple[Piece, int]], text: Callable[[Piece], str]) -> tuple[str, ...]:
    return tuple(chain.from_iterable((text(piece),) * size for piece, size in pieces))


def _joined(parts: Sequence[IntArray]) -> IntArray:
    return np.concatenate([*parts, np.empty(0, np.int64)]).astype(np.int64)
