"""A member's words: what is said of them fits Discord, obeys none of their markdown, and comes soon."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache

from bot import receipt, wordlist
from bot.asking import ratio, target
from bot.audit.scribe import Scribe
from bot.errors import Unlisted
from bot.letters import TEXT_LIMIT
from bot.model import Member, Reference, Turn, Version
from bot.painting import rewording
from bot.receipt import Result
from bot.store import Entry
from bot.views import card
from tests.fuzz.mutating import WORDS, words_mutated
from tests.players import CATALOGUE, MODEL, SETTINGS, picture

SOON = 0.5  #: seconds of the processor's for all that is done with one text
ALT = 1024  #: characters that Discord takes
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
OBEYED = "\\*_~`|>#[]()<:@-"  #: characters that mean something to Discord
mutate = words_mutated


def enter(data: bytes) -> None:
    """As words, as a name, as a file's name and as a version's number, in all that is said of them."""
    text = data.decode("utf-8", "ignore")[:4000]
    began = time.process_time()
    shown, usual = list(told(text)), as_usual()
    assert all(0 <= number < 10**9 for number in target.numbers(text))
    assert re.fullmatch(r"\d+:\d+|None", str(ratio.asked(text)))
    rewording.wordings(text, "declined_safety", CATALOGUE)
    wordlist.looks(text)
    with suppress(Unlisted):
        assert wordlist.plain(wordlist.entry(text))
    with suppress(Unlisted):
        wordlist.imported(data)
    assert time.process_time() - began < SOON
    for said, as_ever in zip(shown, usual, strict=True):
        assert len(said) <= TEXT_LIMIT
        assert not TURNING.search(said)
        assert not (meant(said) - meant(as_ever)), said
        assert len(said.splitlines()) <= len(as_ever.splitlines()), said
    for alt in alts(text):
        assert len(alt) <= ALT


@cache
def as_usual() -> list[str]:
    """What is said of words that mean nothing to Discord."""
    return list(told("cat"))


def meant(text: str) -> Counter[str]:
    """The characters that Discord would obey."""
    return Counter(each for each in re.sub(r"\\[\W_]", "", text) if each in OBEYED)


def told(text: str) -> Iterator[str]:
    """What threads, cards and audit channels read."""
    turn = asked(text)
    yield receipt.line(Result(turn, [version(7)], version(5), turn.upload(text)), CATALOGUE)
    yield receipt.said(turn, CATALOGUE)
    yield receipt.references(turn, CATALOGUE)
    known = card.Card(version(7), turn, version(5), [1, 5, 7], [8])
    yield card.lines(known, SETTINGS.gemini.models, CATALOGUE)
    scribe = Scribe(CATALOGUE, {})
    for heard in (
        {"what": "refused", "words": text, "why": "No.", "channel": 50, "message": 1},
        {"what": "stance", "allowed": False, "of": "member", "subject": 2, "until": None, "reason": text},
        {"what": "words", "added": [text], "removed": [text], "plus": 2, "minus": 1},
        {"what": "tomorrow's", "name": text},
    ):
        yield scribe.line(Entry(9, 0.0, "turn" if "why" in heard else "change", heard, turn=1, member=1))
    report = {"asker": 2, "number": 7, "reason": text, "words": text, "deeds": [], "restricted": False, "channel": 50}
    yield scribe.report(Entry(9, 0.0, "report", report, member=1), gone=False)


def alts(text: str) -> Iterator[str]:
    turn = asked(text)
    for each in (turn, replace(turn, count=4)):
        result = Result(each, [version(7), version(8)], version(5))
        yield receipt.alt(result, CATALOGUE, version(7))


def asked(text: str) -> Turn:
    references = (Reference(picture("b"), text), Reference(picture("c"), "v2", 2))
    return Turn(1, 50, Member(1, text, frozenset()), text, MODEL.id, 0.0, server=9, references=references)


def version(number: int) -> Version:
    return Version(number, 1, 0, picture(), message=number)


def seeds() -> Iterator[bytes]:
    """Words as people say them, and each that is odd."""
    said = ("make the sky orange", "v2 and v13, in 16:9", "Put the hat of v3 on Anna Maria Smith", "空をオレンジ色に")
    yield from (each.encode() for each in (*said, *WORDS))
    yield from (f"{each} and {each}".encode() for each in WORDS)
