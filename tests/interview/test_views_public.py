from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from interview import answers, questions, schedule, transcript
from interview.models import Entry, Programme
from interview.states import ProgrammeState
from realtime.topics import TOPICS_LIMIT
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
LIVE, ENDED, DRAFT = ProgrammeState.LIVE, ProgrammeState.ENDED, ProgrammeState.DRAFT
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
FED = ("@id='state-bar'", "@data-list-of='entries'", "@data-list-of='waiting'")


def page_of(client, programme, **query):
    response = client.get(reverse("programme", args=[programme.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def anchors(page):
    return [article.get("id") for article in pages.parse(page).iter("article")]


def statements(client, address):
    client.get(address)
    # As for the first reader after something was published.
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def stage():
    programme = make.programme(state=LIVE)
    guest = make.guest(programme)
    return programme, guest, make.seated(programme, "stenographer"), make.seated(programme, "host")


def exchange(programme, guest, typist, **fields):
    question = make.approved(programme, **fields)
    answers.answer(question=question, guest=guest, text="已经安排。", by=typist)
    return question


# ── Who sees what ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["programme", "calendar", "qr"])
def test_a_draft_does_not_exist_for_the_public(client, name):
    draft = make.programme(state=DRAFT)
    assert client.get(reverse(name, args=[draft.pk])).status_code == 404
    client.force_login(make.user())
    assert client.get(reverse(name, args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("who", ["editor", "moderator"])
def test_a_draft_is_shown_to_editors_and_seats(client, who):
    draft = make.programme(state=DRAFT)
    client.force_login(make.editor() if who == "editor" else make.seated(draft, who))
    assert "这是草稿" in page_of(client, draft)


@pytest.mark.parametrize("state", sorted(set(ProgrammeState) - {DRAFT}))
def test_every_other_state_has_a_public_page(client, state):
    programme = make.programme(state=state)
    assert f'data-state="{state}"' in page_of(client, programme)


def test_what_does_not_exist_is_told_in_chinese(client):
    response = client.get("/nix/")
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()


def test_nothing_of_an_asker_is_public_but_nickname_and_number(client, stage):
    programme, guest, typist, _host = stage
    secrets = {"visitor": "secret-visitor", "address": "203.0.113.9"}
    asked = [
        make.approved(programme, **secrets),
        exchange(programme, guest, typist, **secrets),
        make.question(programme, **secrets, text="没有审核的话"),
    ]
    page = page_of(client, programme)
    private = ["secret-visitor", "203.0.113.9", "没有审核的话", *(str(q.client_token) for q in asked), *(q.receipt_token for q in asked)]
    assert [words for words in private if words in page] == []
    assert asked[0].label in page


# ── The list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_tells_live_coming_and_past_and_no_drafts_or_rehearsals(client):
    on_air = make.programme(state=LIVE)
    announced, postponed = make.programme(), make.programme(state=ProgrammeState.POSTPONED)
    over = make.programme(state=ENDED)
    make.programme(state=DRAFT)
    make.programme(state=LIVE, rehearsal=True)
    context = client.get("/").context
    assert [card.programme for card in context["live"]] == [on_air]
    assert set(context["coming"]) == {announced, postponed}
    assert list(context["past"]) == [over]


def test_the_list_follows_no_more_than_a_socket_may_and_lists_the_others_plainly(client):
    opened = [make.programme(state=LIVE, opened_at=timezone.now() + timedelta(seconds=number)) for number in range(TOPICS_LIMIT + 2)]
    page = pages.parse(client.get("/").content.decode())
    cards = [each for each in page.iter("article") if each.get("class") == "live-card"]
    topics = [card.get("data-topic") for card in cards]
    assert topics == [f"stage:{each.pk}" for each in opened[:1:-1]] + [None, None]
    assert len([each for each in page.iter() if "data-pulse" in each.attrib]) == TOPICS_LIMIT
    assert [card.find(".//h3/a").get("href") for card in cards] == [each.get_absolute_url() for each in reversed(opened)]


def test_an_empty_list_says_what_will_appear(client):
    page = client.get("/").content.decode()
    assert "现在没有直播和预告" in page
    assert "还没有举办过访谈" in page


def test_the_past_is_told_by_year_here_not_in_utc(client):
    # Seven in the evening of the last day of 2009 in London is already 2010 here.
    new_year = make.programme(state=ENDED, planned_start=datetime(2009, 12, 31, 19, 0, tzinfo=UTC))
    earlier = make.programme(state=ENDED, planned_start=datetime(2009, 7, 14, 7, 0, tzinfo=UTC))
    assert client.get("/").context["years"] == [2010, 2009]
    assert list(client.get("/").context["past"]) == [new_year]
    assert list(client.get("/", {"year": "2009"}).context["past"]) == [earlier]


@pytest.mark.parametrize(
    "query", [{"year": "nix"}, {"year": "1066"}, {"year": "²"}, {"year": "9" * 5000}, {"page": "nix"}, {"page": "99"}, {"page": "-1"}]
)
def test_a_strange_year_or_page_is_the_nearest_that_exists(client, query):
    over = make.programme(state=ENDED)
    assert list(client.get("/", query).context["past"]) == [over]


def test_twenty_of_the_past_stand_on_a_page(client):
    unit = make.organisation()
    for day in range(21):
        make.programme(state=ENDED, unit=unit, planned_start=datetime(2010, 7, 1 + day, 7, 0, tzinfo=UTC))
    assert [len(client.get("/", {"page": page}).context["past"]) for page in (1, 2)] == [20, 1]


def test_the_past_counts_what_was_answered(client, stage):
    programme, guest, typist, host = stage
    exchange(programme, guest, typist)
    make.approved(programme)
    schedule.close(programme=programme, by=host)
    assert "收到提问2个，已答复1个" in client.get("/").content.decode()


def test_the_list_takes_the_same_statements_however_many(client):
    def fill():
        for state in (LIVE, ProgrammeState.ANNOUNCED, ENDED):
            make.guest(make.programme(state=state))

    fill()
    one = statements(client, "/")
    fill()
    fill()
    assert statements(client, "/") == one


# ── One programme ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_archived_page_is_no_place_where_somebody_waits(client):
    shown = {
        state: "data-connection" in page_of(client, make.programme(state=state))
        for state in (ProgrammeState.ANNOUNCED, ProgrammeState.LIVE, ProgrammeState.ENDED, ProgrammeState.ARCHIVED)
    }
    assert shown == {
        ProgrammeState.ANNOUNCED: True,
        ProgrammeState.LIVE: True,
        ProgrammeState.ENDED: True,
        ProgrammeState.ARCHIVED: False,
    }


def test_the_announcement_tells_when_who_and_how_long(client):
    start = timezone.now() + timedelta(days=3, hours=4, minutes=30)
    programme = make.programme(planned_start=start)
    verified, other = make.guest(programme), make.guest(programme)
    make.seated(programme, "guest", guest=verified)
    page = page_of(client, programme)
    assert f"{make.local(start):%Y}年{make.local(start).month}月" in page
    assert "（北京时间）" in page
    assert "还有3天4小时" in page
    assert (verified.name in page, other.name in page, page.count("已认证")) == (True, True, 1)


@pytest.mark.parametrize("verb", ["postpone", "cancel"])
def test_a_programme_put_off_or_called_off_shows_its_notice(client, verb):
    programme = make.programme()
    getattr(schedule, verb)(programme=programme, notice="因防汛工作需要，另行通知。", by=make.editor())
    page = page_of(client, programme)
    assert "因防汛工作需要，另行通知。" in page
    assert 'id="ask"' not in page


@pytest.mark.parametrize("state", [ProgrammeState.ANNOUNCED, LIVE])
def test_a_page_takes_the_same_statements_however_much_is_on_it(client, state):
    programme = make.programme(state=LIVE)
    typist = make.seated(programme, "stenographer")

    def fill():
        guest = make.guest(programme, organisation=programme.unit)
        make.seated(programme, "guest", guest=guest)
        exchange(programme, guest, typist)
        entry = transcript.publish_remark(programme=programme, text="好。", guest=guest, by=typist)
        transcript.revise(entry=entry, text="很好。", seen=1, by=typist)
        questions.put(question=make.approved(programme), guest=guest, by=make.seated(programme, "host"))

    fill()
    make.move(programme, state)
    address = reverse("programme", args=[programme.pk])
    one = statements(client, address)
    make.move(programme, LIVE)
    fill()
    fill()
    make.move(programme, state)
    assert statements(client, address) == one


def test_the_live_page_reads_newest_first_and_a_question_above_its_answer(client, stage):
    programme, guest, typist, _host = stage
    transcript.publish_remark(programme=programme, text="开场。", by=typist)
    exchange(programme, guest, typist)
    exchange(programme, guest, typist)
    assert anchors(page_of(client, programme)) == [f"entry-{position}" for position in (4, 5, 2, 3, 1)]
    turned = page_of(client, programme, order="oldest")
    assert anchors(turned) == [f"entry-{position}" for position in (1, 2, 3, 4, 5)]


def test_the_transcript_of_an_ended_programme_reads_from_the_beginning(client, stage):
    programme, guest, typist, host = stage
    exchange(programme, guest, typist)
    schedule.close(programme=programme, by=host)
    page = page_of(client, programme)
    assert page.index('id="entry-1"') < page.index('id="entry-2"') < page.index('id="entry-3"')


def test_guests_only_is_a_way_to_look_not_another_page(client, stage):
    programme, guest, typist, _host = stage
    exchange(programme, guest, typist)
    everything, filtered = page_of(client, programme), page_of(client, programme, voices="guests")
    assert ('data-show="all"' in everything, 'data-show="guests"' in filtered) == (True, True)
    assert everything.count('class="entry"') == filtered.count('class="entry"') == 2


def test_what_was_not_reached_is_owed_on_the_ended_page(client, stage):
    programme, _guest, _typist, host = stage
    make.approved(programme, text="谁来修路灯？")
    schedule.close(programme=programme, by=host)
    page = page_of(client, programme)
    assert "谁来修路灯？" in page
    assert "5个工作日内书面答复" in page


def test_a_correction_shows_the_earlier_words_and_a_withdrawal_its_reason(client, stage):
    programme, _guest, typist, _host = stage
    entry = transcript.publish_remark(programme=programme, text="三个小区停水。", by=typist)
    transcript.revise(entry=entry, text="四个小区停水。", reason="口误", seen=1, by=typist)
    page = page_of(client, programme)
    assert ("四个小区停水。" in page, "三个小区停水。" in page, "原因：口误" in page) == (True, True, True)
    transcript.withdraw(entry=entry, reason="涉及个人隐私", by=typist)
    page = page_of(client, programme)
    assert ("小区停水" in page, "涉及个人隐私" in page) == (False, True)


def test_whatever_is_written_stays_text(client, stage):
    programme, guest, typist, _host = stage
    Programme.objects.filter(pk=programme.pk).update(title=HOSTILE, topic=HOSTILE, introduction=HOSTILE, cover_alt=HOSTILE, notice=HOSTILE)
    guest.name, guest.post = HOSTILE[:40], HOSTILE
    guest.save()
    programme.unit.name = HOSTILE
    programme.unit.save()
    exchange(programme, guest, typist, text=HOSTILE, nickname=HOSTILE[:20])
    make.approved(programme, text=HOSTILE, nickname=HOSTILE[:20])
    entry = transcript.publish_remark(programme=programme, text=HOSTILE, by=typist)
    transcript.revise(entry=entry, text="改", reason=HOSTILE, seen=1, by=typist)
    gone = transcript.publish_remark(programme=programme, text="撤", by=typist)
    transcript.withdraw(entry=gone, reason=HOSTILE, by=typist)
    # As the announcement shows a notice and the ended page a transcript, every state shows what it has.
    for state in sorted(set(ProgrammeState) - {DRAFT}):
        make.move(programme, state)
        for text in (page_of(client, programme), client.get("/").content.decode()):
            page = pages.parse(text)
            assert [tag for tag in ("script", "img") for each in page.iter(tag) if each.get("src") in {None, "x"}] == []
            assert [name for each in page.iter() for name in each.attrib if name.startswith("on")] == []


def test_pages_carry_no_inline_script_or_style(client, stage):
    programme, guest, typist, _host = stage
    exchange(programme, guest, typist)
    page = pages.parse(page_of(client, programme))
    assert [each for each in page.iter("script") if not each.get("src")] + list(page.iter("style")) == []
    assert [each for each in page.iter() if "style" in each.attrib] == []


def test_a_page_with_a_form_is_private_and_one_without_may_be_shared(client, stage):
    programme, _guest, _typist, _host = stage
    controls = [client.get(reverse("programme", args=[programme.pk]))["Cache-Control"]]
    make.move(programme, ENDED)
    controls.append(client.get(reverse("programme", args=[programme.pk]))["Cache-Control"])
    assert ["private" in control for control in controls] == [True, False]
    assert ["no-cache" in control for control in controls] == [True, True]
    client.force_login(make.user())
    assert "private" in client.get(reverse("programme", args=[programme.pk]))["Cache-Control"]


def test_a_page_that_takes_questions_knows_its_visitor_again(client):
    programme = make.programme()
    page_of(client, programme)
    assert client.cookies["visitor"]["httponly"]
    make.move(programme, ENDED)
    client.cookies.clear()
    page_of(client, programme)
    assert "visitor" not in client.cookies


def test_the_calendar_file_and_the_code_are_served_as_what_they_are(client):
    programme = make.programme()
    calendar, code = (client.get(reverse(name, args=[programme.pk])) for name in ("calendar", "qr"))
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"http://testserver/interviews/{programme.pk}/" in calendar.content.decode().replace("\r\n ", "")
    assert code["Content-Type"] == "image/svg+xml"


# ── Page before + frames after == page after ─────────────────────────────────────────────────────────────────────────


def happen(programme, guest, typist, host):
    """Everything that readers are told of, one verb after the other."""
    editor = make.editor()
    waiting = make.approved(programme)
    yield "a question waits"
    questions.put(question=waiting, guest=guest, by=host)
    yield "it is put to a guest"
    questions.put_back(question=waiting, by=host)
    yield "it is put back"
    remark = transcript.publish_remark(programme=programme, text="大家好。", guest=guest, by=typist)
    yield "a guest speaks"
    answers.answer(question=waiting, guest=guest, text="请看 http://www.hubin.example/water。", by=typist)
    yield "it is answered"
    transcript.revise(entry=remark, text="各位好。", reason="口误", seen=1, by=typist)
    yield "a remark is corrected"
    asked = Entry.objects.get(kind="question")
    transcript.revise(entry=asked, text="更正后的提问。", seen=1, by=typist)
    yield "a question is corrected"
    transcript.withdraw(entry=asked, reason="涉及个人隐私", by=typist)
    yield "a question is withdrawn"
    transcript.withdraw(entry=Entry.objects.get(kind="answer"), reason="误发", by=typist)
    yield "an answer is withdrawn"
    other = make.approved(programme)
    questions.withdraw(other)
    yield "an asker takes a question back"
    schedule.plan(programme=programme, planned_minutes=90, by=editor)
    yield "the plan changes"
    schedule.extend(programme=programme, minutes=10, by=host)
    yield "it is extended"


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_the_page_before_with_the_frames_after_is_the_page_after(client, stage, order):
    programme, guest, typist, host = stage
    transcript.publish_remark(programme=programme, text="开场。", by=host)
    page = pages.parse(page_of(client, programme, order=order))
    seen = len(make.events(f"stage:{programme.pk}"))
    for step in happen(programme, guest, typist, host):
        told = make.events(f"stage:{programme.pk}")
        for event in told[seen:]:
            pages.apply(page, event.html)
        seen = len(told)
        assert (step, pages.shown(page, *FED)) == (step, pages.shown(pages.parse(page_of(client, programme, order=order)), *FED))


def test_the_law_holds_after_the_close_too(client, stage):
    programme, _guest, _typist, host = stage
    owed = make.approved(programme)
    schedule.close(programme=programme, by=host)
    page = pages.parse(page_of(client, programme))
    seen = len(make.events(f"stage:{programme.pk}"))
    answers.answer_in_writing(question=owed, text="已经修好。", by=make.editor())
    for event in make.events(f"stage:{programme.pk}")[seen:]:
        pages.apply(page, event.html)
    assert pages.shown(page, *FED) == pages.shown(pages.parse(page_of(client, programme)), *FED)


@pytest.mark.parametrize("verb", ["postpone", "cancel"])
def test_the_state_bar_follows_what_an_editor_decides(client, verb):
    programme = make.programme()
    make.approved(programme)
    page = pages.parse(page_of(client, programme))
    seen = len(make.events(f"stage:{programme.pk}"))
    getattr(schedule, verb)(programme=programme, notice="另行通知。", by=make.editor())
    for event in make.events(f"stage:{programme.pk}")[seen:]:
        pages.apply(page, event.html)
    assert pages.shown(page, *FED) == pages.shown(pages.parse(page_of(client, programme)), *FED)
