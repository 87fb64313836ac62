"""The pages and the fenced blocks in them."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "research").glob("*.md"),
    ]
    if path.name != "CHANGELOG.md"
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    page: Path
    language: str
    text: str
    line: int


def blocks(page):
    text = page.read_text("utf-8")
    return [
        Block(page, match[1], match[2], text[: match.start()].count("\n") + 2)
        for match in _FENCE.finditer(text)
    ]


def named(page):
    return page.relative_to(ROOT).as_posix()
