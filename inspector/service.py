"""The engine process: one request in, events and one result out, over one-way pipes.

Reads Request frames on standard input and writes Event frames on standard output (see protocol.py). Requests run
one at a time on the main thread; a second thread listens, so that "cancel" is heard between two blocks. The end of
standard input is the order to stop. The first request that names inputs or outputs confines the process to their
folders (see sandbox/); the caller sends those that lie elsewhere to another process.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from inspector.errors import AssayerError, Cancelled, Note, out_of_memory, shown
from inspector.lineage_results import Lineage
from inspector.protocol import PREFIX, Event, ProtocolError, Request, decode, encode, frame_size
from inspector.results import Comparison, Inspection, TensorRegion, TensorView
from inspector.sandbox import confine, end_idle_threads, isolation, of_inputs, of_output, wanted
from inspector.service_library import LIBRARY_HANDLERS
from inspector.service_reviews import REVIEW_HANDLERS

_PATIENCE = 5.0  # seconds: an engine that was told to stop has one
_PROGRESS_INTERVAL = 0.05  # seconds: at most 20 reports a second


class _Outlet:
    """Writes whole frames; safe for several threads."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, event: Event) -> None:
        """Write one event and flush it."""
        frame = encode(event)
        with self._lock:
            self._stream.write(frame)
            self._stream.flush()


class EventJob:
    """A Job that turns into events, at most 20 progress events a second."""

    def __init__(self, request_id: int, send: Callable[[Event], None], cancelled: threading.Event) -> None:
        self._id = request_id
        self._send = send
        self._cancelled = cancelled
        self._started = time.monotonic()
        self._reported = 0.0
        self._lock = threading.Lock()

    def progress(self, done: int, total: int) -> None:
        """Report progress as 0..10000 with the time left, from the mean speed so far."""
        now = time.monotonic()
        with self._lock:
            if now - self._reported < _PROGRESS_INTERVAL:
                return
            self._reported = now
        share = done / max(total, 1)
        left = (now - self._started) * (1 - share) / share if share > 0 else None
        self._send(Event(self._id, "progress", done=int(share * 10_000), seconds_left=left))

    def message(self, code: str, **params: str | int | float) -> None:
        """Say what is being done."""
        self._send(Event(self._id, "message", note=Note(code, params)))

    def partial(self, result: Any) -> None:
        """Hand out a finished part."""
        self._send(Event(self._id, "partial", payload=result))

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled after a cancel request."""
        if self._cancelled.is_set():
            raise Cancelled


def _inspect(params: Mapping[str, Any], job: EventJob) -> Inspection:
    from inspector.review import inspect

    return inspect(params["path"], job)


def _compare(params: Mapping[str, Any], job: EventJob) -> Comparison:
    from inspector.review import compare
    from inspector.review_file.journal import Journal

    file = params.get("journal")
    journal = Journal(file, params.get("resume"), patience=_PATIENCE, optional=True) if file is not None else None
    paths, kind = (params["candidate"], params["references"]), params.get("component")
    return compare(*paths, component=kind, journal=journal, job=job)


def _csv(params: Mapping[str, Any], _: EventJob) -> bytes:
    from inspector.report.table import matrix_csv

    return matrix_csv(params["matrix"], params["rows"], params["columns"])


def _tensor(params: Mapping[str, Any], job: EventJob) -> TensorView:
    from inspector.review import view_tensor

    place, undone = (params["tensors"], params["role"]), params.get("undone")
    return view_tensor(params["candidate"], params["reference"], *place, undone=undone, job=job)


def _region(params: Mapping[str, Any], job: EventJob) -> TensorRegion:
    from inspector.review import view_region

    place = (params["tensors"], params["role"], params["rows"], params["columns"])
    return view_region(params["candidate"], params["reference"], *place, undone=params.get("undone"), job=job)


def _lineage(params: Mapping[str, Any], job: EventJob) -> Lineage:
    from inspector.references.lineage import lineage_of

    return lineage_of(params.get("library"), params["kind"], params.get("candidates", ()), job)


def _lineage_file(params: Mapping[str, Any], _: EventJob) -> bytes:
    from inspector.report.lineage_files import lineage_file

    return lineage_file(params["lineage"], params["format"], dark=params["dark"], language=params["language"])


def _screen(params: Mapping[str, Any], job: EventJob) -> Comparison:
    from inspector.review import screen

    return screen(params["candidate"], library=params["library"], component=params.get("component"), job=job)


_HANDLERS: Mapping[str, Callable[[Mapping[str, Any], EventJob], Any]] = {
    "inspect": _inspect,
    "compare": _compare,
    "csv": _csv,
    "tensor": _tensor,
    "region": _region,
    "lineage": _lineage,
    "lineage_file": _lineage_file,
    "screen": _screen,
    **LIBRARY_HANDLERS,
    **REVIEW_HANDLERS,
}


class _Inbox:
    """Listens for requests; a cancel sets the flag of its request at once, even before it has started."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._flags: dict[int, threading.Event] = {}
        self.requests: queue.Queue[Request | None] = queue.Queue()

    def flag(self, request_id: int) -> threading.Event:
        """Return the cancel flag of a request."""
        return self._flags.setdefault(request_id, threading.Event())

    def first(self) -> Request | None:
        """Return the next request while no thread listens, None when the stream is over."""
        while (request := self._read()) is not None:
            if request.kind != "cancel":
                return request
            self.flag(request.id).set()
        return None

    def listen(self) -> None:
        """Take frames until the stream is over; what runs then is cancelled."""
        while (request := self._read()) is not None:
            if request.kind == "cancel":
                self.flag(request.id).set()
            else:
                self.requests.put(request)
        self.requests.put(None)
        for flag in list(self._flags.values()):
            flag.set()

    def _read(self) -> Request | None:
        """Read one frame; None when the stream ends, or when the frame is not of this protocol."""
        try:
            prefix = self._stream.read(PREFIX.size)
            if len(prefix) != PREFIX.size:
                return None
            message = decode(prefix + self._stream.read(frame_size(prefix) - PREFIX.size))
        except ProtocolError:
            return None
        return message if isinstance(message, Request) else None


def _run(request: Request, send: Callable[[Event], None], cancelled: threading.Event) -> None:
    """Serve one request; whatever happens, exactly one closing event is sent."""
    job = EventJob(request.id, send, cancelled)
    try:
        job.raise_if_cancelled()
        send(Event(request.id, "result", payload=_HANDLERS[request.kind](request.params, job)))
    except Cancelled:
        send(Event(request.id, "cancelled"))
    except AssayerError as error:
        send(Event(request.id, "failure", note=error.note))
    except Exception as error:  # the engine must answer, whatever a file made happen
        unexpected = Note("engine.unexpected", {"kind": type(error).__name__})
        note = Note("engine.memory") if out_of_memory(error) else unexpected
        send(Event(request.id, "failure", note=note, details=_details()))


def _details() -> str:
    """Return the traceback for the details button, escaped line by line."""
    return "\n".join(shown(line) for line in traceback.format_exc().splitlines())


def _make_library(request: Request) -> None:
    """Make the library's folders, as a confined process makes none; who opens them says that they cannot be made."""
    if request.library is not None:
        from inspector.references.library import Library

        library = Library(request.library)
        with suppress(AssayerError, ValueError):
            library.create()
            library.prepare_cache()


def _writable(request: Request) -> tuple[Path, ...]:
    """Return the folders that a request writes into: library and journal themselves, and that of an exported file."""
    named = [path for path in (request.library, request.journal) if path is not None]
    return (*of_inputs(named), *(of_output(path) for path in request.outputs if path not in named))


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Serve requests until `incoming` ends."""
    outlet, inbox = _Outlet(outgoing), _Inbox(incoming)
    import inspector.review  # noqa: F401  (loads torch before the first request)
    from inspector.review_file.journal_key import own_key

    if wanted():
        end_idle_threads()

    outlet.send(Event(0, "ready"))
    request = inbox.first()
    while request is not None and not (request.paths or request.outputs):
        _run(request, outlet.send, inbox.flag(request.id))
        request = inbox.first()
    if request is None:
        return
    if wanted():
        own_key()  # of unfinished reviews, which a confined process could not read
        _make_library(request)
        confine(of_inputs(request.paths), _writable(request), with_parent=True)
    outlet.send(Event(request.id, "isolation", payload=isolation()))
    threading.Thread(target=inbox.listen, daemon=True).start()  # after the sandbox, which it inherits
    while request is not None:
        _run(request, outlet.send, inbox.flag(request.id))
        request = inbox.requests.get()


def main() -> None:
    """Run the engine on the process's own pipes; anything else that prints goes to standard error."""
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(sys.stdin.buffer, outgoing)
    except BrokenPipeError:  # the window is gone
        os._exit(0)


if __name__ == "__main__":
    main()
