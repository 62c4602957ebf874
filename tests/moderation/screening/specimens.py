"""Invented personal data in twelve disguises, and invented questions without any; the same seed gives the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

AREAS = ("010", "021", "025", "0592", "0731", "0791", "0792", "0898")
PLACES = ("赣", "鄂", "皖", "浙", "京", "沪")
REGIONS = ("110105", "360402", "360403", "420106", "340102", "650102")
BOXES = ("qq.com", "163.com", "example.com", "mail.example.org", "example.net.cn")
WORDS = ("lake", "hubin", "xiaowang", "sunny", "laoli", "water", "river")
HALF = "0123456789"

# (before, after): the sentence around what is personal.
FRAMES = (
    ("", ""),
    ("请尽快回复，", "，谢谢。"),
    ("有事找我 ", " 随时可以"),
    ("我家停水三天了！", "（急）"),
    ("联系人王先生", "。请问什么时候恢复供水？"),
    ("水压一直上不去，留个方式：", "；别打给物业。"),
    ("7月30日停水3次，", "，打12345没有用"),
    ("户号2345678901 ", " 晚上8点以后在家"),
)


@dataclass(frozen=True)
class Specimen:
    """A text, with the slice that nobody in public may read, and how it was written."""

    kind: str
    disguise: str
    before: str
    secret: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.secret + self.after


# Of digits only. Groups are what people write together.


def _mobile(chance: Random) -> list[str]:
    return [f"1{chance.choice('3456789')}{chance.choice(HALF)}", _digits(chance, 4), _digits(chance, 4)]


def _landline(chance: Random) -> list[str]:
    area = chance.choice(AREAS)
    return [area, chance.choice("2345678") + _digits(chance, 7 if len(area) == 3 else chance.choice((6, 7)))]


def _identity(chance: Random) -> list[str]:
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(28_000))
    body = f"{chance.choice(REGIONS)}{born:%Y%m%d}{_digits(chance, 3)}"
    # The check digit by its other definition (ISO 7064, MOD 11-2), so that the test is no copy of the code.
    rest = 0
    for digit in body:
        rest = (rest + int(digit)) * 2 % 11
    check = (12 - rest) % 11
    return [body[:6], body[6:14], body[14:] + ("X" if check == 10 else str(check))]


def _old_identity(chance: Random) -> list[str]:
    born = date(1930, 1, 1) + timedelta(days=chance.randrange(25_000))
    return [chance.choice(REGIONS), f"{born:%y%m%d}", _digits(chance, 3)]


def _bank_card(chance: Random) -> list[str]:
    body = chance.choice(("622202", "621700", "436742", "601382", "955880")) + _digits(chance, chance.choice((9, 10, 12)))
    check = next(digit for digit in HALF if _luhn(body + digit))
    number = body + check
    return [number[at : at + 4] for at in range(0, len(number), 4)]


def _luhn(number: str) -> bool:
    return sum(sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(reversed(number))) % 10 == 0


def _digits(chance: Random, length: int) -> str:
    return "".join(chance.choices(HALF, k=length))


NUMBERS: dict[str, Callable[[Random], list[str]]] = {
    "mobile": _mobile, "landline": _landline, "identity": _identity, "old identity": _old_identity, "bank card": _bank_card,
}  # fmt: skip


def _spelt(numerals: str) -> Callable[[Random, list[str]], str]:
    return lambda chance, groups: "".join(groups).translate(str.maketrans(HALF, numerals))


def _between(*signs: str, every: bool = False) -> Callable[[Random, list[str]], str]:
    def write(chance: Random, groups: list[str]) -> str:
        return chance.choice(signs).join("".join(groups) if every else groups)

    return write


def _letters(chance: Random, groups: list[str]) -> str:
    return "".join(groups).replace("0", chance.choice("oO")).replace("1", chance.choice("lI1"))


DISGUISES: dict[str, Callable[[Random, list[str]], str]] = {
    "none": _between(""),
    "blanks between groups": _between(" ", "  ", "\u3000"),
    "blanks between digits": _between(" ", "\u2009", every=True),
    "dashes": _between("-", "—", "－", "~"),
    "dots": _between(".", "·", "．"),
    "full width": _spelt("０１２３４５６７８９"),
    "Chinese numerals": _spelt("零一二三四五六七八九"),
    "numerals of banks": _spelt("零壹贰叁肆伍陆柒捌玖"),
    "radio numerals": _spelt("〇幺二三四五六七八九"),
    "circled": _spelt("⓪①②③④⑤⑥⑦⑧⑨"),
    "invisible": _between("\u200b", "\u2060", "\u00ad", every=True),
    "pictures": _between("🐱", "★", "❤\ufe0f"),
    "letters for digits": _letters,
}

# What is not digits only is disguised in its own ways.


def _email(chance: Random) -> tuple[str, str, str, str]:
    box, host = chance.choice(WORDS) + _digits(chance, chance.randrange(2, 6)), chance.choice(BOXES)
    plain = f"{box}@{host}"
    written = {
        "none": plain,
        "capitals": plain.upper(),
        "full width": _full(plain),
        "blanks": f"{box} @ {host}",
        "full-width sign": plain.replace("@", "＠"),
        "words": f"{box}(at){host.replace('.', '(dot)')}",
        "Chinese words": f"{box}艾特{host.replace('.', '点')}",
        "Chinese stops": plain.replace(".", "。"),
    }
    disguise = chance.choice(sorted(written))
    return disguise, "", written[disguise], ""


def _account(chance: Random) -> tuple[str, str, str, str]:
    name = chance.choice(WORDS) + chance.choice(("_", "-", "")) + _digits(chance, 4)
    number = chance.choice("23456789") + _digits(chance, chance.randrange(5, 9))
    word = {
        "none": "微信：", "blank": "微信 ", "homophone": "薇信号", "sound": "vx：", "interposed": "威-信：", "letters": "WeChat: ",
        "full width": "ＱＱ：", "Chinese": "扣扣号是", "group": "QQ群：", "plus": "加V：", "traditional": "微信帳號：", "add": "加我微信",
    }  # fmt: skip
    disguise = chance.choice(sorted(word))
    secret = number if disguise in {"full width", "Chinese", "group"} else name
    return disguise, word[disguise], chance.choice((secret, secret, _full(secret))), ""


def _plate(chance: Random) -> tuple[str, str, str, str]:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    place, letter = chance.choice(PLACES), chance.choice(letters)
    five = chance.choice((_digits(chance, 5), chance.choice(letters) + _digits(chance, 4), "D" + _digits(chance, 5)))
    written = {
        "none": f"{place}{letter}{five}",
        "dot": f"{place}{letter}·{five}",
        "blank": f"{place}{letter} {five}",
        "small": f"{place}{letter}{five}".lower(),
        "full width": _full(f"{place}{letter}{five}"),
        "blanks": " ".join(f"{place}{letter}{five}"),
    }
    disguise = chance.choice(sorted(written))
    return disguise, "车牌", written[disguise], ""


def _door(chance: Random) -> tuple[str, str, str, str]:
    building, unit, room = chance.randrange(1, 40), chance.randrange(1, 5), chance.randrange(1, 33) * 100 + chance.randrange(1, 5)
    road = f"{chance.randrange(2, 400)}号"
    written = {
        "none": ("湖滨花园", f"{building}栋{unit}单元{room}室", ""),
        "blanks": ("湖滨花园", f"{building}栋 {unit}单元 {room}室", ""),
        "buildings": ("湖滨家园", f"{building}号楼{unit}单元{room}", ""),
        "full width": ("湖滨花园", _full(f"{building}栋{unit}单元{room}室"), ""),
        "Chinese": ("湖滨花园", f"三幢二单元{str(room).translate(str.maketrans(HALF, '零一二三四五六七八九'))}室", ""),
        "dashes": ("湖滨花园", f"{building}-{unit}-{room}", "室的住户"),
        "road": ("我家住在湖滨大道", road, "旁边"),
        "village": ("东湖村", f"{unit}组{building}号", ""),
    }
    disguise = chance.choice(sorted(written))
    return disguise, *written[disguise]


OTHERS: dict[str, Callable[[Random], tuple[str, str, str, str]]] = {"e-mail": _email, "account": _account, "plate": _plate, "door": _door}


def _full(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text)


def specimens(count: int, *, seed: int = 49) -> Iterator[Specimen]:
    """That many texts with one piece of personal data each, every kind and every disguise in turn."""
    chance = Random(seed)
    ways = [(kind, disguise) for kind in NUMBERS for disguise in DISGUISES] + [("mobile", "country")] + [(kind, "") for kind in OTHERS] * 5
    for number in range(count):
        kind, disguise = ways[number % len(ways)]
        before, after = chance.choice(FRAMES)
        if kind in OTHERS:
            disguise, word, secret, rest = OTHERS[kind](chance)
            yield Specimen(kind, disguise, before + word, secret, rest + after)
        elif disguise == "country":
            secret = chance.choice(("+86", "+86 ", "0086-", "86-", "(+86)")) + "".join(_mobile(chance))
            yield Specimen(kind, disguise, before, secret, after)
        else:
            yield Specimen(kind, disguise, before, DISGUISES[disguise](chance, NUMBERS[kind](chance)), after)


def clean_questions(count: int, *, seed: int = 50) -> Iterator[str]:
    """That many questions full of numbers that are nobody's."""
    chance = Random(seed)
    for _ in range(count):
        parts = chance.sample(_CLEAN, k=chance.randrange(2, 5))
        yield "".join(part(chance) for part in parts) + chance.choice(("请答复。", "请问怎么办？", "谢谢！", "什么时候能解决？"))


def _number(low: int, high: int) -> Callable[[Random], str]:
    return lambda chance: str(chance.randint(low, high))


def _sentence(form: str, **values: Callable[[Random], str]) -> Callable[[Random], str]:
    return lambda chance: form.format(**{name: value(chance) for name, value in values.items()})


def _long(length: int, first: str = "123456789") -> Callable[[Random], str]:
    return lambda chance: chance.choice(first) + _digits(chance, length - 1)


_YEAR, _MONTH, _DAY, _HOUR, _MINUTE = _number(2000, 2030), _number(1, 12), _number(1, 28), _number(0, 23), _number(10, 59)
_SMALL, _HUNDREDS, _THOUSANDS, _LARGE = _number(1, 99), _number(100, 999), _number(1000, 9999), _number(10_000, 99_999_999)

_CLEAN: tuple[Callable[[Random], str], ...] = (
    _sentence("本月水费{a}.{b}元，上月只有{c}元，", a=_HUNDREDS, b=_MINUTE, c=_SMALL),
    _sentence("总投资{a}万元，其中{b}元由财政承担，", a=_LARGE, b=_long(11, "1")),
    _sentence("预算1,{a},{b}元，", a=_HUNDREDS, b=_HUNDREDS),
    _sentence("根据湖政办发〔{y}〕{n}号文件，", y=_YEAR, n=_SMALL),
    _sentence("按照湖建字[{y}]{n}号、({y})第{m}号公告，", y=_YEAR, n=_HUNDREDS, m=_SMALL),
    _sentence("案号（{y}）赣0402民初{n}号，", y=_YEAR, n=_THOUSANDS),
    _sentence("打过12345热线，工单号{n}，", n=_long(14, "2")),
    _sentence("拨打110、119、120都没用，96{a}也占线，", a=_HUNDREDS),
    _sentence("客服95{a}和400-{b}-{c}一直忙音，", a=_HUNDREDS, b=_HUNDREDS, c=_THOUSANDS),
    _sentence("从{y}年{m}月{d}日{h}:{i}到现在，", y=_YEAR, m=_MONTH, d=_DAY, h=_HOUR, i=_MINUTE),
    _sentence("{y}-{m}-{d} {h}:{i}:{i}发生的，", y=_YEAR, m=_MONTH, d=_DAY, h=_HOUR, i=_MINUTE),
    _sentence("每天{h}:{i}-{j}:{i}停水，", h=_HOUR, i=_MINUTE, j=_HOUR),
    _sentence("{y}.{m}.{d}至{y}.{n}.{d}期间，", y=_YEAR, m=_MONTH, d=_DAY, n=_MONTH),
    _sentence("水表读数从{a}到{b}，多走了{c}吨，", a=_THOUSANDS, b=_number(10_000, 99_999), c=_SMALL),
    _sentence("户号{n}，表号{m}，", n=_long(10, "23456"), m=_long(12, "02")),
    _sentence("我的提问编号是{a:0>4}-{b:0>3}，", a=_number(101, 1231), b=_number(1, 300)),
    _sentence("回执0730-{a}、0730-{b}都没有答复，", a=_HUNDREDS, b=_HUNDREDS),
    _sentence("小区{a}栋{b}户居民，{c}栋还没通气，", a=_SMALL, b=_HUNDREDS, c=_SMALL),
    _sentence("{a}号楼{b}单元电梯坏了{c}次，", a=_SMALL, b=_number(1, 6), c=_SMALL),
    _sentence("{a}路公交和快{b}线每{c}分钟一班，", a=_number(1, 200), b=_number(1, 9), c=_SMALL),
    _sentence("G{a}高速和{b}国道的路口，K{c}+{d}处，", a=_SMALL, b=_number(100, 399), c=_number(1, 2000), d=_HUNDREDS),
    _sentence(
        "面积{a}.{b}平方米，单价{c}元，合同价{d}元，", a=_number(60, 180), b=_number(10, 99), c=_THOUSANDS, d=_number(300_000, 2_000_000)
    ),
    _sentence("DN{a}管道、GB{b}-{y}标准、PN{c}阀门，", a=_HUNDREDS, b=_number(1000, 60_000), y=_YEAR, c=_SMALL),
    _sentence("涨了{a}.{b}%，从{c}涨到{d}，", a=_SMALL, b=_number(0, 9), c=_HUNDREDS, d=_HUNDREDS),
    _sentence("经济适用房摇号第{a}批，共{b}套、{c}人报名，", a=_number(1, 9), b=_THOUSANDS, c=_number(10_000, 50_000)),
    _sentence("邮编{n}，", n=_long(6)),
    _sentence("发票号{n}，开票日期{y}{m:0>2}{d:0>2}，", n=_long(8), y=_YEAR, m=_MONTH, d=_DAY),
    _sentence("订单编号{n}，流水号{m}，", n=_long(18, "2"), m=_long(20, "3")),
    _sentence("统一社会信用代码9136040{a}MA35{b}XK，", a=_number(0, 9), b=_THOUSANDS),
    _sentence("一是{a}年没修，二是{b}个路灯不亮，三是三五天停一次，", a=_number(1, 9), b=_SMALL),
    _sentence("三栋和四栋之间，一二楼水压够，五六七八楼没水，停了{a}天，", a=_SMALL),
    _sentence("QQ群里通知{a}人，微信缴费{b}元没到账，", a=_HUNDREDS, b=_HUNDREDS),
    _sentence("微信公众号和@湖滨发布都没有消息，等了{a}天，", a=_SMALL),
    _sentence("湖滨大道{a}号的营业厅{h}点就关门，", a=_number(1, 400), h=_number(14, 18)),
    _sentence("{a}/{b}的业主同意，比例{c}：{d}，", a=_number(1, 9), b=_number(10, 20), c=_SMALL, d=_SMALL),
    _sentence("{a}、{b}、{c}、{d}、{e}号车位，", a=_HUNDREDS, b=_HUNDREDS, c=_HUNDREDS, d=_HUNDREDS, e=_HUNDREDS),
    # Most of what people write has no numbers.
    _sentence("小区门口的路挖开以后一直没有恢复，下雨天全是泥，老人孩子出门很不方便，"),
    _sentence("物业说要等自来水公司，自来水公司又说是物业的事，我们到底该找哪个部门，"),
    _sentence("我是湖滨中学的学生家长，孩子每天坐公交上学，早上总是挤不上去，希望增加班次，"),
    _sentence("感谢上次的答复，可是答复里说的整改到现在还没有看到，"),
    _sentence("医院的自助机经常坏，排队要很久，人工窗口又只开一个，"),
    _sentence("听说要建新的污水处理厂，离我们村很近，环评什么时候公示，"),
    _sentence("夏天一到就停电，空调都开不了，电力公司的人来看过，说要换变压器，"),
    _sentence("房子交了，燃气却迟迟不通，大家只能用煤气罐，很不安全，"),
    _sentence("公园里的健身器材坏了很久，有的已经露出铁皮，请尽快派人来修，"),
    _sentence("我父亲年纪大了，办事要跑好几个地方，能不能在网上一次办完，"),
    _sentence("路灯白天亮着，晚上反而不亮，"),
    _sentence("室温只有{a}.{b}℃，A座和B{c}区都冷，", a=_number(8, 16), b=_number(0, 9), c=_number(1, 9)),
)
