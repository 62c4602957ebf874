from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.importing import ERRORS_SHOWN, ImportReport, LineError, import_csv
from organisations.models import Kind, Organisation, RegistryChange
from organisations.operator import CONSOLE
from tests import scenes as make

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "rehearsal" / "demo" / "organisations.csv"
HEADER = "类别,名称,简称,主管部门,领域,电话,地址\n"
TABLE = HEADER + "公共企事业单位,市水司,水司,市水务局,供水,,\n主管部门,市水务局,,,水务,0000-1,湖滨路1号\n"


def load(text):
    return import_csv(BytesIO(text.encode()), by=CONSOLE)


def stored():
    return list(
        Organisation.objects.order_by("name").values_list("name", "kind", "parent__name", "short_name", "sector", "phone", "address")
    )


def test_a_parent_may_come_later_in_the_file():
    assert load(TABLE) == ImportReport(created=2)
    assert stored() == [
        ("市水务局", "department", None, "", "水务", "0000-1", "湖滨路1号"),
        ("市水司", "enterprise", "市水务局", "水司", "供水", "", ""),
    ]


def test_the_same_table_again_changes_nothing_and_is_not_recorded():
    load(TABLE)
    before = stored()
    assert load(TABLE) == ImportReport(unchanged=2)
    assert (stored(), RegistryChange.objects.count()) == (before, 1)


def test_another_table_updates_what_it_says_and_leaves_the_rest():
    load(TABLE)
    assert load("类别,名称,电话\n主管部门,市水务局,\n公共企事业单位,市水司,0000-2\n") == ImportReport(updated=2)
    assert stored() == [
        ("市水务局", "department", None, "", "水务", "", "湖滨路1号"),
        ("市水司", "enterprise", "市水务局", "水司", "供水", "0000-2", ""),
    ]


def test_an_empty_parent_cell_takes_the_enterprise_out_of_its_department():
    load(TABLE)
    assert load("类别,名称,主管部门\n公共企事业单位,市水司,\n") == ImportReport(updated=1)
    assert Organisation.objects.get(name="市水司").parent is None


def test_the_parent_may_be_in_the_registry_already():
    load("kind,name\ndepartment,市水务局\n")
    assert load("kind,name,parent\nEnterprise,市水司,市水务局\n") == ImportReport(created=1)
    assert Organisation.objects.get(name="市水司").parent.name == "市水务局"


def test_an_import_is_recorded_with_its_author():
    editor = make.editor()
    import_csv(BytesIO(TABLE.encode()), by=editor)
    assert list(RegistryChange.objects.values_list("actor", "action", "details")) == [
        (editor.username, "import", {"created": 2, "updated": 0, "unchanged": 0})
    ]


def row(**cells):
    columns = ["kind", "name", "short_name", "parent", "sector", "phone", "address"]
    return ",".join(({"kind": "主管部门", "name": "甲"} | cells).get(column, "") for column in columns) + "\n"


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        (row(name=""), [LineError(2, "名称", "缺少名称。")]),
        (row(kind="公司"), [LineError(2, "类别", "“公司”不是类别，请写“主管部门”或“公共企事业单位”。")]),
        (row(kind=""), [LineError(2, "类别", "“”不是类别，请写“主管部门”或“公共企事业单位”。")]),
        (row() + "\n" + row(), [LineError(4, "名称", "“甲”与第2行重复。")]),
        (row() + row(name=" 甲 "), [LineError(3, "名称", "“甲”与第2行重复。")]),
        (row(kind="enterprise", parent="没有局"), [LineError(2, "主管部门", "没有名为“没有局”的主管部门。")]),
        (row(kind="enterprise", parent="甲"), [LineError(2, "主管部门", "没有名为“甲”的主管部门。")]),
        (row() + row(name="乙", parent="甲"), [LineError(3, "主管部门", "主管部门自己不再有主管部门，这一格请留空。")]),
        (row(name="长" * 101), [LineError(2, "名称", "有101个字，最多100个字。")]),
        (row(short_name="长" * 41), [LineError(2, "简称", "有41个字，最多40个字。")]),
        (row(sector="长" * 41), [LineError(2, "领域", "有41个字，最多40个字。")]),
        (row(phone="1" * 41), [LineError(2, "电话", "有41个字，最多40个字。")]),
        (row(address="长" * 201), [LineError(2, "地址", "有201个字，最多200个字。")]),
        (
            row(name="", kind="公司"),
            [LineError(2, "名称", "缺少名称。"), LineError(2, "类别", "“公司”不是类别，请写“主管部门”或“公共企事业单位”。")],
        ),
        (
            row() + row(name="乙").strip() + ",多\n" + row(),
            [LineError(3, "", "有8列，表头只有7列。"), LineError(4, "名称", "“甲”与第2行重复。")],
        ),
        ("就是不对", [LineError(2, "名称", "缺少名称。"), LineError(2, "类别", "“就是不对”不是类别，请写“主管部门”或“公共企事业单位”。")]),
    ],
)
def test_an_error_names_its_line_and_column_and_nothing_is_imported(rows, errors):
    assert load(HEADER + rows) == ImportReport(errors=errors)
    assert (stored(), RegistryChange.objects.count()) == ([], 0)


def test_one_bad_line_stops_all_and_leaves_what_was_there():
    load(TABLE)
    before = stored()
    report = load(TABLE.replace("0000-1", "0000-9") + "公共企事业单位,,,,,,\n")
    assert (report, stored()) == (ImportReport(errors=[LineError(4, "名称", "缺少名称。")]), before)


def test_a_file_that_is_no_table_is_one_error_of_the_whole():
    assert load("") == ImportReport(errors=[LineError(0, "", "文件是空的。请选择有表头和单位的 CSV 文件。")])


def test_of_very_many_errors_the_first_are_named_and_the_others_counted():
    report = load("类别,名称\n" + "公司,甲\n" * 60)
    assert (len(report.errors), report.errors[0].line) == (ERRORS_SHOWN + 1, 2)
    assert report.errors[-1] == LineError(0, "", "还有69处问题没有列出。")


def test_a_department_with_enterprises_does_not_become_one():
    load(TABLE)
    report = load("类别,名称\n公共企事业单位,市水务局\n")
    assert report.errors == [LineError(2, "类别", "“市水务局”还是其他单位的主管部门，不能改为公共企事业单位。")]
    moved = "类别,名称,主管部门\n公共企事业单位,市水务局,\n公共企事业单位,市水司,\n"
    assert load(moved) == ImportReport(updated=2)


def test_an_enterprise_that_becomes_a_department_leaves_its_own():
    load(TABLE)
    assert load("类别,名称\n主管部门,市水司\n") == ImportReport(updated=1)
    company = Organisation.objects.get(name="市水司")
    assert (company.kind, company.parent) == (Kind.DEPARTMENT, None)


def test_the_number_of_statements_does_not_grow_with_the_table():
    counts = []
    for rows in (1, 30):
        with CaptureQueriesContext(connection) as queries:
            load(HEADER + "".join(row(name=f"第{rows}{number}局") for number in range(rows)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_editors_import():
    with pytest.raises(PermissionDenied):
        import_csv(BytesIO(TABLE.encode()), by=make.user())
    assert stored() == []


def test_our_own_demonstration_table_is_in_order():
    with DEMO.open("rb") as table:
        assert import_csv(table, by=CONSOLE).errors == []


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_end_in_one_registry():
    together = Barrier(2)
    again = ImportReport(errors=[LineError(0, "", "单位目录刚刚被别人改动，没有导入。请再导入一次。")])

    def bring_in(_number):
        try:
            together.wait()
            return load(TABLE)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(bring_in, range(2)))
    assert (reports.count(ImportReport(created=2)), len(stored())) == (1, 2)
    assert [report for report in reports if report not in (ImportReport(created=2), ImportReport(unchanged=2), again)] == []
