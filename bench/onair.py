"""Questions at a steady rate on SQLite while readers follow: is anything lost, and how long does a receipt take?"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

from tests.server import running  # noqa: E402

# All readers come from this machine.
OPEN = {"CONNECTIONS_PER_ADDRESS": "0"}
ANSWER_EVERY = 20  # of the questions one in so many is answered: a guest needs a minute or two for each


def script(minutes: int, rate: int) -> str:
    """A script in TOML: `rate` questions a minute, every one screened, some answered."""
    lines = ['title = "负荷测量"', 'topic = "负荷"', 'unit = "测量单位"', f"minutes = {minutes}", "[host]", 'name = "测量主持"']
    lines += ["[[moderators]]", 'name = "审核一"', "[[moderators]]", 'name = "审核二"']
    lines += ["[[guests]]", 'key = "guest"', 'name = "测量嘉宾"', 'post = "负责人"']
    for number in range(minutes * rate):
        at = number * 60 / rate
        lines += ["[[turns]]", f"at = {at}", 'kind = "question"', f'nickname = "网友甲{number}"']
        lines.append(
            f'text = "第{number}个问题：我们小区{number % 40}号楼的水压从{number % 12 + 1}月起一直偏低，早晚尤其明显，请问什么时候可以恢复？"'
        )
        lines.append('decision = "approve"')
        if number % ANSWER_EVERY == 0:
            lines += [f"answer_at = {at + 60}", 'answer_by = "guest"', f'answer = "第{number}个问题已经记下，维修队明天上门。"']
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--rate", type=int, default=60, help="questions a minute")
    parser.add_argument("--readers", type=int, default=300)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    with tempfile.TemporaryDirectory(prefix="fangtan-bench-") as folder, running(Path(folder) / "server", extra=OPEN) as server:
        path = Path(folder) / "script.toml"
        path.write_text(script(options.minutes, options.rate), encoding="utf-8")
        words = ["rehearse", "--url", server.url, "--script", str(path), "--speed", "1", "--readers", str(options.readers), "--json"]
        done = subprocess.run([sys.executable, "manage.py", *words], cwd=BASE, env=server.env, capture_output=True, text=True, check=False)
    if not done.stdout:
        sys.stderr.write(done.stderr)
        return 1
    print(json.dumps(json.loads(done.stdout), ensure_ascii=False, indent=2))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
