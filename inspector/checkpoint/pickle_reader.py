"""An interpreter of pickle opcodes that builds only descriptions: nothing is imported, called or executed.

Opcodes: Lib/pickletools.py of CPython, protocols 0 to 5. Names outside the allow-list of `pickle_calls`
are refused where they are mentioned, whether the pickle calls them or not; the rest of such a pickle is only looked
through for further names, so that the refusal says them all.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable, Collection
from typing import Any

from inspector.checkpoint.pickle_calls import Malformed, allowed, call, is_ordinary, storage_of
from inspector.checkpoint.pickle_names import listed
from inspector.checkpoint.pickle_stream import Stream
from inspector.checkpoint.pickle_values import Dictionary, Name, Skipped, StorageRef
from inspector.errors import InputError, Note

MAX_OPERATIONS = 3_500_000  # of all the pickles of a file; 100,000 tensors take 3 million
MAX_COPIED = 3_500_000  # values that calls copy or look through: one instruction may ask for a million
MAX_AFTER_REFUSAL = 300_000
MAX_INTEGER = 1024  # bytes; decimal conversion of longer ones would take long
_MAX_LISTED = 6
_MARK = object()
_NOT_FITTING = (IndexError, ValueError, TypeError, struct.error)
_DICT_METHODS = frozenset(dir(dict)) | frozenset({"move_to_end"})


def read_pickle(
    stream: Stream, file: str, storages: list[StorageRef] | None = None, names: dict[str, None] | None = None
) -> object:
    """Interpret one pickle up to its STOP and return a description of its value.

    `storages`, where given, is filled with every storage that the pickle points to, and `names` with the names that it
    mentions beyond those that build tensors, in their order.

    Raises:
        InputError: it is cut short or damaged, mentions a name that is not on the allow-list, or is too large.
    """
    machine = _Machine(stream, file, [] if storages is None else storages, {} if names is None else names)
    try:
        return machine.run(MAX_OPERATIONS - stream.operations)
    except Malformed as error:
        raise InputError("checkpoint.pickle_call", file=file, name=error.what) from None
    except _NOT_FITTING:
        # The stack, a mark or an argument was not what the opcode needs: the pickle is not one that a writer makes.
        raise InputError("checkpoint.pickle_damaged", file=file) from None


def names_note(names: Collection[str], file: str) -> list[Note]:
    """Return the warning that names what a pickle mentions beyond what builds tensors."""
    listed = ", ".join(list(names)[:_MAX_LISTED]) + (", …" if len(names) > _MAX_LISTED else "")
    return [Note("checkpoint.pickle_names", {"count": len(names), "names": listed}, file)] if names else []


class _Machine:
    """The stack machine of pickle, over descriptions."""

    def __init__(self, stream: Stream, file: str, storages: list[StorageRef], names: dict[str, None]) -> None:
        self._stream = stream
        self._file = file
        self._storages = storages
        self._names = names
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._refused: dict[str, None] = {}
        self._copied = 0

    def run(self, operations: int) -> object:
        byte, table = self._stream.byte, _OPCODES
        for done in range(operations):
            code = byte()
            if code == 0x2E:  # STOP
                self._stream.operations += done
                value = self._stack.pop()
                if value is _MARK:
                    raise ValueError
                return value
            action = table.get(code)
            if action is None:
                raise InputError("checkpoint.pickle_opcode", file=self._file, opcode=f"0x{code:02x}")
            action(self)
        raise InputError("checkpoint.pickle_limit", file=self._file)

    def push(self, value: object) -> None:
        self._stack.append(value)

    def pop(self) -> Any:
        value = self._stack.pop()
        if value is _MARK:
            raise ValueError
        return value

    def to_mark(self) -> list[Any]:
        """Take everything above the topmost mark, and the mark."""
        stack = self._stack
        for at in range(len(stack) - 1, -1, -1):
            if stack[at] is _MARK:
                above = stack[at + 1 :]
                del stack[at:]
                return above
        raise ValueError

    def number(self, form: str) -> Any:
        return struct.unpack(form, self._stream.take(struct.calcsize(form)))[0]

    def text(self, size: int) -> str:
        return self._stream.take(size).decode("utf-8", "surrogatepass")

    def integer(self, size: int) -> None:
        if not 0 <= size <= MAX_INTEGER:
            raise InputError("checkpoint.pickle_limit", file=self._file)
        self.push(int.from_bytes(self._stream.take(size), "little", signed=True))

    def decimal(self) -> None:
        line = self._stream.line().rstrip(b"L")
        if line in (b"00", b"01"):
            return self.push(line == b"01")
        if len(line) > MAX_INTEGER or b"_" in line:
            raise ValueError
        return self.push(int(line))

    def real_line(self) -> None:
        line = self._stream.line()
        if len(line) > MAX_INTEGER:
            raise ValueError
        self.push(float(line))

    def name(self, module: str, name: str) -> None:
        found = allowed(module, name)
        if found is None:
            return self.refuse(f"{module}.{name}")
        if not is_ordinary(found.name):
            self._names[found.name] = None
        return self.push(found)

    def refuse(self, name: str) -> None:
        """Note a name that is not on the list; the first time, look for more of them and refuse the pickle."""
        first = not self._refused
        self._refused[name] = None
        self.push(Skipped(name))
        if first:
            with contextlib.suppress(InputError, Malformed, *_NOT_FITTING):
                self.run(MAX_AFTER_REFUSAL)
            names = listed(self._refused)
            raise InputError("checkpoint.pickle_refused", file=self._file, name=names, count=len(self._refused))

    def instance(self) -> None:
        """INST, which no writer of checkpoints uses: refused by its name."""
        self.to_mark()
        module = self._stream.line().decode("utf-8")
        name = f"{module}.{self._stream.line().decode('utf-8')}"
        if self._refused:
            return self.refuse(name)
        raise InputError("checkpoint.pickle_opcode", file=self._file, opcode=f"INST {listed([name])}")

    def global_lines(self) -> None:
        module = self._stream.line().decode("utf-8")
        self.name(module, self._stream.line().decode("utf-8"))

    def global_stack(self) -> None:
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise ValueError
        self.name(module, name)

    def reduce(self) -> None:
        arguments, function = self.pop(), self.pop()
        self._call(function, arguments)

    def new_with_keywords(self) -> None:
        keywords, arguments, function = self.pop(), self.pop(), self.pop()
        if not isinstance(keywords, Dictionary) or keywords.items:
            raise ValueError
        self._call(function, arguments)

    def _call(self, function: object, arguments: object) -> None:
        if self._refused and isinstance(function, Skipped):
            return self.push(function)
        if not isinstance(function, Name) or not isinstance(arguments, tuple):
            raise ValueError
        result = call(function, arguments)
        self._copy(result)
        return self.push(result)

    def _copy(self, value: object) -> None:
        """Count the values of a container against what may be copied in all."""
        if isinstance(value, Dictionary):
            self._copied += len(value.items)
        elif isinstance(value, list | tuple):
            self._copied += len(value)
        if self._copied > MAX_COPIED:
            raise InputError("checkpoint.pickle_limit", file=self._file)

    def build(self) -> None:
        """Attributes of an object: dropped, but an OrderedDict may not hide its items behind one."""
        state = self.pop()
        target = self._stack[-1]
        if isinstance(target, Skipped):
            return
        if not isinstance(target, Dictionary) or not isinstance(state, Dictionary):
            raise ValueError
        self._copy(state)
        for key, _ in state.items:
            if not isinstance(key, str) or key in _DICT_METHODS or key.startswith("__"):
                raise InputError("checkpoint.pickle_hides", file=self._file)

    def set_items(self, pairs: list[Any]) -> None:
        target = self._stack[-1]
        if len(pairs) % 2:
            raise ValueError
        if isinstance(target, Dictionary):
            target.items.extend(zip(pairs[::2], pairs[1::2], strict=True))
        elif not isinstance(target, Skipped):
            raise ValueError

    def set_item(self) -> None:
        value, key = self.pop(), self.pop()
        self.set_items([key, value])

    def append(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if isinstance(target, list):
            target.extend(values)
        elif not isinstance(target, Skipped):
            raise ValueError

    def append_one(self) -> None:
        value = self.pop()
        self.append([value])

    def dictionary(self) -> None:
        pairs = self.to_mark()
        self.push(Dictionary())
        self.set_items(pairs)

    def take_tuple(self, size: int) -> None:
        values = [self.pop() for _ in range(size)]
        self.push(tuple(reversed(values)))

    def remember(self, index: int) -> None:
        value = self._stack[-1]
        if value is _MARK or index < 0:
            raise ValueError
        self._memo[index] = value

    def recall(self, index: int) -> None:
        if index not in self._memo:
            raise ValueError
        self.push(self._memo[index])

    def persistent(self) -> None:
        storage = storage_of(self.pop())
        self._storages.append(storage)
        self.push(storage)

    def version(self) -> None:
        if self.number("<B") > 5:
            raise ValueError


def _quoted(line: bytes) -> str:
    """Read the STRING opcode's argument, without escapes (torch writes none)."""
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"') or b"\\" in line:
        raise ValueError
    return line[1:-1].decode("latin-1")


def _table() -> dict[int, Callable[[_Machine], object]]:
    return {
        0x80: _Machine.version,
        0x95: lambda m: m.number("<Q"),  # FRAME: its length only serves buffering
        ord("("): lambda m: m.push(_MARK),
        ord("0"): lambda m: m._stack.pop(),
        ord("1"): lambda m: m.to_mark(),
        ord("2"): lambda m: m.push(m._stack[-1]),
        ord("N"): lambda m: m.push(None),
        0x88: lambda m: m.push(True),
        0x89: lambda m: m.push(False),
        ord("K"): lambda m: m.push(m._stream.byte()),
        ord("M"): lambda m: m.push(m.number("<H")),
        ord("J"): lambda m: m.push(m.number("<i")),
        0x8A: lambda m: m.integer(m.number("<B")),
        0x8B: lambda m: m.integer(m.number("<i")),
        ord("I"): _Machine.decimal,
        ord("L"): _Machine.decimal,
        ord("F"): _Machine.real_line,
        ord("G"): lambda m: m.push(m.number(">d")),
        ord("S"): lambda m: m.push(_quoted(m._stream.line())),
        ord("T"): lambda m: m.push(m._stream.take(m.number("<I")).decode("latin-1")),
        ord("U"): lambda m: m.push(m._stream.take(m.number("<B")).decode("latin-1")),
        ord("V"): lambda m: m.push(m._stream.line().decode("raw-unicode-escape")),
        ord("X"): lambda m: m.push(m.text(m.number("<I"))),
        0x8C: lambda m: m.push(m.text(m.number("<B"))),
        0x8D: lambda m: m.push(m.text(m.number("<Q"))),
        ord("B"): lambda m: m.push(m._stream.take(m.number("<I"))),
        ord("C"): lambda m: m.push(m._stream.take(m.number("<B"))),
        0x8E: lambda m: m.push(m._stream.take(m.number("<Q"))),
        0x96: lambda m: m.push(m._stream.take(m.number("<Q"))),
        ord(")"): lambda m: m.push(()),
        ord("t"): lambda m: m.push(tuple(m.to_mark())),
        0x85: lambda m: m.push((m.pop(),)),
        0x86: lambda m: m.take_tuple(2),
        0x87: lambda m: m.take_tuple(3),
        ord("]"): lambda m: m.push([]),
        ord("l"): lambda m: m.push(m.to_mark()),
        ord("a"): _Machine.append_one,
        ord("e"): lambda m: m.append(m.to_mark()),
        ord("}"): lambda m: m.push(Dictionary()),
        ord("d"): _Machine.dictionary,
        ord("s"): _Machine.set_item,
        ord("u"): lambda m: m.set_items(m.to_mark()),
        0x8F: lambda m: m.push([]),  # EMPTY_SET
        0x90: lambda m: m.append(m.to_mark()),
        0x91: lambda m: m.push(m.to_mark()),
        ord("p"): lambda m: m.remember(int(m._stream.line()[:12])),
        ord("q"): lambda m: m.remember(m._stream.byte()),
        ord("r"): lambda m: m.remember(m.number("<I")),
        0x94: lambda m: m.remember(len(m._memo)),
        ord("g"): lambda m: m.recall(int(m._stream.line()[:12])),
        ord("h"): lambda m: m.recall(m._stream.byte()),
        ord("j"): lambda m: m.recall(m.number("<I")),
        ord("c"): _Machine.global_lines,
        ord("i"): _Machine.instance,
        0x93: _Machine.global_stack,
        ord("R"): _Machine.reduce,
        0x81: _Machine.reduce,  # NEWOBJ: class and arguments, as REDUCE
        0x92: _Machine.new_with_keywords,
        ord("b"): _Machine.build,
        ord("Q"): _Machine.persistent,
    }


_OPCODES = _table()
