"""A wire between phone and server that can be cut after a request went through and before its answer came back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Wire:
    """Passes bytes on, both ways. `lose_answers` says how many answers to a POST will never arrive."""

    def __init__(self, port: int) -> None:
        self.lose_answers = 0
        self.posts = 0
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                phone, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                line = _Line(self, phone, server)
                for work in (line.out, line.back):
                    threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


class _Line:
    """One connection of the phone's and the one to the server that belongs to it."""

    def __init__(self, wire: Wire, phone: socket.socket, server: socket.socket) -> None:
        self.wire, self.phone, self.server = wire, phone, server
        self.posting = False

    def out(self) -> None:
        with suppress(OSError):
            while part := self.phone.recv(1 << 16):
                if part.startswith((b"POST ", b"GET ")):
                    self.posting = part.startswith(b"POST ")
                    self.wire.posts += self.posting
                self.server.sendall(part)
        self._end()

    def back(self) -> None:
        with suppress(OSError):
            while part := self.server.recv(1 << 16):
                if self.posting and self.wire.lose_answers:
                    self.wire.lose_answers -= 1
                    break
                self.phone.sendall(part)
        self._end()

    def _end(self) -> None:
        for end in (self.phone, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def wired(address: str) -> Iterator[Wire]:
    """A wire to the server at this address, until the end of the block."""
    wire = Wire(int(address.rsplit(":", 1)[1]))
    threading.Thread(target=wire.run, daemon=True).start()
    try:
        yield wire
    finally:
        wire.close()
