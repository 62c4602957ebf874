from concurrent.futures import ThreadPoolExecutor

import pytest

from interview.markup import paragraphs, sanitize


def test_blank_lines_make_paragraphs_and_line_ends_make_breaks():
    assert paragraphs("一\n二\n\n三") == "<p>一<br>二</p><p>三</p>"


def test_html_in_a_text_is_shown_and_never_run():
    assert paragraphs("<script>alert(1)</script>&<b>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;&amp;&lt;b&gt;</p>"


def test_a_web_address_ends_where_chinese_begins():
    linked = paragraphs("请看https://www.example.cn/a?b=1&c=2。谢谢", links=True)
    assert linked == (
        '<p>请看<a href="https://www.example.cn/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">'
        "https://www.example.cn/a?b=1&amp;c=2</a>。谢谢</p>"
    )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("（见http://a.example/b）", "http://a.example/b"),
        ("(http://a.example/b).", "http://a.example/b"),
        ("<http://a.example/b>", "http://a.example/b"),
        ('"http://a.example/b"', "http://a.example/b"),
        ("http://a.example/(b)", "http://a.example/(b)"),
        ("http://a.example:80，", "http://a.example:80"),
    ],
)
def test_what_stands_around_a_web_address_is_not_part_of_it(text, address):
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    assert (
        paragraphs(text, links=True)
        == "<p>" + escaped.replace(address, f'<a href="{address}" rel="noopener noreferrer nofollow">{address}</a>') + "</p>"
    )


def test_each_web_address_is_linked_wherever_it_stands():
    linked = paragraphs("一 http://a.example/ 二 http://b.example/\nhttp://a.example/\n\nhttp://b.example/c", links=True)
    assert linked.count("<a href=") == 4
    assert [part.split('"')[0] for part in linked.split('href="')[1:]] == [
        "http://a.example/",
        "http://b.example/",
        "http://a.example/",
        "http://b.example/c",
    ]


def test_a_netizens_web_address_stays_text():
    assert paragraphs("看http://evil.example/") == "<p>看http://evil.example/</p>"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "vbscript:x"])
def test_only_web_addresses_become_links(address):
    assert "<a" not in paragraphs(address, links=True)


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<p style="background:url(javascript:1)">x</p>',
        "<iframe src=//evil.example></iframe>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_sanitize_leaves_nothing_that_acts(hostile):
    kept = str(sanitize(hostile))
    for sign in ("<img", "<svg", "javascript:", "style", "<iframe", "onerror"):
        assert sign not in kept


def test_pages_rendered_at_the_same_time_keep_their_own_words():
    texts = [f"第{number}条：见 https://water.example/{number} 。\n\n" + "水压恢复。" * number for number in range(40)]
    alone = [str(paragraphs(text, links=True)) for text in texts]
    with ThreadPoolExecutor(max_workers=8) as threads:
        together = list(threads.map(lambda text: str(paragraphs(text, links=True)), texts * 20))
    assert together == alone * 20
