"""A small script, and its parts to put together otherwise."""

from pathlib import Path

HEAD = """
title = "供水"
topic = "夏季供水"
unit = "浔江市自来水公司"
minutes = 60
[host]
name = "苏禾"
[[guests]]
key = "director"
name = "周水生"
post = "总经理"
"""

REMARK = """
[[turns]]
at = 0
kind = "remark"
by = "host"
text = "各位网友好。"
"""

QUESTION = """
[[turns]]
at = -60
kind = "question"
nickname = "湖滨老李"
text = "水压什么时候恢复？"
decision = "approve"
answer_at = 30
answer_by = "director"
answer = "今晚八点。"
"""

DECLINED = """
[[turns]]
at = 5
kind = "question"
text = "某某单位的\\"事\\"，\\n谁来管？"
decision = "decline"
reason = "off_topic"
words = "与本期主题无关。"
"""

WAITING = """
[[turns]]
at = 10
kind = "question"
nickname = "后来的人"
text = "还没有人看过的提问。"
decision = "wait"
"""


def written(folder: Path, *turns: str) -> Path:
    """A file with the script of these turns."""
    path = folder / "script.toml"
    path.write_text(HEAD + "".join(turns), encoding="utf-8")
    return path
