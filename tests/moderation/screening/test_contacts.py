"""Addresses and accounts, and what only speaks of them."""

import pytest

from moderation.screening.contacts import Contact, find
from moderation.screening.skeleton import skeleton


def found(text: str) -> list[tuple[Contact, str]]:
    return [(contact, text[start:end]) for contact, start, end in find(text, skeleton(text))]


@pytest.mark.parametrize(
    "text",
    [
        "li.si_88@mail.example.com",
        "lisi@qq.com",
        "lisi＠qq。com",
        "ＬＩＳＩ@QQ.COM",
        "lisi @ qq.com",
        "lisi(at)qq(dot)com",
        "lisi at qq dot com",
        "lisi艾特qq点com",
    ],
)
def test_an_address_is_found_as_it_is_written(text: str) -> None:
    assert found(f"写信到{text}，谢谢") == [(Contact.EMAIL, text)]


@pytest.mark.parametrize(
    ("before", "account"),
    [
        ("微信：", "lake_2026"), ("微信号", "lake2026"), ("威-信 ", "lake2026"), ("vx:", "lake-2026"), ("加V：", "hubinlake"), ("WeChat ID: ", "hubinlake"),
        ("QQ", "123456789"), ("扣扣号是", "1234 5678"), ("Q Q 群：", "１２３４５６"), ("微信", "13812345678"),
        ("QQ：", "12345"), ("薇芯", "lake2026"), ("q：", "123456789"), ("v❤️：", "lake2026"), ("微信帳號：", "lake2026"),
    ],
)  # fmt: skip
def test_an_account_is_found_after_the_name_of_a_messenger(before: str, account: str) -> None:
    assert found(f"联系{before}{account}。") == [(Contact.ACCOUNT, account)]


@pytest.mark.parametrize(
    "text",
    [
        "", "@湖滨发布", "a@b", "微信公众号lake2026", "微信缴费50000元", "微信转了100000元", "QQ群500人", "打微信 12345", "在微信20260730缴费", "微信小程序hubin",
        "微信支付和wechat pay", "威信扫地", "3@5.5元", "QQ邮箱",
    ],
)  # fmt: skip
def test_what_only_speaks_of_it_passes(text: str) -> None:
    assert found(text) == []
