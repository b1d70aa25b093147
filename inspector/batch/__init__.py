"""Batch: many candidates and references from a list, one review and one report each, and an index of them all.

Every row runs in a process of its own, confined to the row's inputs: a file that crashes it, fills the memory or takes
it over costs that row and no other. That process writes into a folder of its own; this one moves what is whole to its
place, the report first and then the review, and writes the index anew. So the folder is right after a kill at any
moment, and the same command goes on where the work stopped.

    >>> from inspector.batch import Options, read_list, run_batch
    >>> outcomes = run_batch(read_list("list.csv"), Options("reviews"))                     # doctest: +SKIP
"""

from inspector.batch.listing import BatchList, Row, read_list
from inspector.batch.outcomes import Outcome
from inspector.batch.running import Options, run_batch

__all__ = ["BatchList", "Options", "Outcome", "Row", "read_list", "run_batch"]
