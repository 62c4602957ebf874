"""Names that nobody may borrow: reserved words, found through the disguises people put on them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from interview.text import clean_line
from moderation.screening.folding import key, only_han


class Kind(StrEnum):
    """Why a name is refused."""

    RESERVED = "reserved"
    PERSON = "person"
    OFFICE = "office"


@dataclass(frozen=True)
class Finding:
    """What a nickname borrows, as it is usually written."""

    word: str
    kind: Kind


# Who speaks for the site, who reports, who governs. Account rules of the network authority: nobody poses as party,
# government, army or media; and nobody poses as staff of the site.
_RESERVED = (
    "主持人 主持 嘉宾 官方 管理员 管理者 版主 坛主 站长 网管 编辑 小编 总编 主编 审核员 速录员 通讯员 发言人 工作人员 客服 本站 系统消息 系统通知 "
    "记者 新华社 新华网 人民日报 人民网 央视 电视台 广播电台 新闻办 新闻中心 融媒体中心 "
    "书记 市长 省长 县长 区长 镇长 乡长 州长 厅长 局长 处长 科长 部长 司长 院长 所长 主席 主任 委员长 总理 常委 秘书长 总经理 董事长 总裁 "
    "检察官 法官 纪检 巡视组 督查组 督察组 "
    "网信 宣传部 组织部 统战部 市委 省委 县委 区委 党委 党组 党中央 中共 共产党 共青团 纪委 监委 政法委 人大常委 政协 政府 国务院 "
    "公安局 公安厅 公安部 派出所 警察 交警 网警 特警 法院 检察院 信访局 解放军 武警 军区 军委 国防部 人武部"
)
_NO_LATIN = re.compile("[^a-z]+")
_RESERVED_LATIN = "admin webmaster moderator official government"
# Only as the whole name: inside others they are syllables of honest words.
_RESERVED_WHOLE = {
    **{word: word for word in ("editor", "reporter", "system", "sysop", "root", "host", "anchor", "police")},
    "zhuchiren": "主持人", "guanliyuan": "管理员", "guanfang": "官方", "jiabin": "嘉宾", "banzhu": "版主", "bianji": "编辑",
    "jizhe": "记者", "juzhang": "局长", "shizhang": "市长", "shuji": "书记", "zhuren": "主任", "zongjingli": "总经理",
}  # fmt: skip

# Honest phrases in which a reserved word appears by accident.
_INNOCENT = (
    "城市长 超市长 菜市长 闹市长 都市长 城市委 超市委 小区委 社区委 地区长大 社区长 小区长 小镇长大 古镇长大 水乡长大 故乡长 家乡长 "
    "全部长 外部长 内部长 头部长 局部长 好处长 何处长 此处长 深处长 邮局长 饭局长 结局长 百科长 学科长 公司长 上司长 医院长 剧院长 大院长大 "
    "厕所长 有所长 无所长 总理解 总理财 忘记者 班主任 图书记 读书记 看书记 写书记 买书记 藏书记 公主任 公主持 公主席 公主编 五官方 "
    "行政协 世纪委 书法院 旅客服 乘客服 顾客服"
)
_INNOCENT_LATIN = "badminton"


def find(nickname: str, *, persons: Iterable[str] = (), offices: Iterable[str] = ()) -> Finding | None:
    """What this nickname borrows, or None.

    A reserved word is found anywhere in the name. `persons` are the names of this programme's guests and staff: found
    anywhere if they have three characters, else only as the whole name. `offices` are their posts and units: found
    anywhere, and where the nickname is their last three characters or more. folding.fold() says which disguises are seen through.
    """
    name = key(nickname)
    if not name:
        return None
    return _reserved(name) or _person(name, persons) or _office(name, offices)


def _reserved(name: str) -> Finding | None:
    # Han alone and Latin alone, so that 主1持x人 is read as a person reads it.
    han = _without(only_han(name), _HAN_INNOCENT)
    latin = _without(_NO_LATIN.sub("", name), _LATIN_INNOCENT)
    word = next((word for word in _HAN_WORDS if word in han), None) or next(
        (word for folded, word in _LATIN_WORDS.items() if folded in latin), None
    )
    word = word or _WHOLE_WORDS.get(latin)
    return Finding(word, Kind.RESERVED) if word else None


def _without(text: str, phrases: Iterable[str]) -> str:
    for phrase in phrases:
        text = text.replace(phrase, " ")
    return text


def _person(name: str, persons: Iterable[str]) -> Finding | None:
    han = only_han(name)
    for person in persons:
        folded = key(person)
        if folded and (folded in {name, han} or (len(folded) >= 3 and (folded in name or folded in han))):
            return Finding(clean_line(person), Kind.PERSON)
    return None


def _office(name: str, offices: Iterable[str]) -> Finding | None:
    han = only_han(name)
    for office in offices:
        folded = key(office)
        if len(folded) >= 3 and (folded in name or folded in han or (len(name) >= 3 and folded.endswith(name))):
            return Finding(clean_line(office), Kind.OFFICE)
    return None


# The longest first, so that the message names 主持人 and not 主持.
_HAN_WORDS = sorted(_RESERVED.split(), key=len, reverse=True)
_HAN_INNOCENT = _INNOCENT.split()
_LATIN_WORDS = {key(word): word for word in _RESERVED_LATIN.split()}
_LATIN_INNOCENT = [key(word) for word in _INNOCENT_LATIN.split()]
_WHOLE_WORDS = {key(spelling): word for spelling, word in _RESERVED_WHOLE.items()}
