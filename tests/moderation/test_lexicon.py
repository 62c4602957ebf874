"""Borrowed names are found through their disguises; honest ones pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.lexicon import Finding, Kind, find

HOST = "主持人"


@pytest.mark.parametrize(
    "nickname",
    [
        "主持人",
        "主 持 人",
        "主　持　人",
        "主.持.人",
        "主-持-人",
        "主·持·人",
        "主★持★人",
        "【主持人】",
        "主\u200b持\u200b人",
        "主\u200d持\u2060人",
        "\u202e主持人\u202c",
        "主\ufeff持人",
        "主\u00ad持人",
        "主\u034f持人",
        "主\u3164持人",
        "主\U000e0041持人",
        "主\u0336持\u0336人\u0336",
        "主1持2人",
        "主a持b人",
        "主持入",
        "主⁠持⁠人小王",
        "节目主持人",
        "Zhu Chi Ren",
        "zhuchiren",
        "ｚｈｕｃｈｉｒｅｎ",
        "zhǔ chí rén",
    ],
)
def test_the_host_is_recognised_in_every_disguise(nickname: str) -> None:
    assert find(nickname) == Finding(HOST, Kind.RESERVED)


@pytest.mark.parametrize(
    "nickname",
    [
        "admin", "ADMIN", "Admin123", "a.d.m.i.n", "a d m i n", "ａｄｍｉｎ", "аdmin", "аdмin", "adm1n", "4dmin", "@dmin admin", "ᴀᴅᴍɪɴ", "𝐚𝐝𝐦𝐢𝐧", "ⓐⓓⓜⓘⓝ",
        "àdmín", "admın", "αdmιn", "administrator", "admin\u200b", "a\u0336d\u0336m\u0336i\u0336n", "超级admin",
    ],
)  # fmt: skip
def test_the_administrator_is_recognised_in_every_alphabet(nickname: str) -> None:
    assert find(nickname) == Finding("admin", Kind.RESERVED)


@pytest.mark.parametrize(
    ("nickname", "word"),
    [
        ("嘉宾", "嘉宾"), ("嘉賓", "嘉宾"), ("特邀嘉宾", "嘉宾"), ("官方", "官方"), ("官·方", "官方"), ("管理员", "管理员"), ("管理員", "管理员"),
        ("版主", "版主"), ("编辑部", "编辑"), ("編輯", "编辑"), ("本报记者", "记者"), ("記者小王", "记者"), ("网信办", "网信"), ("網信辦", "网信"),
        ("王局长", "局长"), ("王局長", "局长"), ("局 长", "局长"), ("市长热线", "市长"), ("市长", "市长"), ("李书记", "书记"), ("書記", "书记"),
        ("办公室主任", "主任"), ("总经理", "总经理"), ("總經理", "总经理"), ("湖滨市政府", "政府"), ("市委", "市委"), ("解放军", "解放军"),
        ("中共湖滨", "中共"), ("交警小李", "交警"), ("新华社", "新华社"), ("客服001", "客服"), ("工作人员", "工作人员"), ("⼈民日报", "人民日报"),
        ("system", "system"), ("ROOT", "root"), ("official", "official"), ("0fficial", "official"), ("moderator", "moderator"),
    ],
)  # fmt: skip
def test_those_who_speak_for_the_site_or_the_state_are_reserved(nickname: str, word: str) -> None:
    assert find(nickname) == Finding(word, Kind.RESERVED)


@pytest.mark.parametrize(
    "nickname",
    [
        "", "湖滨老李", "王小明", "张伟", "欧阳娜娜", "UU008111", "小区居民", "城市长大的孩子", "超市长队", "班主任王老师", "好处长存", "badminton",
        "rooty", "hostel小店", "冠军", "老军人", "党参", "手机党", "邮局长椅", "图书记忆", "各有所长", "😀", "𠮷野家", "Jean-Luc", "Иван", "Ελένη", "O'Brien",
        "一位关心孩子上学的家长", "自来水用户", "坐51路上班的人",
    ],
)  # fmt: skip
def test_honest_names_pass(nickname: str) -> None:
    assert find(nickname, persons=["陈志远", "王军"], offices=["市自来水公司总经理", "市自来水公司", "湖滨市人民医院"]) is None


@pytest.mark.parametrize(
    "nickname", ["陈志远", "陈 志 远", "陳志遠".replace("陳", "陈"), "自来水陈志远", "陈.志.远", "陈\u200b志远", "陈1志2远", "我是陈志远"]
)
def test_a_guest_name_is_refused_wherever_it_stands(nickname: str) -> None:
    variants = nickname.replace("遠", "远")
    assert find(variants, persons=["陈志远"]) == Finding("陈志远", Kind.PERSON)


def test_a_name_of_two_characters_is_refused_as_a_whole_only() -> None:
    assert find("王军", persons=["王军"]) == Finding("王军", Kind.PERSON)
    assert find("王 军", persons=["王军"]) == Finding("王军", Kind.PERSON)
    assert find("帝王军旅迷", persons=["王军"]) is None


@pytest.mark.parametrize("nickname", ["市自来水公司", "自来水公司", "水公司", "湖滨市自来水公司", "市·自·来·水·公·司"])
def test_a_unit_of_the_programme_is_refused(nickname: str) -> None:
    assert find(nickname, offices=["市自来水公司"]) == Finding("市自来水公司", Kind.OFFICE)


def test_the_beginning_of_a_unit_is_not_the_unit() -> None:
    assert find("湖滨市人", offices=["湖滨市人民医院"]) is None
    assert find("自来水", offices=["市自来水公司"]) is None


def test_empty_names_of_staff_refuse_nobody() -> None:
    assert find("湖滨老李", persons=["", " "], offices=["", "\u200b"]) is None


@given(st.text(max_size=40))
def test_any_text_can_be_asked_about(text: str) -> None:
    find(text, persons=[text], offices=[text])
