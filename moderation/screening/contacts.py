"""Ways to reach somebody elsewhere: e-mail addresses, and the accounts of messengers after the name of one."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from moderation.screening.folding import fold
from moderation.screening.skeleton import MARK, VOID


class Contact(StrEnum):
    """Where somebody can be reached."""

    EMAIL = "email"
    ACCOUNT = "account"


# Every repetition has an upper bound, and each pattern is tried only where its sign or word stands.
# They begin with one set of characters, because that is what is searched for fast.
_AT: Final = re.compile(r"[@(\[{<艾 ](?:(?<=@)|(?<=[(\[{<]) ?at ?[)\]}>]|(?<=艾)特|(?<=[a-z0-9] )at (?=[a-z0-9]))")
_DOT: Final = r"(?: ?[.。] ?| ?点 ?| ?[(\[{<] ?dot ?[)\]}>] ?| dot )"
# Read backwards from the sign.
_BOX: Final = re.compile(r" ?[a-z0-9][a-z0-9._%+\-]{0,63}")
_DOMAIN: Final = re.compile(
    rf" ?[a-z0-9][a-z0-9\-]{{0,62}}(?:{_DOT}[a-z0-9\-]{{1,63}}){{0,3}}{_DOT}(?:[a-z]{{2,}}(?![a-z0-9])|com|cn|net|org)"
)

# In a folded text: l and 1 are i there, 0 is o.
_MESSENGER: Final = re.compile(
    "[微威卫维薇vwq扣抠叩企加t电飞抖快陌小](?:(?<=[微威卫维薇v])[信芯]|(?<=w)(?:[xv]|eixin|echat|hatsapp)|(?<=v)x|(?<=q)[q号]|(?<=[扣抠叩])[扣抠叩]"
    "|(?<=企)鹅|(?<=加)[vq]|(?<=t)eiegram|(?<=电)报|(?<=飞)机号|(?<=抖)音号|(?<=快)手号|(?<=陌)陌|(?<=小)红书号)"
)
# One letter says it only before a colon.
_INITIAL: Final = re.compile(rf"(?<![a-z0-9])[qv][{VOID}{MARK} ]{{0,3}}(?=:)")
_FILLER: Final = re.compile(
    rf"(?:[{VOID}{MARK} \n:=\-→~,，、“”\"'(\[【]|号码?|账号|帐号|id|同号|联系|添加|群|我的?|你|加|是|为|在|有|搜索?|就是){{0,8}}"
)
_NAMED: Final = re.compile(r"[号:=是为→]|id")
_DIGITS: Final = re.compile(rf"[1-9](?:[{VOID}{MARK} \-.·_]{{0,2}}[0-9]){{4,11}}(?![0-9元万亿度吨年岁户人次多余个])")
# What goes on for longer is seen at once.
_NAME: Final = re.compile(rf"(?![a-z0-9]{{21}})[a-z](?:{VOID}?[a-z0-9_\-]){{5,19}}(?![a-z0-9@])")
_HOTLINE: Final = re.compile(r"1[012][0-9]{3}|9[56][0-9]{3}|20[0-9]{2}[01][0-9][0-3][0-9]")


def find(text: str, plain: str) -> Iterator[tuple[Contact, int, int]]:
    """Each address or account with the slice of the text it stands in; `plain` is the skeleton of the text."""
    yield from _emails(plain)
    yield from _accounts(text, plain)


def _emails(plain: str) -> Iterator[tuple[Contact, int, int]]:
    done = 0
    for sign in _AT.finditer(plain):
        domain = _DOMAIN.match(plain, sign.end())
        box = domain and _BOX.match(plain[max(done, sign.start() - 66) : sign.start()][::-1])
        if box and domain:
            done = domain.end()
            yield Contact.EMAIL, sign.start() - box.end(), done


def _accounts(text: str, plain: str) -> Iterator[tuple[Contact, int, int]]:
    folded = fold(text)
    ends = {folded.ends[word.end() - 1] for word in _MESSENGER.finditer(folded.text)}
    for end in sorted(ends.union(word.end() for word in _INITIAL.finditer(plain))):
        filler = _FILLER.match(plain, end)
        if filler is None:
            continue
        account = _account(plain, filler)
        if account:
            yield Contact.ACCOUNT, filler.end(), account


def _account(plain: str, filler: re.Match[str]) -> int:
    """Where the account ends that begins after these words; 0 if none does. They may say that one follows (微信号：…)."""
    start = filler.end()
    digits, name = _DIGITS.match(plain, start), _NAME.match(plain, start)
    if not digits and not name:
        return 0
    named = bool(_NAMED.search(filler[0]))
    if digits and (named or not _HOTLINE.fullmatch(re.sub("[^0-9]", "", digits[0]))):
        return digits.end()
    if name and (named or re.search(r"[0-9_\-]", name[0])):
        return name.end()
    return 0
