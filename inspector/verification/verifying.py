"""The checks of one file in their order: its proofs, its own seal, its inputs, and the recomputation."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Literal

from inspector.errors import Note
from inspector.job import QUIET, Job
from inspector.report.document import to_json
from inspector.review_file import open_review
from inspector.verification.locating import Located, locate
from inspector.verification.signatures import SIGNED, SUMMED, Sum, beside, proofs, summed
from inspector.verification.subject import Replayed, is_report, is_review, of_report, of_review, read_report
from inspector.verify_results import Check

Replay = Literal["sample", "full"]


def verify(
    path: str | Path,
    *,
    inputs: str | Path | None = None,
    in_place: bool = False,
    replay: Replay | None = None,
    seed: int = 0,
    library: str | Path | None = None,
    owners: Mapping[str, str] | None = None,
    signer: str = "",
    job: Job = QUIET,
) -> Iterator[Check]:
    """Check a review or a report, one thing after the other.

    Args:
        path: of the file; other files than reviews and reports are held against the proofs beside them.
        inputs: folder that holds what was compared, None to leave the inputs alone. in_place: where there is no
            `inputs`, look for them where the file says that they lie.
        replay: "full" computes everything again, "sample" some tensor pairs of a review; needs the inputs.
        seed: which pairs of the sample. library: of references that a review names there.
        owners: fingerprints of known keys -> whose they are. signer: of the key that must have signed, "" for any.
        job: receives progress.

    Raises:
        InputError: the file, a proof beside it, or an input cannot be read.
        Cancelled: the job was cancelled.
    """
    found = summed(path, job)
    yield from proofs(path, found, dict(owners or {}), signer)
    signed, proven = (beside(path, suffix).exists() for suffix in (SIGNED, SUMMED))
    subject: Replayed | None = None
    if is_review(path):
        subject = yield from _review(path, found, signed)
    elif not (signed or proven):
        yield Check("differs", Note("verify.no_proof", {"sha256": found.sha256, "name": Path(path).name}))
    if subject is None and is_report(path):
        subject = yield from _report(path, wanted=in_place or inputs is not None)
    if (in_place or inputs is not None) and subject is not None:
        yield from _inputs(subject, inputs, replay, seed, library, job)
    elif subject is not None or is_report(path):
        yield Check("remark", Note("verify.inputs_unchecked"))


def _review(path: str | Path, found: Sum, signed: bool) -> Generator[Check, None, Replayed | None]:
    """Check a review as such; one that is unfinished proves nothing yet, so there is nothing to hold against inputs."""
    review = open_review(path)
    yield from (Check("differs", note) for note in review.notes)
    if len(review.notes) == (review.unfinished is not None):
        yield Check("holds", Note("verify.sealed", {"sha256": found.sha256}))
    if not signed:
        yield Check("remark", Note("verify.unsigned"))
    return of_review(review, Path(path).name) if review.unfinished is None else None


def _report(path: str | Path, *, wanted: bool) -> Generator[Check, None, Replayed | None]:
    """Check the form of a report; what it was computed from is `wanted` where there are inputs to hold it against."""
    document, text = read_report(path)
    canonical = to_json(document) == text
    code = "verify.canonical" if canonical else "verify.not_canonical"
    yield Check("holds" if canonical else "differs", Note(code))
    return of_report(document, Path(path).name) if wanted else None


def _inputs(
    subject: Replayed,
    inputs: str | Path | None,
    replay: Replay | None,
    seed: int,
    library: str | Path | None,
    job: Job,
) -> Iterator[Check]:
    located: list[Located] = []
    job.message("review_file.hashing")
    for item in locate(subject.inputs, inputs, job):
        located.append(item)
        yield item.check
    if replay is None:
        return
    if any(item.check.outcome == "differs" for item in located):
        yield Check("differs", Note("verify.replay_impossible"))
        return
    from inspector.verification.replaying import replayed
    from inspector.verification.sampling import sampled

    yield from sampled(subject, located, seed, job) if replay == "sample" else replayed(subject, located, library, job)
