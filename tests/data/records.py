"""Small records for the library: with the facts of a fingerprint that the library shows, and a few arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inspector.references.library import Library
from inspector.references.record import Record


def record(name: str, content: int = 0, size: int = 200) -> Record:
    """Return a record of this name; `content` makes its values, `size` its length."""
    random = np.random.default_rng(content)
    arrays = {
        "0.values": random.integers(-127, 128, size).astype(np.int8),
        "0.scales": random.random(size // 10).astype(np.float32),
        "0.keys": random.integers(0, 1 << 60, size // 20),
        "none": np.zeros((0, 4), np.float16),
    }
    facts = {
        "seed": "00112233445566778899aabbccddeeff",
        "licence": "Apache-2.0",
        "publisher": "somebody",
        "content": f"{content:064x}",
        "parameters": 12,
        "components": [{"name": "vision", "kind": "vision_encoder"}, {"name": "text", "kind": "language_model"}],
    }
    return Record(name, facts, arrays)


def library(folder: Path, *names: str) -> Library:
    """Return a library with a small record of each name."""
    made = Library(folder)
    for number, name in enumerate(names):
        made.add(record(name, number))
    return made


def same(library: Library, name: str, content: int, size: int = 200) -> bool:
    """Say whether the entry of this name is there, whole, and made with this content."""
    expected = record(name, content, size)
    with library.open(name) as opened:
        facts = opened.facts == expected.facts
        return facts and all(np.array_equal(opened.array(key), array) for key, array in expected.arrays.items())
