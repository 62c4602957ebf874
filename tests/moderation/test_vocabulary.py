"""What a process searches with is never older than a second or two, and built no oftener than the lists change."""

import threading

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation import vocabulary, word_lists
from moderation.models import Word, WordList
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def adverts():
    return word_lists.create(name="广告", category="广告", consequence="hold", pinyin=False, by=make.editor())


def found(text):
    return [(finding.category, finding.found) for finding in vocabulary.look(text).findings]


def test_a_change_by_this_process_is_seen_at_once(adverts, django_capture_on_commit_callbacks):
    assert found("请加微信") == []
    with django_capture_on_commit_callbacks(execute=True):
        word_lists.add(word_list=adverts, text="加微信", by=make.editor())
    assert found("请加-微·信") == [("广告", "加微信")]


def test_a_change_by_another_process_is_seen_at_the_next_look(adverts, monkeypatch):
    assert found("请加微信") == []
    Word.objects.create(list=adverts, text="加微信")
    WordList.objects.update(version=2)
    assert found("请加微信") == []
    monkeypatch.setattr(vocabulary, "LOOK_EVERY", 0.0)
    assert found("请加微信") == [("广告", "加微信")]


def test_looks_are_a_second_apart_whatever_the_calendar_says(adverts):
    vocabulary.current()
    with CaptureQueriesContext(connection) as captured, time_machine.travel("2010-07-30", tick=False) as clock:
        vocabulary.current()
        clock.shift(3600)
        vocabulary.current()
    assert len(captured) == 0
    assert vocabulary.LOOK_EVERY <= 2


def test_lists_that_have_not_changed_are_not_built_anew(adverts):
    before = vocabulary.current()
    vocabulary.forget()
    assert vocabulary.current() is before


@pytest.mark.parametrize("change", [{"enabled": False}, {"consequence": "mark"}])
def test_settings_of_a_list_count(adverts, change, django_capture_on_commit_callbacks):
    editor = make.editor()
    settings = {"name": "广告", "category": "广告", "consequence": "hold", "pinyin": False, "enabled": True} | change
    with django_capture_on_commit_callbacks(execute=True):
        word_lists.add(word_list=adverts, text="加微信", by=editor)
        word_lists.change(word_list=adverts, **settings, by=editor)
    consequences = [finding.consequence.value for finding in vocabulary.look("加微信").findings]
    assert consequences == ([settings["consequence"]] if settings["enabled"] else [])


def test_an_innocent_word_excuses_the_one_inside_it(adverts, django_capture_on_commit_callbacks):
    editor = make.editor()
    with django_capture_on_commit_callbacks(execute=True):
        word_lists.add(word_list=adverts, text="加微", by=editor)
        word_lists.add(word_list=adverts, text="添加微量元素", innocent=True, by=editor)
    assert found("添加微量元素是否安全？") == []


def test_many_threads_build_once(adverts):
    ready = []
    threads = [threading.Thread(target=lambda: ready.append(vocabulary.current())) for _thread in range(8)]
    vocabulary.current()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(words) for words in ready}) == 1
