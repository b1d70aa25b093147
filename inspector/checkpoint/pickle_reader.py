"""An interpreter of pickle opcodes that builds only descriptions: nothing is imported, called or executed.

Opcodes: Lib/pickletools.py of CPython, protocols 0 to 5. Names outside the allow-list of `pickle_calls`
are refused where they are mentioned, whether the pickle calls them or not; the rest of such a pickle is only looked
through for further names, so that the refusal says them all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from inspector.checkpoint.naming import listed
from inspector.checkpoint.pickle_calls import Malformed
from inspector.checkpoint.pickle_machine import MARK, NOT_FITTING, Machine
from inspector.checkpoint.pickle_stream import Stream
from inspector.checkpoint.pickle_values import Dictionary, StorageRef
from inspector.errors import InputError, Note, Parameter

MAX_OPERATIONS = 3_500_000  # of all the pickles of a file; 100,000 tensors take 3 million
_MAX_LISTED = 6


def read_pickle(
    stream: Stream, file: str, storages: list[StorageRef] | None = None, names: dict[str, None] | None = None
) -> object:
    """Interpret one pickle up to its STOP and return a description of its value.

    `storages`, where given, is filled with every storage that the pickle points to, and `names` with the names that it
    mentions beyond those that build tensors, in their order.

    Raises:
        InputError: it is cut short or damaged, mentions a name that is not on the allow-list, or is too large.
    """
    machine = Machine(stream, file, [] if storages is None else storages, {} if names is None else names, _OPCODES)
    try:
        return machine.run(MAX_OPERATIONS - stream.operations)
    except Malformed as error:
        raise InputError("checkpoint.pickle_call", file=file, name=error.what) from None
    except NOT_FITTING:
        # The stack, a mark or an argument was not what the opcode needs: the pickle is not one that a writer makes.
        raise InputError("checkpoint.pickle_damaged", file=file) from None


def names_note(names: Collection[str], file: str) -> list[Note]:
    """Return the warning that names what a pickle mentions beyond what builds tensors."""
    params: dict[str, Parameter] = {"count": len(names), "names": listed(names, _MAX_LISTED)}
    return [Note("checkpoint.pickle_names", params, file)] if names else []


def _quoted(line: bytes) -> str:
    """Read the STRING opcode's argument, without escapes (torch writes none)."""
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"') or b"\\" in line:
        raise ValueError
    return line[1:-1].decode("latin-1")


def _table() -> dict[int, Callable[[Machine], object]]:
    return {
        0x80: Machine.version,
        0x95: lambda m: m.number("<Q"),  # FRAME: its length only serves buffering
        ord("("): lambda m: m.push(MARK),
        ord("0"): lambda m: m.stack.pop(),
        ord("1"): lambda m: m.to_mark(),
        ord("2"): lambda m: m.push(m.stack[-1]),
        ord("N"): lambda m: m.push(None),
        0x88: lambda m: m.push(True),
        0x89: lambda m: m.push(False),
        ord("K"): lambda m: m.push(m.stream.byte()),
        ord("M"): lambda m: m.push(m.number("<H")),
        ord("J"): lambda m: m.push(m.number("<i")),
        0x8A: lambda m: m.integer(m.number("<B")),
        0x8B: lambda m: m.integer(m.number("<i")),
        ord("I"): Machine.decimal,
        ord("L"): Machine.decimal,
        ord("F"): Machine.real_line,
        ord("G"): lambda m: m.push(m.number(">d")),
        ord("S"): lambda m: m.push(_quoted(m.stream.line())),
        ord("T"): lambda m: m.push(m.stream.take(m.number("<I")).decode("latin-1")),
        ord("U"): lambda m: m.push(m.stream.take(m.number("<B")).decode("latin-1")),
        ord("V"): lambda m: m.push(m.stream.line().decode("raw-unicode-escape")),
        ord("X"): lambda m: m.push(m.text(m.number("<I"))),
        0x8C: lambda m: m.push(m.text(m.number("<B"))),
        0x8D: lambda m: m.push(m.text(m.number("<Q"))),
        ord("B"): lambda m: m.push(m.stream.take(m.number("<I"))),
        ord("C"): lambda m: m.push(m.stream.take(m.number("<B"))),
        0x8E: lambda m: m.push(m.stream.take(m.number("<Q"))),
        0x96: lambda m: m.push(m.stream.take(m.number("<Q"))),
        ord(")"): lambda m: m.push(()),
        ord("t"): lambda m: m.push(tuple(m.to_mark())),
        0x85: lambda m: m.push((m.pop(),)),
        0x86: lambda m: m.take_tuple(2),
        0x87: lambda m: m.take_tuple(3),
        ord("]"): lambda m: m.push([]),
        ord("l"): lambda m: m.push(m.to_mark()),
        ord("a"): Machine.append_one,
        ord("e"): lambda m: m.append(m.to_mark()),
        ord("}"): lambda m: m.push(Dictionary()),
        ord("d"): Machine.dictionary,
        ord("s"): Machine.set_item,
        ord("u"): lambda m: m.set_items(m.to_mark()),
        0x8F: lambda m: m.push([]),  # EMPTY_SET
        0x90: lambda m: m.append(m.to_mark()),
        0x91: lambda m: m.push(m.to_mark()),
        ord("p"): lambda m: m.remember(int(m.stream.line()[:12])),
        ord("q"): lambda m: m.remember(m.stream.byte()),
        ord("r"): lambda m: m.remember(m.number("<I")),
        0x94: lambda m: m.remember(len(m._memo)),
        ord("g"): lambda m: m.recall(int(m.stream.line()[:12])),
        ord("h"): lambda m: m.recall(m.stream.byte()),
        ord("j"): lambda m: m.recall(m.number("<I")),
        ord("c"): Machine.global_lines,
        ord("i"): Machine.instance,
        0x93: Machine.global_stack,
        ord("R"): Machine.reduce,
        0x81: Machine.reduce,  # NEWOBJ: class and arguments, as REDUCE
        0x92: Machine.new_with_keywords,
        ord("b"): Machine.build,
        ord("Q"): Machine.persistent,
    }


_OPCODES = _table()
