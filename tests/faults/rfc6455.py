"""What RFC 6455 demands of a server that echoes, case by case; numbers are sections of the RFC."""

import struct
from collections.abc import Iterator

from tests.faults.conformance import Case, Step
from tests.operations.servers.wire import BINARY, CLOSE, CONT, PING, PONG, TEXT, Frame, encoded

PROTOCOL, NOT_UTF8 = 1002, 1007
RESERVED = (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)

GOOD_TEXT = {
    "U+0000": "\0",
    "the last of one byte": "\x7f",
    "the first of two bytes": "\x80",
    "the last of two bytes": "\u07ff",
    "the first of three bytes": "\u0800",
    "the last before the surrogates": "\ud7ff",
    "the first after the surrogates": "\ue000",
    "U+FFFD": "\ufffd",
    "U+FFFF, which is no character": "\uffff",
    "the first of four bytes": "\U00010000",
    "the last of all": "\U0010ffff",
    "a byte order mark": "\ufeff",
    "marks that combine": "e\u0301a\u030a\u0323",
    "Chinese": "水压何时恢复？",
    "a family in one sign": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "from right to left": "\u0645\u0631\u062d\u0628\u0627",
}
BAD_TEXT = {
    "a continuation alone": "80",
    "the last continuation alone": "bf",
    "two continuations": "80bf",
    "three continuations": "80bf80",
    "six continuations": "80bf80bf80bf",
    "a start of two, at the end": "c3",
    "a start of two before a space": "c320",
    "a start of three, at the end": "e9",
    "two of three bytes, at the end": "e995",
    "two of three bytes before a letter": "e99561",
    "a start of four, at the end": "f0",
    "two of four bytes, at the end": "f09f",
    "three of four bytes, at the end": "f09f98",
    "three of four bytes before a letter": "f09f9861",
    "a start after a start": "c3c3a4",
    "NUL in two bytes": "c080",
    "a letter in two bytes": "c1a1",
    "a slash in three bytes": "e080af",
    "the last overlong of three bytes": "e09fbf",
    "NUL in four bytes": "f0808080",
    "the last overlong of four bytes": "f08fbfbf",
    "the first high surrogate": "eda080",
    "the last high surrogate": "edafbf",
    "the first low surrogate": "edb080",
    "the last low surrogate": "edbfbf",
    "a pair of surrogates": "eda0bdedb88a",
    "beyond the last": "f4908080",
    "a start of four that leads beyond": "f5808080",
    "five bytes": "f888808080",
    "six bytes": "fc8480808080",
    "fe": "fe",
    "ff": "ff",
    "four impossible bytes": "fefeffff",
    "Latin-1": "4de47278",
}


def cases() -> list[Case]:
    """All of them; no two have the same name."""
    groups = (_data, _masks, _reserved_bits, _opcodes, _lengths, _fragments, _pings, _good_text, _bad_text, _early, _closes, _close_codes)
    found = [case for group in groups for case in group()]
    assert len({case.name for case in found}) == len(found)
    return found


def _stays(section: str, title: str, *steps: Step, pace: int = 0) -> Case:
    return Case(section, title, steps, pace=pace)


def _fails(section: str, title: str, sent: bytes, *codes: int, pace: int = 0) -> Case:
    return Case(section, title, (Step(sent),), frozenset(codes or {PROTOCOL}), pace=pace)


def _hello() -> Step:
    return Step(encoded(TEXT, b"hello"), (Frame(TEXT, b"hello"),))


def _parts(opcode: int, parts: list[bytes]) -> bytes:
    """A message in frames."""
    last = len(parts) - 1
    return b"".join(encoded(CONT if index else opcode, part, fin=index == last) for index, part in enumerate(parts))


def _cut(payload: bytes, size: int) -> list[bytes]:
    return [payload[at : at + size] for at in range(0, len(payload), size)]


# ── 5.6, 5.2, 5.1: messages and their frames ─────────────────────────────────────────────────────────────────────────
def _data() -> Iterator[Case]:
    for opcode, word, sign in ((TEXT, "text", b"*"), (BINARY, "binary", b"\xfe")):
        for size in (0, 1, 125, 126, 127, 128, 1000, 65_535, 65_536, 100_000):
            payload = sign * size
            yield _stays("5.6", f"{word} of {size} bytes", Step(encoded(opcode, payload), (Frame(opcode, payload),)))
        for size, pace in ((0, 1), (126, 1), (1000, 1), (65_535, 997), (65_536, 1000)):
            payload = sign * size
            yield _stays("5.6", f"{word} of {size} bytes", Step(encoded(opcode, payload), (Frame(opcode, payload),)), pace=pace)
        for size, part in ((128, 1), (1000, 13), (65_536, 997), (65_536, 1300), (65_536, 65_535)):
            payload = sign * size
            step = Step(_parts(opcode, _cut(payload, part)), (Frame(opcode, payload),))
            yield _stays("5.6", f"{word} of {size} bytes in frames of {part}", step)
    many = b"".join(encoded(TEXT, b"%d" % number) for number in range(100))
    yield _stays("5.6", "a hundred messages at once", Step(many, tuple(Frame(TEXT, b"%d" % number) for number in range(100))))
    both = encoded(TEXT, b"a") + encoded(BINARY, b"\xff") + encoded(TEXT, b"b")
    yield _stays("5.6", "text and binary in turn", Step(both, (Frame(TEXT, b"a"), Frame(BINARY, b"\xff"), Frame(TEXT, b"b"))))


def _masks() -> Iterator[Case]:
    for opcode, payload in ((TEXT, b"x"), (TEXT, b""), (BINARY, b"x"), (PING, b""), (PONG, b""), (CLOSE, b"\x03\xe8")):
        yield _fails("5.1", f"opcode {opcode} with {len(payload)} bytes, not masked", encoded(opcode, payload, masked=False))
    yield Case(
        "5.1", "one that is not masked after one that is", (_hello(), Step(encoded(TEXT, b"x", masked=False))), frozenset({PROTOCOL})
    )
    unmasked_rest = encoded(TEXT, b"x", fin=False) + encoded(CONT, b"x", masked=False)
    yield _fails("5.1", "a continuation that is not masked", unmasked_rest)
    for mask in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x01\x02\x03\x04"):
        payload = bytes(b"masked"[index] ^ mask[index % 4] for index in range(6))
        yield _stays("5.3", f"the mask {mask.hex()}", Step(b"\x81\x86" + mask + payload, (Frame(TEXT, b"masked"),)))


def _reserved_bits() -> Iterator[Case]:
    for rsv in range(1, 8):
        for opcode, payload in ((TEXT, b"x"), (BINARY, b""), (PING, b"x"), (PONG, b""), (CLOSE, b"\x03\xe8")):
            yield _fails("5.2", f"reserved bits {rsv:03b} with opcode {opcode}", encoded(opcode, payload, rsv=rsv))
        yield _fails("5.2", f"reserved bits {rsv:03b} on a continuation", encoded(TEXT, b"x", fin=False) + encoded(CONT, b"x", rsv=rsv))
        after = (_hello(), Step(encoded(TEXT, b"x", rsv=rsv)))
        yield Case("5.2", f"reserved bits {rsv:03b} after a message", after, frozenset({PROTOCOL}))


def _opcodes() -> Iterator[Case]:
    for opcode in RESERVED:
        for payload in (b"", b"x", b"x" * 126):
            yield _fails("5.2", f"opcode {opcode} with {len(payload)} bytes", encoded(opcode, payload))
        yield _fails("5.2", f"opcode {opcode}, not final", encoded(opcode, b"x", fin=False))
        yield _fails("5.2", f"opcode {opcode} within a message", encoded(TEXT, b"x", fin=False) + encoded(opcode, b"x"))
        yield Case("5.2", f"opcode {opcode} after a message", (_hello(), Step(encoded(opcode, b"x"))), frozenset({PROTOCOL}))


def _lengths() -> Iterator[Case]:
    for length in (1 << 63, (1 << 64) - 1):
        yield _fails("5.2", f"a length of {length:x}, its first bit set", encoded(BINARY, b"x", length=length), PROTOCOL, 1009)
    for length in (1 << 30, 1 << 40, (1 << 63) - 1):
        yield _fails("7.4.1", f"a length of {length:x}", encoded(BINARY, b"x", length=length), 1009)
    head = encoded(BINARY, b"x" * 300)
    yield _stays("5.2", "a length that comes in two pieces", Step(head[:3]), Step(head[3:], (Frame(BINARY, b"x" * 300),)))


# ── 5.4, 5.5: fragments and control frames ───────────────────────────────────────────────────────────────────────────
def _fragments() -> Iterator[Case]:
    for parts in (
        [b"ab", b"cd"],
        [b"", b""],
        [b"", b"x", b""],
        [b"x", b""],
        [b"a", b"b", b"c"],
        [b""] * 50,
        [b"%d" % number for number in range(30)],
    ):
        for opcode in (TEXT, BINARY):
            for pace in (0, 1):
                step = Step(_parts(opcode, parts), (Frame(opcode, b"".join(parts)),))
                yield _stays("5.4", f"opcode {opcode} in {len(parts)} parts, {len(step.back[0].payload)} bytes", step, pace=pace)
    first, last = encoded(TEXT, b"a", fin=False), encoded(CONT, b"b")
    whole = Frame(TEXT, b"ab")
    ping, pong = encoded(PING, b"p"), Frame(PONG, b"p")
    for pace in (0, 1):
        yield _stays("5.4", "a ping within a message", Step(first + ping + last, (pong, whole)), pace=pace)
        yield _stays("5.4", "ten pings within a message", Step(first + ping * 10 + last, (pong,) * 10 + (whole,)), pace=pace)
        yield _stays("5.4", "a pong within a message", Step(first + encoded(PONG, b"p") + last, (whole,)), pace=pace)
    yield _stays("5.4", "a ping answered before its message is complete", Step(first + ping, (pong,)), Step(last, (whole,)))
    yield _stays("5.4", "two messages in parts", Step((first + last) * 2, (whole, whole)))
    for word, code in (("with 1000", b"\x03\xe8"), ("without a code", b"")):
        left = (Step(first + encoded(CLOSE, code)),)
        yield Case("5.4", f"a close within a message, {word}", left, frozenset({1000} if code else {None, 1000}))
    for opcode in (TEXT, BINARY):
        for fin in (True, False):
            how = "final" if fin else "not final"
            yield _fails("5.4", f"opcode {opcode}, {how}, within a message", first + encoded(opcode, b"x", fin=fin))
    for fin in (True, False):
        for payload in (b"", b"x"):
            how = f"{'final' if fin else 'not final'}, {len(payload)} bytes"
            yield _fails("5.4", f"a continuation of nothing, {how}", encoded(CONT, payload, fin=fin))
            after = (_hello(), Step(encoded(CONT, payload, fin=fin)))
            yield Case("5.4", f"a continuation after a whole message, {how}", after, frozenset({PROTOCOL}))
            done = (Step(first + last, (whole,)), Step(encoded(CONT, payload, fin=fin)))
            yield Case("5.4", f"a continuation after the last, {how}", done, frozenset({PROTOCOL}))


def _pings() -> Iterator[Case]:
    for payload in (b"", b"p", b"\0\xff\xfe\xfd", b"p" * 124, b"p" * 125, bytes(range(125))):
        for pace in (0, 1):
            name = f"a ping with {len(payload)} bytes beginning {payload[:2].hex()}"
            yield _stays("5.5.2", name, Step(encoded(PING, payload), (Frame(PONG, payload),)), pace=pace)
        yield _stays(
            "5.5.3", f"a pong nobody asked for, {len(payload)} bytes beginning {payload[:2].hex()}", Step(encoded(PONG, payload)), _hello()
        )
    for count in (10, 100):
        pings = b"".join(encoded(PING, b"%d" % number) for number in range(count))
        for pace in (0, 1):
            step = Step(pings, tuple(Frame(PONG, b"%d" % number) for number in range(count)))
            yield _stays("5.5.2", f"{count} pings, answered in their order", step, pace=pace)
    yield _stays("5.5.3", "a pong before a ping", Step(encoded(PONG, b"a") + encoded(PING, b"b"), (Frame(PONG, b"b"),)))
    yield _stays("5.5.3", "ten pongs", Step(encoded(PONG, b"a") * 10), _hello())
    yield _stays("5.5.2", "a ping between messages", _hello(), Step(encoded(PING), (Frame(PONG, b""),)), _hello())
    for opcode, word in ((PING, "ping"), (PONG, "pong")):
        for size in (126, 1000):
            yield _fails("5.5", f"a {word} of {size} bytes", encoded(opcode, b"p" * size))
        yield _fails("5.5", f"a {word} in parts", encoded(opcode, b"p", fin=False) + encoded(CONT, b"p"))
        yield _fails("5.5", f"a {word} in parts within a message", encoded(TEXT, b"x", fin=False) + encoded(opcode, b"p", fin=False))
        yield Case("5.5", f"a {word} of 126 bytes after a message", (_hello(), Step(encoded(opcode, b"p" * 126))), frozenset({PROTOCOL}))


# ── 8.1: text is UTF-8 ───────────────────────────────────────────────────────────────────────────────────────────────
def _good_text() -> Iterator[Case]:
    for title, text in GOOD_TEXT.items():
        payload = text.encode("utf-8", "surrogatepass")
        yield _stays("8.1", title, Step(encoded(TEXT, payload), (Frame(TEXT, payload),)))
        step = Step(_parts(TEXT, _cut(payload, 1)), (Frame(TEXT, payload),))
        yield _stays("8.1", f"{title}, a byte in each frame", step)
        yield _stays("8.1", f"{title}, a byte in each frame", step, pace=1)


def _bad_text() -> Iterator[Case]:
    for title, digits in BAD_TEXT.items():
        payload = bytes.fromhex(digits)
        yield _fails("8.1", title, encoded(TEXT, payload), NOT_UTF8)
        yield _fails("8.1", f"{title}, after words", encoded(TEXT, "水压".encode() + payload), NOT_UTF8)
        yield _fails("8.1", f"{title}, a byte in each frame", _parts(TEXT, _cut(b"a" + payload, 1)), NOT_UTF8)
        yield Case("8.1", f"{title}, after a message", (_hello(), Step(encoded(TEXT, payload))), frozenset({NOT_UTF8}))
        yield _stays("8.1", f"{title}, in a binary message", Step(encoded(BINARY, payload), (Frame(BINARY, payload),)))
        yield _fails("5.5.1", f"{title}, as the reason of a close", encoded(CLOSE, b"\x03\xe8" + payload), NOT_UTF8, PROTOCOL)
    yield _stays("8.1", "bytes that are no text, in a ping", Step(encoded(PING, b"\xff\xfe"), (Frame(PONG, b"\xff\xfe"),)))


def _early() -> Iterator[Case]:
    """What can be refused before it is complete: strictly at once, leniently when it is."""
    for title in (
        "a continuation alone",
        "a slash in three bytes",
        "the first high surrogate",
        "beyond the last",
        "ff",
        "two of three bytes before a letter",
    ):
        payload = bytes.fromhex(BAD_TEXT[title])
        part = encoded(TEXT, b"words " + payload, fin=False)
        yield Case("8.1", f"{title}, in a part that is not the last", (Step(part),), frozenset({NOT_UTF8}), rest=encoded(CONT, b"end"))
    for title in ("a continuation alone", "beyond the last", "ff"):
        frame = encoded(TEXT, b"words " + bytes.fromhex(BAD_TEXT[title]) + b"x" * 100)
        yield Case("8.1", f"{title}, in a frame that has not come whole", (Step(frame[:-50]),), frozenset({NOT_UTF8}), rest=frame[-50:])


# ── 5.5.1, 7.4: closing ──────────────────────────────────────────────────────────────────────────────────────────────
def _closes() -> Iterator[Case]:
    normal = struct.pack("!H", 1000)
    yield Case("5.5.1", "a close without a code", (Step(encoded(CLOSE)),), frozenset({None, 1000}))
    for reason in (b"why", "再见".encode(), b"x" * 123):
        for pace in (0, 1):
            title = f"a close with a reason of {len(reason)} bytes"
            yield Case("5.5.1", title, (Step(encoded(CLOSE, normal + reason)),), frozenset({1000}), pace=pace)
    yield _fails("5.5.1", "a close of one byte", encoded(CLOSE, b"\x03"))
    for size in (124, 1000):
        yield _fails("5.5.1", f"a close with a reason of {size} bytes", encoded(CLOSE, normal + b"x" * size))
    yield _fails("5.5", "a close in parts", encoded(CLOSE, normal, fin=False))
    for word, after in (
        ("a message", encoded(TEXT, b"x")),
        ("a ping", encoded(PING)),
        ("a close", encoded(CLOSE, normal)),
        ("nonsense", b"\xff\xff\xff"),
    ):
        yield Case("5.5.1", f"{word} after a close has no answer", (Step(encoded(CLOSE, normal) + after),), frozenset({1000}))
    yield Case("5.5.1", "a close after a message was answered", (_hello(), Step(encoded(CLOSE, normal))), frozenset({1000}))
    for code, wrong in (
        (1000, encoded(CLOSE, normal)),
        (PROTOCOL, encoded(3)),
        (NOT_UTF8, encoded(TEXT, b"\xff")),
        (PROTOCOL, encoded(CONT)),
    ):
        late = (Frame(TEXT, b"first"), Frame(TEXT, b"second"))
        sent = encoded(TEXT, b"first") + encoded(TEXT, b"second") + wrong
        yield Case("7.1.7", f"two messages and at once {wrong[:2].hex()}", (Step(sent),), frozenset({code}), late=late)
        yield Case("7.1.7", f"{wrong[:2].hex()} and at once a message", (Step(wrong + encoded(TEXT, b"late")),), frozenset({code}))


def _close_codes() -> Iterator[Case]:
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3001, 3999, 4000, 4001, 4999):
        for reason in (b"", b"why"):
            title = f"{code}, {'with' if reason else 'without'} a reason"
            yield Case("7.4", title, (Step(encoded(CLOSE, struct.pack("!H", code) + reason)),), frozenset({code, 1000}))
    for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535):
        for reason in (b"", b"why"):
            title = f"{code}, which must not be sent, {'with' if reason else 'without'} a reason"
            yield _fails("7.4", title, encoded(CLOSE, struct.pack("!H", code) + reason))
