"""Log records as single lines that nothing in them can break."""

import logging
import time
from datetime import UTC, datetime

SELDOM_SECONDS = 60.0
# C0 and C1 controls, the line and paragraph separators, and the marks that reorder text on a screen.
_UNSAFE = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
} | {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t", ord("\\"): "\\\\"}


def escape(text: str) -> str:
    """Return `text` with every control character written out, so that it is one line and cannot fake another."""
    return text.translate(_UNSAFE)


class LineFormatter(logging.Formatter):
    """`2010-07-14T07:00:00.000Z INFO interview.questions: message`, a traceback following on the same line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        if record.stack_info:
            text += "\n" + self.formatStack(record.stack_info)
        return f"{at} {record.levelname} {record.name}: {escape(text)}"


class Seldom(logging.Filter):
    """Lets one record of each message through in a minute: for libraries that tell of a server that is away with every try."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now - self._last.get(record.msg, float("-inf")) < SELDOM_SECONDS:
            return False
        self._last[record.msg] = now
        return True


def is_trouble(record: logging.LogRecord) -> bool:
    """Say whether a record of django.request is worth a line: whoever asks /healthz while we start is told 503, and that is all."""
    asked = getattr(record, "request", None)
    return not (getattr(record, "status_code", 0) == 503 and getattr(asked, "path", "") == "/healthz")


def lowered(record: logging.LogRecord) -> bool:
    """Make a refused request a warning without its traceback: strangers can cause any number of them."""
    if record.levelno > logging.WARNING:
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
    return True
