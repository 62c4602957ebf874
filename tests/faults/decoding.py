"""The program of tests/faults/searching.py: `python -m tests.faults.decoding SECONDS SEED FOLDER`.

atheris makes inputs for the decoder of incoming frames out of our own frames and whatever led to code not seen before. The
first that is neither understood nor refused ends it, and stands in FOLDER.
"""

import json
import random
import sys
from pathlib import Path

import atheris
import msgspec

with atheris.instrument_imports(include=["realtime"]):
    import django

    django.setup()

    from moderation.commands import COMMANDS
    from realtime.protocol import BadFrame, Wire, encode, encode_ok
    from realtime.session import Run, Say, Session
    from urls import topics

from tests.faults.nonsense import VALUES

LONGEST = 20_000  # bytes of one input; a frame may have 16 KiB
LONGEST_VALUE = 500  # characters; longer ones, which test_frames.py sends, take the time of a hundred others
# One frame of each kind.
SEEDS = (
    {"op": "join", "ref": 1, "topic": "stage:018f0000-0000-7000-8000-000000000000", "since": ["e0f1", 7]},
    {"op": "leave", "ref": 2, "topic": "inbox:018f0000-0000-7000-8000-000000000000"},
    {"op": "still", "beat": 281474976710655},
    {
        "op": "ask",
        "ref": 3,
        "programme": "018f0000-0000-7000-8000-000000000000",
        "token": "018f0000-0000-4000-8000-000000000000",
        "nickname": "湖滨居民",
        "text": "何时恢复供水？\n😀",
        "solution": "42",
    },
    {"op": "support", "ref": 4, "question": "018f0000-0000-7000-8000-000000000000", "wanted": True},
)


WIRE = Wire([command.frame for command in COMMANDS])
AWKWARD = [value for value in VALUES if len(value) < LONGEST_VALUE]


def awkward(data: bytes, seed: int) -> bytes | None:
    """The frame with one of these values in it, to which no change of single bytes leads; None if it is no frame."""
    try:
        frame = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(frame, dict) or not frame:
        return None
    chance = random.Random(seed)
    changed = chance.choice(list(frame))
    words = (f"{json.dumps(name)}:{chance.choice(AWKWARD) if name == changed else json.dumps(value)}" for name, value in frame.items())
    return f"{{{','.join(words)}}}".encode()


def decode(data: bytes) -> None:
    """Understand or refuse it. Raises whatever else comes of it, AssertionError for a frame that is another when it is read again."""
    # What is no UTF-8 a server ends by itself; here it becomes what no text should hold, a lone surrogate.
    text = data.decode(errors="surrogateescape")
    try:
        frame = WIRE.parse(text)
    except BadFrame:
        pass
    else:
        assert WIRE.parse(msgspec.json.encode(frame).decode()) == frame
    for effect in Session(WIRE, topics, 0.0).received(text, 0.0):
        # Whatever is said to it can be said.
        if isinstance(effect, Say):
            encode(effect.frame)
        elif isinstance(effect, Run):
            encode_ok(effect.ref, {})


def change(data: bytes, longest: int, seed: int) -> bytes:
    """The next input, made from one that was worth keeping."""
    changed = awkward(data, seed) if seed % 2 else None
    return changed if changed and len(changed) <= longest else bytes(atheris.Mutate(data, longest))


def main(folder: Path, *, seconds: str, seed: str) -> None:
    """Search."""
    corpus, words = folder / "corpus", folder / "words"
    corpus.mkdir(parents=True)
    for number, seeded in enumerate(SEEDS):
        (corpus / str(number)).write_text(json.dumps(seeded, ensure_ascii=number % 2 == 0), encoding="utf-8")
    names = sorted({word for seeded in SEEDS for word in seeded} | WIRE.ops)
    words.write_text("".join(f'"\\"{name}\\""\n' for name in names), encoding="utf-8")
    given = [f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={LONGEST}", f"-dict={words}", f"-artifact_prefix={folder}/"]
    atheris.Setup(["decoding", *given, "-print_final_stats=1", str(corpus)], decode, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[3]), seconds=sys.argv[1], seed=sys.argv[2])
