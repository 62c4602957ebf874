"""The protocol as an AsyncAPI 3.0 document, made from the structs that parse and encode it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from realtime import allowance, lifetime, protocol, window
from realtime.commands import Command
from realtime.protocol import CloseCode, Dialect
from realtime.topics import TOPICS_LIMIT, TopicPattern

JSON = dict[str, Any]
TO_SERVER: tuple[type[Struct], ...] = (protocol.Join, protocol.Leave, protocol.Still)
TO_CLIENT: tuple[type[Struct], ...] = (
    protocol.Ok, protocol.Failure, protocol.Events, protocol.Pulse, protocol.Beat, protocol.Reset, protocol.Bye,
)  # fmt: skip
# What the engine answers a frame with; a command is answered like `leave`.
ANSWERS: dict[type[Struct], tuple[type[Struct], ...]] = {
    protocol.Join: (protocol.Ok, protocol.Failure, protocol.Reset),
    protocol.Still: (),
}
CLOSE_CODES = {
    CloseCode.BAD_FRAMES: "The third frame that could not be understood.",
    CloseCode.NO_LONGER_ALLOWED: "A right to read was lost: load the page again.",
    CloseCode.NO_DIALECT: "No subprotocol in common; before the handshake is complete, hence seen as 403.",
    CloseCode.NOT_READING: "The client did not read, did not answer beats, or had no topic: come back and continue.",
    CloseCode.TOO_LARGE: "A frame was too large: do not send it again.",
    CloseCode.TOO_FAST: "Too many frames, or too many sockets from one address (then seen as 403): come back more slowly.",
    CloseCode.RESTART: "The server restarts, the socket is old, or the server is full (then seen as 403): come back.",
}
ERROR_CODES = {
    "bad_frame": "Not JSON, not text, or a field missing, unknown or of the wrong type.",
    "unknown_op": "No such op.",
    "too_large": "The frame is too large; the socket is closed.",
    "too_fast": "Too many frames; this one was not looked at. Once more, and the socket is closed.",
    "no_topic": "No such topic, or not for you: the two cannot be told apart.",
    "too_many_topics": "The socket has joined as many topics as it may.",
    "no_longer_allowed": "A joined topic may no longer be read; the socket is closed.",
    "busy": "A command that too many wait before; nothing was done. The same frame again in ten seconds.",
    "failed": "A fault of the server's; try again later.",
}
ABOUT = """\
Logs of numbered events over one WebSocket: join a topic at the place you have reached, and get what follows, each event once \
and in order. An event's number is dense and means something only together with the topic's epoch. docs/protocol.md tells the whole."""


def describe(*, commands: Iterable[Command], topics: Iterable[TopicPattern]) -> JSON:
    """The document for an installation with these commands and topics, as JSON can hold it."""
    incoming = (*TO_SERVER, *(command.frame for command in commands))
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Fangtan live protocol", "version": "1.0.0", "description": ABOUT},
        "defaultContentType": "application/json",
        "servers": {
            "site": {
                "host": "{host}",
                "protocol": "wss",
                "description": "The site itself; ws instead of wss where it is served without TLS.",
                "variables": {
                    "host": {"default": "localhost:8000", "description": "The site's name, and its port where it is not the usual one."}
                },
            }
        },
        "channels": {"live": _channel(incoming, topics)},
        "operations": {f"receive_{_op(frame)}": _receive(frame) for frame in incoming}
        | {f"send_{_op(frame)}": _operation("send", [frame]) for frame in TO_CLIENT},
        "components": {
            "messages": {_op(frame): _message(frame) for frame in (*incoming, *TO_CLIENT)},
            "schemas": _schemas((*incoming, *TO_CLIENT)),
        },
    }


def _channel(incoming: Iterable[type[Struct]], topics: Iterable[TopicPattern]) -> JSON:
    return {
        "address": "/ws/",
        "title": "The socket",
        "description": "Text frames, each one JSON object with a field op. Who is at the other end is told by the cookies of the handshake.",
        "servers": [{"$ref": "#/servers/site"}],
        "messages": {_op(frame): {"$ref": f"#/components/messages/{_op(frame)}"} for frame in (*incoming, *TO_CLIENT)},
        "bindings": {"ws": {"method": "GET", "headers": _handshake(), "bindingVersion": "0.1.0"}},
        "x-topics": [f"{topic.prefix}:{{key}}" for topic in topics],
        "x-limits": {
            "frameBytes": protocol.FRAME_LIMIT,
            "topics": TOPICS_LIMIT,
            "framesPerSecond": allowance.RATE,
            "framesAtOnce": allowance.BURST,
            "unconfirmedBytes": window.LIMIT,
            "secondsToAnswerABeat": window.DEADLINE,
            "secondsWithoutATopic": lifetime.IDLE,
            "secondsOfLife": lifetime.LONGEST,
        },
        "x-close-codes": {str(code): meaning for code, meaning in CLOSE_CODES.items()},
        "x-error-codes": ERROR_CODES,
    }


def _handshake() -> JSON:
    return {
        "type": "object",
        "required": ["Origin"],
        "properties": {
            "Origin": {"type": "string", "description": "The site's own, or one the operator allowed."},
            "Sec-WebSocket-Protocol": {
                "type": "string",
                "enum": [str(dialect) for dialect in Dialect],
                "default": str(Dialect.HTML),
                "description": f"{Dialect.HTML}: events have html, for pages. {Dialect.DATA}: events have data alone, for programs.",
            },
        },
    }


def _receive(frame: type[Struct]) -> JSON:
    answers = ANSWERS.get(frame, (protocol.Ok, protocol.Failure))
    return _operation("receive", [frame]) | ({"reply": _messages(answers)} if answers else {})


def _operation(action: str, frames: Sequence[type[Struct]]) -> JSON:
    # From the point of view of the application, as AsyncAPI 3 wants it: it receives what a client sends.
    return {"action": action, "summary": _summary(frames[0]), **_messages(frames)}


def _messages(frames: Iterable[type[Struct]]) -> JSON:
    return {"channel": {"$ref": "#/channels/live"}, "messages": [{"$ref": f"#/channels/live/messages/{_op(frame)}"} for frame in frames]}


def _message(frame: type[Struct]) -> JSON:
    answered = {"correlationId": {"location": "$message.payload#/ref"}} if "ref" in frame.__struct_fields__ else {}
    return {"name": _op(frame), "summary": _summary(frame), **answered, "payload": {"$ref": f"#/components/schemas/{frame.__name__}"}}


def _schemas(frames: Sequence[type[Struct]]) -> JSON:
    _references, schemas = msgspec.json.schema_components(frames, ref_template="#/components/schemas/{name}")
    number, kind, data, html = {"type": "integer", "minimum": 1}, {"type": "string"}, {"type": "object"}, {"type": "string"}
    schemas |= {
        "PageEvent": {"description": f"In {Dialect.HTML}: number, kind, data, html.", **_row(number, kind, data, html)},
        "ProgramEvent": {"description": f"In {Dialect.DATA}: number, kind, data.", **_row(number, kind, data)},
    }
    # Events are spliced in as they were encoded, so their struct does not tell what they are.
    either = [{"$ref": f"#/components/schemas/{name}"} for name in ("PageEvent", "ProgramEvent")]
    schemas[protocol.Events.__name__]["properties"]["events"]["items"] = {"anyOf": either}
    plain: JSON = _draft7(schemas)
    return plain


def _row(*columns: JSON) -> JSON:
    return {"type": "array", "minItems": len(columns), "maxItems": len(columns), "prefixItems": list(columns), "items": False}


def _draft7(schema: Any) -> Any:
    # msgspec writes JSON Schema 2020-12; AsyncAPI's own is draft 7, where a row of columns is spelt otherwise.
    if isinstance(schema, list):
        return [_draft7(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    spelt = {"prefixItems": "items", "items": "additionalItems"} if "prefixItems" in schema else {}
    return {spelt.get(key, key): _draft7(value) for key, value in schema.items()}


def _op(frame: type[Struct]) -> str:
    return str(frame.__struct_config__.tag)


def _summary(frame: type[Struct]) -> str:
    return (frame.__doc__ or _op(frame)).strip().partition("\n")[0]
