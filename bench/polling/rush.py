"""The same address as fast as it goes, over a few connections, for as long as is asked."""

import select
import socket
import time
from collections import Counter
from typing import Any

from bench.polling.readers import PIECE, Answer


def rush(*, port: int, path: str, seconds: float, known: str = "", pid: int, connections: int) -> dict[str, Any]:
    """Answers in a second by the clock, and in a second of the CPU of process `pid`; `known` is sent as If-None-Match."""
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
    request = f"{asked}If-None-Match: {known}\r\n\r\n".encode() if known else f"{asked}\r\n".encode()
    poll, lines, answers = select.epoll(), {}, {}
    statuses: Counter[int] = Counter()
    size = 0

    def call() -> None:
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines[line.fileno()], answers[line.fileno()] = line, Answer()
        poll.register(line.fileno(), select.EPOLLIN)
        line.send(request)

    for _ in range(connections):
        call()
    start, spent, own = time.monotonic(), cpu_seconds(pid), time.process_time()
    while time.monotonic() < start + seconds:
        for number, _what in poll.poll(0.1):
            try:
                data = lines[number].recv(PIECE)
            except ConnectionResetError:
                data = b""
            if not data:
                # A server ends a connection after so many answers, and we may have asked once more meanwhile.
                lines.pop(number).close()
                call()
                continue
            size += len(data)
            if answers[number].take(data):
                statuses[answers[number].status] += 1
                answers[number] = Answer()
                lines[number].send(request)
    passed, spent, own = time.monotonic() - start, cpu_seconds(pid) - spent, time.process_time() - own
    for line in lines.values():
        line.close()
    poll.close()
    count = statuses.total()
    return {
        "statuses": dict(statuses),
        "per_second": round(count / passed),
        "per_cpu_second": round(count / spent),
        "bytes_each": round(size / max(1, count)),
        "reader_cpu_percent": round(own / passed * 100),
    }


def cpu_seconds(pid: int) -> float:
    """What a process has used of a core so far."""
    # What clock_getcpuclockid() makes of a process id, without its check of our rights.
    return time.clock_gettime(~pid << 3 | 2)
