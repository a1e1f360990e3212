"""A list of words that a server does not want, matched in one pass over a text, however long the list. Pure.

As in Discord's AutoMod: `cat` is that word alone, `cat*` begins one, `*cat` ends one, `*cat*` is anywhere; a phrase may
have spaces. Case, accents, invisible characters and letters that only look Latin make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from types import MappingProxyType
from typing import NewType

from ahocorasick_rs import AhoCorasick, MatchKind

from bot.errors import Unlisted

MOST = 10_000  #: entries of one list
LONGEST = 60  #: characters of an entry, as in Discord's own lists
STAR = "*"
EDGE = "\x1f"  #: where a word begins or ends; white space in Python's eyes, so that no text brings it along
BLANK = "\x00"

PLANES = 0x20000  #: code points that are looked through; above are ideographs and what nobody sees
#: Marks over and under the letters of alphabets; in other scripts they make another word.
ACCENTS = (
    *((0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670)),
    *((0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F)),
)
FILLERS = frozenset("\u115f\u1160\u17b4\u17b5")  #: letters that nobody sees
#: In lower case these can't be told from a Latin letter by eye, or have a stroke that counts as an accent.
ALIKE = MappingProxyType(
    dict(zip("аеорсухіјѕһԁԛԝѵӏοανρικυϲϳօսհոıɑɡøłđħŧ", "aeopcyxijshdqwvloavpikucjouhniagoldht", strict=True))
)
KNOWN = 8192  #: characters whose plain form is kept

Marked = NewType("Marked", str)  #: a text as lists look at it


class Wordlist:
    """The entries, ready to be looked for."""

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries = tuple(dict.fromkeys(each for each in entries if plain(each.strip(STAR))))
        self._search = AhoCorasick([_pattern(each) for each in self.entries], MatchKind.LeftmostLongest)

    def first(self, text: Marked) -> str | None:
        """The entry that is found first in the text."""
        found = self._search.find_matches_as_indexes(text)
        return self.entries[found[0][0]] if found else None

    def without(self, text: Marked) -> Marked:
        """The text, with something that is no word in place of whatever is on the list."""
        kept, end = list[str](), 0
        for _, start, after in self._search.find_matches_as_indexes(text):
            kept += [text[end:start], EDGE if text[start] == EDGE else "", BLANK]
            end = after - 1 if text[after - 1] == EDGE else after
        return Marked("".join([*kept, text[end:]]))


def entry(raw: str) -> str:
    """What a moderator wrote as an entry of a list. Raises Unlisted."""
    text = " ".join(raw.split())
    core = text.strip(STAR).strip()
    if len(core) > LONGEST:
        raise Unlisted("word_too_long", limit=LONGEST)
    if STAR in core:
        raise Unlisted("word_star", word=text)
    bare = plain(core)
    if not bare or (STAR in text and len(bare) == 1 and bare.isascii()):
        raise Unlisted("word_empty")
    return STAR * text.startswith(STAR) + core + STAR * text.endswith(STAR)


def merged(entries: Iterable[str]) -> list[str]:
    """The entries without those that say the same as an earlier one."""
    found = dict[str, str]()
    for each in entries:
        found.setdefault(plain(each), each)
    return list(found.values())


def imported(data: bytes) -> tuple[list[str], list[int]]:
    """The entries in a text file, one a line, and the numbers of lines that can't be one. Raises Unlisted."""
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unlisted("words_file") from error
    found, bad = list[str](), list[int]()
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found += [entry(line)] if line.strip() else []
        except Unlisted:
            bad.append(number)
    return found, bad


def marked(text: str) -> Marked:
    """The text as lists look at it: what makes no difference is gone, and the edges of words are marked."""
    text = plain(text)
    between = _between_ascii() if text.isascii() else _between()
    return Marked(EDGE + EDGE.join(between.split(text)) + EDGE)


def plain(text: str) -> str:
    """The text without what makes no difference; any white space is one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_plain_forms())
    return " ".join(text.lower().split())


def is_word(character: str) -> bool:
    """It is part of a word, and no edge of one."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _pattern(raw: str) -> str:
    """An entry as it stands in a marked text. A sign that is no word has no edges of its own."""
    core = plain(raw.strip(STAR))
    before = EDGE if is_word(core[0]) and not raw.startswith(STAR) else ""
    after = EDGE if is_word(core[-1]) and not raw.endswith(STAR) else ""
    return before + marked(core).strip(EDGE) + after


class _PlainForms(dict[int, str]):
    """What `str.translate` puts in place of a character, found out when one first comes along."""

    def __missing__(self, code: int) -> str:
        whole = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        form = unicodedata.normalize("NFC", "".join(ALIKE.get(each, each) for each in whole if not _is_unseen(each)))
        if len(self) < KNOWN:
            self[code] = form
        return form


@cache
def _plain_forms() -> _PlainForms:
    return _PlainForms()


@cache
def _between() -> re.Pattern[str]:
    """What stands between two words."""
    ranges = (list(codes) for inside, codes in groupby(range(PLANES), lambda code: is_word(chr(code))) if inside)
    words = "".join(f"{re.escape(chr(codes[0]))}-{re.escape(chr(codes[-1]))}" for codes in ranges)
    return re.compile(f"([^{words}\U00020000-\U0010ffff]+)")


@cache
def _between_ascii() -> re.Pattern[str]:
    return re.compile("([^a-z0-9]+)")


def _is_unseen(character: str) -> bool:
    code, kind = ord(character), unicodedata.category(character)
    accent = kind.startswith("M") and any(first <= code <= last for first, last in ACCENTS)
    return accent or kind in {"Cf", "Cs"} or character in FILLERS or 0xE0000 <= code < 0xE1000
