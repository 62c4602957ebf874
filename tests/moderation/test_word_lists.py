"""Lists and words: who may change them, what is recorded, what a file may hold."""

import pytest

from interview.states import ProgrammeState
from moderation import word_lists
from moderation.models import Record, WordList
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db

SETTINGS = {"name": "广告", "category": "广告", "consequence": "hold", "pinyin": False}


@pytest.fixture
def editor():
    return make.editor()


@pytest.fixture
def moderator():
    return make.seated(make.programme(state=ProgrammeState.LIVE), "moderator")


@pytest.fixture
def adverts(editor):
    return word_lists.create(**SETTINGS, by=editor)


def words(row):
    return list(row.words.order_by("text").values_list("text", "innocent"))


def told():
    return [row.data for row in Record.objects.filter(action="list_change").order_by("number")]


def refusal(verb, **given):
    with pytest.raises(Refused) as caught:
        verb(**given)
    return caught.value


def test_words_are_added_once_and_dropped_and_every_change_is_recorded(adverts, moderator):
    assert word_lists.add(word_list=adverts, text=" 加微信 \n\n扫码领奖\n加微信\n", by=moderator) == 2
    assert word_lists.add(word_list=adverts, text="加微信", by=moderator) == 0
    word_lists.drop(word_list=adverts, word="扫码领奖", by=moderator)
    word_lists.drop(word_list=adverts, word="扫码领奖", by=moderator)
    assert words(adverts) == [("加微信", False)]
    named = {"list": str(adverts.pk), "name": "广告"}
    assert told() == [
        named | {"created": ["广告", "hold"]},
        named | {"added": 2, "words": ["加微信", "扫码领奖"], "innocent": False},
        named | {"dropped": 1, "words": ["扫码领奖"]},
    ]
    assert WordList.objects.get().version == 3


def test_settings_are_changed_and_the_record_tells_from_what_to_what(adverts, editor):
    word_lists.change(word_list=adverts, **(SETTINGS | {"name": "推广", "consequence": "refuse"}), enabled=False, by=editor)
    word_lists.change(word_list=adverts, **(SETTINGS | {"name": "推广", "consequence": "refuse"}), enabled=False, by=editor)
    changed = {"name": ["广告", "推广"], "consequence": ["hold", "refuse"], "enabled": [True, False]}
    assert [data.get("changed") for data in told()] == [None, changed]


def test_a_list_is_removed_and_the_record_knows_how_much_was_in_it(adverts, editor):
    word_lists.add(word_list=adverts, text="加微信\n扫码领奖", by=editor)
    word_lists.remove(word_list=adverts, by=editor)
    assert (WordList.objects.count(), told()[-1]["removed_list"]) == (0, 2)
    assert refusal(word_lists.add, word_list=adverts, text="加微信", by=editor).code == "gone"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"name": "名" * 41}, ["name"]),
        ({"category": ""}, ["category"]),
        ({"consequence": "delete"}, ["consequence"]),
        ({"name": "广告"}, ["name"]),
    ],
)
def test_settings_that_cannot_be_are_named(adverts, editor, change, fields):
    refused = refusal(word_lists.create, **(SETTINGS | {"name": "另一个"} | change), by=editor)
    assert (refused.code, list(refused.fields)) == ("invalid", fields)
    assert WordList.objects.count() == 1


@pytest.mark.parametrize("text", ["", " \n\u200b\n", "微", "加微信\n！！！", "长" * 51])
def test_words_that_cannot_be_searched_for_are_refused_whole(adverts, editor, text):
    assert refusal(word_lists.add, word_list=adverts, text=text, by=editor).code == "invalid"
    assert words(adverts) == []


def test_a_text_file_and_a_table_come_in(adverts, editor):
    plain = "\ufeff加微信\r\n\r\n扫码领奖\r\n加微信\r\n".encode()
    assert word_lists.import_file(word_list=adverts, data=plain, by=editor) == word_lists.Imported(added=2, known=0, left_out=2)
    table = "词,类别,后果\n加微信,广告,\n代办证件,广告,\n".encode("gbk")
    assert word_lists.import_file(word_list=adverts, data=table, by=editor) == word_lists.Imported(added=1, known=1, left_out=0)
    assert words(adverts) == [("代办证件", False), ("加微信", False), ("扫码领奖", False)]


def test_with_any_error_nothing_comes_in_and_each_is_told_with_its_line(adverts, editor):
    data = "词,类别\n加微信,广告\n某人,辱骂\n好词,广告,多\n".encode()
    refused = refusal(word_lists.import_file, word_list=adverts, data=data, by=editor)
    assert [error.line for error in refused.lines] == [3, 4]
    assert words(adverts) == []


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"\xff\xfe\xfa", b"x" * (10 * 1024 * 1024), "长".encode() * 2_000])
def test_what_is_no_list_is_said(adverts, editor, data):
    refused = refusal(word_lists.import_file, word_list=adverts, data=data, by=editor)
    assert (refused.code, list(refused.fields), refused.detail[:5]) == ("invalid", ["file"], "没有导入。")
    assert words(adverts) == []


def test_moderators_keep_words_and_editors_lists(adverts, moderator, editor):
    for verb, given in (
        (word_lists.create, SETTINGS | {"name": "另一个"}),
        (word_lists.change, SETTINGS | {"word_list": adverts, "enabled": False}),
        (word_lists.remove, {"word_list": adverts}),
        (word_lists.import_file, {"word_list": adverts, "data": "加微信".encode()}),
    ):
        assert refusal(verb, **given, by=moderator).code == "forbidden"
    host = make.seated(make.programme(), "host")
    for verb, given in ((word_lists.add, {"text": "加微信"}), (word_lists.drop, {"word": "加微信"})):
        assert refusal(verb, word_list=adverts, **given, by=host).code == "forbidden"


def test_all_lists_are_told_with_their_sizes(adverts, editor):
    word_lists.add(word_list=adverts, text="加微信\n扫码领奖", by=editor)
    word_lists.add(word_list=adverts, text="添加微量元素", innocent=True, by=editor)
    assert [(row.name, row.size, row.innocents) for row in word_lists.all_lists()] == [("广告", 2, 1)]
