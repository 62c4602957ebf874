"""The wire: every frame of ours is understood, every other is refused with a reason, and all of them are documented."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some
from websockets.frames import Frame as WireFrame
from websockets.frames import Opcode
from websockets.streams import StreamReader

from asgi import COMMANDS
from realtime import protocol
from realtime.protocol import (
    BadFrame,
    CloseCode,
    Dialect,
    Failure,
    Frame,
    Join,
    Leave,
    Still,
    Wire,
    choose_dialect,
    encode,
    encode_event,
    encode_ok,
)

WIRE = Wire()
BASE = Path(__file__).resolve().parents[2]
ENGINE = BASE / "realtime"
DOCUMENT = (BASE / "docs" / "protocol.md").read_text(encoding="utf-8")


def ops(base: type[msgspec.Struct]) -> list[str]:
    return sorted(str(frame.__struct_config__.tag) for frame in base.__subclasses__())


def documented(heading: str) -> list[str]:
    """What stands in backticks, or as a number, in the first column of the table under a heading."""
    table = DOCUMENT.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    return sorted(re.findall(r"^\| `?(\w+)`? \|", table, re.MULTILINE))


def documented_fields(op: str) -> list[str]:
    [row] = re.findall(rf"^\| `{op}` \| ([^|]*) \|", DOCUMENT, re.MULTILINE)
    return re.findall(r"`(\w+)`", row)


def test_every_frame_to_the_server_is_documented_with_its_fields() -> None:
    commands = [command.frame for command in COMMANDS]
    assert documented("## What a client sends") == sorted(
        [*ops(protocol.Incoming), *(str(c.__struct_config__.tag) for c in commands), "op"]
    )
    frames: list[type[msgspec.Struct]] = [Join, Leave, Still, *commands]
    for frame in frames:
        assert documented_fields(str(frame.__struct_config__.tag)) == list(frame.__struct_fields__)


def test_every_frame_from_the_server_is_documented_with_its_fields() -> None:
    assert documented("## What the server sends") == sorted([*ops(protocol.Outgoing), "op"])
    for frame in protocol.Outgoing.__subclasses__():
        assert documented_fields(str(frame.__struct_config__.tag)) == list(frame.__struct_fields__)


def test_every_code_is_documented() -> None:
    codes = [str(value) for name, value in vars(CloseCode).items() if name.isupper()]
    assert documented("### Close codes") == sorted([*codes, "code"])
    sources = [(ENGINE / name).read_text(encoding="utf-8") for name in ("protocol.py", "session.py", "consumers.py")]
    said = re.findall(
        r'(?:Failure|BadFrame|_close)\((?:(?:None|ref|ask\.ref|frame\.ref|run\.ref|CloseCode\.\w+), )?"(\w+)"', "\n".join(sources)
    )
    assert documented("### Error codes") == sorted({*said, "code"})


def test_frames_of_ours_are_understood() -> None:
    assert WIRE.parse('{"op":"join","ref":1,"topic":"stage:1","since":["e",17]}') == Join(1, "stage:1", ("e", 17))
    assert WIRE.parse('{"op":"join","ref":1,"topic":"stage:1"}') == Join(1, "stage:1", None)
    assert WIRE.parse('{"op":"leave","ref":2,"topic":"stage:1"}') == Leave(2, "stage:1")
    assert WIRE.parse('{"op":"still","beat":3}') == Still(3)
    assert WIRE.parse('{"op":"still"}') == Still(None)


@pytest.mark.parametrize(
    ("text", "code", "ref"),
    [
        ("", "bad_frame", None),
        ("{", "bad_frame", None),
        ("[]", "bad_frame", None),
        ("[" * 100_000, "bad_frame", None),
        ("\ud800", "bad_frame", None),
        ('{"op":1}', "bad_frame", None),
        ('{"op":"join","ref":4}', "bad_frame", 4),
        ('{"op":"join","ref":true,"topic":"stage:1"}', "bad_frame", None),
        ('{"op":"join","ref":4,"topic":"stage:1","since":["e",-1]}', "bad_frame", 4),
        ('{"op":"join","ref":4,"topic":"stage:1","extra":{}}', "bad_frame", 4),
        ('{"op":"nothing","ref":4}', "unknown_op", 4),
        ('{"op":"events","ref":4}', "unknown_op", 4),
    ],
)
def test_frames_of_others_are_refused_with_a_reason(text: str, code: str, ref: int | None) -> None:
    with pytest.raises(BadFrame) as caught:
        WIRE.parse(text)
    assert (caught.value.code, caught.value.ref) == (code, ref)


anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=10),
    lambda inner: (
        some.lists(inner, max_size=4) | some.dictionaries(some.sampled_from(["op", "ref", "topic", "since", "x"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(
    anything
    | some.fixed_dictionaries(
        {"op": some.sampled_from(["join", "leave", "still", "?"])}, optional={"ref": anything, "topic": anything, "since": anything}
    )
)
def test_whatever_comes_is_a_frame_of_ours_or_a_bad_frame(value: Any) -> None:
    try:
        outcome: object = WIRE.parse(json.dumps(value))
    except BadFrame as error:
        outcome = error
    assert isinstance(outcome, Join | Leave | Still | BadFrame)


@given(some.text() | some.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_at_all_is_survived(text: str) -> None:
    with pytest.raises(BadFrame):
        WIRE.parse(text + "]")


def test_what_goes_out_is_json_with_its_op() -> None:
    frame = encode(Failure(7, "closed", "已结束"))
    assert json.loads(frame.text) == {"op": "error", "ref": 7, "code": "closed", "detail": "已结束", "fields": None}
    assert frame.size == len(frame.text.encode())
    assert json.loads(encode_ok(7, {"receipt": "r"}).text) == {"op": "ok", "ref": 7, "receipt": "r"}


def test_an_event_is_encoded_for_its_dialect() -> None:
    html, data = (json.loads(bytes(encode_event(3, "said", {"a": 1}, "<p>", dialect=dialect))) for dialect in (Dialect.HTML, Dialect.DATA))
    assert (html, data) == ([3, "said", {"a": 1}, "<p>"], [3, "said", {"a": 1}])


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [([], Dialect.HTML), (["x", "fangtan.data.v1", "fangtan.html.v1"], Dialect.DATA), (["fangtan.html.v1"], Dialect.HTML), (["x"], None)],
)
def test_the_first_dialect_we_know_is_chosen(offered: list[str], chosen: Dialect | None) -> None:
    assert choose_dialect(offered) is chosen


def test_a_command_frame_that_could_not_be_answered_is_refused_at_start() -> None:
    class Loose(msgspec.Struct, tag_field="op", tag="loose"):
        ref: int

    class Mute(msgspec.Struct, tag_field="op", tag="mute", forbid_unknown_fields=True):
        text: str

    for frame in (Loose, Mute):
        with pytest.raises(TypeError, match=frame.__name__):
            Wire([frame])


@pytest.mark.parametrize(("size", "header"), [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10), (200_000, 10)])
def test_a_frame_on_the_wire_is_what_a_websocket_library_reads(size: int, header: int) -> None:
    frame = Frame(b"x" * size)
    assert (len(frame.wire) - size, frame.text, frame.size) == (header, "x" * size, size)
    reader = StreamReader()
    reader.feed_data(frame.wire)
    parsing = WireFrame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as read:
        next(parsing)
    assert (read.value.value.opcode, read.value.value.fin, bytes(read.value.value.data)) == (Opcode.TEXT, True, b"x" * size)
