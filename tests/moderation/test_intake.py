"""From a browser's text to a numbered question with a receipt, or to a sentence and nothing stored."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from altcha import PayloadV1, solve_challenge_v1
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.callers import Caller
from interview.models import Question
from interview.states import ProgrammeState, QuestionState
from moderation import challenge, decisions, intake, rules, vocabulary, word_lists
from moderation.models import Lease, Record
from realtime.commands import Refused
from realtime.models import Event
from tests import scenes as make
from tests.faults.points import STATEMENTS, UNSTORED

LI = Caller(user=None, visitor="visitor-li", address="192.0.2.1")
WANG = Caller(user=None, visitor="visitor-wang", address="192.0.2.2")
TEXT = "我们小区的水压什么时候恢复？"

pytestmark = pytest.mark.django_db


def receive(programme, caller=LI, **changes):
    return intake.receive(programme=programme, caller=caller, **({"nickname": "湖滨老李", "text": TEXT, "token": uuid4()} | changes))


def refused(programme, caller=LI, **changes):
    before = Question.objects.count(), Event.objects.count()
    with pytest.raises(Refused) as caught:
        receive(programme, caller, **changes)
    assert (Question.objects.count(), Event.objects.count()) == before
    return caught.value


@pytest.fixture
def programme():
    return make.programme(state=ProgrammeState.ANNOUNCED)


def test_a_question_is_stored_as_it_was_written(programme):
    token = uuid4()
    receipt = receive(programme, token=token)
    row = Question.objects.get()
    assert receipt == intake.Receipt(row, created=True)
    assert (row.nickname, row.text, row.client_token, row.visitor, row.address, row.state, row.number) == (
        "湖滨老李", TEXT, token, "visitor-li", "192.0.2.1", QuestionState.RECEIVED, 1,
    )  # fmt: skip


def test_it_passes_the_statements_at_which_the_fault_tests_let_a_process_die(programme):
    with CaptureQueriesContext(connection) as said:
        receive(programme)
    passed = [what for query in said.captured_queries for what, pattern in STATEMENTS.items() if pattern.match(query["sql"])]
    # In this order, each of them before and after.
    assert [f"{when} {what}" for what in dict.fromkeys(passed) for when in ("before", "after")] == list(UNSTORED[:-1])


def test_it_arrives_in_the_inbox_with_its_words_and_without_who_sent_it(programme):
    question = receive(programme).question
    event = make.events(f"inbox:{programme.pk}")[0]
    assert (event.kind, event.data) == ("question.arrived", {"id": str(question.pk), "question": question.label, "state": "received"})
    assert TEXT in event.html
    assert "visitor-li" not in event.html
    assert "192.0.2.1" not in event.html


def test_it_reaches_no_other_topic_before_it_is_approved(programme):
    receive(programme)
    assert set(Event.objects.values_list("topic__name", flat=True)) == {f"inbox:{programme.pk}"}


@pytest.mark.parametrize("text", ["", " ", "\n\t　 ", "\u200b\u200b\u2060", "\u3164\u115f", "\u202e\u202c", "\x00\x07"])
def test_nothing_to_read_is_no_question(programme, text):
    refusal = refused(programme, text=text)
    sentence = "请写下您的提问。空格和看不见的字符不算文字。"
    assert (refusal.code, refusal.detail, refusal.fields) == ("invalid", sentence, {"text": [sentence]})


@pytest.mark.parametrize(("length", "more"), [(1_001, 1), (100_000, 99_000), (300_000, 299_000)])
def test_a_long_question_is_told_its_length(programme, length, more):
    refusal = refused(programme, text="水" * length)
    assert (refusal.code, refusal.detail) == ("invalid", f"提问有{length}字，最多1000字，请删去{more}字。")


def test_a_thousand_characters_are_accepted_whatever_they_take_in_memory(programme):
    assert receive(programme, text="𠮷" * 1_000).question.text == "𠮷" * 1_000


def test_a_new_line_counts_once_however_the_browser_sends_it(programme):
    assert receive(programme, text="\r\n".join(["水" * 499, "水" * 500])).question.text == "水" * 499 + "\n" + "水" * 500


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("水\x00压\x1b[31m？", "水压[31m？"),
        ("\u202e？压水\u202c水压？", "？压水水压？"),
        ("水\u200b压\ufeff？", "水压？"),
        ("<script>alert(1)</script><b>水压</b>", "<script>alert(1)</script><b>水压</b>"),
        ("👨‍👩‍👧‍👦的水压😀？", "👨‍👩‍👧‍👦的水压😀？"),
        ("𠮷野家的水压", "𠮷野家的水压"),
        ("é", "é"),
        ("水" + "\u0336" * 50, "水" + "\u0336" * 2),
    ],
)
def test_what_cannot_be_seen_goes_and_what_can_stays(programme, sent, stored):
    assert receive(programme, text=sent).question.text == stored


def test_markup_is_shown_as_text(programme):
    receive(programme, text="<script>alert(1)</script>", nickname="<b>老李</b>")
    html = make.events(f"inbox:{programme.pk}")[0].html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html
    assert "<b>老李" not in html


def test_an_empty_nickname_is_an_anonymous_netizen(programme):
    question = receive(programme, nickname=" \u200b ").question
    assert (question.nickname, question.asker) == ("", "匿名网友")


def test_a_long_nickname_is_told_its_length(programme):
    assert refused(programme, nickname="李" * 21).fields == {"nickname": ["昵称有21字，最多20字，请删去1字。"]}


@pytest.mark.parametrize(
    ("nickname", "sentence"),
    [
        ("主 持 人", "昵称里不能用“主持人”，以免被当成工作人员或单位。请换一个昵称，或者留空，以“匿名网友”的名义提问。"),
        ("陈志远", "“陈志远”是本期嘉宾或工作人员的姓名，不能用作昵称。请换一个昵称，或者留空，以“匿名网友”的名义提问。"),
        ("何清", "“何清”是本期嘉宾或工作人员的姓名，不能用作昵称。请换一个昵称，或者留空，以“匿名网友”的名义提问。"),
        ("湖滨水厂", "“湖滨水厂”是本期的单位或职务，不能用作昵称。请换一个昵称，或者留空，以“匿名网友”的名义提问。"),
        ("首席工程师", "“首席工程师”是本期的单位或职务，不能用作昵称。请换一个昵称，或者留空，以“匿名网友”的名义提问。"),
    ],
)
def test_a_borrowed_nickname_is_refused_with_a_remedy(nickname, sentence):
    programme = make.programme(unit=make.organisation(name="湖滨水厂"))
    make.guest(programme, name="陈志远", post="首席工程师")
    make.seated(programme, "host", user=make.user(name="何清"))
    assert refused(programme, nickname=nickname).fields == {"nickname": [sentence]}


def test_all_that_is_wrong_is_told_at_once(programme):
    assert set(refused(programme, nickname="主持人", text="", token="x").fields) == {"nickname", "text", "token"}


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1", None, "00000000-0000-0000-0000-00000000000"])
def test_a_token_must_be_one(programme, token):
    assert set(refused(programme, token=token).fields) == {"token"}


def test_without_a_cookie_nothing_is_stored_and_the_remedy_is_told(programme):
    refusal = refused(programme, Caller(user=None, visitor=None, address="192.0.2.1"))
    assert (refusal.code, refusal.detail) == (
        "no_visitor", "浏览器没有接受本站的 Cookie，提问没有提交。请允许 Cookie 后刷新页面，再提交一次。",
    )  # fmt: skip


@pytest.mark.parametrize("state", sorted(set(ProgrammeState) - {ProgrammeState.ANNOUNCED, ProgrammeState.LIVE}))
def test_a_programme_that_takes_no_questions_says_so_and_counts_nothing(state):
    programme = make.programme(state=state)
    assert [refused(programme).code for _attempt in range(3)] == ["closed"] * 3


@pytest.mark.parametrize(("state", "origin"), [(ProgrammeState.ANNOUNCED, "before"), (ProgrammeState.LIVE, "live")])
def test_the_origin_is_set_by_the_door(state, origin):
    assert receive(make.programme(state=state)).question.origin == origin


def test_the_second_question_within_ten_seconds_is_told_when_to_come_again(clock, programme):
    receive(programme)
    clock.shift(2)
    refusal = refused(programme)
    assert (refusal.code, refusal.detail) == ("throttled", "提问太频繁了，请在 8 秒后再提交。您写的内容还在。")
    clock.shift(8.5)
    assert receive(programme).question.number == 2


def test_a_rehearsal_is_played_from_one_machine(settings):
    settings.ASK_LIMITS_PER_ADDRESS = ["1/day"]
    programme = make.programme(rehearsal=True)
    receive(programme)
    receive(programme, Caller(user=None, visitor="visitor-wang", address="192.0.2.1"))
    assert Question.objects.count() == 2


def test_the_same_token_again_is_the_same_receipt_and_counts_against_no_limit(programme):
    token = uuid4()
    first = receive(programme, token=token)
    again = [receive(programme, token=token) for _retry in range(5)]
    assert again == [intake.Receipt(first.question, created=False)] * 5
    assert make.kinds(f"inbox:{programme.pk}") == ["question.arrived"]


def test_the_same_token_after_the_close_is_still_the_same_receipt(programme):
    token = uuid4()
    first = receive(programme, token=token)
    make.move(programme, ProgrammeState.ENDED)
    assert receive(programme, token=token) == intake.Receipt(first.question, created=False)


@pytest.mark.parametrize("change", [{"text": "另一个问题"}, {"nickname": "别人"}, {"caller": WANG}])
def test_the_same_token_for_something_else_is_refused(programme, change):
    token = uuid4()
    receive(programme, token=token)
    assert refused(programme, **({"token": token} | change)).code == "conflict"


@pytest.mark.parametrize(
    ("address", "stored"),
    [("192.0.2.1:8080", "192.0.2.1"), ("2001:db8::1%eth0", "2001:db8::1"), ("unknown", None), ("0.0.0.0", None), ("", None)],
)
def test_only_an_address_is_stored_as_one(programme, address, stored):
    assert receive(programme, Caller(user=None, visitor="visitor-li", address=address)).question.address == stored


def test_withdrawn_words_leave_the_log_of_moderators_and_readers(programme):
    moderator = make.seated(programme, "moderator")
    question = receive(programme, text="我的电话写错了").question
    decisions.approve(question=question, by=moderator)
    intake.withdraw(token=question.receipt_token)
    question.refresh_from_db()
    assert question.state == QuestionState.WITHDRAWN
    topics = [f"inbox:{programme.pk}", f"stage:{programme.pk}", f"receipt:{question.receipt_token}"]
    assert [event.html for topic in topics for event in make.events(topic) if "我的电话写错了" in event.html] == []
    last = make.events(f"inbox:{programme.pk}")[-1]
    assert (last.data["id"], last.data["state"]) == (str(question.pk), "withdrawn")
    assert f'id="inbox-{question.pk}"' in last.html
    assert f'id="decided-{question.pk}"' in last.html
    assert last.html.count("data-gone") == 2


def test_a_withdrawn_question_is_held_by_nobody(programme):
    question = receive(programme).question
    Lease.objects.create(question=question, moderator=make.user(), until=question.received_at)
    intake.withdraw(token=question.receipt_token)
    assert Lease.objects.count() == 0


@pytest.mark.parametrize("state", [QuestionState.ANSWERED, QuestionState.DECLINED, QuestionState.WITHDRAWN])
def test_what_is_over_cannot_be_withdrawn(programme, state):
    question = make.question(programme, state=state)
    with pytest.raises(Refused) as caught:
        intake.withdraw(token=question.receipt_token)
    assert caught.value.code == "conflict"


def test_a_forged_receipt_withdraws_nothing():
    with pytest.raises(Question.DoesNotExist):
        intake.withdraw(token="x" * 27)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_the_same_token_at_the_same_moment_is_one_question(round_):
    programme, token, crowd = make.programme(), uuid4(), 6
    together = Barrier(crowd)

    def send(_sender):
        try:
            together.wait(timeout=120)
            return receive(programme, token=token)
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as threads:
        receipts = list(threads.map(send, range(crowd)))
    assert sum(receipt.created for receipt in receipts) == 1
    assert {receipt.question.pk for receipt in receipts} == {Question.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_many_questions_of_one_visitor_at_the_same_moment_are_one():
    programme, crowd = make.programme(), 6
    together = Barrier(crowd)

    def send(_sender):
        try:
            together.wait(timeout=120)
            return receive(programme)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as threads:
        answers = list(threads.map(send, range(crowd)))
    assert sorted(map(str, answers)).count("throttled") == crowd - 1
    assert Question.objects.count() == 1


def listed(consequence, *words):
    editor = make.editor()
    row = word_lists.create(name=consequence, category="广告", consequence=consequence, pinyin=False, by=editor)
    word_lists.add(word_list=row, text="\n".join(words), by=editor)
    vocabulary.forget()


def test_personal_data_is_masked_in_what_is_shown_and_kept_whole_beside_it(programme):
    text = "我家水压低，请打13800138000。"
    question = receive(programme, text=text).question
    assert question.text == "我家水压低，请打［手机号］。"
    wording = question.wordings.get()
    assert (wording.number, wording.text, wording.by) == (1, text, None)
    assert [(row["kind"], row["category"], row["start"], row["end"]) for row in wording.findings] == [("personal", "mobile", 8, 19)]
    assert [event for event in Event.objects.all() if "13800138000" in f"{event.html}{event.data}"] == []


def test_the_same_text_with_personal_data_sent_twice_is_one_question(programme):
    token, text = uuid4(), "请打13800138000。"
    first = receive(programme, text=text, token=token).question
    assert receive(programme, text=text, token=token) == intake.Receipt(first, created=False)
    assert refused(programme, text="请打13900139000。", token=token).code == "conflict"
    assert first.wordings.count() == 1


def test_a_word_that_puts_on_hold_puts_the_question_aside_and_says_so_on_the_record(programme):
    listed("hold", "加微信")
    question = receive(programme, text="水压低，请加-微·信细说。").question
    assert question.state == QuestionState.RECEIVED
    assert (question.hold.kind, question.hold.words, question.hold.by) == ("held", "词表：广告", None)
    assert list(Record.objects.filter(question=question).values_list("action", "by", "data")) == [("hold", None, {"categories": ["广告"]})]


def test_a_word_that_is_refused_is_told_and_nothing_is_stored_or_counted(programme):
    listed("refuse", "代办证件")
    refusal = refused(programme, text="本人代 办 证 件，请联系。")
    assert (refusal.code, refusal.fields) == ("invalid", {"text": ["请改写“代办证件”。"]})
    assert refusal.detail == "提问里有“代办证件”，按本站规定不能提交。请改写以后再提交；您写的内容还在。"
    assert receive(programme).created is True


def test_a_marked_word_changes_nothing_but_what_moderators_see(programme):
    listed("mark", "水压")
    question = receive(programme).question
    assert (question.text, [row["found"] for row in question.wordings.get().findings]) == (TEXT, ["水压"])
    assert Record.objects.filter(question=question).count() == 0


def guarded(programme, **changes):
    settings = {"two_stage": False, "challenge": "never", "sign_in_required": False, "supports_hidden": False}
    rules.change(programme=programme, by=make.editor(), **(settings | changes))


def solution_for(programme, caller, monkeypatch):
    monkeypatch.setattr(challenge, "HARDNESS", 100)
    given = challenge.make(programme=programme, visitor=caller.visitor)
    number = solve_challenge_v1(given["challenge"], given["salt"], given["algorithm"], given["maxNumber"]).number
    return PayloadV1(given["algorithm"], given["challenge"], number, given["salt"], given["signature"]).to_base64()


def test_where_a_challenge_is_wanted_a_question_needs_a_solution_and_the_same_token_needs_none_again(programme, monkeypatch):
    guarded(programme, challenge="always")
    assert refused(programme).code == "challenge"
    token, solution = uuid4(), solution_for(programme, LI, monkeypatch)
    first = receive(programme, token=token, solution=solution)
    assert receive(programme, token=token) == intake.Receipt(first.question, created=False)
    assert refused(programme, WANG, solution=solution).code == "challenge"


def test_where_sign_in_is_required_strangers_are_told_and_accounts_may_ask(programme):
    guarded(programme, sign_in_required=True)
    assert refused(programme).code == "sign_in"
    citizen = Caller(user=make.user(), visitor="visitor-zhao", address="192.0.2.3")
    assert receive(programme, citizen).created is True


@pytest.mark.parametrize("role", ["host", "moderator", "stenographer"])
def test_staff_of_the_programme_cannot_ask_as_netizens(programme, role):
    caller = Caller(user=make.seated(programme, role), visitor="visitor-li", address="192.0.2.1")
    assert refused(programme, caller).code == "forbidden"


def test_an_editor_cannot_either_and_who_works_elsewhere_can(programme):
    editor = Caller(user=make.editor(), visitor="visitor-li", address="192.0.2.1")
    assert refused(programme, editor).code == "forbidden"
    elsewhere = make.seated(make.programme(), "moderator")
    assert receive(programme, Caller(user=elsewhere, visitor="visitor-li", address="192.0.2.1")).created is True


def test_a_closed_programme_asks_no_work_of_anybody():
    programme = make.programme(state=ProgrammeState.ENDED)
    guarded(programme, challenge="always", sign_in_required=True)
    assert refused(programme).code == "closed"
