"""The stack machine of pickle, over descriptions: what each opcode does (`pickle_reader` says which it is)."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable, Mapping
from typing import Any

from inspector.checkpoint.pickle_calls import Malformed, allowed, call, is_ordinary, storage_of
from inspector.checkpoint.pickle_names import listed
from inspector.checkpoint.pickle_stream import Stream
from inspector.checkpoint.pickle_values import Dictionary, Name, Skipped, StorageRef
from inspector.errors import InputError

MAX_COPIED = 3_500_000  # values that calls copy or look through: one instruction may ask for a million
MAX_AFTER_REFUSAL = 300_000
MAX_INTEGER = 1024  # bytes; decimal conversion of longer ones would take long
MARK = object()
NOT_FITTING = (IndexError, ValueError, TypeError, struct.error)
_DICT_METHODS = frozenset(dir(dict)) | frozenset({"move_to_end"})


class Machine:
    """The machine of one pickle.

    Attributes:
        stack: what was built so far, and marks. stream: where the pickle is read.
    """

    def __init__(
        self,
        stream: Stream,
        file: str,
        storages: list[StorageRef],
        names: dict[str, None],
        opcodes: Mapping[int, Callable[[Machine], object]],
    ) -> None:
        self._opcodes = opcodes
        self.stream = stream
        self._file = file
        self._storages = storages
        self._names = names
        self.stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._refused: dict[str, None] = {}
        self._copied = 0

    def run(self, operations: int) -> object:
        """Read opcodes up to STOP and return what then lies on the stack."""
        byte, table = self.stream.byte, self._opcodes
        for done in range(operations):
            code = byte()
            if code == 0x2E:  # STOP
                self.stream.operations += done
                value = self.stack.pop()
                if value is MARK:
                    raise ValueError
                return value
            action = table.get(code)
            if action is None:
                raise InputError("checkpoint.pickle_opcode", file=self._file, opcode=f"0x{code:02x}")
            action(self)
        raise InputError("checkpoint.pickle_limit", file=self._file)

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        self.stack.append(value)

    def pop(self) -> Any:
        """Take the last value; a mark is no value."""
        value = self.stack.pop()
        if value is MARK:
            raise ValueError
        return value

    def to_mark(self) -> list[Any]:
        """Take everything above the topmost mark, and the mark."""
        stack = self.stack
        for at in range(len(stack) - 1, -1, -1):
            if stack[at] is MARK:
                above = stack[at + 1 :]
                del stack[at:]
                return above
        raise ValueError

    def number(self, form: str) -> Any:
        """Read a number of the given form."""
        return struct.unpack(form, self.stream.take(struct.calcsize(form)))[0]

    def text(self, size: int) -> str:
        """Read UTF-8 text of so many bytes."""
        return self.stream.take(size).decode("utf-8", "surrogatepass")

    def integer(self, size: int) -> None:
        """LONG1, LONG4: read a whole number of so many bytes."""
        if not 0 <= size <= MAX_INTEGER:
            raise InputError("checkpoint.pickle_limit", file=self._file)
        self.push(int.from_bytes(self.stream.take(size), "little", signed=True))

    def decimal(self) -> None:
        """INT, LONG: read a whole number, or a boolean, in decimal digits."""
        line = self.stream.line().rstrip(b"L")
        if line in (b"00", b"01"):
            return self.push(line == b"01")
        if len(line) > MAX_INTEGER or b"_" in line:
            raise ValueError
        return self.push(int(line))

    def real_line(self) -> None:
        """FLOAT: read a number in decimal digits."""
        line = self.stream.line()
        if len(line) > MAX_INTEGER:
            raise ValueError
        self.push(float(line))

    def name(self, module: str, name: str) -> None:
        """Put a name on the stack where the list allows it."""
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
            with contextlib.suppress(InputError, Malformed, *NOT_FITTING):
                self.run(MAX_AFTER_REFUSAL)
            names = listed(self._refused)
            raise InputError("checkpoint.pickle_refused", file=self._file, name=names, count=len(self._refused))

    def instance(self) -> None:
        """INST, which no writer of checkpoints uses: refused by its name."""
        self.to_mark()
        module = self.stream.line().decode("utf-8")
        name = f"{module}.{self.stream.line().decode('utf-8')}"
        if self._refused:
            return self.refuse(name)
        raise InputError("checkpoint.pickle_opcode", file=self._file, opcode=f"INST {listed([name])}")

    def global_lines(self) -> None:
        """GLOBAL: a name in two lines."""
        module = self.stream.line().decode("utf-8")
        self.name(module, self.stream.line().decode("utf-8"))

    def global_stack(self) -> None:
        """STACK_GLOBAL: a name from the stack."""
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise ValueError
        self.name(module, name)

    def reduce(self) -> None:
        """REDUCE, NEWOBJ: a call of a name with its arguments."""
        arguments, function = self.pop(), self.pop()
        self._call(function, arguments)

    def new_with_keywords(self) -> None:
        """NEWOBJ_EX: a call with keywords, of which there may be none."""
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
        target = self.stack[-1]
        if isinstance(target, Skipped):
            return
        if not isinstance(target, Dictionary) or not isinstance(state, Dictionary):
            raise ValueError
        self._copy(state)
        for key, _ in state.items:
            if not isinstance(key, str) or key in _DICT_METHODS or key.startswith("__"):
                raise InputError("checkpoint.pickle_hides", file=self._file)

    def set_items(self, pairs: list[Any]) -> None:
        """SETITEMS: entries of a mapping, keys and values in turn."""
        target = self.stack[-1]
        if len(pairs) % 2:
            raise ValueError
        if isinstance(target, Dictionary):
            target.items.extend(zip(pairs[::2], pairs[1::2], strict=True))
        elif not isinstance(target, Skipped):
            raise ValueError

    def set_item(self) -> None:
        """SETITEM: one entry of a mapping."""
        value, key = self.pop(), self.pop()
        self.set_items([key, value])

    def append(self, values: list[Any]) -> None:
        """APPENDS, ADDITEMS: values of a list or a set."""
        target = self.stack[-1]
        if isinstance(target, list):
            target.extend(values)
        elif not isinstance(target, Skipped):
            raise ValueError

    def append_one(self) -> None:
        """APPEND: one value of a list."""
        value = self.pop()
        self.append([value])

    def dictionary(self) -> None:
        """DICT: a mapping from what lies above the mark."""
        pairs = self.to_mark()
        self.push(Dictionary())
        self.set_items(pairs)

    def take_tuple(self, size: int) -> None:
        """TUPLE1 to TUPLE3: a tuple of the last values."""
        values = [self.pop() for _ in range(size)]
        self.push(tuple(reversed(values)))

    def remember(self, index: int) -> None:
        """PUT: keep the last value under a number."""
        value = self.stack[-1]
        if value is MARK or index < 0:
            raise ValueError
        self._memo[index] = value

    def recall(self, index: int) -> None:
        """GET: put the value of a number on the stack."""
        if index not in self._memo:
            raise ValueError
        self.push(self._memo[index])

    def persistent(self) -> None:
        """BINPERSID: what torch stores beside the pickle, its storages."""
        storage = storage_of(self.pop())
        self._storages.append(storage)
        self.push(storage)

    def version(self) -> None:
        """PROTO: the protocol, up to 5."""
        if self.number("<B") > 5:
            raise ValueError
