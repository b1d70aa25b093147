"""The review of the sample in docs/: whole, of the sample as it is, and its reports name it."""

from __future__ import annotations

import hashlib
import re

from inspector.review_file import file_digest, open_review
from tests.gui.conftest import ROOT

SAMPLE = ROOT / "docs" / "sample"


def test_the_review_is_whole_and_of_the_sample_that_is_there() -> None:
    found = open_review(SAMPLE / "review.assay")
    assert found.notes == ()
    assert found.comparison is not None
    assert {entry.who for entry in found.decisions.entries} == {"Reviewer A"}
    for item in found.inputs:
        for fact in item.files:
            content = (ROOT / "resources" / "demo" / item.name / fact.name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == fact.sha256


def test_its_reports_name_it_and_no_path_of_a_machine() -> None:
    digest = file_digest(SAMPLE / "review.assay")
    for name in ("report", "report-korean"):
        page = (SAMPLE / f"{name}.html").read_text("utf-8")
        assert digest in page
        assert "assayer compare resources/demo/candidate" in page
        assert (SAMPLE / f"{name}.pdf").read_bytes().startswith(b"%PDF-")
        assert not re.search(r"/(home|root|work|Users)/", page)
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 3_000_000
