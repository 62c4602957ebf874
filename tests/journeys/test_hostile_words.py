"""Whatever anybody types, as a name, a question, an answer, a note or a title, is shown as it was typed and runs nowhere (T-47)."""

import json
import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from interview.text import clean
from tests.journeys.people import Company, gather, until_online
from tests.server import Server

pytestmark = pytest.mark.journey

# What runs calls boom(), or opens a dialog, or breaks the policy of the page: each is counted.
_WATCH = """
window.fired = [];
window.boom = (what) => window.fired.push(`boom ${what}`);
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => window.fired.push(name);
document.addEventListener("securitypolicyviolation", (event) => window.fired.push(`policy ${event.violatedDirective} ${event.blockedURI}`));
"""

PAYLOADS = [
    # Elements that run by themselves.
    "<script>boom(1)</script>",
    "<ScRiPt src=data:,boom(2)></sCrIpT>",
    "<<script>script>boom(3)<</script>/script>",
    "<script>boom(4)//",
    "</script><script>boom(5)</script>",
    "</textarea><script>boom(6)</script>",
    "</title><script>boom(7)</script>",
    "</style><script>boom(8)</script>",
    "<!--<script>boom(9)--></script>",
    "--><script>boom(10)</script><!--",
    "]]><script>boom(11)</script>",
    "<img src=x onerror=boom(12)>",
    "<img/src='x'/onerror='boom(13)'>",
    '<img src="x" onerror="boom(14)" alt="',
    "<svg onload=boom(15)>",
    "<svg><script>boom(16)</script></svg>",
    "<svg><animate onbegin=boom(17) attributeName=x dur=1s>",
    "<math><mi href='javascript:boom(18)'>x",
    "<body onload=boom(19)>",
    "<details open ontoggle=boom(20)>",
    "<video><source onerror=boom(21)></video>",
    "<iframe srcdoc='<script>parent.boom(22)</script>'></iframe>",
    "<object data='javascript:boom(23)'></object>",
    "<embed src='data:text/html,<script>boom(24)</script>'>",
    "<meta http-equiv=refresh content='0;url=javascript:boom(25)'>",
    "<base href='javascript:boom(26)//'>",
    "<link rel=stylesheet href='data:text/css,*{color:red}'>",
    "<style>@import 'javascript:boom(27)';</style>",
    "<form action='javascript:boom(28)'><button autofocus>x</button></form>",
    "<input autofocus onfocus=boom(29)>",
    "<a href='javascript:boom(30)'>x</a>",
    "<marquee onstart=boom(31)>x</marquee>",
    # Out of attributes, and through what makes links of text.
    '" autofocus onfocus="boom(32)',
    "' autofocus onfocus='boom(33)",
    "x onmouseover=boom(34) y=",
    "`onclick=boom(35)`",
    "javascript:boom(36)",
    "java\tscript:boom(37)",
    "http://x/\"onmouseover='boom(38)'",
    "data:text/html,<script>boom(39)</script>",
    # Templates and data.
    "{{7*7}}{% load i18n %}{{ request.user }}",
    "${boom(40)}#{boom(41)}<%= boom(42) %>",
    '","x":boom(43),"y":"',
    "\\u003cscript\\u003eboom(44)\\u003c/script\\u003e",
    '\\"};boom(45);//',
    "&lt;script&gt;boom(46)&lt;/script&gt;&#60;b&#62;",
    "=boom(47)+cmd|' /C calc'!A0",
    # Tricks of the alphabet: some of it is taken out when it comes, the rest stays what it is.
    "\u202e<script>boom(48)</script>\u202c",
    "\u2066<img src=x onerror=boom(49)>\u2069",
    "<scr\u0000ipt>boom(50)</scr\u0000ipt>",
    "<scr\u200bipt>boom(51)</scr\u200bipt>",
    "<\u017fcript>boom(52)</\u017fcript>",
    "\uff1cscript\uff1eboom(53)\uff1c/script\uff1e",
    "\u2028<script>boom(54)</script>\u2029",
    "\ufeff+ADw-script+AD4-boom(55)+ADw-/script+AD4-",
    "<b>\U0001f469\u200d\U0001f469\u200d\U0001f467</b><script>boom(56)</script>",
]
# What is asked, five payloads in each; what is said and answered holds all of them.
QUESTIONS = ["\n".join(PAYLOADS[at : at + 5]) for at in range(0, len(PAYLOADS), 5)]
TITLE = "</title></script><script>boom(60)</script>\"'><img src=x onerror=boom(61)>{{7*7}}"
UNIT = "<svg onload=boom(62)>\"'--></script><script>boom(63)</script>"
NAME = "周<img src=x onerror=boom(64)>\"'"

# Everything is stored as the doors clean it; what the limits of names cut off would be refused there.
_SEED = """
import json
from uuid import uuid4
from django.db import transaction
from interview import questions
from interview.models import Programme
from moderation import inbox, indexing, notes, vocabulary, wordings
from moderation.forms import AskForm
from organisations.models import Kind, Organisation
from accounts.models import User
programme = Programme.objects.get(pk="{programme}")
Programme.objects.filter(pk=programme.pk).update(title={title!r}, topic={title!r}, introduction={everything!r})
Programme.objects.filter(pk=programme.pk).update(unit=Organisation.objects.create(name={unit!r}, kind=Kind.ENTERPRISE))
programme.guests.update(name={name!r}, post={name!r})
moderator = User.objects.get(username={moderator!r})
asked = []
for text in {questions!r}:
    form = AskForm({{"nickname": text[:20], "text": text, "token": str(uuid4())}}, programme=programme)
    assert form.is_valid(), (text, form.errors)
    words = form.cleaned_data
    with transaction.atomic():
        question, _ = questions.submit(programme=programme, client_token=words["token"], nickname=words["nickname"], text=words["text"], digest=text,
                                       visitor=uuid4().hex, address=None)
        wordings.add(question=question, text=words["text"], by=None, findings=vocabulary.look(words["text"]).findings)
        indexing.remember(question)
        inbox.arrive(question)
    asked.append([question.receipt_token, question.text, question.asker])
notes.add(question=question, words={everything!r}[:500], by=moderator)
print(json.dumps(asked))
"""
_OPEN = """
from accounts.models import User
from interview import schedule
from interview.models import Programme
schedule.open(programme=Programme.objects.get(pk="{programme}"), by=User.objects.get(username={host!r}))
"""
# All that a programme goes through, while everybody's page is open: each step reaches them as a fragment.
_PLAY = """
from uuid import uuid4
from interview import answers, questions, transcript
from interview.models import Programme, Question
from accounts.models import User
from moderation import decisions, holds, merging
programme = Programme.objects.get(pk="{programme}")
moderator, host = (User.objects.get(username=name) for name in ({moderator!r}, {host!r}))
guest = programme.guests.get()
rows = list(programme.questions.order_by("number"))
declined, asked_back, held, merged, put, waiting, *rest = rows
decisions.decline(question=declined, reason="unclear", words=declined.text[:300], by=moderator)
holds.ask_back(question=asked_back, words=asked_back.text[:300], by=moderator)
holds.hold(question=held, words=held.text[:300], by=moderator)
merging.merge(question=merged, into=waiting, by=moderator)
for each in (put, *rest):
    decisions.approve(question=each, by=moderator)
questions.put(question=put, guest=guest, by=host)
for each in rest[:-3]:
    transcript.publish_remark(programme=programme, text={everything!r}, by=host, guest=guest, token=uuid4())
    answers.answer(question=each, guest=guest, text={everything!r}, by=host)
entry = transcript.publish_remark(programme=programme, text="x", by=host, token=uuid4())
transcript.revise(entry=entry, text={everything!r}, reason=rest[1].text[:100], seen=1, by=host)
transcript.withdraw(entry=transcript.publish_remark(programme=programme, text="x", by=host, token=uuid4()), reason=rest[2].text[:100], by=host)
"""
_CLOSE = """
from accounts.models import User
from archive import portal
from interview import schedule
from interview.models import Programme
programme, host = Programme.objects.get(pk="{programme}"), User.objects.get(username={host!r})
schedule.close(programme=programme, by=host)
portal.publish(programme=Programme.objects.get(pk=programme.pk), by=User.objects.get(username={editor!r}))
"""


def run(server: Server, company: Company, script: str, **words: object) -> str:
    people = {name: username for name, (username, _password) in company.people.items()}
    return server.manage("shell", "--no-imports", "-c", script.format(programme=company.programme, **{**people, **words}))


def squeezed(text: str) -> str:
    """Without white space, which pages set by themselves."""
    return re.sub(r"\s+", "", text)


class Watched:
    """A page that counts what runs in it, whatever it is sent to."""

    def __init__(self, page: Page) -> None:
        page.add_init_script(_WATCH)
        self.page = page
        self.dialogs: list[str] = []
        page.on("dialog", self._dismiss)

    def beside(self, address: str) -> "Watched":
        """Another page of the same person."""
        other = Watched(self.page.context.new_page())
        other.page.goto(address)
        return other

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def unharmed(self, *shown: str) -> None:
        """Nothing ran, nothing was let in as an element, and these texts stand on the page as they were typed."""
        found = self.page.evaluate(
            """() => ({
                fired: window.fired,
                scripts: [...document.scripts].filter((each) => !each.src && each.type !== "application/ld+json").map((each) => each.outerHTML),
                strange: [...document.querySelectorAll("iframe, object, embed, base, marquee, math, style, meta[http-equiv]")].map((each) => each.outerHTML),
                acting: [...document.querySelectorAll("*")].flatMap((each) => [...each.attributes])
                    .filter(({ name, value }) => name.startsWith("on") || /^\\s*(javascript|data|vbscript):/i.test(value) && /^(href|src|action|formaction)$/.test(name))
                    .map(({ name, value }) => `${name}=${value}`),
                text: document.documentElement.textContent + [...document.querySelectorAll("textarea, input")].map((each) => each.value).join(" "),
            })"""
        )
        text = squeezed(found.pop("text"))
        assert found == {"fired": [], "scripts": [], "strange": [], "acting": []}
        assert self.dialogs == []
        assert [each for each in shown if squeezed(each) not in text] == []


def test_nothing_that_anybody_types_runs_and_all_of_it_is_shown(server, new_person):
    assert len(PAYLOADS) >= 40
    company = gather(server, "hostile")
    everything = clean("\n".join(PAYLOADS))
    seeded = run(server, company, _SEED, everything=everything, questions=QUESTIONS, title=TITLE, unit=UNIT, name=NAME)
    asked = json.loads(seeded.strip().splitlines()[-1])
    texts, names = [text for _token, text, _asker in asked], [asker for *_rest, asker in asked]
    assert texts == [clean(text) for text in QUESTIONS]

    reader, asker = (Watched(new_person(name)) for name in ("reader", "asker"))
    reader.page.goto(company.page)
    reader.unharmed(TITLE, UNIT, NAME, everything)
    run(server, company, _OPEN)
    reader.page.goto(company.page)
    reader.unharmed(TITLE, UNIT, NAME)
    asker.page.goto(f"/receipts/{asked[0][0]}/")
    asker.unharmed(texts[0], names[0])
    guest, inbox = (Watched(new_person(name)) for name in ("guest", "editor"))
    company.enter(guest.page, "guest", "sheet")
    company.enter(inbox.page, "editor", "inbox")
    desk, typist = (inbox.beside(company.room(room)) for room in ("desk", "typist"))
    inbox.unharmed(*texts, *names)
    for each in (reader, asker, guest, inbox, desk, typist):
        until_online(each.page)

    # Everything happens while they look: what they see now came as fragments.
    run(server, company, _PLAY, everything=everything)
    declined, asked_back, held, merged, put, waiting, *rest = texts
    expect(asker.page.locator("#receipt-state")).to_have_attribute("data-state", "declined")
    expect(reader.page.locator(".entry[data-kind='answer']")).to_have_count(len(rest) - 3)
    expect(guest.page.locator("[data-list-of='sheet'] > section")).to_have_count(1)
    expect(inbox.page.locator("#count-all")).to_have_text("3")
    asker.unharmed(declined)
    reader.unharmed(*rest, put, everything)
    desk.unharmed(put, *rest[-3:])
    guest.unharmed(put)
    typist.unharmed(put)
    inbox.unharmed(waiting)

    # The same pages loaded now, and those that stand beside them.
    addresses = {
        company.page: (*rest, put, TITLE, everything),
        f"{company.page}screening/": (TITLE,),
        "/": (TITLE,),
        f"/receipts/{asked[1][0]}/rewrite/": (asked_back,),
        f"/receipts/{asked[3][0]}/": (merged,),
    }
    for address, shown in addresses.items():
        reader.page.goto(address)
        reader.unharmed(*shown)
    for each in (desk, typist):
        each.page.reload()
        each.unharmed(put)
    inbox.page.goto(f"{company.room('inbox')}?show=all")
    inbox.unharmed(asked_back, held, waiting)
    # The last thing that the page's scripts do when they are loaded: from then on it hears keys.
    expect(inbox.page.locator(".inbox-item[aria-current]")).to_have_count(1)
    for key in ("d", "m", "e"):
        inbox.page.keyboard.press(key)
        expect(inbox.page.get_by_role("dialog")).to_be_visible()
        inbox.unharmed(waiting)
        inbox.page.keyboard.press("Escape")
        expect(inbox.page.get_by_role("dialog")).to_have_count(0)

    # The archive: a page that is opened as a file, and data that is data.
    run(server, company, _CLOSE)
    proof = inbox.beside(company.room("proof"))
    expect(proof.page.get_by_role("button", name="重新写入归档")).to_be_visible()
    proof.unharmed(*rest[:-3])
    [written] = [path for path in server.portal.glob("**/transcript.json") if company.programme in path.read_text(encoding="utf-8")]
    archived = json.loads(written.read_text(encoding="utf-8"))
    assert [entry["text"] for entry in archived["entries"] if entry["kind"] == "answer"] == [everything] * len(rest[:-3])
    alone = Watched(new_person("reader years later", base_url=f"file://{written.parent}/"))
    alone.page.goto(f"file://{written.parent}/index.html")
    alone.unharmed(TITLE, UNIT, *rest, everything)
    described = alone.page.locator("script[type='application/ld+json']").all_text_contents()
    events = [node for each in described for node in json.loads(each)["@graph"] if node["@type"] == "Event"]
    assert [(event["name"], event["organizer"]["name"], event["description"]) for event in events] == [(TITLE, UNIT, everything)]
