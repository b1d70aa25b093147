"""Do the texts beside a candidate's weights (README, model card, LICENSE, config) name the references? A plain search.

Read through the same safe opener as the weights: regular files of the candidate's own folder, no link followed, small
ones only. That a name stands there is no proof of disclosure, and that it does not is none of concealment.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from inspector.checkpoint.source import Folder, existing
from inspector.disclosure_results import Disclosure, Mention
from inspector.errors import InputError
from inspector.report.origins import by_name
from inspector.results import ReferenceFact

MAX_FILES, MAX_BYTES, MAX_MENTIONS = 40, 1 << 20, 20
_STEMS = ("readme", "license", "licence", "copying", "notice", "model_card", "modelcard", "card", "about")
_CONFIGS = frozenset({
    "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "adapter_config.json",
    "params.json", "configuration.json", "model_index.json",
})  # fmt: skip
_SUFFIXES = re.compile(r"\.(safetensors|gguf|onnx|bin|pth?|th|ckpt|h5|hdf5|keras|npz|npy|zip|json|index)$", re.ASCII)
_BETWEEN = re.compile(r"[\W_]+")
_SHORTEST = 4
# Names that a folder has whoever made it: found in any text, they would say nothing.
_SAYS_NOTHING = frozenset({
    "base", "checkpoint", "checkpoints", "encoder", "final", "language", "model", "models", "output", "pytorch model",
    "reference", "references", "vision", "audio", "weights", "latest", "large", "small",
})  # fmt: skip


def disclosure_of(candidate: str | Path, references: Sequence[ReferenceFact]) -> Disclosure | None:
    """Return which references are named beside the candidate's weights, None where its folder cannot be looked at."""
    names = {fact.name: _names(fact) for fact in references}
    searched = tuple(name for name, known in names.items() if known)
    try:
        place = existing(Path(candidate)).resolve()
        folder = Folder.at(place if place.is_dir() else place.parent)
    except (InputError, OSError, ValueError, RuntimeError):
        return None
    read: list[str] = []
    left: list[str] = []
    mentions: list[Mention] = []
    try:
        texts = [name for name in folder.files() if _is_text(name)]
        left += texts[MAX_FILES:]
        for name in texts[:MAX_FILES]:
            text = _text(folder, name)
            (left if text is None else read).append(name)
            mentions += _mentions(text or "", name, names)
    except InputError:
        return None
    finally:
        folder.close()
    return Disclosure(tuple(read), tuple(left), _kept(mentions), searched)


def _is_text(name: str) -> bool:
    lower = name.lower()
    return lower in _CONFIGS or lower.endswith(".md") or lower.startswith(_STEMS)


def _text(folder: Folder, name: str) -> str | None:
    """Return a text, None where it is too large or cannot be read; bytes that are no UTF-8 are replaced."""
    try:
        file = folder.open_file(name)
    except InputError:
        return None
    try:
        return file.read(0, file.size).decode("utf-8", "replace") if file.size <= MAX_BYTES else None
    except InputError:
        return None
    finally:
        file.close()


def _names(fact: ReferenceFact) -> tuple[str, ...]:
    """Return what a reference may be called: its own name, and those of the encoders that it may be."""
    own = fact.name.lower()
    while _SUFFIXES.search(own):
        own = _SUFFIXES.sub("", own)
    encoders = [item for part in fact.inspection.components for item in by_name(part, fact.name)]
    every = [own, *(name for item in encoders for name in (item.id, item.name))]
    plain = dict.fromkeys(_plain(name) for name in every)
    return tuple(name for name in plain if len(name) >= _SHORTEST and name not in _SAYS_NOTHING)


def _plain(text: str) -> str:
    """Return text as words alone, so that "Whisper_large-v3" is found as "whisper large v3"."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _mentions(text: str, file: str, names: Mapping[str, tuple[str, ...]]) -> list[Mention]:
    """Return the first name of each reference in each line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = f" {_plain(line)} "
        for reference, known in names.items():
            name = next((name for name in known if f" {name} " in words), None)
            if name is not None:
                found.append(Mention(reference, name, file, number))
    return found


def _kept(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    counts: dict[str, int] = {}
    kept = []
    for mention in mentions:
        counts[mention.reference] = counts.get(mention.reference, 0) + 1
        if counts[mention.reference] <= MAX_MENTIONS:
            kept.append(mention)
    return tuple(kept)
