"""One engine process: frames out, frames in, and its end. The engine is not trusted."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from inspector import errors, protocol
from inspector.sandbox import Isolation, of_inputs, within
from inspector.sandbox.environment import NO_PLUGINS, STEERING
from inspector.typecheck import Texts
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

_LOG_LINES = 200
_LOG_LINE = 2000


def engine_command() -> list[str]:
    """Return the command that starts the engine, isolated from the user's Python settings."""
    root = str(Path(errors.__file__).resolve().parents[1])
    # the window goes first where both want the processor
    gentle = "import os, sys; hasattr(os, 'nice') and os.nice(5)"
    code = f"{gentle}; sys.path[:0] = [{root!r}]; from inspector.service import main; main()"
    return [sys.executable, "-I", "-c", code]


def engine_environment(limits: Mapping[str, str] | None = None) -> QProcessEnvironment:
    """Return this process's environment without what steers the engine's libraries, and with the user's limits."""
    out = QProcessEnvironment.systemEnvironment()
    for name in out.keys():  # noqa: SIM118, a QProcessEnvironment is not iterable
        if name.startswith(STEERING):
            out.remove(name)
    out.insert(*NO_PLUGINS)
    for name, value in (limits or {}).items():
        out.insert(name, value)
    return out


class EngineProcess(QObject):
    """One process and the frames on its pipes.

    Attributes:
        job: id of the request that it works on, 0 when idle.
        ready: it has said that it takes requests.
        end: how it ended, "signal 9" or "exit code 1"; "" while it lives.
        confidential: it was given a passphrase, and ends with its job.
        leaving: it was asked to end and takes no more requests.
        readable, writable: folders that it has confined itself to, None before its first request that names any.
        isolation: how far it is confined, as it said before it opened its first input; None until then.

    Signals:
        arrived: (this, Event) for every frame.
        ended: (this, Note or None) once, when the process is gone; the note says why it was stopped.
    """

    arrived = Signal(object, object)
    ended = Signal(object, object)

    def __init__(
        self, command: Sequence[str], parent: QObject | None = None, limits: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(parent)
        self.job = 0
        self.ready = False
        self.confidential = False
        self.leaving = False
        self.readable: tuple[Path, ...] | None = None
        self.writable: tuple[Path, ...] = ()
        self.isolation: Isolation | None = None
        self._why: errors.Note | None = None
        self._buffer = bytearray()
        self._unpacking: protocol.Unpacking | None = None
        self._columns: dict[bytes, Texts] = {}  # of the job that runs
        self._decoding = False
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._over = False
        self.end = ""
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setProcessEnvironment(engine_environment(limits))
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    def start(self) -> None:
        """Start the process; "ready" comes as an event."""
        self._process.start()

    def send(self, request: protocol.Request) -> None:
        """Send one request; what the pipe cannot take yet is kept and sent by the event loop."""
        if (request.paths or request.outputs) and self.readable is None:
            self.writable = tuple(Path(path).resolve() for path in request.outputs)
            self.readable = (*of_inputs(request.paths), *self.writable)
        self._process.write(protocol.encode(request))

    def may_open(self, request: protocol.Request) -> bool:
        """Say whether its fence, if it has one, lets it open what a request names."""
        unfenced = self.isolation is not None and not self.isolation.landlock
        written = all(Path(path).resolve() in self.writable for path in request.outputs)
        return self.readable is None or unfenced or (written and within(request.paths, self.readable))

    @property
    def spare(self) -> bool:
        """It is idle, and can still be given any input."""
        anything = protocol.Request(0, "inspect", {"path": "/"})
        return not self.job and not self.leaving and (self.readable is None or self.may_open(anything))

    def finish(self) -> None:
        """Ask the process to end by closing its input."""
        self.leaving = True
        self._process.closeWriteChannel()

    def kill(self, why: errors.Note | None = None) -> None:
        """End the process at once."""
        self._why = self._why or why
        self._process.kill()

    def kill_after(self, milliseconds: int, job: int) -> None:
        """End the process unless it has left `job` by then."""
        QTimer.singleShot(milliseconds, self, lambda: self.kill() if self.job == job else None)

    @property
    def log(self) -> str:
        """The last lines of its error output."""
        return "\n".join(self._log)

    def _read(self) -> None:
        self._buffer += self._process.readAllStandardOutput().data()
        if not self._decoding:
            self._decode()

    def _decode(self) -> None:
        """Decode a part of a frame, and go on when the event loop comes round again."""
        self._decoding = self._advance()
        if self._decoding:
            QTimer.singleShot(0, self, self._decode)

    def _advance(self) -> bool:
        """Decode the next part of what has come; say whether there was a whole frame to decode."""
        try:
            if self._why is not None:
                return False
            if self._unpacking is None:
                frame = self._cut_frame()
                if frame is None:
                    return False
                self._unpacking = protocol.Unpacking(frame, self._columns)
            message = self._unpacking.step()
            if message is not None:
                self._unpacking = None
                self._take(message)
        except protocol.ProtocolError as error:
            self._buffer.clear()
            self._unpacking = None
            self.kill(error.note)
            return False
        return True

    def _cut_frame(self) -> bytearray | None:
        """Take the first frame out of the buffer, copying the shorter part; None where it is not whole yet."""
        if len(self._buffer) < protocol.PREFIX.size:
            return None
        size = protocol.frame_size(bytes(self._buffer[: protocol.PREFIX.size]))
        if len(self._buffer) < size:
            return None
        if 2 * size < len(self._buffer):
            frame = self._buffer[:size]
            del self._buffer[:size]
        else:
            frame, self._buffer = self._buffer, self._buffer[size:]
            del frame[size:]
        return frame

    def _take(self, message: object) -> None:
        if not isinstance(message, protocol.Event) or (message.kind == "failure" and message.note is None):
            raise protocol.ProtocolError
        self.ready = True
        if message.kind in ("result", "failure", "cancelled"):
            self._columns.clear()
        if message.kind == "isolation":
            if self.isolation is not None or not isinstance(message.payload, Isolation):
                raise protocol.ProtocolError
            self.isolation = message.payload
        self.arrived.emit(self, message)

    def _read_log(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "backslashreplace")
        self._log.extend(line[:_LOG_LINE] for line in text.splitlines())

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._log.append(self._process.errorString())
            self._finish()

    def _finish(self) -> None:
        if self._over:
            return
        self._over = True
        while self._advance():
            pass
        if self._process.exitStatus() == QProcess.ExitStatus.CrashExit:
            self.end = f"signal {self._process.exitCode()}"
        else:
            self.end = f"exit code {self._process.exitCode()}"
        self._log.append(self.end)
        self.ended.emit(self, self._why)
