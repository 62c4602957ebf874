"""All that is noticed in one look, the numbers of the aim, and texts made to be slow."""

from moderation.screening.findings import Consequence, Kind
from moderation.screening.screened import Rules, Screened, screen
from moderation.screening.words import WordList, Words
from tests.moderation.screening.bombs import bombs
from tests.moderation.screening.evasions import FRAMES, LIST, TERMS, evasions

WORDS = Words([WordList("广告联系", "广告", Consequence.HOLD, ["加微信"])])
# Spelt, interposed, Latin, and with innocent phrases around them.
EVERY_WAY = Words([LIST], innocent=["微信支付"])


def test_everything_is_noticed_and_only_personal_data_is_masked() -> None:
    text = "加-微-信 13812345678！！！看www.example.com"
    screened = screen(text, words=WORDS)
    assert [(finding.kind, finding.category, text[finding.start : finding.end]) for finding in screened.findings] == [
        (Kind.WORD, "广告", "加-微-信"),
        (Kind.PERSONAL, "mobile", "13812345678"),
        (Kind.MANNERS, "shouting", "！！！"),
        (Kind.LINK, "link", "www.example.com"),
    ]
    assert screened.masked == "加-微-信 ［手机号］！！！看www.example.com"
    assert screened.consequence is Consequence.HOLD


def test_an_ordinary_question_is_as_it_was() -> None:
    assert screen("请问什么时候恢复供水？", words=WORDS) == Screened((), "请问什么时候恢复供水？")
    assert screen("", words=Words()).consequence is None


def test_an_editor_says_what_follows() -> None:
    rules = Rules(personal=Consequence.MARK, links=Consequence.REFUSE, manners=Consequence.HOLD)
    screened = screen("13812345678！！！看a.cn", words=Words(), rules=rules)
    assert [finding.consequence for finding in screened.findings] == [Consequence.MARK, Consequence.HOLD, Consequence.REFUSE]
    assert screened.consequence is Consequence.REFUSE


def test_of_hundreds_of_evasions_98_in_a_hundred_are_found() -> None:
    words = Words([LIST])
    tried = list(evasions())
    missed = [evasion for evasion in tried if evasion.term not in {finding.found for finding in words.find(evasion.text)}]
    assert (len(TERMS), len(tried)) == (30, 696)
    assert len(missed) * 100 <= len(tried) * 2, missed


def test_the_sentences_around_them_are_innocent() -> None:
    assert [before + after for before, after in FRAMES if Words([LIST]).find(before + after)] == []


def test_a_text_made_to_be_slow_is_looked_at_to_its_end() -> None:
    # Twice as long as a question may be; bench/screening.py says what fifty kilobytes of each take.
    end = "\n\n电话13812345678"
    cut_short = [bomb[:20] for bomb in bombs(2_000) if not screen(bomb + end, words=EVERY_WAY).masked.endswith("\n\n电话［手机号］")]
    assert cut_short == []
