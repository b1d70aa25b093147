"""What the engine does about reviews: opens them, makes their bytes and reports, compares their inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inspector.errors import InputError
from inspector.job import Job
from inspector.report_results import ReportFiles, ReportPages
from inspector.review_results import InputStates, OpenedReview


def _open(params: Mapping[str, Any], _: Job) -> OpenedReview:
    from inspector.review_file import input_states, open_review

    review = open_review(params["path"])
    return OpenedReview(review, input_states(review.inputs))


def _save(params: Mapping[str, Any], _: Job) -> bytes:
    from inspector.review_file import completed, review_bytes

    return review_bytes(completed(params["review"]), params["folder"])


def _check(params: Mapping[str, Any], job: Job) -> InputStates:
    from inspector.review_file import input_states

    job.message("review_file.hashing")
    return InputStates(input_states(params["inputs"], hashes=True, job=job))


def _report(params: Mapping[str, Any], _: Job) -> ReportPages | ReportFiles | bytes:
    from inspector.references.origins import origins_of
    from inspector.report.csv_tables import report_tables
    from inspector.report.document import comparison_document, to_json
    from inspector.report.html import report_html, report_pages
    from inspector.review_file import completed, file_digest

    review, path, asked = completed(params["review"]), params["path"], params["format"]
    found = review.comparison
    if found is None or review.partial:
        raise InputError("review_file.incomplete", file=path or "")
    if asked == "csv":
        return ReportFiles(report_tables(review, found))
    if asked == "json":
        return to_json(comparison_document(found, review.isolation)).encode("utf-8")
    digest = file_digest(path) if path is not None else ""
    pages = report_pages(review, found, origins_of(found), params["languages"], digest)
    return report_html(pages) if asked == "html" else pages


REVIEW_HANDLERS: Mapping[str, Callable[[Mapping[str, Any], Job], Any]] = {
    "review_open": _open,
    "review_save": _save,
    "review_check": _check,
    "review_report": _report,
}
