from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from interview import answers, questions, renderings, support, transcript
from interview.states import ProgrammeState
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
READERS = 6


@pytest.fixture
def live():
    return make.programme(state=ProgrammeState.LIVE)


@pytest.fixture
def typist(live):
    return make.seated(live, "stenographer")


def remark(programme, by, text="管道已经换好。"):
    return transcript.publish_remark(programme=programme, text=text, by=by)


def told(programme, *, newest_first=False):
    return renderings.transcript(programme, transcript.position(programme), newest_first=newest_first)


def waiting(programme):
    return renderings.waiting(programme, transcript.position(programme))


def words(html):
    return "".join(pages.parse(html).itertext())


def test_an_answer_stands_under_its_question_whichever_way_it_is_read(live, typist):
    remark(live, typist)
    answers.answer(question=make.approved(live), guest=make.guest(live), text="已经安排。", by=typist)
    kinds = {
        newest_first: [pages.parse(html)[0].get("data-kind") for html in told(live, newest_first=newest_first).entries]
        for newest_first in (False, True)
    }
    assert kinds == {False: ["remark", "question", "answer"], True: ["question", "answer", "remark"]}
    assert told(live).answered == 1


def test_while_the_stage_stands_still_nothing_is_read_again(live, typist, django_assert_num_queries):
    remark(live, typist)
    questions.approve(make.question(live))
    position = transcript.position(live)
    first = renderings.transcript(live, position, newest_first=True), renderings.waiting(live, position)
    # How many want the same is looked up: it moves no position.
    with django_assert_num_queries(1):
        again = renderings.transcript(live, position, newest_first=True), renderings.waiting(live, position)
    assert again == first


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_statements_does_not_grow_with_what_is_shown(live, typist, count):
    guest = make.guest(live)
    for number in range(count):
        answers.answer(question=make.approved(live), guest=guest, text=f"第{number}条。", by=typist)
        questions.approve(make.question(live))
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert (len(told(live).entries), len(waiting(live))) == (2 * count, count)
    # A position each; versions, then entries with revisions and seats; versions, and the questions.
    assert len(captured) == 8


def test_of_what_was_rendered_before_only_what_changed_is_rendered_again(live, typist):
    first, second = remark(live, typist, "第一句。"), remark(live, typist, "第二句。")
    told(live)
    # Around the application: nobody tells the stage, and nothing that is looked up changes.
    live.entries.filter(pk=first.pk).update(speaker="另一位")
    transcript.revise(entry=second, text="改过的第二句。", seen=1, by=typist)
    remark(live, typist, "第三句。")
    shown = told(live).entries
    assert ["另一位" in words(html) for html in shown] == [False] * 3
    assert [text in words(html) for text, html in zip(("第一句。", "改过的第二句。", "第三句。"), shown, strict=True)] == [True] * 3


def test_what_is_corrected_or_withdrawn_is_seen_at_once(live, typist):
    entry = remark(live, typist)
    assert "管道已经换好。" in words(told(live).entries[0])
    transcript.revise(entry=entry, text="管道周五换好。", reason="口误", seen=1, by=typist)
    assert "管道周五换好。" in words(told(live).entries[0])
    transcript.withdraw(entry=entry, reason="涉及隐私", by=typist)
    assert "管道" not in words(told(live).entries[0])


def test_a_question_that_comes_goes_or_is_wanted_by_more_is_seen_at_once(live, typist):
    question = make.question(live, visitor="zhang")
    assert waiting(live) == []
    questions.approve(question)
    [(place, html)] = waiting(live)
    assert (place, pages.parse(html)[0].get("id")) == (f"waiting-{question.pk}",) * 2
    question.refresh_from_db()
    support.support(question=question, visitor="li", address=None)
    [(_place, wanted)] = waiting(live)
    assert "1人同问" in words(wanted)
    answers.answer(question=question, guest=make.guest(live), text="已经安排。", by=typist)
    assert waiting(live) == []


def test_each_language_has_its_own(live, typist):
    remark(live, typist)
    chinese = told(live).entries[0]
    with translation.override("en"):
        english = told(live).entries[0]
    assert (words(chinese) != words(english), told(live).entries[0]) == (True, chinese)


def test_before_anything_was_published_nothing_is_kept(live):
    make.question(live)
    assert (waiting(live), told(live).entries) == ([], [])
    live.questions.update(state="approved")
    assert len(waiting(live)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_readers_who_come_together_one_is_rendered_for(live, typist):
    remark(live, typist)
    position = transcript.position(live)

    def read(_reader):
        try:
            with CaptureQueriesContext(connection) as captured:
                found = renderings.transcript(live, position, newest_first=True)
            return len(captured), found
        finally:
            connection.close()

    with ThreadPoolExecutor(READERS) as readers:
        seen = list(readers.map(read, range(READERS)))
    assert sorted(count for count, _found in seen)[:-1] == [0] * (READERS - 1)
    assert [found for _count, found in seen] == [seen[0][1]] * READERS
