"""What the models learn: three subjects (pictures, sounds, sentences), each with several sets of examples and labels.

- `FIRST`: all examples, the first task. `EVEN`, `ODD`: every other example, which of sentences is another kind of
  question; `ODD` also gives the classes other numbers.
- `SECOND`: another task: size and parity of the digit, what moves in the sound, sums instead of comparisons.
- A batch is (inputs, targets), targets (n,) or (n, characters), the same for every subject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from torch import Generator, Tensor

from resources.demo import data, text

FIRST, EVEN, ODD, SECOND = "first task", "first task, even half", "first task, odd half", "second task"
CONTEXT = 32  # characters that a language model reads at once
HELD_OUT = 150  # sentences that a language model is examined on
Batch = tuple[Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject.

    Attributes:
        classes: number of classes of a task; 0 where the targets are characters and the model has its own output.
        chance: accuracy of always giving the most common answer of the first task.
        draw: a random batch of a set, of the size given.
        held_out: examples that are in no set, the same each time, with the labels of the set.
    """

    name: str
    classes: dict[str, int]
    chance: float
    draw: Callable[[str, Generator, int], Batch]
    held_out: Callable[[str], Batch]


def half_of(data_set: str) -> slice:
    """Which examples of all belong to a set."""
    return {EVEN: slice(0, None, 2), ODD: slice(1, None, 2)}.get(data_set, slice(None))


def renumbered(labels: Tensor, classes: int) -> Tensor:
    """The classes under other numbers: a permutation for any number of classes not divisible by three."""
    return (3 * labels + 1) % classes


_digits = cache(data.digits)
_sounds = cache(data.sounds)
MOVES = torch.tensor([0, 1, 1, 0, 1, 2, 2, 2])  # of the sounds' classes: nothing moves, the pitch, the loudness


def _picture_batch(digits: data.Digits, data_set: str, random: Generator) -> Batch:
    images, large = data.draw(digits.images, random)
    labels = {ODD: renumbered(digits.labels, 10), SECOND: 2 * large + digits.labels % 2}.get(data_set, digits.labels)
    return images, labels


def draw_pictures(data_set: str, random: Generator, n: int) -> Batch:
    """Digits drawn in colour, (n, 3, 16, 16)."""
    train, _ = _digits()
    images, labels = train.images[half_of(data_set)], train.labels[half_of(data_set)]
    picked = torch.randint(len(labels), (n,), generator=random)
    return _picture_batch(data.Digits(images[picked], labels[picked]), data_set, random)


def held_out_pictures(data_set: str) -> Batch:
    """The held-out digits, each drawn once."""
    return _picture_batch(_digits()[1], data_set, Generator().manual_seed(31))


def _sound_labels(labels: Tensor, data_set: str) -> Tensor:
    return {ODD: renumbered(labels, data.SOUND_CLASSES), SECOND: MOVES[labels]}.get(data_set, labels)


def draw_sounds(data_set: str, random: Generator, n: int) -> Batch:
    """Log-mel spectrograms, (n, 80, 64)."""
    sounds = _sounds(2048, 21)
    mels, labels = sounds.mels[half_of(data_set)], sounds.labels[half_of(data_set)]
    picked = torch.randint(len(labels), (n,), generator=random)
    return mels[picked], _sound_labels(labels[picked], data_set)


def held_out_sounds(data_set: str) -> Batch:
    """Sounds of another seed."""
    sounds = _sounds(512, 22)
    return sounds.mels, _sound_labels(sounds.labels, data_set)


def sums() -> list[str]:
    """Additions and subtractions in words, below one hundred."""
    words = [text.number_word(n) for n in range(100)]
    added = [f"{words[a]} plus {words[b]} makes {words[a + b]}." for a in range(50) for b in range(50)]
    return added + [f"take {words[b]} from {words[a]}, {words[a - b]} is left." for a in range(50) for b in range(a)]


@cache
def _stream(data_set: str) -> Tensor:
    every = sums() if data_set == SECOND else text.sentences()[half_of(data_set)]
    return text.stream(every, 10_000, seed=23)


def _windows(stream: Tensor, starts: Tensor) -> Batch:
    windows = stream[starts[:, None] + torch.arange(CONTEXT + 1)[None, :]]
    return windows[:, :-1], windows[:, 1:]


def draw_sentences(data_set: str, random: Generator, n: int) -> Batch:
    """Windows of text as characters, (n, CONTEXT); the targets are the next characters."""
    stream = _stream(data_set)
    return _windows(stream, torch.randint(len(stream) - CONTEXT, (n,), generator=random))


def held_out_sentences(data_set: str) -> Batch:
    """Questions about pairs of numbers that no training sentence compares; of sums, sentences in another order."""
    questions = [a + b for a, b in text.questions(held_out=True)]
    every = sums() if data_set == SECOND else questions[half_of(data_set)]
    stream = text.stream(every, HELD_OUT, seed=24)
    return _windows(stream, torch.arange(0, len(stream) - CONTEXT, CONTEXT))


PICTURES = Subject("pictures", {FIRST: 10, EVEN: 10, ODD: 10, SECOND: 4}, 0.1, draw_pictures, held_out_pictures)
SOUNDS = Subject("sounds", {FIRST: 8, EVEN: 8, ODD: 8, SECOND: 3}, 0.13, draw_sounds, held_out_sounds)
SENTENCES = Subject("sentences", {}, 0.15, draw_sentences, held_out_sentences)
