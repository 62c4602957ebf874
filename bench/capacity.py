"""What a city, a province and a nation need: the tables of docs/capacity.md, from measured figures."""

import argparse
import json
import sys
from pathlib import Path

# This file and the folder beside it have one name; from the root of the repository the folder is found.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.capacity import figures, tables  # noqa: E402


def main() -> int:
    """0; 1 if a figure is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--measured", nargs=2, type=Path, metavar="FILE", help="what bench/fanout.py and bench/polling.py wrote; else the figures kept"
    )
    parser.add_argument("--keep", action="store_true", help="keep these figures in bench/capacity/figures.json and write docs/capacity.md")
    options = parser.parse_args()
    try:
        if options.measured:
            known = figures.found(*(json.loads(file.read_text(encoding="utf-8")) for file in options.measured))
        else:
            known = figures.kept()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if options.keep:
        figures.keep(known)
        tables.DOCUMENT.write_text(tables.written(tables.DOCUMENT.read_text(encoding="utf-8"), known), encoding="utf-8")
    for name, made in tables.tables(known).items():
        print(f"{name}\n\n{made}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
