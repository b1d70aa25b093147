"""Hashes from pieces that arrive out of order equal the hash of the whole."""

from __future__ import annotations

import hashlib
import itertools
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.similarity.hashing import InOrderHash


@given(data=st.binary(max_size=2000), seed=st.integers(0, 999), limit=st.sampled_from([0, 100, 10_000]))
def test_any_order_any_gaps(data: bytes, seed: int, limit: int) -> None:
    rng = random.Random(seed)
    cuts = sorted({0, len(data), *(rng.randrange(len(data) + 1) for _ in range(8))})
    pieces = list(itertools.pairwise(cuts))
    rng.shuffle(pieces)
    digest = InOrderHash(len(data), limit)
    for start, stop in pieces[: rng.randrange(len(pieces) + 1)]:
        digest.offer(start, memoryview(data)[start:stop])
    assert digest.finish(lambda start, stop: memoryview(data)[start:stop]) == hashlib.sha256(data).hexdigest()


def test_pieces_offered_in_order_are_not_read_again() -> None:
    data = bytes(range(200))
    digest = InOrderHash(len(data))
    for start in (100, 0, 150, 50):
        digest.offer(start, memoryview(data)[start : start + 50])

    def refuse(start: int, stop: int) -> memoryview:
        raise AssertionError((start, stop))

    assert digest.finish(refuse) == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("limit", [1 << 14, 128 << 20])
def test_several_threads_offer_at_a_time(limit: int) -> None:
    data = random.Random(1).randbytes(4 << 20)
    size = 1 << 14
    for _ in range(5):
        digest = InOrderHash(len(data), limit)
        with ThreadPoolExecutor(4) as pool:
            for start in range(0, len(data), size):
                pool.submit(digest.offer, start, memoryview(data)[start : start + size])
                pool.submit(digest.offer, start, memoryview(data)[start : start + 2 * size])
        assert digest.finish(lambda start, stop: memoryview(data)[start:stop]) == hashlib.sha256(data).hexdigest()
