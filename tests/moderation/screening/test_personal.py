"""Nothing personal is left in what the public reads, and nothing else is missing from it (T-49)."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from moderation.screening.findings import Consequence, Finding, Kind
from moderation.screening.personal import LABELS, find, mask
from tests.moderation.screening.specimens import DISGUISES, NUMBERS, OTHERS, Specimen, clean_questions, specimens

WORDS = [label for label, _ in LABELS.values()]


def masked(text: str) -> str:
    return mask(text, find(text))


def is_masked(specimen: Specimen) -> bool:
    """Whether a label stands in place of what is personal, of all of it and of nothing else."""
    return masked(specimen.text) in {specimen.before + label + specimen.after for label in WORDS}


def test_a_finding_says_what_it_is_and_never_repeats_it() -> None:
    assert find("打13812345678") == [
        Finding(Kind.PERSONAL, "mobile", Consequence.HOLD, 1, 12, "［手机号］", "像是手机号码，公开时显示为［手机号］。")
    ]
    assert find("打13812345678", consequence=Consequence.MARK)[0].consequence is Consequence.MARK


def test_labels_stand_in_place_of_what_is_personal() -> None:
    text = "我叫王小明，电话13812345678，微信同号，QQ 12345678，家住湖滨花园12栋1单元602室，身份证11010519491231002X。"
    assert masked(text) == "我叫王小明，电话［手机号］，微信同号，QQ ［账号］，家住湖滨花园［门牌］，身份证［身份证号］。"


def test_findings_of_other_kinds_change_nothing() -> None:
    word = Finding(Kind.WORD, "广告", Consequence.MARK, 0, 3, "加微信", "…")
    assert mask("加微信13812345678", [*find("加微信13812345678"), word]) == "加微信［手机号］"


def test_what_overlaps_is_masked_as_one_piece() -> None:
    text = "微信138-1234-5678@qq.com"
    assert masked(text) == "微信［邮箱］"


def test_of_twenty_thousand_texts_in_every_disguise_995_in_a_thousand_are_masked() -> None:
    tried: Counter[str] = Counter()
    missed: list[Specimen] = []
    for specimen in specimens(20_000):
        tried[specimen.kind] += 1
        if not is_masked(specimen):
            missed.append(specimen)
    assert set(tried) == {*NUMBERS, *OTHERS}
    assert len(DISGUISES) > 12
    assert len(missed) <= 100, missed[:20]


def test_of_ten_thousand_clean_questions_five_in_a_thousand_are_touched_at_most() -> None:
    touched = [question for question in clean_questions(10_000) if find(question)]
    assert len(touched) <= 50, touched[:20]


def test_masking_what_was_masked_changes_nothing_and_nothing_grows() -> None:
    for specimen in specimens(2_000, seed=7):
        once = masked(specimen.text)
        assert masked(once) == once
        assert len(once) <= len(specimen.text) + max(map(len, WORDS))


@given(st.text(alphabet="0123456789 -.138xX一二①@qcom微信赣GA栋单元室号。元：", max_size=60))
def test_no_text_whatever_leaks_more_after_masking(text: str) -> None:
    findings = find(text)
    once = mask(text, findings)
    assert find(once) == []
    kept = [text[before.end : after.start] for before, after in pairwise(findings)]
    assert all(part in once for part in kept)
    assert all(before.end <= after.start for before, after in pairwise(findings))
