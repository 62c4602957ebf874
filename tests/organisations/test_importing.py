from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from organisations.importing import BYTES_LIMIT, LineError, import_csv
from organisations.models import Organisation, RegistryChange
from organisations.operator import CONSOLE
from tests import scenes as make

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "rehearsal" / "demo" / "organisations.csv"
TABLE = "类别,名称,简称,主管部门,领域,电话,地址\n公共企事业单位,市水司,水司,市水务局,供水,,\n主管部门,市水务局,,,水务,0000-1,湖滨路1号\n"


def load(text, encoding="utf-8"):
    return import_csv(BytesIO(text if isinstance(text, bytes) else text.encode(encoding)), by=CONSOLE)


def names():
    return sorted(Organisation.objects.values_list("name", flat=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_parent_may_come_later_and_the_encoding_is_found(encoding):
    report = load(TABLE, encoding)
    assert (report.created, report.errors) == (2, [])
    assert Organisation.objects.get(name="市水司").parent.name == "市水务局"


def test_the_same_table_again_changes_nothing_and_another_updates():
    load(TABLE)
    again = load(TABLE)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    changed = load(TABLE.replace("供水", "供水排水"))
    assert (changed.created, changed.updated, changed.unchanged) == (0, 1, 1)
    assert RegistryChange.objects.count() == 2


def test_english_headers_and_kinds_are_known():
    assert load("kind,name\nenterprise,市燃气公司\n").created == 1


@pytest.mark.parametrize(
    ("table", "errors"),
    [
        ("类别,名称\n公共企事业单位,\n", [LineError(2, "名称", "缺少名称。")]),
        ("类别,名称\n公司,甲\n", [LineError(2, "类别", "“公司”不是类别，请写“主管部门”或“公共企事业单位”。")]),
        ("类别,名称\n主管部门,甲\n\n主管部门,甲\n", [LineError(4, "名称", "“甲”与第2行重复。")]),
        ("类别,名称,主管部门\n公共企事业单位,甲,没有局\n", [LineError(2, "主管部门", "没有名为“没有局”的主管部门。")]),
        ("类别,名称\n主管部门," + "长" * 101 + "\n", [LineError(2, "名称", "有101个字，最多100个字。")]),
    ],
)
def test_an_error_names_its_line_and_nothing_is_imported(table, errors):
    report = load(table)
    assert report.errors == errors
    assert names() == []


@pytest.mark.parametrize(
    ("table", "word"),
    [
        (b"", "空"),
        (b"  \n \n", "空"),
        ("名字,类型\n甲,乙\n", "不认识的列"),
        ("名称,简称\n甲,乙\n", "表头缺少"),
        ("类别,名称,名称\n主管部门,甲,乙\n", "重复的列"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本"),
        (b"\xff\xfe\xff\xff\xff", "编码"),
        ("类别,名称\n主管部门," + "长" * 10_001, "一万"),
        (b"x" * (BYTES_LIMIT + 1), "5兆"),
        ("类别,名称\n主管部门,甲,多一列\n", "只有2列"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(table, word):
    report = load(table)
    assert [error.line for error in report.errors] == [0]
    assert word in report.errors[0].message
    assert names() == []


def test_one_bad_line_stops_all():
    report = load(TABLE + "公共企事业单位,,,,,,\n")
    assert (report.created, len(report.errors), names()) == (0, 1, [])


def test_only_editors_import():
    with pytest.raises(PermissionDenied):
        import_csv(BytesIO(TABLE.encode()), by=make.user())
    assert import_csv(BytesIO(TABLE.encode()), by=make.editor()).created == 2


def test_the_command_imports_and_tells(tmp_path):
    out = StringIO()
    call_command("import_organisations", str(DEMO), stdout=out)
    assert out.getvalue().startswith("created ")
    bad = tmp_path / "bad.csv"
    bad.write_text("类别,名称\n公司,甲\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"bad\.csv:2: 类别"):
        call_command("import_organisations", str(bad))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_organisations", str(tmp_path / "absent.csv"))
