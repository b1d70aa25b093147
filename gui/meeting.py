"""The first window's side of a second start: a local socket for this user alone, and what may be said on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from gui import single

_MAX_PEERS = 8


class Meeting(QObject):
    """Listens for later starts of the program.

    Attributes:
        listening: this process is the first one.
        willing: says whether the window takes anything now.

    Signals:
        handed: (single.Handed) what a later start wants opened.
    """

    handed = Signal(object)

    def __init__(self, where: str) -> None:
        super().__init__()
        self.willing: Callable[[], bool] = lambda: False
        self._peers: dict[QLocalSocket, bytes] = {}
        self._lock = QLockFile(f"{where}.lock")
        self._lock.setStaleLockTime(0)  # held as long as the window is there; given up only with its process
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        self.listening = self._lock.tryLock(0)
        if self.listening:
            QLocalServer.removeServer(where)  # what a process that was killed left there: the lock says that none lives
            self.listening = self._server.listen(where)
            if not self.listening:
                self._lock.unlock()

    def close(self) -> None:
        """Listen no more; the next start opens a window of its own."""
        self._server.close()
        for peer in list(self._peers):
            peer.abort()
        if self.listening:
            self._lock.unlock()
        self.listening = False

    def _greet(self) -> None:
        while (peer := self._server.nextPendingConnection()) is not None:
            if not self.willing() or len(self._peers) >= _MAX_PEERS:
                peer.abort()
                peer.deleteLater()
                continue
            self._peers[peer] = b""
            peer.disconnected.connect(partial(self._forget, peer))
            peer.readyRead.connect(partial(self._read, peer))
            QTimer.singleShot(single.PATIENCE, peer, peer.abort)
            peer.write(single.GREETING)

    def _read(self, peer: QLocalSocket) -> None:
        if peer not in self._peers:
            return
        self._peers[peer] += bytes(peer.read(single.MAX_BYTES + 1 - len(self._peers[peer])).data())
        line = self._peers[peer]
        if len(line) <= single.MAX_BYTES and not line.endswith(b"\n"):
            return
        handed = single.decode(line)
        if handed is None or not self.willing():
            peer.abort()
            return
        peer.write(single.TAKEN)
        peer.disconnectFromServer()
        self.handed.emit(handed)

    def _forget(self, peer: QLocalSocket) -> None:
        if self._peers.pop(peer, None) is not None:
            peer.deleteLater()
