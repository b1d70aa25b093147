"""The review file (`.assay`): results with all their arrays, what they were computed from, and the analyst's decisions.

One HDF5 file, schema "assayer.review/1": `header` (JSON: inputs, settings, versions, and of every dataset its type,
shape, place and SHA-256), `header_sha256`, and under `arrays` the machine's `results` (a JSON tree), the `decisions`
apart from them, one dataset an array or long text column, and `seal`, the SHA-256 of the whole file with the seal
itself as zeros. Nothing is pickled; nothing outside the file is followed; opening needs no checkpoint.

    >>> from inspector.review_file import save, open_review, review_of
    >>> save("finding.assay", review_of(comparison, "candidate/", ["reference/"]))        # doctest: +SKIP
    >>> open_review("finding.assay").comparison == comparison                              # doctest: +SKIP
    True
"""

from inspector.review_file.describing import completed, review_of, whole_results
from inspector.review_file.digest import file_digest
from inspector.review_file.inputs import input_states
from inspector.review_file.opening import open_review
from inspector.review_file.saving import review_bytes, save

SUFFIX = ".assay"

__all__ = [
    "SUFFIX",
    "completed",
    "file_digest",
    "input_states",
    "open_review",
    "review_bytes",
    "review_of",
    "save",
    "whole_results",
]
