"""What the engine does about reviews: opens them, makes their bytes and reports, compares, verifies and signs them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from inspector.diff_results import ComparedReviews
from inspector.job import Job
from inspector.report_results import ReportFiles, ReportPages
from inspector.review_results import InputStates, OpenedReview
from inspector.verify_results import MadeKey, Signature, Verification

_SEEDS = 1 << 32


def _open(params: Mapping[str, Any], job: Job) -> OpenedReview:
    from inspector.review_file import file_digest, input_states, open_review
    from inspector.verification import standing

    path = params["path"]
    digest, review = file_digest(path), open_review(path)
    return OpenedReview(review, input_states(review.inputs), standing(path, job), digest)


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
    from inspector.review_file import completed, file_digest, whole_results

    review, path, asked = completed(params["review"]), params["path"], params["format"]
    found = whole_results(review, path or "")
    if asked == "csv":
        return ReportFiles(report_tables(review, found))
    if asked == "json":
        return to_json(comparison_document(found, review.isolation)).encode("utf-8")
    digest = file_digest(path) if path is not None else ""
    pages = report_pages(review, found, origins_of(found), params["languages"], digest)
    return report_html(pages) if asked == "html" else pages


def _diff(params: Mapping[str, Any], _: Job) -> ComparedReviews:
    from inspector.review_diff import review_diff
    from inspector.review_file import completed, open_review

    other = open_review(params["path"])
    return ComparedReviews(review_diff(completed(params["review"]), other), other.notes)


def _proofs(params: Mapping[str, Any], job: Job) -> Verification:
    from inspector.verification import standing

    return Verification(params["path"], standing(params["path"], job))


def _verify(params: Mapping[str, Any], job: Job) -> Verification:
    """Verify; every check is told as soon as it is made."""
    from inspector.references.library import Library
    from inspector.references.signing import known_keys
    from inspector.verification import verify

    shelf = Library(params["shelf"])
    checks = []
    for check in verify(
        params["path"],
        inputs=params["inputs"],
        in_place=params["in_place"],
        replay=params["replay"],
        seed=secrets.randbelow(_SEEDS),
        library=shelf.folder,
        owners=known_keys(shelf.keys) if shelf.keys.is_dir() else {},
        job=job,
    ):
        job.partial(check)
        checks.append(check)
    return Verification(params["path"], tuple(checks))


def _sign(params: Mapping[str, Any], _: Job) -> Signature:
    from inspector.references.signing import passphrase_bytes, read_private
    from inspector.verification import sign

    secret = params["passphrase"]
    key = read_private(params["key"], (lambda: passphrase_bytes(secret)) if secret else None)
    return Signature(params["output"], sign(params["path"], key, params["sha256"]))


def _make_key(params: Mapping[str, Any], _: Job) -> MadeKey:
    from inspector.references.signing import make_key, passphrase_bytes

    place = Path(params["output"])
    return MadeKey(str(place), make_key(place, passphrase_bytes(params["passphrase"])))


REVIEW_HANDLERS: Mapping[str, Callable[[Mapping[str, Any], Job], Any]] = {
    "review_open": _open,
    "review_save": _save,
    "review_check": _check,
    "review_report": _report,
    "review_diff": _diff,
    "review_proofs": _proofs,
    "review_verify": _verify,
    "review_sign": _sign,
    "key_make": _make_key,
}
