"""Names that nobody may borrow: reserved words, found through the disguises people put on them."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from interview.text import clean_line, comparable


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

# Traditional and other written forms of the characters above, of common offices and surnames, and one that merely looks alike.
_VARIANTS = (
    "賓宾 員员 編编 輯辑 記记 網网 長长 書书 總总 縂总 經经 経经 黨党 軍军 區区 國国 囯国 務务 會会 廳厅 處处 処处 縣县 県县 鄉乡 郷乡 "
    "鎮镇 聞闻 發发 佈布 機机 關关 審审 錄录 録录 訊讯 館馆 視视 臺台 電电 聯联 統统 組组 織织 紀纪 檢检 監监 團团 產产 華华 報报 領领 導导 級级 "
    "維维 隊队 廣广 傳传 協协 議议 說说 説说 話话 戰战 問问 備备 衛卫 絡络 訪访 檔档 車车 廠厂 園园 運运 輸输 氣气 業业 觀观 辦办 體体 "
    "門门 戶户 號号 點点 責责 負负 動动 灣湾 濱滨 東东 龍龙 學学 醫医 環环 設设 規规 劃划 財财 稅税 質质 執执 為为 對对 與与 無无 現现 場场 "
    "陳陈 張张 劉刘 楊杨 趙赵 吳吴 孫孙 馬马 羅罗 鄭郑 謝谢 韓韩 馮冯 許许 鄧邓 蕭萧 蔣蒋 葉叶 蘇苏 呂吕 盧卢 鍾钟 譚谭 陸陆 範范 賈贾 鄒邹 閻阎 龔龚 湯汤 "
    "賴赖 萬万 錢钱 嚴严 顏颜 賀贺 龐庞 藍蓝 聶聂 齊齐 韋韦 畢毕 歐欧 陽阳 諸诸 "
    "入人"
)

# Letters and digits that pass for Latin ones: Cyrillic, Greek, small capitals, leetspeak; l, i and 1 are one letter here.
_LOOKALIKES = {
    "авекмнорстухіјѕԁԛԝ": "abekmhopctyxijsdqw",
    "αβεικνορτυχω": "abeikvoptuxw",
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ": "abcdefghijkimnoprstuvwyz",
    "ɑɡıȷ": "agij",
    "014357l": "oiaesti",
}


def find(nickname: str, *, persons: Iterable[str] = (), offices: Iterable[str] = ()) -> Finding | None:
    """What this nickname borrows, or None.

    A reserved word is found anywhere in the name. `persons` are the names of this programme's guests and staff: found
    anywhere if they have three characters, else only as the whole name. `offices` are their posts and units: found
    anywhere, and where the nickname is their last three characters or more. fold() says which disguises are seen through.
    """
    name = fold(nickname)
    if not name:
        return None
    return _reserved(name) or _person(name, persons) or _office(name, offices)


def fold(text: str) -> str:
    """A key under which disguises fall away: width, case, marks, blanks, punctuation, invisible and traditional characters."""
    parts = unicodedata.normalize("NFKD", clean_line(text))
    bare = "".join(character for character in parts if not unicodedata.combining(character))
    return comparable(bare).translate(_TO_SIMPLE)


def _han(text: str) -> str:
    return "".join(character for character in text if "\u3400" <= character <= "\u9fff" or character >= "\U00020000")


def _latin(text: str) -> str:
    return "".join(character for character in text.translate(_TO_LATIN) if "a" <= character <= "z")


def _reserved(name: str) -> Finding | None:
    # Han alone and Latin alone, so that 主1持x人 is read as a person reads it.
    han = _without(_han(name), _HAN_INNOCENT)
    latin = _without(_latin(name), _LATIN_INNOCENT)
    word = next((word for word in _HAN_WORDS if word in han), None) or next(
        (_LATIN_WORDS[key] for key in _LATIN_WORDS if key in latin), None
    )
    word = word or _WHOLE_WORDS.get(latin)
    return Finding(word, Kind.RESERVED) if word else None


def _without(text: str, phrases: Iterable[str]) -> str:
    for phrase in phrases:
        text = text.replace(phrase, " ")
    return text


def _person(name: str, persons: Iterable[str]) -> Finding | None:
    han = _han(name)
    for person in persons:
        key = fold(person)
        if key and (key in {name, han} or (len(key) >= 3 and (key in name or key in han))):
            return Finding(clean_line(person), Kind.PERSON)
    return None


def _office(name: str, offices: Iterable[str]) -> Finding | None:
    han = _han(name)
    for office in offices:
        key = fold(office)
        if len(key) >= 3 and (key in name or key in han or (len(name) >= 3 and key.endswith(name))):
            return Finding(clean_line(office), Kind.OFFICE)
    return None


_TO_SIMPLE = str.maketrans({pair[0]: pair[1] for pair in _VARIANTS.split()})
_TO_LATIN = str.maketrans("".join(_LOOKALIKES), "".join(_LOOKALIKES.values()))
# The longest first, so that the message names 主持人 and not 主持.
_HAN_WORDS = sorted(_RESERVED.split(), key=len, reverse=True)
_HAN_INNOCENT = _INNOCENT.split()
_LATIN_WORDS = {_latin(word): word for word in _RESERVED_LATIN.split()}
_LATIN_INNOCENT = [_latin(word) for word in _INNOCENT_LATIN.split()]
_WHOLE_WORDS = {_latin(key): word for key, word in _RESERVED_WHOLE.items()}
