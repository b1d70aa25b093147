"""Runs independent pieces of work on a few threads, results in order, with one place to cancel and to count bytes.

Each piece is computed on one thread with torch kept to one thread of its own, so figures do not depend on how many
workers there are.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import torch

from inspector.job import Job
from inspector.sandbox import THREADS, own_limit

Item = TypeVar("Item")
Result = TypeVar("Result")


class Meter:
    """Counts bytes read against a plan and reports them to a job; several threads may add."""

    def __init__(self, job: Job, total: int) -> None:
        self.job = job
        self._total = max(total, 1)
        self._done = 0
        self._lock = threading.Lock()

    def add(self, size: int) -> None:
        """Count `size` more bytes; the report never exceeds the plan."""
        with self._lock:
            self._done += size
            done = min(self._done, self._total)
        self.job.progress(done, self._total)


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Keep torch's own threads to one inside, and restore the caller's setting."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def worker_count() -> int:
    """Return how many workers to use: what the user has set (ASSAYER_THREADS), else one a core that may be used."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(own_limit(THREADS) or cores, cores)


def in_order(function: Callable[[Item], Result], items: Iterable[Item], workers: int | None = None) -> list[Result]:
    """Apply `function` to every item on the workers and return the results in the items' order.

    The first error stops the rest: pieces not started are dropped, then it is raised.
    """
    # In each worker too: the first BLAS call of a new thread ignores the setting (seen on torch 2.13).
    count = workers or worker_count()
    with one_torch_thread(), ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        futures = [pool.submit(function, item) for item in items]
        try:
            return [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise
