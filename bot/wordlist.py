"""A list of words that a server does not want, matched in one pass over a text, however long the list. Pure.

As in Discord's AutoMod: `cat` is that word alone, `cat*` begins one, `*cat` ends one, `*cat*` is anywhere; a phrase may
have spaces. Case, accents, invisible characters, letters that only look Latin, markdown, dashes between words and words
that are spelled out (`c.a.t.s`) make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
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
    | dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqqrstuvwyz", strict=True))
    | dict(zip("ɓƀƃƈɗɖƒɠɦɨƙɫɭɱɲŋƞɵƥɍɽʂƭʈʉʋⱳƴȥƶʐ", "bbbcddfghikllmnnnoprrsttuvwyzzz", strict=True))
    | {chr(first + at): chr(ord("a") + at) for first in (0x1F150, 0x1F170) for at in range(26)}
)
#: These look Latin as capitals or in small; Russian and Greek words are made of them, so only beside Latin letters.
AMONG_LATIN = MappingProxyType(str.maketrans("вгкмнптбβεηκμτχωζ", "brkmhntbbenkmtxwz"))
SURE = frozenset("bfghklmnqrstuvwxyzd") - frozenset(ALIKE[each] for each in "аеорсухіјοανρικυ")  #: Latin for certain
SPELLED = 4  #: single letters in a row, at least, that may be a word
KNOWN = 8192  #: characters whose plain form is kept

MARKDOWN = re.compile(r"\\(?=[^\w\s])|\*+|__+|~~+|\|\|+|`+")  #: nobody sees it in Discord
DASHES = re.compile(r"(?<=[^\W_])[-_‐‒–—]+(?=[^\W_])")  #: between two words
_LETTERS = re.compile(f"[a-z{''.join(map(chr, AMONG_LATIN))}]+")

Marked = NewType("Marked", str)  #: a text as lists look at it


class Wordlist:
    """The entries, ready to be looked for."""

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries = tuple(dict.fromkeys(each for each in entries if plain(each.strip(STAR))))
        meant = {pattern: each for each in reversed(self.entries) for pattern in _patterns(each)}
        self._meant = tuple(meant.values())
        self._search = AhoCorasick(list(meant), MatchKind.LeftmostLongest)

    def first(self, *looks: Marked) -> str | None:
        """The entry that is found first in a text, by the first look at it that finds any."""
        for look in looks:
            if found := self._search.find_matches_as_indexes(look):
                return self._meant[found[0][0]]
        return None

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


def looks(text: str) -> tuple[Marked, ...]:
    """The ways to look at a text: as it stands and, where that is another, without what only breaks words up."""
    shown = plain(text)
    parts = _between_of(shown).split(shown)
    bare = DASHES.sub(" ", MARKDOWN.sub("", shown))
    if not bare.isascii():
        bare = _LETTERS.sub(_latin, bare)
    spelled = list(_spelled(parts[::2]))
    if bare == shown and not spelled:
        return (_edged(parts),)
    return _edged(parts), Marked(BLANK.join([_edged(_between_of(bare).split(bare)), *spelled]))


def marked(text: str) -> Marked:
    """The text as lists look at it: what makes no difference is gone, and the edges of words are marked."""
    text = plain(text)
    return _edged(_between_of(text).split(text))


def _edged(parts: Sequence[str]) -> Marked:
    return Marked(EDGE + EDGE.join(parts) + EDGE)


def plain(text: str) -> str:
    """The text without what makes no difference; any white space is one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_plain_forms())
    return " ".join(text.lower().split())


def is_word(character: str) -> bool:
    """It is part of a word, and no edge of one."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _spelled(words: Iterable[str]) -> Iterator[str]:
    """Letters that stand alone, many in a row."""
    for single, run in groupby(words, lambda word: len(word) == 1):
        letters = "".join(run) if single else ""
        if len(letters) >= SPELLED:
            yield EDGE.join(_LETTERS.sub(_latin, letters))


def _latin(found: re.Match[str]) -> str:
    word = found[0]
    return word.translate(AMONG_LATIN) if not SURE.isdisjoint(word) else word


def _patterns(raw: str) -> Iterator[str]:
    """An entry as it may stand in a marked text. A sign that is no word has no edges of its own."""
    core = plain(raw.strip(STAR))
    before = EDGE if is_word(core[0]) and not raw.startswith(STAR) else ""
    after = EDGE if is_word(core[-1]) and not raw.endswith(STAR) else ""
    for each in (core, DASHES.sub(" ", core)):
        yield before + marked(each).strip(EDGE) + after
    letters = _between_of(core).sub("", core)
    if len(letters) >= SPELLED:
        yield EDGE.join(letters)


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


def _between_of(text: str) -> re.Pattern[str]:
    return _between_ascii() if text.isascii() else _between()


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
