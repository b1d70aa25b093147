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
        inputs: folder that holds what was compared, None to leave the inputs alone.
        replay: "full" computes everything again, "sample" some tensor pairs of a review; needs `inputs`.
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
    if is_review(path):
        subject = yield from _review(path, found, signed)
    elif is_report(path) and (signed or proven or inputs is not None):
        subject = yield from _report(path)
    else:
        if not (signed or proven):
            yield _unproven(path, found)
        return
    recomputed = False
    if inputs is None:
        yield Check("remark", Note("verify.inputs_unchecked"))
    else:
        recomputed = yield from _inputs(subject, inputs, replay, seed, library, job)
    if not (subject.sealed or signed or proven or recomputed):
        yield _unproven(path, found)


def _unproven(path: str | Path, found: Sum) -> Check:
    return Check("differs", Note("verify.no_proof", {"sha256": found.sha256}, Path(path).name))


def _review(path: str | Path, found: Sum, signed: bool) -> Generator[Check, None, Replayed]:
    review = open_review(path)
    yield from (Check("differs", note) for note in review.notes)
    if not review.notes:
        yield Check("holds", Note("verify.sealed", {"sha256": found.sha256}))
    if not signed:
        yield Check("remark", Note("verify.unsigned"))
    return of_review(review, Path(path).name)


def _report(path: str | Path) -> Generator[Check, None, Replayed]:
    document, text = read_report(path)
    canonical = to_json(document) == text
    code = "verify.canonical" if canonical else "verify.not_canonical"
    yield Check("holds" if canonical else "differs", Note(code))
    return of_report(document, Path(path).name)


def _inputs(
    subject: Replayed,
    inputs: str | Path,
    replay: Replay | None,
    seed: int,
    library: str | Path | None,
    job: Job,
) -> Generator[Check, None, bool]:
    """Check the inputs, compute again what was asked for, and say whether everything came out the same."""
    located: list[Located] = []
    job.message("review_file.hashing")
    for item in locate(subject.inputs, inputs, job):
        located.append(item)
        yield item.check
    if replay is None:
        return False
    if any(item.check.outcome == "differs" for item in located):
        yield Check("differs", Note("verify.replay_impossible"))
        return False
    from inspector.verification.replaying import replayed
    from inspector.verification.sampling import sampled

    if replay == "sample":
        yield from sampled(subject, located, seed, job)
        return False
    same = True
    for check in replayed(subject, located, library, job):
        same = same and check.outcome != "differs"
        yield check
    return same
