"""The document keeps AsyncAPI's rules, and says of every frame what the engine's own parser says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import Raw

from realtime import asyncapi
from realtime.commands import Command
from realtime.protocol import Beat, Bye, CloseCode, Events, Failure, Ok, Outgoing, Pulse, Reset, Wire, encode, encode_ok
from realtime.topics import TopicPattern
from tests.realtime.conftest import Ask

TOPICS = [TopicPattern("stage", lambda _caller, _key: True), TopicPattern("desk", lambda _caller, _key: False)]
DOCUMENT = json.loads(json.dumps(asyncapi.describe(commands=[Command(Ask, lambda _caller, _frame: {})], topics=TOPICS)))
# The fields that AsyncAPI 3.0 knows of each object (those it must have first), as far as the document has such objects.
FIELDS = {
    "": ("asyncapi info", "id servers defaultContentType channels operations components"),
    "info": ("title version", "description termsOfService contact license tags externalDocs"),
    "servers/*": ("host protocol", "protocolVersion pathname description title summary variables security tags externalDocs bindings"),
    "servers/*/variables/*": ("", "enum default description examples"),
    "channels/*": ("", "address messages title summary description servers parameters tags externalDocs bindings"),
    "channels/*/bindings/ws": ("", "method query headers bindingVersion"),
    "operations/*": ("action channel", "title summary description security tags externalDocs bindings traits messages reply"),
    "operations/*/reply": ("", "address channel messages"),
    "components": ("", "schemas servers channels operations messages securitySchemes parameters correlationIds replies"),
    "components/messages/*": (
        "",
        "headers payload correlationId contentType name title summary description tags externalDocs bindings examples",
    ),
    "components/messages/*/correlationId": ("location", "description"),
}


def at(path: str, root: Any = DOCUMENT) -> Iterator[Any]:
    """Everything in the document at a path in which * stands for any key."""
    head, _, rest = path.partition("/")
    if not path:
        yield root
        return
    for key in list(root) if head == "*" else [head] * (head in root):
        yield from at(rest, root[key])


def everywhere(part: Any) -> Iterator[Any]:
    yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        yield from everywhere(inner)


def resolved(reference: str) -> Any:
    [found] = at(reference.removeprefix("#/"))
    return found


@pytest.mark.parametrize("path", FIELDS)
def test_every_object_has_the_fields_it_must_have_and_none_that_asyncapi_does_not_know(path: str) -> None:
    required, optional = (set(words.split()) for words in FIELDS[path])
    objects = list(at(path))
    assert objects != []
    for found in objects:
        own = {key for key in found if not re.fullmatch(r"x-[\w.\x2d]+", key)}
        assert (required - own, own - required - optional) == (set(), set())


def test_it_is_of_the_third_version() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"


def test_keys_are_of_the_letters_they_may_have() -> None:
    keys = [
        key
        for path in ("servers", "channels", "operations", "components/schemas", "components/messages")
        for found in at(path)
        for key in found
    ]
    assert [key for key in keys if not re.fullmatch(r"[A-Za-z0-9_.-]+", key)] == []


def test_every_reference_leads_somewhere() -> None:
    references = [part["$ref"] for part in everywhere(DOCUMENT) if isinstance(part, dict) and "$ref" in part]
    assert len(references) > 30
    assert all(resolved(reference) for reference in references)


def test_operations_use_messages_of_their_channel_and_name_the_channel_at_the_root() -> None:
    for operation in DOCUMENT["operations"].values():
        for part in (operation, operation.get("reply", operation)):
            assert part["channel"] == {"$ref": "#/channels/live"}
            assert part["messages"] != []
            assert [m for m in part["messages"] if not re.fullmatch(r"#/channels/live/messages/\w+", m["$ref"])] == []
        assert operation["action"] in {"send", "receive"}


def test_every_message_belongs_to_one_operation() -> None:
    used = [message["$ref"] for operation in DOCUMENT["operations"].values() for message in operation["messages"]]
    assert sorted(used) == sorted(f"#/channels/live/messages/{name}" for name in DOCUMENT["channels"]["live"]["messages"])


def test_every_frame_to_the_client_is_in_it() -> None:
    ops = {str(frame.__struct_config__.tag) for frame in Outgoing.__subclasses__()}
    assert {name.removeprefix("send_") for name in DOCUMENT["operations"] if name.startswith("send_")} == ops
    assert {name.removeprefix("receive_") for name in DOCUMENT["operations"] if name.startswith("receive_")} == Wire([Ask]).ops


def test_every_close_code_is_in_it() -> None:
    codes = [str(code) for name, code in vars(CloseCode).items() if name.isupper()]
    assert list(DOCUMENT["channels"]["live"]["x-close-codes"]) == codes


def test_the_topics_are_in_it() -> None:
    assert DOCUMENT["channels"]["live"]["x-topics"] == ["stage:{key}", "desk:{key}"]


TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "null": type(None),
    "boolean": bool,
}
# Of draft 7, what the document uses; a keyword beyond these fails the test that looks for them.
KEYWORDS = {
    *("$ref", "anyOf", "enum", "type", "properties", "required", "additionalProperties", "items", "additionalItems"),
    *("minItems", "maxItems", "minimum", "maximum", "maxLength", "title", "description", "default", "format"),
}


def fits(value: Any, schema: Any) -> bool:
    """Whether a value is one of those the schema describes."""
    if "$ref" in schema:
        return fits(value, resolved(schema["$ref"]))
    if "anyOf" in schema and not any(fits(value, one) for one in schema["anyOf"]):
        return False
    if "type" in schema and (not isinstance(value, TYPES[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean")):
        return False
    if value not in schema.get("enum", [value]):
        return False
    if isinstance(value, dict):
        return fits_object(value, schema)
    if isinstance(value, list):
        return fits_array(value, schema)
    if isinstance(value, str):
        return len(value) <= schema.get("maxLength", len(value))
    return value is None or schema.get("minimum", value) <= value <= schema.get("maximum", value)


def fits_object(value: dict[str, Any], schema: Any) -> bool:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    if set(schema.get("required", [])) - set(value) or (others is False and set(value) - set(properties)):
        return False
    return all(fits(part, properties.get(key, others if isinstance(others, dict) else {})) for key, part in value.items())


def fits_array(value: list[Any], schema: Any) -> bool:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    items = schema.get("items", {})
    return all(fits(part, items[index] if isinstance(items, list) else items) for index, part in enumerate(value))


def schemas(part: Any) -> Iterator[Any]:
    """A schema and every schema within it."""
    yield part
    inner = [*part.get("properties", {}).values(), *part.get("anyOf", [])]
    items, others = part.get("items", []), part.get("additionalProperties")
    inner += (items if isinstance(items, list) else [items]) + ([others] if isinstance(others, dict) else [])
    for one in inner:
        yield from schemas(one)


def test_schemas_are_plain_draft_7() -> None:
    for whole in DOCUMENT["components"]["schemas"].values():
        for schema in schemas(whole):
            assert set(schema) - KEYWORDS == set()
            # Nobody may need 2020-12 to read a row of columns.
            assert isinstance(schema.get("items", []), list) or "additionalItems" not in schema


def payload(op: str) -> Any:
    return DOCUMENT["components"]["messages"][op]["payload"]


SENT = [
    encode(Ok(1)),
    encode_ok(1, {"topic": "stage:one", "epoch": "e", "head": 3}),
    encode(Failure(None, "bad_frame", "消息不符合约定")),
    encode(Failure(2, "invalid", "还没有写文字。", {"text": ["请写文字。"]})),
    encode(Events(topic="stage:one", epoch="e", events=[Raw(b'[1,"said",{},"<p></p>"]')], head=1)),
    encode(Events(topic="stage:one", epoch="e", events=[Raw(b'[1,"said",{}]'), Raw(b'[2,"gone",{}]')], head=2)),
    encode(Pulse("stage:one", {"readers": 3, "answering": None})),
    encode(Beat(beat=1, heads={"stage:one": ("e", 2), "desk:one": ("", 0)})),
    encode(Reset("stage:one")),
    encode(Bye(after=3.4)),
]


@pytest.mark.parametrize("frame", SENT, ids=lambda frame: json.loads(frame.text)["op"])
def test_what_the_engine_sends_fits_its_schema_and_no_other(frame: Any) -> None:
    message = json.loads(frame.text)
    outgoing = [name.removeprefix("send_") for name in DOCUMENT["operations"] if name.startswith("send_")]
    assert [op for op in outgoing if fits(message, payload(op))] == [message["op"]]


RECEIVED = [
    {"op": "join", "ref": 1, "topic": "stage:one"},
    {"op": "join", "ref": 1, "topic": "stage:one", "since": ["e", 7]},
    {"op": "join", "ref": 1, "topic": "stage:one", "since": None},
    {"op": "join", "ref": 1, "topic": "stage:one", "since": ["e", -7]},
    {"op": "join", "ref": 1, "topic": "stage:one", "since": ["e" * 17, 7]},
    {"op": "join", "ref": 1, "topic": "stage:one", "since": ["e", 7, 8]},
    {"op": "join", "ref": -1, "topic": "stage:one"},
    {"op": "join", "ref": 2**53 + 1, "topic": "stage:one"},
    {"op": "join", "ref": "1", "topic": "stage:one"},
    {"op": "join", "ref": True, "topic": "stage:one"},
    {"op": "join", "ref": 1, "topic": "x" * 161},
    {"op": "join", "topic": "stage:one"},
    {"op": "leave", "ref": 1, "topic": "stage:one"},
    {"op": "leave", "ref": 1, "topic": "stage:one", "x": 1},
    {"op": "still"},
    {"op": "still", "beat": 183402617},
    {"op": "still", "beat": "183402617"},
    {"op": "ask", "ref": 1, "text": "水价"},
    {"op": "ask", "ref": 1, "text": None},
]


@pytest.mark.parametrize("message", RECEIVED, ids=json.dumps)
def test_a_schema_takes_what_the_parser_takes_and_refuses_what_it_refuses(message: dict[str, Any]) -> None:
    def parsed() -> bool:
        try:
            Wire([Ask]).parse(json.dumps(message))
        except ValueError:
            return False
        return True

    assert fits(message, payload(message["op"])) == parsed()
