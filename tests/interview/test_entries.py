import pytest

from interview import answers, entries, schedule, transcript
from interview.states import ProgrammeState
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """One entry of each kind, in their order: notice, remark, question, answer."""
    programme = make.programme(state=ProgrammeState.ANNOUNCED)
    host, typist = make.seated(programme, "host"), make.seated(programme, "stenographer")
    guest = make.guest(programme, name="周水生", post="总经理")
    schedule.open(programme=programme, by=host)
    transcript.publish_remark(programme=programme, text="大家好。", guest=guest, by=typist)
    answers.answer(question=make.approved(programme, nickname="", text="何时恢复？"), guest=guest, text="八月十日前。", by=typist)
    return list(entries.of(programme))


def test_each_kind_is_one_element_with_anchor_list_and_order(told):
    roots = [list(pages.parse(entries.render(entry))) for entry in told]
    assert [len(root) for root in roots] == [1, 1, 1, 1]
    named = [(root[0].tag, root[0].get("id"), root[0].get("data-list"), root[0].get("data-order")) for root in roots]
    assert named == [
        ("article", "entry-1", "entries", "000001"),
        ("article", "entry-2", "entries", "000002"),
        ("article", "entry-3", "entries", "000003"),
        # An answer shares the place of its question.
        ("article", "entry-4", "entries", "000003"),
    ]


def test_each_element_says_who_speaks_in_words(told):
    said = [" ".join(pages.parse(entries.render(entry)).itertext()) for entry in told]
    assert [words in text for words, text in zip(["公告", "嘉宾", "网友现场提问", "嘉宾答复"], said, strict=True)] == [True] * 4
    assert "匿名网友" in said[2]


def test_an_element_has_a_name_for_screen_readers_and_a_link_to_itself(told):
    for entry in told:
        (article,) = pages.parse(entries.render(entry))
        assert article.find(f".//*[@id='{article.get('aria-labelledby')}']") is not None
        assert article.find(f".//a[@href='#{entry.anchor}']/time").get("datetime").endswith("+08:00")


def test_a_partial_names_no_address_of_the_application(told):
    links = [
        each.get("href") or each.get("src")
        for entry in told
        for each in pages.parse(entries.render(entry)).iter()
        if each.tag in {"a", "img"}
    ]
    assert [link for link in links if not link.startswith("#")] == []


def test_the_record_is_what_programs_may_know(told):
    assert [set(entries.record(entry)) for entry in told] == [
        {
            "id",
            "position",
            "kind",
            "voice",
            "speaker",
            "post",
            "question",
            "mode",
            "text",
            "edited_at",
            "at",
            "revision",
            "revised_at",
            "withdrawn",
            "earlier",
        }
    ] * 4
    told_of = [(record["kind"], record["voice"], record["speaker"], record["text"], record["mode"]) for record in map(entries.record, told)]
    assert told_of[1:] == [
        ("remark", "guest", "周水生", "大家好。", None),
        ("question", "netizen", "匿名网友", "何时恢复？", None),
        ("answer", "guest", "周水生", "八月十日前。", "live"),
    ]
    assert entries.record(told[2])["question"] == entries.record(told[3])["question"] == told[2].question.label
