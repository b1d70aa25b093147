"""From what a PyTorch file holds to named tensors: containers unwrapped, nested dictionaries joined with dots."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from inspector.checkpoint.naming import listed
from inspector.checkpoint.pickle_values import Dictionary, OtherTensor, Skipped, TensorRef, children, is_tensor
from inspector.errors import InputError, Note

MAX_NESTING = 64
MAX_VALUES = 1_000_000
_MAX_VISITS = 2_000_000
_MAX_CHARACTERS = 64 << 20
_MAX_WORD = 200  # a longer key is no word of a training script: the patterns below would look through it for ever
_MAX_WRAPPERS = 4
_MAX_LISTED = 8
# Keys under which training scripts keep the model, in the order in which they are preferred.
_MODEL_KEYS = (
    "state_dict",
    "model_state_dict",
    "model_state",
    "model",
    "module",
    "net",
    "network",
    "weights",
    "params",
)
_AVERAGED = re.compile(r"ema|averaged|swa", re.IGNORECASE)
# Keys of what training scripts keep beside the model: dictionaries and lists, and loose tensors.
_TRAINING = re.compile(
    r"(.*_)?(optimi[sz]ers?|optim|(lr_)?schedulers?|(grad_)?scaler|amp|callbacks|loops|hyper_?parameters|args|config|cfg)"
    r"(_states?|_state_dict|_\d+)?",
    re.IGNORECASE,
)
_TRAINING_TENSOR = re.compile(r"(.*_)?(rng|random)_states?(_.*)?|epoch|global_step|iteration", re.IGNORECASE)
_WRAPPER_PREFIXES = ("module.", "_orig_mod.")
_SEQUENCES = (list, tuple)
_Items = list[tuple[object, object]]


@dataclass(slots=True)
class StateDict:
    """Named tensors and what an evaluator must know about how they were found."""

    tensors: dict[str, TensorRef] = field(default_factory=dict)
    not_comparable: dict[str, str] = field(default_factory=dict)
    warnings: list[Note] = field(default_factory=list)


def state_dict(root: object, file: str) -> StateDict:
    """Find the model's tensors in the value of a PyTorch file.

    Raises:
        InputError: two tensors get the same name, or the value nests too deeply or has too many entries.
    """
    result = StateDict()
    search = _Search(file)
    chosen = _unwrap(root, search, result.warnings)
    _Flattening(result, search).run(chosen)
    _strip_prefixes(result)
    return result


class _Search:
    """Looks for tensors below a value, with one budget of visits for the whole file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._visits = 0

    def holds_tensor(self, root: object) -> bool:
        """Say whether a value is or contains a tensor; visits each container once."""
        pending, seen = [root], set()
        while pending:
            value = pending.pop()
            if is_tensor(value):
                return True
            if isinstance(value, Dictionary):
                inner = [child for _, child in value.items]
            elif isinstance(value, _SEQUENCES):
                inner = list(value)
            else:
                continue
            if id(value) not in seen:
                seen.add(id(value))
                self._visits += 1 + len(inner)
                if self._visits > _MAX_VISITS:
                    raise InputError("checkpoint.pickle_limit", file=self.file)
                pending += inner
        return False


def _unwrap(root: object, search: _Search, warnings: list[Note]) -> object:
    """Take the model out of its containers; everything with tensors that is left behind is named."""
    value = root
    for _ in range(_MAX_WRAPPERS):
        if not isinstance(value, Dictionary):
            return value
        key = _model_key(value, search)
        kept, rest = _split(value, key, search)
        left = [_key_text(name) for name, inner in rest if search.holds_tensor(inner)]
        if left:
            code = "checkpoint.parts_left_out" if key else "checkpoint.training_left_out"
            warnings.append(
                Note(code, {"kept": key or "", "left": listed(left, _MAX_LISTED), "count": len(left)}, search.file)
            )
        if key is None:
            return Dictionary(kept) if rest else value
        value = kept[0][1]
    return value


def _split(value: Dictionary, key: str | None, search: _Search) -> tuple[_Items, _Items]:
    """Return the pairs that are the model and the other pairs."""
    kept: _Items = []
    rest: _Items = []
    for name, inner in value.items:
        mine = name == key if key is not None else not _is_training_state(name, inner)
        (kept if mine else rest).append((name, inner))
    if key is None and not any(search.holds_tensor(inner) for _, inner in kept):
        return value.items, []
    return kept, rest


def _model_key(value: Dictionary, search: _Search) -> str | None:
    """Return the key of the model in a training file, None where the dictionary is the model itself."""
    if any(is_tensor(inner) and isinstance(name, str) and "." in name for name, inner in value.items):
        return None
    holders = [name for name, inner in value.items if isinstance(inner, Dictionary) and search.holds_tensor(inner)]
    names = [name for name in holders if isinstance(name, str)]
    if len(names) != len(set(names)):
        return None  # the collision is refused when the names are joined
    for name in _MODEL_KEYS:
        if name in names:
            return name
    models = [name for name in names if len(name) <= _MAX_WORD and not _TRAINING.fullmatch(name)]
    plain = [name for name in models if not _AVERAGED.search(name)]
    averaged = [name for name in models if name not in plain]
    loose = any(is_tensor(inner) and not _is_training_state(name, inner) for name, inner in value.items)
    if averaged and not plain and not loose:
        return averaged[0]
    return None


def _is_training_state(name: object, inner: object) -> bool:
    """Say whether a pair beside the model holds tensors of the optimizer and the like."""
    if not isinstance(name, str) or len(name) > _MAX_WORD:
        return False
    if isinstance(inner, Dictionary | list | tuple) and _TRAINING.fullmatch(name):
        return True
    return bool(_TRAINING_TENSOR.fullmatch(name))


class _Flattening:
    """Joins nested names, once over the chosen value."""

    def __init__(self, result: StateDict, search: _Search) -> None:
        self._result = result
        self._search = search
        self._file = search.file
        self._characters = 0
        self._visited = 0
        self._path: list[int] = []
        self._other_keys: list[str] = []
        self._skipped: dict[str, str] = {}
        self._cycles: list[str] = []

    def run(self, root: object) -> None:
        self._visit("tensor" if is_tensor(root) else "", root)
        notes = self._result.warnings
        if self._other_keys:
            notes.append(
                Note("checkpoint.other_keys", {"count": len(self._other_keys)}, self._file, self._other_keys[0])
            )
        for kind, name in self._skipped.items():
            notes.append(Note("checkpoint.skipped_object", {"name": name, "kind": kind}, self._file))
        if self._cycles:
            notes.append(Note("checkpoint.self_reference", {"name": self._cycles[0]}, self._file))

    def _visit(self, name: str, value: object) -> None:
        self._visited += 1
        if self._visited > MAX_VALUES:
            raise InputError("checkpoint.too_many_tensors", file=self._file, limit=MAX_VALUES)
        if isinstance(value, TensorRef):
            self._add(name, value)
        elif isinstance(value, OtherTensor):
            self._check_free(name)
            self._result.not_comparable[name] = value.kind
        elif isinstance(value, Skipped):
            self._skipped.setdefault(value.name, name)
        elif isinstance(value, Dictionary) or (isinstance(value, list | tuple) and self._search.holds_tensor(value)):
            self._descend(name, value)

    def _descend(self, name: str, value: object) -> None:
        if id(value) in self._path:
            self._cycles.append(name)
            return
        if len(self._path) >= MAX_NESTING:
            raise InputError("checkpoint.pickle_depth", file=self._file, limit=MAX_NESTING)
        self._path.append(id(value))
        for key, inner in children(value):
            text = _key_text(key)
            joined = f"{name}.{text}" if name else text
            self._characters += len(joined)
            if self._characters > _MAX_CHARACTERS:
                raise InputError("checkpoint.pickle_limit", file=self._file)
            if isinstance(value, Dictionary) and not isinstance(key, str) and self._search.holds_tensor(inner):
                self._other_keys.append(joined)
            self._visit(joined, inner)
        self._path.pop()

    def _add(self, name: str, tensor: TensorRef) -> None:
        self._check_free(name)
        self._result.tensors[name] = tensor
        if tensor.hooks:
            self._result.warnings.append(Note("checkpoint.hooks", {}, self._file, name))

    def _check_free(self, name: str) -> None:
        if name in self._result.tensors or name in self._result.not_comparable:
            raise InputError("checkpoint.name_collision", file=self._file, tensor=name)


def _key_text(key: object) -> str:
    """Return how a key is written in a joined name."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool | float):
        return str(key)
    if isinstance(key, int):
        return str(key) if key.bit_length() < 128 else "<int>"
    if isinstance(key, tuple) and len(key) <= _MAX_LISTED and all(isinstance(part, int | str) for part in key):
        return f"({', '.join(_key_text(part)[:_MAX_WORD] for part in key)})"
    return f"<{type(key).__name__}>"


def _strip_prefixes(result: StateDict) -> None:
    """Take "module." (DistributedDataParallel) and "_orig_mod." (torch.compile) off when every name has it."""
    names = [*result.tensors, *result.not_comparable]
    cut = 0
    while names:
        prefix = next((p for p in _WRAPPER_PREFIXES if all(name.startswith(p, cut) for name in names)), None)
        if prefix is None or any(len(name) == cut + len(prefix) for name in names):
            break
        cut += len(prefix)
    if cut:
        result.tensors = {name[cut:]: tensor for name, tensor in result.tensors.items()}
        result.not_comparable = {name[cut:]: kind for name, kind in result.not_comparable.items()}
