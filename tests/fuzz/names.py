"""What a file is called: in an export it has a name that every system takes, and it says nothing to a path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

from bot.deleting.export import safe
from bot.letters import shown
from tests.fuzz.mutating import WORDS, words_mutated

LONGEST = 255  #: bytes of a file's name, nearly everywhere
FORBIDDEN = set('<>:"/\\|?*')
mutate = words_mutated


def enter(data: bytes) -> None:
    """As an attachment's name."""
    name = data.decode("utf-8", "ignore")
    assert all(number >= 0 for number in shown([name]))
    kept = safe(name)
    whole = f"1300000000000000001-1-{kept}.png"
    assert 0 < len(whole.encode()) <= LONGEST, kept
    assert not FORBIDDEN & set(whole), kept
    assert whole.isprintable()
    assert not kept.startswith(".")
    for path in (PurePosixPath("pictures", whole), PureWindowsPath("pictures", whole)):
        assert (path.name, len(path.parts), path.is_absolute()) == (whole, 2, False)


def seeds() -> Iterator[bytes]:
    """Names that mean something to a system."""
    bad = ("../../etc/passwd", "C:\\autoexec.bat", "CON.png", "nul", "a\0.png", ".htaccess", "~", "-rf", "a." * 300)
    names = (
        *bad,
        "gnp\u202egpj.exe",
        "日本語の写真.png",
        "a\u0301.png",
        "😀.png",
        "easel-5-v7.png",
        "easel--5-v٣.png",
        "𠀀" * 300,
    )
    yield from (each.encode() for each in (*names, *WORDS))
