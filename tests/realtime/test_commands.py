"""A refusal carries a code for programs and a sentence for people."""

from realtime.commands import Refused


def test_a_refusal_reads_as_its_sentence() -> None:
    refusal = Refused("closed", "访谈已结束。", {"text": ["太长。"]})
    assert (str(refusal), refusal.code, refusal.fields) == ("访谈已结束。", "closed", {"text": ["太长。"]})
    assert Refused("closed", "访谈已结束。").fields is None
