"""What askers read for a reason is ours until an editor changes it."""

import pytest

from moderation import decisions, reason_texts
from moderation.models import ReasonText, Record
from moderation.reason_texts import words_for
from moderation.reasons import ENGLISH, WORDS
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db

NEW = {"reason": "legal", "chinese": "依法不公开。", "english": "Not public by law."}


def test_a_moderators_own_words_go_before_ours():
    assert words_for("unclear", " 请写清是哪个小区。\u200b\n") == "请写清是哪个小区。"
    assert words_for("unclear", " \n") == WORDS["unclear"]


@pytest.mark.parametrize("reason", ["", "whim", "off-topic"])
def test_a_decline_needs_one_of_our_reasons(reason):
    with pytest.raises(Refused) as caught:
        words_for(reason)
    assert (caught.value.code, caught.value.fields) == ("invalid", {"reason": ["请选择原因。"]})


def test_too_many_words_are_told_their_number():
    with pytest.raises(Refused) as caught:
        words_for("unclear", "请" * 301)
    assert (caught.value.code, caught.value.detail) == ("invalid", "给提问人的话有301字，最多300字，请删去1字。")


def test_an_editors_words_are_told_from_the_next_decline_on():
    programme, editor = make.programme(), make.editor()
    before = decisions.decline(question=make.question(programme), reason="legal", by=editor)
    reason_texts.change(**NEW, by=editor)
    after = decisions.decline(question=make.question(programme), reason="legal", by=editor)
    assert (before.reason_words, after.reason_words) == (WORDS["legal"], "依法不公开。")
    assert [(text.reason.value, text.chinese, text.english) for text in reason_texts.texts() if text.changed] == [tuple(NEW.values())]


def test_an_asker_who_reads_english_is_told_the_same_in_english_unless_a_moderator_found_own_words():
    programme, editor = make.programme(), make.editor()
    ours = decisions.decline(question=make.question(programme), reason="legal", by=editor)
    own = decisions.decline(question=make.question(programme), reason="legal", words="请打热线。", by=editor)
    waiting = make.question(programme)
    assert [reason_texts.english_of(question) for question in (ours, own, waiting)] == [ENGLISH["legal"], "", ""]


def test_a_change_is_recorded_once_and_empty_words_bring_ours_back():
    editor = make.editor()
    for words in (NEW, NEW, {"reason": "legal", "chinese": " ", "english": ""}):
        reason_texts.change(**words, by=editor)
    assert list(ReasonText.objects.all()) == []
    assert list(Record.objects.values_list("action", "reason", "words")) == [
        ("reason_change", "legal", "依法不公开。"), ("reason_change", "legal", WORDS["legal"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"), [({"reason": "whim"}, "reason"), ({"chinese": "长" * 301}, "chinese"), ({"english": "x" * 301}, "english")]
)
def test_what_cannot_be_is_refused_at_its_field(given, field):
    with pytest.raises(Refused) as caught:
        reason_texts.change(**(NEW | given), by=make.editor())
    assert (caught.value.code, list(caught.value.fields)) == ("invalid", [field])
    assert (ReasonText.objects.count(), Record.objects.count()) == (0, 0)


def test_only_editors_change_them():
    with pytest.raises(Refused) as caught:
        reason_texts.change(**NEW, by=make.user())
    assert caught.value.code == "forbidden"
