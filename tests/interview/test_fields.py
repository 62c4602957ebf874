from io import BytesIO

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from interview.fields import LineField, MomentField, OrganisationField, PictureField, TextField
from interview.text import INTAKE_LIMIT
from tests import scenes as make


def complaints(field, value):
    with pytest.raises(forms.ValidationError) as error:
        field.clean(value)
    return [str(message) for message in error.value.messages]


def test_a_line_is_cleaned_to_one_line():
    assert LineField(max_length=20).clean(" 周\u200b水生 \r\n 总经理\u202e ") == "周水生 总经理"


def test_a_text_keeps_its_paragraphs():
    assert TextField(max_length=20).clean("一\r\n\r\n\r\n二\u200b ") == "一\n\n二"


@pytest.mark.parametrize("field", [LineField, TextField])
def test_what_is_missing_or_too_long_is_told_with_its_numbers(field):
    assert complaints(field(max_length=5), "") == ["请填写。"]
    assert complaints(field(max_length=5), " \u200b\u2060 ") == ["请填写。"]
    assert complaints(field(max_length=5), "一二三四五六") == ["最多5字，现在6字。"]


@pytest.mark.parametrize("field", [LineField, TextField])
def test_an_absurd_text_is_not_even_cleaned(field):
    assert complaints(field(), "长" * (INTAKE_LIMIT + 1)) == [f"文字有{INTAKE_LIMIT + 1}字，太长了。"]


def upload(data, name="portrait.png"):
    return SimpleUploadedFile(name, data, content_type="image/png")


def test_a_picture_is_made_small_under_a_name_of_ours():
    out = BytesIO()
    Image.new("RGB", (900, 300)).save(out, "PNG")
    file = PictureField(width=300, height=300).clean(upload(out.getvalue(), "../../etc/passwd.png"))
    assert (Image.open(file).size, len(file.name)) == ((300, 100), 37)


def test_no_picture_is_nothing_and_a_bad_one_is_told_beside_its_field():
    assert PictureField(width=300, height=300).clean(None) is None
    assert complaints(PictureField(width=300, height=300), upload(b"<svg onload=alert(1)>")) == [
        "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"
    ]


@pytest.mark.django_db
def test_an_organisation_is_found_by_its_names_and_asked_for_when_unknown():
    organisation = make.organisation(name="湖滨市自来水公司", short_name="水司")
    field = OrganisationField()
    assert [field.clean(name) for name in ("湖滨市自来水公司", " 水司 ")] == [organisation, organisation]
    assert complaints(field, "火星公司") == ["单位目录里没有“火星公司”。请从列表中选择，或先在“单位”页导入。"]
    assert complaints(field, "") == ["请填写。"]
    assert OrganisationField(required=False).clean("") is None


@pytest.mark.parametrize("typed", ["2010-07-30T15:00", "2010-07-30 15:00"])
def test_a_moment_is_read_in_local_time(typed):
    assert MomentField().clean(typed).isoformat() == "2010-07-30T15:00:00+08:00"


@pytest.mark.parametrize("year", ["0001", "0026", "1999", "2100", "9999"])
def test_a_year_no_interview_is_held_in_is_told(year):
    assert complaints(MomentField(), f"{year}-12-31T23:59") == [f"年份{int(year)}不对，请写四位数的年份。"]


def test_a_moment_that_is_none_shows_how_it_is_written():
    assert complaints(MomentField(), "下周五下午") == ["请写成“2010-07-30 15:00”这样的日期和时间。"]
