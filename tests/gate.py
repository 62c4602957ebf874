"""A gate before a server, as an office network may have one: pages pass, sockets only when it is open."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

PIECE = 64 * 1024  # bytes carried at once


class Gate:
    """Carries connections to a server. `sockets` says what becomes of handshakes: "open", "refused", or "held" without an answer.

    `unchanged` counts the answers 304 that went through.
    """

    def __init__(self, port: int, sockets: Literal["open", "refused", "held"] = "refused") -> None:
        """`port` of the loopback address is the server's."""
        self._server_port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self.sockets = sockets
        self.tried = 0
        self.unchanged = 0
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        """Nothing passes any more."""
        for line in [self._listening, *self._lines]:
            # Wakes whoever waits in it, which closing alone does not.
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def serve(self) -> None:
        """Let connections in until the gate is closed."""
        with suppress(OSError):
            while True:
                line, _address = self._listening.accept()
                self._lines.append(line)
                threading.Thread(target=self._pass, args=[line], daemon=True).start()

    def _pass(self, line: socket.socket) -> None:
        with suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := line.recv(PIECE)):
                    return
                head += piece
            if b"upgrade: websocket" in head.lower():
                self.tried += 1
                if self.sockets == "held":
                    return
                if self.sockets == "refused":
                    line.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    line.close()
                    return
            server = socket.create_connection(("127.0.0.1", self._server_port))
            self._lines.append(server)
            server.sendall(head)
            threading.Thread(target=self._carry, args=[server, line], daemon=True).start()
            self._carry(line, server)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self.unchanged += piece.startswith(b"HTTP/1.1 304 ")
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@contextmanager
def gate(url: str, sockets: Literal["open", "refused", "held"] = "refused") -> Iterator[Gate]:
    """A gate before the server at this address; `gate.url` is where people come in."""
    made = Gate(int(url.rpartition(":")[2]), sockets)
    threading.Thread(target=made.serve, daemon=True).start()
    try:
        yield made
    finally:
        made.close()
