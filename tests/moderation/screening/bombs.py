"""Texts made to be slow: almost matches, again and again, for each part that a text goes through."""

from random import Random
from typing import Final

# Written by somebody who has read the code. What is repeated ends before the sign that would decide.
_PARTS: Final = (
    # Numbers: where one might begin, digits without end, and everything that may stand between them.
    "1", "1 ", "13", "4 ", "62 ", "0 ", "o", "o1", "86", "1-", "十", "1x", "x1", "1     ", "1      ", "+86", "(0792", "1、3", "138，1234，", "13812345678", "13812345678 ",
    "6222021234567890 ", "110105194912310021", "110105194912310021 ", "110105491231002", "36040219900307 ", "01088886666", "0 1 0 8 ", "一三八", "１ ", "①",
    "1\u200b", "1★", "电话2", "电话22345678 ", "户号1", "身份证1", "身份证号码", "86138", "00861", "010 ", "8612", "7654321 ", "l1", "1l", "|o1", "2345678x", "4l", "41|", "2222222,", "4444444444444444,",
    # Addresses and accounts.
    "@", "a@", "a@a.", "a@a.a.a.a", "a@a.co", "艾特a", "( at", "[at]", "a at a", "a.", "a-", "a点", "a。", "a(dot)", "微信", "微信 号", "微信号：", "微信号：a1", "wx", "v:", "q:1",
    "qq:1", "qq", "qq号码账号", "加v", "加v ", "微我的", "微信1 1 1 1 ", "微信1\u200b", "加微", "加v有", "q q",
    # Places.
    "赣a1", "赣 a ", "赣a·1 ", "赣", "1栋", "1栋 ", "1-1", "1-1-100", "1单元 ", "1组1号", "1组", "十组", "住址", "住在路1", "住址路", "家住路1号", "我住村", "a1栋a", "十楼1",
    # Manners.
    "www.", "a.a.", "a.com", "a.comm", "http://a?", "http://", "https://a", "http", "a.cc:", "！", "！！ ", "!?", "AB CD ", "AB", "ABcd", "Ａ", "的", "ab", "aab", "aaaab", "字词",
    "说了一句话。", "一二三四五六七八九十百千万亿兆京垓秭穰", "一二三四五六七八九十百千万亿兆京垓秭穰沟。", "。", "a b c d e ", "啊啊啊啊哦",
    # Words of a list, whole, cut, stretched, interposed, spelt.
    "加微信", "加微", "加 微 信 ", "加1微1信1", "加。微", "加加微微", "加11微", "jiaweixin", "jia wei xin ", "jiawei", "威信", "佳威欣", "a1b", "xin", "zhuang", "zhuangx", "vx", "v x", "vx号",
    "vvvxxx", "QQ群", "安徽", "微信信", "wechat", "we chat", "wecha", "ＷＥＣ", "w3chat", "щёчат", "周末微信", "坏瓜", "呆木鸭", "兼职日结坚持", "微信a", "a@", "@a", "$s", "@1@", "$", "a$",
    # Characters: made of others, unmade, unseen, stacked, turned, beyond the basic plane.
    "\u200b", "\n", "\n ", "\n\n\n", " ", "\u3000", "\t", "\r", "\r\n", "\u0336", "a\u0336", "a\u0336\u0335\u0334", "a\u0301\u0327", "가", "ᄀ", "ᄀ\u1161", "😀\u200d", "❤\ufe0f\u200d",
    "👨\u200d👩\u200d", "👍🏽", "\ufe0f", "字\ufe00", "字\ufe00\ufe01", "ﷺ", "㎏", "㍿", "ﬃ", "ǆ", "İ", "ß", "ⅷ", "繁體中文", "乾隆皇帝發財", "薴", "薇徽", "𠀀", "𪚥", "🅐🅱", "е4о", "\u202e", "\u0f71\u0f72",
    "\u0327\u0301", "\U000e0041", "\ud800", "\x00",
    # Markup.
    "<", "<a ", "<p>", "&", "&lt;", "&#", "\"", "<!--", "<![CDATA[", "</", "http://a.b/", "http://a.b/ ", "http://a:1", "http://a.b/\n", "https://a.b/(", "x\n\n", "<a href=http://a>",
)  # fmt: skip


# By chance, so that nothing repeats.
_MIXTURES: Final = (
    "ab",
    "1380 -一",
    "0123456789",
    "0123456789X-",
    "1o|l",
    "加微信1 ",
    "加微信",
    "jiawexn",
    "weixn",
    "vxq号",
    "a@.",
    "a1.@点",
    "<>&a/",
    "赣a1·",
    "栋单元室1-",
    "\u0301\u0327\u0323ae",
    "😀\u200d\ufe0f♂",
    "一二三",
    "\n a",
)


def bombs(length: int = 50_000, *, seed: int = 36) -> list[str]:
    """Texts of that many characters for which a careless pattern needs minutes."""
    chance = Random(seed)
    parts = [(part * length)[:length] for part in _PARTS]
    mixtures = ["".join(chance.choices(some, k=length)) for some in _MIXTURES]
    return [
        *parts,
        *mixtures,
        "".join(chance.choices(_HAN, k=length)),
        "".join(chance.choices(_ALL, k=length)),
        "".join(_ALL[128 : 128 + length]),
    ]


_HAN: Final = [chr(code) for code in range(0x4E00, 0x9FA6)]
_ALL: Final = [chr(code) for code in range(0x20, 0x110000) if not 0xD800 <= code < 0xE000]
