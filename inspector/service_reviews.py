"""What the engine does about reviews: opens them, makes their bytes, compares their inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inspector.job import Job
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


REVIEW_HANDLERS: Mapping[str, Callable[[Mapping[str, Any], Job], Any]] = {
    "review_open": _open,
    "review_save": _save,
    "review_check": _check,
}
