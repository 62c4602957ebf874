"""No private word reaches anybody without rights: not in a page, a feed, a log, a file or an error (T-03)."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts import visitors
from archive import portal
from archive.models import Publication
from interview import answers, questions, schedule, transcript
from interview.models import Programme, Question, Seat
from interview.states import ProgrammeState
from moderation import decisions, edits, holds, intake, notes, throttle, word_lists
from moderation.models import Appeal, Block, Report, Wording
from realtime import log, publishing
from realtime.models import Topic
from realtime.protocol import Dialect, encode_event
from tests import scenes as make
from tests.canaries import Canaries, Stranger, bytes_of

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

AROUND = "我们小区的夜间水压最近常常不足，六楼以上的住户在晚上用水都有困难，请问什么时候能够恢复正常，有没有具体的安排，编号"

SITE = ["/", "/nothing/", "/staff/", "/archive/", "/healthz", "/interviews/nothing/", "/receipts/nothing/"]
OF_A_PROGRAMME = ["programme", "screening", "ask", "challenge", "calendar", "inbox", "rules", "records", "desk", "proof"]


@pytest.fixture(autouse=True)
def a_portal_of_its_own(settings, tmp_path):
    settings.PORTAL_ROOT, settings.MEDIA_ROOT = tmp_path / "portal", tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    throttle.forget()
    yield tmp_path / "portal"
    throttle.forget()


class Company:
    """One programme in which everything private is a canary."""

    def __init__(self, portal_root):
        self.canaries = Canaries()
        self.portal_root = portal_root
        self.stranger = Stranger(self.canaries)
        self.asked = 0
        self.programme = make.programme(state=ProgrammeState.LIVE)
        self.guest = make.guest(self.programme)
        self.editor = make.editor()
        self.host = make.seated(self.programme, "host")
        self.speaker = make.seated(self.programme, "guest", guest=self.guest)
        self.chen, self.lin = (
            make.seated(self.programme, "moderator", user=make.user(name=self.hide(f"{who}'s name"))) for who in ("chen", "lin")
        )

    def hide(self, name, value=""):
        return self.canaries.hide(name, value)

    def ask(self, name, text="", around=AROUND):
        """Somebody asks by the form, from an address and with a browser of their own; everything about it is private at first."""
        self.asked += 1
        client = Client(REMOTE_ADDR=self.hide(f"{name}: address", f"2001:db8:{self.asked:x}:{uuid4().hex[:4]}::{uuid4().hex[4:8]}"))
        words = f"{around}{self.hide(f'{name}: text')}{text}"
        sent = {"nickname": self.hide(f"{name}: nickname")[:20], "text": words, "token": str(uuid4())}
        self.hide(f"{name}: nickname", sent["nickname"])
        self.hide(f"{name}: client token", sent["token"])
        response = client.post(reverse("ask", args=[self.programme.pk]), sent)
        assert response.status_code == 302, response.content.decode()
        question = Question.objects.get(receipt_token=response["Location"].split("/")[-2])
        self.hide(f"{name}: receipt", question.receipt_token)
        self.hide(f"{name}: visitor", visitors.read(client.cookies["visitor"].value).key)
        self.hide(f"{name}: digest", question.digest)
        return question

    def publish(self, name):
        """The words and the name of the asker are public now."""
        self.canaries.show(f"{name}: text")
        self.canaries.show(f"{name}: nickname")

    def unpublish(self, name):
        self.hide(f"{name}: text")
        self.hide(f"{name}: nickname")

    def leaks(self, *private_addresses):
        """Where anything private is seen now by those without rights; `private_addresses` are those of another asker."""
        topics = list(Topic.objects.values_list("name", flat=True))
        heads = log.heads(topics)
        addresses = [*SITE, *private_addresses, *(reverse(name, args=[self.programme.pk]) for name in OF_A_PROGRAMME)]
        addresses.append(f"{reverse('screening', args=[self.programme.pk])}?format=json")
        addresses += [f"{reverse('support', args=[self.programme.pk])}?question={row.pk}" for row in Question.objects.all()]
        for name, head in heads.items():
            # Of a receipt the address is the secret itself: whoever knows it is its asker.
            if not name.startswith("receipt:"):
                addresses += [f"/log/{name}/tip.json", f"/log/{name}/{head.epoch}/{head.generation}/0.json"]
        found = self.stranger.read(addresses)
        for dialect in Dialect:
            for record in log.since(topic=f"stage:{self.programme.pk}", after=0, limit=10_000):
                event = bytes(encode_event(*record, dialect=dialect))
                found += [(name, disguise, f"event {record.number} {dialect}") for name, disguise in self.canaries.seen_in(event)]
        outsider = Client()
        outsider.force_login(make.user())
        for address in (reverse(name, args=[self.programme.pk]) for name in ("inbox", "edit", "decline", "note", "desk")):
            found += [(name, disguise, address) for name, disguise in self.canaries.seen_in(bytes_of(outsider.get(address)))]
        for file in sorted(path for path in self.portal_root.rglob("*") if path.is_file()):
            found += [(name, disguise, str(file)) for name, disguise in self.canaries.seen_in(file.read_bytes())]
        return found


@pytest.fixture
def company(a_portal_of_its_own):
    return Company(a_portal_of_its_own)


def neighbour(company):
    """The addresses of somebody who asked too, whose own receipt is no secret to them."""
    question = company.ask("neighbour")
    for name in ("text", "nickname", "receipt"):
        company.canaries.show(f"neighbour: {name}")
    return question, [
        question.get_absolute_url(),
        f"{question.get_absolute_url()}withdraw/",
        f"/log/receipt:{question.receipt_token}/tip.json",
    ]


def put_words_beside(company, question):
    """Everything staff write that nobody else may read."""
    holds.hold(question=question, words=company.hide("hold"), by=company.chen)
    holds.escalate(question=question, words=company.hide("escalation"), by=company.chen)
    holds.resume(question=question, by=company.editor)
    holds.ask_back(question=question, words=company.hide("word to an asker"), by=company.chen)
    notes.add(question=question, words=company.hide("note"), by=company.lin)


def put_rows_beside(company, question):
    """What readers and askers tell moderators, and what moderators tell one of them."""
    Report.objects.create(
        question=question, visitor=company.hide("reporter", "r" + uuid4().hex[:21]), address="2001:db8::9",
        reason=Report.Reason.OTHER, words=company.hide("report"),
    )  # fmt: skip
    Block.objects.create(
        programme=company.programme, visitor=company.hide("blocked visitor", "b" + uuid4().hex[:21]), reason=company.hide("block"),
        by=company.chen, appeal_token=company.hide("appeal token"), appeal_words=company.hide("appeal against a block"),
    )  # fmt: skip


def fill_a_segment(company):
    """A hundred events more, so that what was said before them stands in a segment that caches keep."""
    with transaction.atomic():
        for _event in range(log.SEGMENT):
            publishing.publish(topic=f"stage:{company.programme.pk}", kind="question.changed", data={}, html="")


def test_no_private_word_is_seen_at_any_stage_of_a_programme(company):
    programme, chen, lin = company.programme, company.chen, company.lin
    words = word_lists.create(name=company.hide("list")[:20], category="other", consequence="hold", pinyin=False, by=company.editor)
    listed = company.hide("listed word", f"听水楼{uuid4().hex[:6]}")
    word_lists.add(word_list=words, text=listed, by=company.editor)
    phone = company.hide("telephone number", "13912345678")
    beside, own = neighbour(company)

    asked = {name: company.ask(name) for name in ("waiting", "approved", "declined", "withdrawn", "taken back", "answered")}
    edited = company.hide("words edited away", uuid4().hex[:12])
    asked["edited"] = company.ask("edited", edited)
    asked["personal"] = company.ask("personal", f"，我的电话是{phone}。")
    asked["held"] = company.ask("held", f"，说的是{listed}的事。")
    put_words_beside(company, asked["waiting"])
    assert [company.leaks(*own), Wording.objects.filter(text__contains=phone).count()] == [[], 1]

    for name in ("approved", "withdrawn", "taken back", "edited", "answered", "personal"):
        decisions.approve(question=asked[name], by=chen)
        company.publish(name)
    company.canaries.show("words edited away")
    decisions.approve(question=beside, by=chen)
    decisions.decline(question=asked["declined"], reason="legal", words=company.hide("word of a decline"), by=lin)
    put_rows_beside(company, asked["approved"])
    assert [company.leaks(*own), phone in str(Question.objects.values_list("text"))] == [[], False]

    fill_a_segment(company)
    assert company.leaks(*own) == []
    # What the public has read is taken from it: an edit, a decision taken back, a withdrawal.
    company.hide("words edited away", edited)
    edits.edit(question=asked["edited"], text=asked["edited"].text.replace(edited, "略"), seen=1, by=chen)
    decisions.take_back(question=asked["taken back"], by=chen)
    intake.withdraw(token=asked["withdrawn"].receipt_token)
    for name in ("taken back", "withdrawn"):
        company.unpublish(name)
    Appeal.objects.create(question=asked["declined"], kind=Appeal.Kind.APPEAL, words=company.hide("appeal"), against=lin)
    assert company.leaks(*own) == []

    questions.put(question=asked["answered"], guest=company.guest, by=company.host)
    seat = Seat.objects.get(user=company.speaker)
    answers.save_draft(question=asked["answered"], seat=seat, text=company.hide("draft"))
    answers.answer(question=asked["answered"], guest=company.guest, text="今晚八点前恢复。", by=company.host)
    remark = transcript.publish_remark(programme=programme, text=f"这一句{company.hide('slip')}要撤下。", by=company.host)
    transcript.withdraw(entry=remark, reason="口误", by=company.editor)
    assert company.leaks(*own) == []

    schedule.close(programme=programme, by=company.host)
    portal.publish(programme=Programme.objects.get(pk=programme.pk), by=company.editor)
    assert company.leaks(*own) == []
    # What is public is seen: nothing was overlooked because nothing was read.
    company.unpublish("answered")
    seen = {place for name, _disguise, place in company.leaks(*own) if name == "answered: text"}
    folder = Publication.objects.get().folder
    files = {f"{company.portal_root}/{folder}/{name}" for name in ("index.html", "transcript.json", "transcript.txt")}
    assert seen >= files | {reverse("programme", args=[programme.pk]), f"/archive/{folder}/transcript.json"}
    assert {place.split()[-1] for place in seen if place.startswith("event ")} == set(Dialect)


@pytest.mark.parametrize("disguise", ["{}", "{:.16}", '{{"text":"{}"}}', "data:{}"])
def test_a_canary_that_is_out_is_noticed(disguise):
    canaries = Canaries()
    secret = canaries.hide("secret")
    assert {name for name, _disguise in canaries.seen_in(disguise.format(secret).encode())} == {"secret"}
    canaries.show("secret")
    assert canaries.seen_in(secret.encode()) == []
