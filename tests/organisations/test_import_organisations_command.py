from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from organisations.models import Organisation, RegistryChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(tmp_path):
    return tmp_path / "organisations.csv"


def test_it_imports_and_tells_what_it_did(table):
    table.write_text("类别,名称\n主管部门,市水务局\n", encoding="utf-8")
    out = StringIO()
    for _ in range(2):
        call_command("import_organisations", str(table), stdout=out)
    assert out.getvalue() == "created 1, updated 0, unchanged 0\ncreated 0, updated 0, unchanged 1\n"
    assert RegistryChange.objects.get().actor == "console"


def test_errors_are_told_like_those_of_a_compiler(table):
    table.write_text("类别,名称\n公司,甲\n主管部门,\n", encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        call_command("import_organisations", str(table))
    assert str(refusal.value).splitlines() == [
        "Nothing was imported.",
        "organisations.csv:2: 类别 “公司”不是类别，请写“主管部门”或“公共企事业单位”。",
        "organisations.csv:3: 名称 缺少名称。",
    ]
    assert Organisation.objects.count() == 0


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"absent\.csv: No such file or directory"):
        call_command("import_organisations", str(tmp_path / "absent.csv"))
    with pytest.raises(CommandError, match="Is a directory"):
        call_command("import_organisations", str(tmp_path))
