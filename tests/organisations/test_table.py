import pytest

from organisations.table import BYTES_LIMIT, LINE_LIMIT, LineError, Row, Unreadable, read


def table(text, encoding="utf-8"):
    return read(text.encode(encoding))


def test_a_row_knows_its_line_and_has_the_columns_of_the_header_only():
    assert table("名称,类别\n\n甲, 主管部门 \n乙\n") == (
        [Row(3, {"name": "甲", "kind": "主管部门"}), Row(4, {"name": "乙", "kind": ""})],
        [],
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_end_is_read(encoding, end):
    rows, errors = table(end.join(["类别,名称", "主管部门,水务局", "公共企事业单位,𬇕公司"]), encoding)
    assert ([(row.line, row.name) for row in rows], errors) == ([(2, "水务局"), (3, "𬇕公司")], [])


def test_chinese_and_english_names_of_columns_may_be_mixed_in_any_order_and_case():
    header = "Address,电话,SECTOR,主管部门,short_name,Name,类别"
    assert list(table(header + "\n1,2,3,4,5,6,7\n")[0][0].cells.values()) == ["1", "2", "3", "4", "5", "6", "7"]


def test_a_quoted_cell_over_several_lines_counts_from_its_first():
    rows, _errors = table('类别,名称\n主管部门,"水务\n局"\n主管部门,城管局\n')
    assert [(row.line, row.name) for row in rows] == [(2, "水务 局"), (4, "城管局")]


def test_empty_columns_at_the_end_are_no_columns():
    rows, errors = table("类别,名称,,\n主管部门,甲,,\n,,,\n主管部门,乙,,多\n")
    assert ([row.name for row in rows], errors) == (["甲"], [LineError(4, "", "有4列，表头只有2列。")])


@pytest.mark.parametrize(
    ("name", "code"), [("水\u200b务", "200B"), ("水\ufeff务", "FEFF"), ("\u202e水务", "202E"), ("水\x07务", "0007"), ("水\x7f", "007F")]
)
def test_invisible_characters_are_told_by_their_code(name, code):
    assert table(f"类别,名称\n主管部门,{name}\n")[1] == [LineError(2, "名称", f"含有看不见的字符 U+{code}，请删去。")]


def test_a_header_alone_is_a_table_without_rows():
    assert table("类别,名称") == ([], [])


UNREADABLE = {
    "empty": (b"", "文件是空的。请选择有表头和单位的 CSV 文件。"),
    "a mark alone": (b"\xef\xbb\xbf", "文件是空的。请选择有表头和单位的 CSV 文件。"),
    "blank": (b" \r\n \n", "文件是空的。请选择有表头和单位的 CSV 文件。"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "这不是文本文件。请在表格软件里另存为 CSV 格式再导入。"),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00", "这不是文本文件。请在表格软件里另存为 CSV 格式再导入。"),
    "UTF-16": ("类别,名称\n主管部门,甲\n".encode("utf-16"), "这不是文本文件。请在表格软件里另存为 CSV 格式再导入。"),
    "NUL in a cell": ("类别,名称\n主管部门,甲\x00\n".encode(), "这不是文本文件。请在表格软件里另存为 CSV 格式再导入。"),
    "Latin-1": ("kind,name\nenterprise,café\n".encode("latin-1"), "文件的编码不是 UTF-8 或 GB18030。请另存为 UTF-8 格式的 CSV 再导入。"),
    "broken bytes": (b"kind,name\n\xff\xff\xff\n", "文件的编码不是 UTF-8 或 GB18030。请另存为 UTF-8 格式的 CSV 再导入。"),
    "too much": (b"x" * (BYTES_LIMIT + 1), "文件超过5兆字节。请分成几个文件导入。"),
    "one line of 10 MB": (b"x" * 10_000_000, "文件超过5兆字节。请分成几个文件导入。"),
    "one long line": (
        ("类别,名称\n主管部门," + "长" * LINE_LIMIT).encode(),
        "有一行超过一万个字符，不像单位目录。请检查引号和换行。",
    ),
    "other columns": (
        "名字,类型\n甲,乙\n".encode(),
        "表头有不认识的列：名字、类型。可以用的列：类别、名称、简称、主管部门、领域、电话、地址，用英文逗号分隔。",
    ),
    "a page": (
        b"<!doctype html>\n<html></html>\n",
        "表头有不认识的列：<!doctype html>。可以用的列：类别、名称、简称、主管部门、领域、电话、地址，用英文逗号分隔。",
    ),
    "semicolons": (
        "类别;名称\n主管部门;甲\n".encode(),
        "表头有不认识的列：类别;名称。可以用的列：类别、名称、简称、主管部门、领域、电话、地址，用英文逗号分隔。",
    ),
    "too few columns": ("简称,电话\n甲,1\n".encode(), "表头缺少：类别、名称。"),
    "no header": (b"\n", "文件是空的。请选择有表头和单位的 CSV 文件。"),
    "an empty header": ("\n类别,名称\n".encode(), "表头缺少：类别、名称。"),
    "a column twice": ("类别,名称,name\n主管部门,甲,乙\n".encode(), "表头有重复的列。"),
    "an open quote": (
        '类别,名称\n主管部门,甲\n主管部门,"乙\n主管部门,丙\n'.encode(),
        "从第3行起读不懂。请检查那里的引号是否成对，然后重新导入。",
    ),
    "a cell of many lines": (
        ('类别,名称\n主管部门,"' + ("长" * 1000 + "\n") * 200 + '"\n').encode(),
        "从第2行起读不懂。请检查那里的引号是否成对，然后重新导入。",
    ),
}


@pytest.mark.parametrize(("data", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_table_says_so(data, sentence):
    with pytest.raises(Unreadable) as refusal:
        read(data)
    assert str(refusal.value) == sentence
