"""Check digits and dates."""

import pytest

from moderation.screening.checksums import ISSUERS, CardSums, check_digit, is_identity, is_old_identity


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11010519491231002X", True),  # the example of the standard
        ("110105194912310021", False),
        ("11010519491331002X", False),
        ("11010518991231002X", False),
        ("99010519491231002X", False),
        ("1101051949123100XX", False),
    ],
)
def test_an_identity_has_a_province_a_date_and_a_check_digit(number: str, right: bool) -> None:
    assert is_identity(number) is right


def test_the_check_digit_follows_from_the_seventeen_before_it() -> None:
    assert (check_digit("11010519491231002"), check_digit("44052418800101001")) == ("X", "4")


def test_an_old_identity_has_a_province_and_a_date() -> None:
    assert [is_old_identity(number) for number in ("110105491231002", "110105491331002", "990105491231002")] == [True, False, False]


def test_any_part_of_a_row_is_asked_for_its_check_digit() -> None:
    sums = CardSums("99" + "4111111111111111" + "6222021001116245702")
    assert [sums.is_card(first, length) for first, length in ((2, 16), (18, 19), (1, 16), (3, 16), (17, 19))] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_cards_begin_with_their_issuer() -> None:
    assert [bool(ISSUERS.match(number)) for number in ("6222", "4111", "5105", "2026", "1380", "9558")] == [
        True, True, True, False, False, True,
    ]  # fmt: skip
