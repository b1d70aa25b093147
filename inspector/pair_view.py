"""One pair of tensors of two checkpoints, for looking at."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from inspector.anatomy import Component, Part, find_components
from inspector.checkpoint import Checkpoint, matrix_shape, open_checkpoint
from inspector.errors import InputError
from inspector.evidence.undoing import Side, undone_part
from inspector.evidence_results import Undone
from inspector.job import QUIET, Job
from inspector.results import TensorRegion, TensorView
from inspector.similarity.reading import HeldReader, PartReader
from inspector.similarity.renamed import names_agree
from inspector.similarity.tensor_view import view_region as region_of_pair
from inspector.similarity.tensor_view import view_tensor as view_pair


def view_tensor(
    candidate: str | Path,
    reference: str | Path,
    tensors: tuple[str, str],
    role: str,
    *,
    undone: Undone | None = None,
    job: Job = QUIET,
) -> TensorView:
    """Return the values of one pair of parts, for looking at.

    Args:
        candidate, reference: paths as in `inspect`.
        tensors: the candidate's and the reference's tensor name, as in a `PairTable`.
        role: role key of both, "attn.k.weight"; it chooses the rows of a fused tensor.
        undone: the map of the finding (`Evidence.undone`): show the candidate's part in the reference's coordinates.

    Raises:
        InputError: an input cannot be read, or has no such part of equal columns.
    """
    with ExitStack() as stack:
        return view_pair(*_pair(stack, (candidate, reference), tensors, role, undone, job), job)


def view_region(
    candidate: str | Path,
    reference: str | Path,
    tensors: tuple[str, str],
    role: str,
    rows: tuple[int, int],
    columns: tuple[int, int],
    *,
    undone: Undone | None = None,
    job: Job = QUIET,
) -> TensorRegion:
    """Return the pictures of one region of the pair that `view_tensor` shows; rows and columns are [start, stop)."""
    with ExitStack() as stack:
        return region_of_pair(*_pair(stack, (candidate, reference), tensors, role, undone, job), rows, columns, job)


def _pair(
    stack: ExitStack,
    paths: tuple[str | Path, str | Path],
    tensors: tuple[str, str],
    role: str,
    undone: Undone | None,
    job: Job,
) -> tuple[PartReader, PartReader]:
    (here, ours), (there, theirs) = (
        _reader(stack.enter_context(open_checkpoint(path)), name, role)
        for path, name in zip(paths, tensors, strict=True)
    )
    followed = here is not None and there is not None and not names_agree(here, there)
    if (followed or ours.part.key != role) and _stored_shape(ours) == _stored_shape(theirs):
        # No names on the candidate's side: rows and layer are those of the reference's part, as in the comparison.
        ours = replace(ours, part=replace(theirs.part, tensor=ours.part.tensor))
    if undone is not None and here is not None and there is not None:
        sides = Side(here, ours.checkpoint), Side(there, theirs.checkpoint)
        ours = HeldReader.of(ours, undone_part((ours.part, theirs.part), *sides, undone, job, missing=math.nan))
    if ours.columns != theirs.columns:
        shapes = {"candidate": f"{ours.part.shape}", "reference": f"{theirs.part.shape}"}
        raise InputError("similarity.shape_differs", tensor=tensors[0], **shapes)
    return ours, theirs


def _stored_shape(reader: PartReader) -> tuple[int, ...]:
    return reader.checkpoint.tensors[reader.part.tensor].shape


def _reader(checkpoint: Checkpoint, name: str, role: str) -> tuple[Component | None, PartReader]:
    """Find the part by tensor and role, and its component; one of another role here (or none) is taken whole."""
    if name not in checkpoint.tensors:
        raise InputError("review.no_tensor", tensor=name)
    places: list[tuple[Component | None, Part]]
    places = [(component, part) for component in find_components(checkpoint) for part in component.parts]
    found = [place for place in places if place[1].tensor == name]
    whole = Part("other", "value", None, name, matrix_shape(checkpoint.tensors[name].shape))
    best = next((place for place in found if place[1].key == role), (found or [(None, whole)])[0])
    return best[0], PartReader(checkpoint, best[1])
