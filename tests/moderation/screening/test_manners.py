"""Links, shouting and repetition are marked; ordinary writing is not."""

import pytest

from moderation.screening.findings import Consequence, Finding, Kind
from moderation.screening.manners import Manner, find, find_links


def places(findings: list[Finding], text: str) -> list[tuple[str, str]]:
    return [(finding.category, text[finding.start : finding.end]) for finding in findings]


def test_a_finding_says_what_where_and_why() -> None:
    assert find("怎么还没修！！！") == [Finding(Kind.MANNERS, "shouting", Consequence.MARK, 5, 8, "！！！", "连用3个叹号或问号。")]
    assert find_links("看a.cn", consequence=Consequence.HOLD) == [
        Finding(Kind.LINK, "link", Consequence.HOLD, 1, 5, "a.cn", "这里有网址，请看清楚是哪里的。")
    ]


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a?b=1#c",
        "www.example.com",
        "example.com.cn",
        "ｗｗｗ．example．com",
        "www。example。com",
        "HTTP://192.0.2.7:8080/x",
        "a点example点com",
        "t.cn/Ab1",
    ],
)
def test_a_link_is_found_as_it_is_written(link: str) -> None:
    assert places(find_links(f"请看{link}，谢谢"), f"请看{link}，谢谢") == [(Manner.LINK, link)]


@pytest.mark.parametrize("text", ["", "lisi@qq.com", "v2.3", "3.5t", "No.5", "1.2.3", "12.30点", "www", "com", "A.B"])
def test_what_has_a_dot_in_it_is_no_link(text: str) -> None:
    assert find_links(text) == []


@pytest.mark.parametrize(
    ("text", "manner", "place"),
    [
        ("THIS IS REALLY TOO MUCH", Manner.CAPITALS, "THIS IS REALLY TOO MUCH"),
        ("为什么？？？？", Manner.SHOUTING, "？？？？"),
        ("快快快快快修", Manner.REPETITION, "快快快快快"),
        ("投诉投诉投诉投诉", Manner.REPETITION, "投诉投诉投诉投诉"),
        ("垃圾公司垃圾公司垃圾公司吧", Manner.REPETITION, "垃圾公司垃圾公司垃圾公司"),
    ],
)
def test_it_is_marked_where_it_stands(text: str, manner: Manner, place: str) -> None:
    assert places(find(text), text) == [(manner, place)]


def test_the_same_sentence_three_times_is_marked_from_the_second_on() -> None:
    text = "路灯坏了没人修。路灯坏了 没人修！天黑。路灯坏了没人修"
    assert [(finding.start, finding.why) for finding in find(text)] == [(8, "同一句话写了3次。"), (20, "同一句话写了3次。")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "谢谢！！",
        "好好好",
        "天天向上，天天向上",
        "……………",
        "------",
        "1000000000",
        "DN300和PE管、GB50015标准",
        "LOGO LOGO LOGO LOGO",
        "哈哈",
    ],
)
def test_ordinary_writing_passes(text: str) -> None:
    assert find(text) == []
