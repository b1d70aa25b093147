"""The arguments of the command that computes a figure again: which command, and which pointer into its result."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PLAIN_ON_WINDOWS = re.compile(r"[\w\-+.:/\\@~]+", re.ASCII)  # neither quotes nor cmd.exe find anything in it


@dataclass(frozen=True, slots=True)
class Work:
    """What was computed: a candidate against references, or against a library where one is named.

    Attributes:
        candidate, library: paths. references: paths, or names of the usual library. quick: a first look only.
    """

    candidate: Path
    references: tuple[Path, ...] = ()
    library: Path | None = None
    quick: bool = False


def work_command(work: Work, kind: str = "", at: str = "") -> list[str]:
    """Return the arguments that do the work again.

    Args:
        work: what was computed.
        kind: only components of this kind, "" for all. A screening always looks at all: its p are corrected for that.
        at: JSON pointer of the figure that is wanted, "" for the whole result.
    """
    out = ["screen" if work.library is not None else "compare", str(work.candidate)]
    if work.library is not None:
        out += ["--library", str(work.library)]
    else:
        for reference in work.references:
            out += ["--reference", str(reference)]
        if kind:
            out += ["--component", kind]
        if work.quick:
            out += ["--quick"]
    return [*out, "--at", at] if at else [*out, "--json", "-"]


def figure_command(work: Work, kinds: Sequence[str], place: int, *steps: str | int) -> list[str]:
    """Return the arguments for a place in the finding of one component.

    Args:
        work: what was computed. kinds: of every component of the result, in its order. place: of the component there.
        steps: from its finding to the figure.
    """
    kind = kinds[place]
    within = kinds[:place] if work.library is not None else [other for other in kinds[:place] if other == kind]
    return work_command(work, kind, pointer("components", len(within), *steps))


def tensor_command(candidate: Path, reference: Path, tensors: tuple[str, str], role: str) -> list[str]:
    """Return the arguments that compare one pair of tensors as they are stored."""
    ours, theirs = tensors
    # A name may begin with "-": it stays one word with its option.
    names = [f"--tensor={ours}", *([f"--reference-tensor={theirs}"] if theirs != ours else []), f"--role={role}"]
    return ["tensor", str(candidate), str(reference), *names, "--json", "-"]


def lineage_command(candidate: Path | None, library: Path, kind: str) -> list[str]:
    """Return the arguments that test which components of a kind share an origin."""
    paths = [str(candidate)] if candidate is not None else []
    return ["lineage", *paths, "--library", str(library), "--kind", kind, "--json", "-"]


def pointer(*steps: str | int) -> str:
    """Return a JSON pointer (RFC 6901).

    >>> pointer("components", 0, "a/b")
    '/components/0/a~1b'
    """
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def line(arguments: Sequence[str], *, windows: bool = os.name == "nt") -> str:
    """Return arguments as one line for a shell: bash or zsh, on Windows the Command Prompt."""
    return " ".join(_windows_word(word) if windows else _posix_word(word) for word in arguments)


def _posix_word(word: str) -> str:
    """Quote a word; one with hidden characters in octal, or a pasted file name could end the paste and go on typing."""
    if word.isprintable():
        return shlex.quote(word)
    body = (
        chr(byte) if 32 <= byte < 127 and byte not in b"'\\" else f"\\{byte:03o}"
        for byte in word.encode("utf-8", "surrogateescape")
    )
    return f"$'{''.join(body)}'"


def _windows_word(word: str) -> str:
    """Quote a word for the rules by which Windows programs take their command line apart."""
    if _PLAIN_ON_WINDOWS.fullmatch(word):
        return word
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', word)
    escaped = re.sub(r"(\\+)$", r"\1\1", escaped)
    return f'"{escaped}"'
