"""Make the review of the sample that is in docs/sample: `python docs/sample_review.py [FOLDER]`.

Compares the sample's candidate with its two references, adds decisions as an analyst would type them, and writes the
review, and the report in English and in Korean as HTML and PDF. Korean needs a font (fonts-noto-cjk on Debian).
"""

# ruff: noqa: E402  (the platform and the order of Qt's hashes are chosen before Qt is imported)
from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_HASH_SEED"] = "0"  # Qt writes the fonts of a PDF in the order of a hash: the same each time
_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT))

from PySide6.QtGui import QGuiApplication

from gui.paper.writing import pdf
from gui.workarounds import keep_singletons_alive
from inspector.decisions import DecisionLog, Subject
from inspector.references.origins import origins_of
from inspector.report.html import report_html, report_pages
from inspector.results import Comparison
from inspector.review import compare
from inspector.review_file import file_digest, open_review, review_of, save
from inspector.review_results import Review

_DEMO = Path("resources/demo")  # from the root of this project: no path of this machine is in what is written
_REFERENCES = (_DEMO / "reference_vision", _DEMO / "reference_audio")
_WHO = "Reviewer A"


def _decided(found: Comparison) -> DecisionLog:
    """Return what an analyst might have typed, with one entry that is taken back."""
    vision, audio = (
        next(finding.name for finding in found.components if finding.kind == kind)
        for kind in ("vision_encoder", "audio_encoder")
    )
    log = DecisionLog()
    told = "The submission says that its vision encoder was trained from scratch. The weights say otherwise."
    log = log.added("confirm", Subject(vision), text=told, who=_WHO, when="2026-01-12T10:05:00")
    log = log.added(
        "reject", Subject(vision), text="typed on the wrong component", who=_WHO, when="2026-01-12T10:20:00"
    )
    log = log.undone(who=_WHO, when="2026-01-12T10:21:00")
    asked = "Ask the applicant where the audio encoder comes from, and under which licence."
    return log.added("flag", Subject(audio), text=asked, who=_WHO, when="2026-01-12T10:24:00")


def _placeless(review: Review) -> Review:
    """Return a review whose inputs lie where they do from the root of this project, on any machine."""
    inputs = [replace(item, path=Path(item.path).relative_to(_ROOT).as_posix()) for item in review.inputs]
    return replace(review, inputs=tuple(inputs))


def main() -> None:
    """Write the review and its reports."""
    folder = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else _ROOT / "docs" / "sample"
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(_ROOT)
    keep_singletons_alive()
    app = QGuiApplication(sys.argv[:1])
    found = compare(_DEMO / "candidate", _REFERENCES)
    made = review_of(found, _DEMO / "candidate", _REFERENCES, decisions=_decided(found), confined="none")
    save(folder / "review.assay", made)
    review = _placeless(open_review(folder / "review.assay"))
    for language, name in (("en", "report"), ("ko", "report-korean")):
        pages = report_pages(review, found, origins_of(found), (language,), file_digest(folder / "review.assay"))
        (folder / f"{name}.html").write_bytes(report_html(pages))
        (folder / f"{name}.pdf").write_bytes(pdf(pages))
    app.quit()


if __name__ == "__main__":
    main()
