"""The pages of word lists, with nothing but forms."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from interview.states import ProgrammeState
from moderation import word_lists
from moderation.models import WordList
from tests import scenes as make

pytestmark = pytest.mark.django_db

SETTINGS = {"name": "广告", "category": "广告", "consequence": "hold"}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor():
    return signed_in(make.editor())


@pytest.fixture
def moderator():
    return signed_in(make.seated(make.programme(state=ProgrammeState.LIVE), "moderator"))


@pytest.fixture
def adverts():
    row = word_lists.create(**SETTINGS, pinyin=False, by=make.editor())
    word_lists.add(word_list=row, text="加微信\n扫码领奖", by=make.editor())
    return row


def address(row, name="word_list"):
    return reverse(name, args=[row.pk])


def test_an_editor_makes_a_list_and_fills_it(editor):
    made = editor.post(reverse("word_lists"), SETTINGS, follow=True)
    row = WordList.objects.get()
    assert made.redirect_chain == [(address(row), 302)]
    editor.post(address(row, "word_list_add"), {"text": "加微信"})
    editor.post(address(row, "word_list_import"), {"file": SimpleUploadedFile("words.txt", "扫码领奖\n代办证件\n".encode())})
    editor.post(address(row, "word_list_drop"), {"word": "代办证件"})
    page = editor.get(address(row)).content.decode()
    assert "2个词" in page
    assert ("加微信" in page, "扫码领奖" in page, "代办证件" in page) == (True, True, True)  # the last in the message that it is gone


def test_errors_of_a_file_are_told_with_their_lines_and_nothing_is_lost(editor, adverts):
    answer = editor.post(address(adverts, "word_list_import"), {"file": SimpleUploadedFile("w.csv", "词,类别\n某词,辱骂\n".encode())})
    assert (answer.status_code, "第2行" in answer.content.decode()) == (422, True)
    assert editor.post(address(adverts, "word_list_import")).status_code == 422
    typed = editor.post(address(adverts, "word_list_add"), {"text": "微"})
    assert (typed.status_code, ">微</textarea>" in typed.content.decode()) == (422, True)
    assert adverts.words.count() == 2


def test_settings_are_saved_and_a_list_is_removed(editor, adverts):
    editor.post(address(adverts), SETTINGS | {"consequence": "refuse", "pinyin": "on"})
    adverts.refresh_from_db()
    assert (adverts.consequence, adverts.pinyin, adverts.enabled) == ("refuse", True, False)
    assert editor.post(address(adverts), SETTINGS | {"name": ""}).status_code == 422
    assert editor.post(address(adverts, "word_list_remove"), follow=True).redirect_chain == [(reverse("word_lists"), 302)]
    assert WordList.objects.count() == 0


def test_words_are_found_and_paged(editor, adverts):
    word_lists.add(word_list=adverts, text="\n".join(f"第{number}号词" for number in range(250)), by=make.editor())
    page = editor.get(address(adverts)).content.decode()
    assert ("252个词" in page, "下一页" in page, "1 / 2" in page) == (True, True, True)
    assert "1个词" in editor.get(address(adverts), {"q": "扫码"}).content.decode()
    assert editor.get(address(adverts), {"page": "x"}).status_code == 200


def test_a_text_is_tried_and_what_it_sets_off_is_shown(moderator, adverts):
    page = moderator.get(reverse("word_lists_try"), {"text": "请加-微·信，电话13800138000<i>"}).content.decode()
    assert '<mark class="hold" title="词表“广告”里有“加微信”，写作“加-微·信”。">加-微·信</mark>' in page
    assert "请加-微·信，电话［手机号］&lt;i&gt;" in page
    assert "没有发现什么" in moderator.get(reverse("word_lists_try"), {"text": "水压"}).content.decode()


def test_a_moderator_keeps_words_but_no_settings(moderator, adverts):
    assert moderator.post(address(adverts, "word_list_add"), {"text": "代办证件"}).status_code == 302
    assert (moderator.post(address(adverts), SETTINGS).status_code, moderator.post(reverse("word_lists"), SETTINGS).status_code) == (
        403,
        403,
    )
    page = moderator.get(address(adverts)).content.decode()
    assert ("导入文件" in page, "删除词表" in page) == (False, False)


def test_strangers_and_hosts_are_turned_away(adverts):
    host = signed_in(make.seated(make.programme(), "host"))
    for name in ("word_lists", "word_lists_try"):
        assert (Client().get(reverse(name)).status_code, host.get(reverse(name)).status_code) == (302, 403)
    for name in ("word_list_add", "word_list_drop", "word_list_import", "word_list_remove"):
        assert (Client().post(address(adverts, name)).status_code, host.post(address(adverts, name)).status_code) == (302, 403)
