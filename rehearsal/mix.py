"""Questions as they come on a bad day: the same again, advertising in disguise, personal data, abuse; for rehearsals of any size."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

import msgspec

from moderation.screening.checksums import check_digit
from rehearsal.script import Asked, Script, interview

# Script seconds between two questions, and from a question to its answer.
ASKED_EVERY = 10
ANSWERED_AFTER = 60

_PLACES = ("城东", "城西", "湖滨路", "桥北", "老街", "新港", "体育场旁", "南门", "站前", "开发区")
_MATTERS = ("水压", "自来水的颜色", "水表读数", "二次供水的水箱", "消火栓", "管道抢修", "停水通知", "水费账单", "加压泵", "入户管")
_COMPLAINTS = ("一直没有人管", "从上个月起就不正常", "报修三次都没有结果", "早晚两头最明显", "比去年差多了", "邻居也都在说")
_WISHES = ("什么时候能解决", "由哪个部门负责", "费用怎么算", "有没有具体的时间表", "能不能派人来看看", "标准是什么")
_NAMES = ("湖滨老李", "站前小吴", "", "桥北住户", "", "夜班司机", "退休教师", "")
_ABUSE = ("你们都是一群饭桶，", "骗子公司，滚出去，", "说话跟放屁一样，", "一帮废物，")
_SEPARATORS = ("-", "·", " ", "*", "。")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_REGIONS = ("110101", "360402", "420106", "340102")
# Out of twenty: most are ordinary.
_KINDS = ("plain",) * 10 + ("again", "again", "reworded", "reworded", "advert", "advert", "personal", "personal", "abuse", "left")


def mix(count: int, *, seed: int, among: Sequence[Asked] = ()) -> Script:
    """A script of so many questions; the same seed gives the same. What is ordinary is approved and mostly answered, the rest declined.

    The ordinary ones are those of `among`, each with the fate it has there, until they are used up; all others are invented.
    """
    questions = list(_asked(count, Random(seed), iter(among)))  # noqa: S311 - invented words
    return interview(title=f"演练：{count}条各种各样的提问", topic="按编出来的提问演练", asked=questions)


def _asked(count: int, chance: Random, among: Iterator[Asked]) -> Iterator[Asked]:
    ordinary: list[str] = []
    for place in range(count):
        kind = chance.choice(_KINDS) if ordinary else "plain"
        usual = Asked(at=place * ASKED_EVERY, text=_text(chance), decision="approve", nickname=chance.choice(_NAMES))
        given = next(among, None) if kind in {"plain", "left"} else None
        asked = _moved(given, usual.at) if given else _of_kind(kind, usual, ordinary, chance)
        if kind in {"plain", "left"}:
            ordinary.append(asked.text)
        yield asked


def _moved(asked: Asked, at: float) -> Asked:
    return msgspec.structs.replace(asked, at=at, answer_at=None if asked.answer_at is None else at + ANSWERED_AFTER)


def _of_kind(kind: str, usual: Asked, ordinary: list[str], chance: Random) -> Asked:
    match kind:
        case "again":
            return _declined(usual, "duplicate", chance.choice(ordinary))
        case "reworded":
            return _declined(usual, "duplicate", _reworded(chance.choice(ordinary), chance))
        case "advert":
            return _declined(
                usual, "advert", f"专业疏通管道，{_disguised('加微信', chance)}{_disguised(_mobile(chance), chance)}，{usual.text}"
            )
        case "abuse":
            return _declined(usual, "abusive", chance.choice(_ABUSE) + usual.text)
        case "personal":
            said = f"联系电话{_mobile(chance)}" if chance.random() < 0.5 else f"身份证{_identity(chance)}"
            return _answered(msgspec.structs.replace(usual, text=f"{usual.text}{said}，请回电。"))
        case "left":
            return usual
    return _answered(usual)


def _text(chance: Random) -> str:
    block, complaint, wish = chance.randint(1, 60), chance.choice(_COMPLAINTS), chance.choice(_WISHES)
    return f"{chance.choice(_PLACES)}{block}号楼的{chance.choice(_MATTERS)}{complaint}，请问{wish}？"


def _reworded(text: str, chance: Random) -> str:
    statement, _comma, question = text.partition("，请问")
    return f"您好，想问{question.rstrip('？')}，{chance.choice(('我们', '这里', '就是'))}{statement}。谢谢"


def _answered(asked: Asked) -> Asked:
    answer = "已经记下，维修队本周内上门；进展会在这里公布。"
    return msgspec.structs.replace(asked, answer_at=asked.at + ANSWERED_AFTER, answer_by="guest", answer=answer)


def _declined(asked: Asked, reason: str, text: str) -> Asked:
    return msgspec.structs.replace(asked, text=text, decision="decline", reason=reason)


def _disguised(words: str, chance: Random) -> str:
    """As somebody writes who does not want to be found: 加-微·信, １３８."""
    if chance.random() < 0.3:
        return words.translate(_FULL_WIDTH)
    return "".join(character + chance.choice(_SEPARATORS) for character in words[:-1]) + words[-1]


def _mobile(chance: Random) -> str:
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"


def _identity(chance: Random) -> str:
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
    body = f"{chance.choice(_REGIONS)}{born:%Y%m%d}{chance.randrange(1000):03d}"
    return body + check_digit(body)
