"""Every file that a list may come in is read, and what is wrong is told with its line."""

import pytest

from moderation.screening.findings import Consequence
from moderation.screening.word_file import (
    BYTES_LIMIT,
    LINE_LIMIT,
    WORDS_LIMIT,
    LeftOut,
    Line,
    LineError,
    Reason,
    Unreadable,
    WordFile,
    read,
)

PLAIN = "加微信\n代开发票\n"
TABLE = '词,类别,后果\n加微信,广告,搁置\n"坏,话",,\n赌博,违法,Refuse\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_text_file_has_a_word_in_each_line(encoding: str, newline: str) -> None:
    data = PLAIN.replace("\n", newline).encode(encoding)
    assert read(data) == WordFile((Line(1, "加微信"), Line(2, "代开发票")), (), ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_table_says_category_and_consequence(encoding: str) -> None:
    assert read(TABLE.encode(encoding)) == WordFile(
        (Line(2, "加微信", "广告", Consequence.HOLD), Line(3, "坏,话"), Line(4, "赌博", "违法", Consequence.REFUSE)), (), ()
    )


def test_columns_may_stand_in_english_and_in_any_order_after_the_word() -> None:
    assert read(b"Word,consequence\nabc,mark\n\n").lines == (Line(2, "abc", "", Consequence.MARK),)


def test_what_adds_no_word_is_left_out_and_told() -> None:
    file = read("加微信\n\n啊\n加-微-信\n…\nQQ\n".encode())
    assert file == WordFile(
        (Line(1, "加微信"), Line(6, "QQ")),
        (),
        (
            LeftOut(2, "", Reason.BLANK),
            LeftOut(3, "啊", Reason.TOO_SHORT),
            LeftOut(4, "加-微-信", Reason.DUPLICATE),
            LeftOut(5, "…", Reason.TOO_SHORT),
        ),
    )
    assert [file.count(reason) for reason in Reason] == [1, 2, 1]


def test_the_same_word_in_two_categories_is_two() -> None:
    assert len(read("词,类别\n赌博,违法\n赌博,广告\n赌博,违法\n".encode()).lines) == 2


def test_errors_say_their_lines() -> None:
    assert read(f"加微信\n代办,证件\n{'长' * 26 + '短' * 25}\n".encode()).errors == (
        LineError(2, "一行里不止一个词。每行只写一个词；要分列，请在第一行写表头：词,类别,后果。"),
        LineError(3, "这个词有51个字，最多50个。"),
    )
    assert read("词,后果\n加微信,删除\n赌博,搁置,多\n".encode()).errors == (
        LineError(2, "不认识的后果“删除”。可以用：标出、搁置、拒收。"),
        LineError(3, "有3列，表头只有2列。"),
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件是空的。请选择每行一个词的文本文件，或有表头的 CSV 文件。"),
        (b"\xef\xbb\xbf \n", "文件是空的。请选择每行一个词的文本文件，或有表头的 CSV 文件。"),
        (b"a\x00b", "这不是文本文件。请另存为文本文件（每行一个词）或 CSV 格式再导入。"),
        (b"\xff\xfe\xff", "文件的编码不是 UTF-8 或 GB18030。请另存为 UTF-8 格式再导入。"),
        (b"a" * 10 * 1024 * 1024, "文件超过5兆字节。请分成几个文件导入。"),
        (b"ab\n" + b"a" * (LINE_LIMIT + 1), "第2行超过一千个字符，不像词表。请每行只写一个词。"),
        ("词,颜色\n加微信,红\n".encode(), "表头有不认识的列：颜色。可以用的列：词、类别、后果，用英文逗号分隔。"),
        ("词,类别,category\n".encode(), "表头有重复的列。"),
        ('词,类别\n加微信,广告\n"赌博,违法\n'.encode(), "从第3行起读不懂。请检查那里的引号是否成对，然后重新导入。"),
    ],
)
def test_what_is_no_list_of_words_is_refused_as_a_whole(data: bytes, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert str(refused.value) == message


def test_limits_are_stated() -> None:
    words = "\n".join(f"词{number}" for number in range(WORDS_LIMIT + 1))
    with pytest.raises(Unreadable, match="50001个词，一次最多导入50000个"):
        read(words.encode())
    assert (BYTES_LIMIT, len(read(words.removesuffix("\n词50000").encode()).lines)) == (5 * 1024 * 1024, 50_000)
