"""The right side: what is known of the selection, as plain text that can be selected and copied."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from inspector.errors import shown
from inspector.evidence_results import Evidence
from inspector.plain import deciding_test, proven_log10_p
from inspector.results import ComponentFact, ComponentFinding
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import evidence_words, theme, words
from gui.blocks import block_states
from gui.models.match_fields import bucket_text, way_text
from gui.models.match_rows import PairRows
from gui.models.match_words import confidence_text
from gui.models.tree_nodes import Group
from gui.notable_words import state_text
from gui.session import Session
from gui.views.facts import FactsText, Rows

_MAX_FILES = 40
_LEAST_WIDTH = 116  # pixels


class PropertiesPanel(QWidget):
    """Labels and values of one component, block, tensor or tensor pair.

    Attributes:
        proof_rows: what is said of the review's file and its signature, beside the candidate's files.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.proof_rows: Callable[[], Rows] = tuple
        self._again: Callable[[], None] = self.show_candidate
        self._heading = theme.label(factor=1.1, bold=True)
        self.text = FactsText()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self.text, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self._heading.setText(self.tr("Properties"))
        self.text.setMinimumWidth(theme.px(_LEAST_WIDTH))
        self.text.setAccessibleName(self.tr("Properties"))
        self.text.setPlaceholderText(self.tr("Select a component, a tensor or a pair to read about it."))
        self._again()

    def recolour(self) -> None:
        """Write again in the colours of the theme."""
        self.text.recolour()

    def refresh(self) -> None:
        """Write again what is shown."""
        self._again()

    def show_candidate(self) -> None:
        """Show the candidate's files."""
        self._again = self.show_candidate
        inspection = self._session.inspection
        if inspection is None:
            self.text.write(())
            return
        rows = [
            (self.tr("Candidate"), shown(inspection.path, 1000)),
            (self.tr("Format"), shown(inspection.format)),
            (self.tr("Tensors"), words.whole(len(inspection.tensors.names))),
            (self.tr("Parameters"), words.whole(inspection.parameters)),
            *self.proof_rows(),
        ]
        for file in inspection.files[:_MAX_FILES]:
            digest = f"SHA-256 {shown(file.sha256)}" if file.sha256 else ""
            rows.append((shown(file.name), words.joined([words.bytes_text(file.bytes), digest])))
        if len(inspection.files) > _MAX_FILES:
            rows.append(("…", self.tr("{count} files in all").format(count=len(inspection.files))))
        self.text.write(rows)

    def show_node(self, group: Group | None, tensor: int) -> None:
        """Show a component, a block or a tensor of the candidate."""
        self._again = partial(self.show_node, group, tensor)
        inspection = self._session.inspection
        if inspection is None or (group is None and not 0 <= tensor < len(inspection.tensors.names)):
            self.show_candidate()
        elif group is None:
            self._show_tensor(tensor)
        elif group.block < 0 and group.component >= 0:
            self.text.write(self._component_rows(inspection.components[group.component]))
        else:
            self._show_block(group)

    def show_component(self, name: str) -> None:
        """Show a component of the candidate by its name."""
        self._again = partial(self.show_component, name)
        inspection = self._session.inspection
        for fact in inspection.components if inspection else ():
            if fact.name == name:
                self.text.write(self._component_rows(fact))

    def show_pair(self, pairs: PairRows, row: int) -> None:
        """Show one compared tensor pair."""
        self._again = partial(self.show_pair, pairs, row)
        if not 0 <= row < len(pairs.roles):
            return
        figures = [
            (words.measure_text(name), words.value_text(float(pairs.values(name)[row]), 6))
            for name in ("cosine", "centred_correlation", "bit_identity", "relative_l2", "norm_ratio")
            if not np.isnan(pairs.values(name)[row])
        ]
        compared = pairs.is_pair(row)
        title = self.tr("Elements compared") if compared else self.tr("Parameters")
        reason = pairs.reason(row)
        rows = [
            (self.tr("Candidate tensor"), shown(pairs.candidates[row])),
            (self.tr("Reference"), shown(pairs.checkpoints[row])),
            (self.tr("Reference tensor"), shown(pairs.references[row])),
            (self.tr("Role"), shown(pairs.roles[row])),
            (title, words.whole(int(pairs.parameters[row]))),
            *figures,
            (self.tr("Change"), bucket_text(int(pairs.buckets[row]))),
            (self.tr("Confidence"), confidence_text(pairs, row) if compared else ""),
            (self.tr("How matched"), way_text(pairs, row) if compared else ""),
            (self.tr("Why"), words.told(reason) if reason else ""),
        ]
        self.text.write([(label, value) for label, value in rows if value])

    def _show_tensor(self, row: int) -> None:
        inspection = self._session.inspection
        assert inspection is not None
        table = inspection.tensors
        component, layer = int(table.components[row]), int(table.layers[row])
        inside = inspection.components[component] if component >= 0 else None
        rows = [
            (self.tr("Tensor"), shown(table.names[row])),
            (self.tr("Component"), words.kind_text(inside.kind) if inside else words.NONE),
            (self.tr("Block"), str(layer) if layer >= 0 else words.NONE),
            (self.tr("Role"), shown(table.roles[row]) or words.NONE),
            (self.tr("Shape"), shown(table.shapes[row])),
            (self.tr("Type"), shown(table.dtypes[row])),
            (self.tr("Parameters"), words.whole(int(table.parameters[row]))),
        ]
        for excluded in inside.excluded if inside else ():
            if excluded.tensor == table.names[row]:
                rows.append((self.tr("Left out of the comparison"), words.told(excluded.reason)))
        self.text.write(rows)

    def _show_block(self, group: Group) -> None:
        name = self.tr("Block {number}").format(number=group.block) if group.block >= 0 else words.NONE
        self.text.write(
            [
                (self.tr("Block"), name),
                (self.tr("Tensors"), words.whole(group.tensors)),
                (self.tr("Parameters"), words.whole(group.parameters)),
                *self._layer_rows(group),
            ]
        )

    def _layer_rows(self, group: Group) -> Rows:
        """Return what was found of a block: its layer of the best reference, and how alike the two are."""
        inspection = self._session.inspection
        fact = inspection.components[group.component] if inspection is not None and group.component >= 0 else None
        finding = self._session.findings.get(fact.name) if fact is not None else None
        against = finding.best if finding is not None else None
        score = next((s for s in against.layers if s.candidate == group.block), None) if against is not None else None
        state = block_states(finding).get(group.block)
        rows = [(self.tr("Finding"), state_text(state))] if state is not None else []
        if against is not None and score is not None:
            rows.append((self.tr("Reference"), shown(against.reference)))
            rows.append((self.tr("Layer of the reference"), str(score.reference)))
            rows.append((words.measure_text("cosine"), words.value_text(score.cosine, 6)))
            rows.append((words.measure_text("permutation_z"), words.z_text(score.z)))
        return [(label, value) for label, value in rows if value != words.NONE]

    def _component_rows(self, fact: ComponentFact) -> Rows:
        rows = [
            (self.tr("Component"), words.kind_text(fact.kind)),
            (self.tr("Name in the file"), shown(fact.prefix) or shown(fact.name)),
            (self.tr("Family"), shown(fact.family) or words.NONE),
            (self.tr("Blocks"), str(fact.blocks)),
            (self.tr("Hidden size"), str(fact.hidden_size) if fact.hidden_size else words.NONE),
            (self.tr("Parameters"), words.whole(fact.parameters)),
            *self._architecture_rows(fact),
        ]
        finding = self._session.findings.get(fact.name)
        against = finding.best if finding else None
        rows.append((self.tr("Verdict"), self._verdict_text(finding)))
        if against is not None and against.evidence is not None:
            rows += self._evidence_rows(against.evidence)
        if against is not None:
            rows.append((self.tr("Best reference"), shown(against.reference)))
            rows.append((self.tr("Pairs compared"), words.whole(len(against.pairs.roles))))
            rows.append((self.tr("Coverage"), words.percent_text(against.coverage)))
            for name, measured in against.similarity.items():
                value = words.value_text(measured.value, 6)
                null = self.tr("shuffled {null}").format(null=words.null_text(measured.null)) if measured.null else ""
                rows.append((words.measure_text(name), words.joined([value, null])))
        left_out = [*fact.excluded, *(against.excluded if against else ())]
        if left_out:
            rows.append((self.tr("Left out of the comparison"), self.tr("{count} tensors").format(count=len(left_out))))
        return rows

    def _architecture_rows(self, fact: ComponentFact) -> Rows:
        told = words.architecture_text(fact, self._session.known_references)
        others = ", ".join(shown(item.name) for item in fact.architecture[1:])
        rows = ((self.tr("Architecture"), told), (self.tr("Others of the same shape"), others))
        return [(label, value) for label, value in rows if value]

    @staticmethod
    def _verdict_text(finding: ComponentFinding | None) -> str:
        compared = finding is None or bool(finding.against)
        return evidence_words.verdict_text(finding.verdict if finding else None, compared=compared)

    def _evidence_rows(self, evidence: Evidence) -> Rows:
        limit = evidence_words.limit_text(evidence.detection_limit)
        rows = [
            (self.tr("Reason"), words.told(evidence.reason)),
            (self.tr("Seen through by"), evidence_words.z_text(evidence) if deciding_test(evidence) else words.NONE),
            (self.tr("Permutation z"), words.z_text(evidence.z)),
            (self.tr("Bound on p"), evidence_words.bound_text(proven_log10_p(evidence))),
            (self.tr("Detection limit"), limit),
            (self.tr("Inherited"), words.percent_text(evidence.inherited_fraction)),
            (self.tr("Examined by a test"), words.percent_text(evidence.coverage)),
            (self.tr("What was done"), evidence_words.nature_text(evidence) or words.NONE),
        ]
        return [(label, value) for label, value in rows if value != words.NONE]
