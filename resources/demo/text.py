"""What the language model reads: sentences about numbers, made by a small grammar, and captions.

Nothing here is anybody's text, so no licence attaches to it. Characters are the tokens.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

PAD = 0
ALPHABET = "\0\n abcdefghijklmnopqrstuvwxyz.,-"  # PAD, then the end of a sentence, then what sentences are made of
LARGEST = 30  # numbers below this one are compared
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SOUNDS = (
    "a steady tone.", "a rising tone.", "a falling tone.", "a chord of two tones.",
    "a wavering tone.", "a beating tone.", "a burst of noise.", "a train of clicks.",
)  # fmt: skip


def number_word(n: int) -> str:
    """Spell a number below one hundred."""
    if n < 10:
        return DIGITS[n]
    if n < 20:
        return _TEENS[n - 10]
    return _TENS[n // 10] + (f"-{DIGITS[n % 10]}" if n % 10 else "")


def parity_word(n: int) -> str:
    """Say whether a number is odd or even."""
    return "odd" if n % 2 else "even"


def digit_caption(digit: int, large: bool) -> str:
    """The caption of a drawn digit: its size, its name, its parity."""
    return f"a {'large' if large else 'small'} {DIGITS[digit]}, {parity_word(digit)}."


def encode(sentences: list[str]) -> Tensor:
    """Characters as numbers, (sentences, longest + 1): each ended by a line feed and filled with PAD."""
    length = max(map(len, sentences)) + 1
    rows = [[ALPHABET.index(c) for c in s + "\n"] + [PAD] * (length - len(s) - 1) for s in sentences]
    return torch.tensor(rows)


def _pair_sentences(a: int, b: int) -> list[tuple[str, str]]:
    """Questions about two numbers, each as (beginning, answer)."""
    left, right = number_word(a), number_word(b)
    order = "less than" if a < b else "more than" if a > b else "equal to"
    return [
        (f"of {left} and {right} the larger is ", f"{number_word(max(a, b))}."),
        (f"{left} and {right}, the first is ", f"{order} the second."),
    ]


def questions(held_out: bool) -> list[tuple[str, str]]:
    """Every question about two numbers of the training pairs, or of the tenth of the pairs held out."""
    order = torch.randperm(LARGEST**2, generator=Generator().manual_seed(7)).tolist()
    cut = LARGEST**2 // 10
    chosen = order[:cut] if held_out else order[cut:]
    return [pair for n in chosen for pair in _pair_sentences(n // LARGEST, n % LARGEST)]


def sentences() -> list[str]:
    """Every training sentence: questions with their answers, and, four times each, what is said of one number."""
    pairs = questions(held_out=False)
    single = [f"after {number_word(n)} comes {number_word(n + 1)}." for n in range(99)]
    single += [f"the number {number_word(n)} is {parity_word(n)}." for n in range(100)]
    return [a + b for a, b in pairs] + single * 4


def stream(every: list[str], count: int, seed: int) -> Tensor:
    """A number of sentences drawn at random, as one row of characters."""
    order = torch.randint(len(every), (count,), generator=Generator().manual_seed(seed)).tolist()
    return torch.tensor([ALPHABET.index(c) for c in "\n".join(every[i] for i in order)])
