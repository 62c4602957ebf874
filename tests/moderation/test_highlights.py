"""A text in pieces is the whole text, and personal data stays behind its label."""

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from moderation.highlights import Piece, cut
from moderation.screening.findings import Consequence, Finding, Kind
from moderation.screening.screened import screen
from moderation.screening.words import WordList, Words


def finding(start, end, found="广告", kind="word", consequence="mark"):
    return {"start": start, "end": end, "found": found, "kind": kind, "why": f"发现{found}。", "consequence": consequence, "category": "x"}


def test_what_was_noticed_stands_apart_from_the_rest():
    assert cut("请加微信问我", [finding(1, 4, "加微信", consequence="hold")]) == [
        Piece("请"), Piece("加微信", "发现加微信。", "word", "hold"), Piece("问我"),
    ]  # fmt: skip


def test_personal_data_is_a_label_unless_somebody_looks():
    found = [finding(3, 14, "［手机号］", "personal")]
    assert [piece.text for piece in cut("电话：13800138000。", found)] == ["电话：", "［手机号］", "。"]
    assert [piece.text for piece in cut("电话：13800138000。", found, masked=False)] == ["电话：", "13800138000", "。"]


def test_a_word_that_overlaps_personal_data_ends_before_it():
    found = [finding(0, 5), finding(3, 8, "［账号］", "personal")]
    assert [piece.text for piece in cut("加微信abcdef", found)] == ["加微信", "［账号］", "f"]


def test_nothing_noticed_is_one_piece_and_nothing_is_none():
    assert (cut("水压", []), cut("", [])) == ([Piece("水压")], [])


SPANS = st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from(["word", "personal", "link"]))


@given(st.text("甲乙丙丁abc1", min_size=1, max_size=30), st.lists(SPANS, max_size=6))
def test_in_clear_the_pieces_are_the_text_and_masked_nothing_of_personal_data_is_left(text, spans):
    found = [finding(start, min(len(text), start + length), "〇", kind) for start, length, kind in spans if start < len(text)]
    assert "".join(piece.text for piece in cut(text, found, masked=False)) == text
    covered = {index for each in found if each["kind"] == "personal" for index in range(each["start"], each["end"])}
    marked = "".join("〇" if index in covered else letter for index, letter in enumerate(text))
    shown = "".join(piece.text for piece in cut(text, found))
    kept = "".join(letter for index, letter in enumerate(marked) if index not in covered)
    assert shown.replace("〇", "") == kept


def test_what_screening_finds_can_be_cut():
    words = Words([WordList("广告", "广告", Consequence.HOLD, ["加微信"])])
    text = "请加 微 信，电话13800138000"
    rows = [asdict(each) for each in screen(text, words=words).findings]
    assert [(piece.text, piece.kind) for piece in cut(text, rows) if piece.kind] == [("加 微 信", Kind.WORD), ("［手机号］", Kind.PERSONAL)]
    assert isinstance(screen(text, words=words).findings[0], Finding)
