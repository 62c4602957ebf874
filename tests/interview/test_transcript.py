import pytest
from django.utils import translation

from interview import answers, entries, questions, transcript
from interview.models import Entry, Revision
from interview.states import ProgrammeState
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    programme = make.programme(state=ProgrammeState.LIVE)
    return programme, make.seated(programme, "stenographer")


def remark(programme, by, text="大家好。", **fields):
    return transcript.publish_remark(programme=programme, text=text, by=by, **fields)


def test_entries_have_dense_positions_and_one_event_each(live):
    programme, typist = live
    for text in ("一", "二", "三"):
        remark(programme, typist, text)
    assert [entry.position for entry in entries.of(programme)] == [1, 2, 3]
    told = [event.data["position"] for event in make.events(f"stage:{programme.pk}") if event.kind == "entry.published"]
    assert told == [1, 2, 3]


def test_a_remark_is_by_the_host_unless_a_guest_is_named(live):
    programme, typist = live
    guest = make.guest(programme)
    remark(programme, typist)
    remark(programme, typist, guest=guest)
    assert [(entry.voice, entry.speaker, entry.post) for entry in entries.of(programme)] == [
        ("host", "主持人", ""),
        ("guest", guest.name, guest.post),
    ]


@pytest.mark.parametrize("state", sorted(set(ProgrammeState) - {ProgrammeState.LIVE}))
def test_a_remark_needs_a_live_programme(state):
    programme = make.programme(state=state)
    with pytest.raises(Refused) as refusal:
        remark(programme, make.seated(programme, "stenographer"))
    assert refusal.value.code == "closed"
    assert Entry.objects.count() == 0


def test_a_moderator_does_not_type_and_a_guest_speaks_only_as_themselves(live):
    programme, _typist = live
    guest, other = make.guest(programme), make.guest(programme)
    with pytest.raises(Refused):
        remark(programme, make.seated(programme, "moderator"))
    speaker = make.seated(programme, "guest", guest=guest)
    assert remark(programme, speaker, guest=guest).speaker == guest.name
    with pytest.raises(Refused):
        remark(programme, speaker, guest=other)


def test_a_correction_keeps_the_earlier_words_for_readers(live):
    programme, typist = live
    entry = remark(programme, typist, "三个小区停水。")
    fixed = transcript.revise(entry=entry, text="四个小区停水。", reason="口误", seen=1, by=typist)
    assert (fixed.text, fixed.revision) == ("四个小区停水。", 2)
    assert list(Revision.objects.values_list("number", "text", "reason")) == [(1, "三个小区停水。", "口误")]
    assert make.events(f"stage:{programme.pk}")[-1].data["earlier"][0]["text"] == "三个小区停水。"


def test_two_correctors_do_not_overwrite_each_other(live):
    programme, typist = live
    entry = remark(programme, typist, "一")
    transcript.revise(entry=entry, text="二", seen=1, by=typist)
    with pytest.raises(Refused, match="刚刚被别人修订"):
        transcript.revise(entry=entry, text="三", seen=1, by=typist)


def test_the_same_words_again_are_no_revision(live):
    programme, typist = live
    entry = remark(programme, typist, "一")
    assert transcript.revise(entry=entry, text=" 一 ", seen=1, by=typist).revision == 1


def test_withdrawn_words_are_nowhere_and_the_trace_is_visible(live):
    programme, typist = live
    entry = remark(programme, typist, "不该说的话")
    transcript.revise(entry=entry, text="不该说的话也改过", seen=1, by=typist)
    with pytest.raises(Refused, match="原因"):
        transcript.withdraw(entry=entry, reason=" ", by=typist)
    transcript.withdraw(entry=entry, reason="涉及个人隐私", by=typist)
    told = make.events(f"stage:{programme.pk}")
    assert [event for event in told if "不该说的话" in event.html + str(event.data)] == []
    assert "涉及个人隐私" in told[-1].html
    shown = entries.of(programme).get(pk=entry.pk)
    assert "不该说的话" not in entries.render(shown) + str(entries.record(shown))


def test_a_withdrawn_entry_is_not_corrected(live):
    programme, typist = live
    entry = remark(programme, typist)
    transcript.withdraw(entry=entry, reason="误发", by=typist)
    with pytest.raises(Refused) as refusal:
        transcript.revise(entry=entry, text="新", seen=1, by=typist)
    assert refusal.value.code == "gone"


def test_the_record_of_an_entry_names_nothing_of_the_asker_but_nickname_and_number(live):
    programme, _typist = live
    question = make.approved(programme, visitor="secret-visitor", address="203.0.113.9")
    entry = transcript.publish_question(question)
    shown = entries.render(entry) + str(entries.record(entry))
    for private in ("secret-visitor", "203.0.113.9", question.receipt_token, str(question.client_token)):
        assert private not in shown


def test_a_question_is_published_once(live):
    programme, _typist = live
    question = make.approved(programme)
    assert transcript.publish_question(question) == transcript.publish_question(question)
    assert programme.entries.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_listing_entries_takes_the_same_statements_however_many(live, count, django_assert_num_queries):
    programme, typist = live
    for _ in range(count):
        remark(programme, typist, guest=make.guest(programme))
    with django_assert_num_queries(3):
        [entries.record(entry) for entry in entries.of(programme)]


def test_publishing_an_entry_takes_few_statements(live, django_assert_num_queries):
    programme, typist = live
    remark(programme, typist)
    with django_assert_num_queries(PUBLISHING_STATEMENTS):
        remark(programme, typist)


# Savepoint and release, rights (2), lock, counter (2), the host's name, entry, revisions of the record, number and event of the log.
PUBLISHING_STATEMENTS = 12


def test_what_is_told_and_stored_is_in_the_language_of_the_site_whoever_acts():
    programme = make.programme(state=ProgrammeState.LIVE)
    guest = make.guest(programme)
    question = make.approved(programme, nickname="")
    with translation.override("en"):
        questions.put(question=question, guest=guest, by=make.seated(programme, "host"))
        answers.answer(question=question, guest=guest, text="下周开通。", by=make.seated(programme, "stenographer"))
    assert Entry.objects.get(kind="question").speaker == "匿名网友"
    frames = {topic: "".join(event.html for event in make.events(topic)) for topic in (f"stage:{programme.pk}", f"desk:{programme.pk}")}
    assert "嘉宾答复" in frames[f"stage:{programme.pk}"]
    assert f"已交给{guest.name}" in frames[f"desk:{programme.pk}"]
    assert "看答复" in make.events(f"receipt:{question.receipt_token}")[-1].html
