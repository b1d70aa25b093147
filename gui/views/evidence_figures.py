"""Three numbers of one comparison: the cosine, z, and the bound on p or the detection limit, each with its measure."""

from __future__ import annotations

from inspector.evidence_results import Evidence, EvidenceTest
from inspector.plain import deciding_test, proven_log10_p
from inspector.results import Against
from PySide6.QtWidgets import QBoxLayout, QWidget

from gui import evidence_words, words
from gui.views.figure import Figure

_NEGATIVE = ("no_dependence_found", "inconclusive")


class EvidenceFigures(QWidget):
    """Figures side by side.

    Attributes:
        cosine, z, chance: the figures; the third is the detection limit where nothing was found.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cosine, self.z, self.chance = Figure(), Figure(), Figure()
        row = self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for figure in (self.cosine, self.z, self.chance):
            row.addWidget(figure, 1)

    @property
    def texts(self) -> tuple[str, ...]:
        """Name and value of each figure, for screen readers."""
        return tuple(" ".join(figure.texts) for figure in (self.cosine, self.z, self.chance))

    def fit(self, width: int) -> None:
        """Stand side by side where there is room for that, else below each other."""
        parts = [figure.minimumSizeHint().width() for figure in (self.cosine, self.z, self.chance)]
        on = width < sum(parts) + 2 * self._row.spacing()
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight)

    def set_against(self, against: Against) -> None:
        """Show another comparison."""
        cosine = against.similarity.get("cosine")
        null = cosine.null if cosine else None
        below = self.tr("shuffled {null}").format(null=words.null_text(null)) if null else ""
        undone = against.evidence is not None and against.evidence.undone is not None
        title = self.tr("Cosine, as is") if undone else words.measure_text("cosine")
        self.cosine.tell(title, words.value_text(cosine.value if cosine else None), below)
        self.cosine.explain(evidence_words.hint("cosine"))
        evidence = against.evidence
        for figure in (self.z, self.chance):
            figure.setVisible(evidence is not None)
        if evidence is not None:
            self._tell_z(evidence)
            self._tell_chance(evidence)

    def recolour(self) -> None:
        """Draw the marks in the colours of the theme."""
        for figure in (self.cosine, self.z, self.chance):
            figure.recolour()

    def _tell_z(self, evidence: Evidence) -> None:
        seen = deciding_test(evidence)
        if seen is not None:
            self._tell_seen_through(seen, evidence)
            return
        test = next((test for test in evidence.tests if test.test == "permutation_z"), None)
        control = test.controls.max_z if test is not None else None
        below = self.tr("chance: −3 to 3")
        if control is not None:
            below = self.tr("largest control {z}").format(z=words.z_text(control))
        title = self.tr("Permutation z, as is") if evidence.undone is not None else self.tr("Permutation z")
        self.z.tell(title, words.z_text(evidence.z), below)
        self.z.explain(evidence_words.hint("z"))

    def _tell_seen_through(self, test: EvidenceTest, evidence: Evidence) -> None:
        """Show the z of the test that saw through a disguise; that of the weights as they are stands below."""
        below = self.tr("as is {z}").format(z=words.z_text(evidence.z))
        if test.controls.max_z is not None:
            below = words.joined([below, self.tr("control {z}").format(z=words.z_text(test.controls.max_z))])
        title = self.tr("{test} z").format(test=evidence_words.test_text(test.test))
        self.z.tell(title, words.z_text(test.z), below)
        self.z.explain(f"{evidence_words.test_hint(test.test)} {evidence_words.hint('z')}")

    def _tell_chance(self, evidence: Evidence) -> None:
        limit = evidence_words.limit_text(evidence.detection_limit)
        if evidence.verdict in _NEGATIVE and limit != words.NONE:
            below = self.tr("more would have shown")
            if evidence.verdict == "inconclusive":
                below = self.tr("less would be missed")
            self.chance.tell(self.tr("Detection limit"), limit, below)
            self.chance.explain(evidence_words.hint("limit"))
            return
        log10_p = proven_log10_p(evidence)
        below = self.tr("proven bound, log10 p {value}").format(value=evidence_words.log_text(log10_p))
        if log10_p is None:
            words_for = {"identical": self.tr("the values are equal"), "derived": self.tr("decided by controls")}
            below = words_for.get(evidence.verdict, self.tr("no exact test ran"))
        self.chance.tell(self.tr("Chance, if unrelated"), evidence_words.bound_text(log10_p), below)
        self.chance.explain(evidence_words.hint("log10_p"))
