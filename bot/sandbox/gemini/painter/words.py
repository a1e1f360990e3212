"""From a sentence to tagged words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.gemini.painter.lexicon import Entry, entries, longest

QUOTED = re.compile(r"“([^”]{1,200})”|\"([^\"]{1,200})\"|«([^»]{1,200})»|(?<!\w)['‘]([^'’]{1,200})['’](?!\w)")
SAID = re.compile(
    r"\b(?:that )?(?:says|saying|reads|reading|with the (?:words?|text))\s+(?![\s\0])"
    r"((?:[A-ZÀ-Ý0-9][^\s,.;]*\s?)+|[^,.;]{1,60})"
)
VERSION = re.compile(r"v\d+")  # names another picture, which comes along by itself
TOKEN = re.compile(r"\0\d+\0|[a-zà-öø-ÿ0-9]+(?:['’&-][a-zà-öø-ÿ0-9]+)*|[.,;:!?—–]|&", re.IGNORECASE)


@dataclass(frozen=True)
class Tag:
    """A word or phrase, the sort of word it is, and what it means; `plural` where it was one."""

    sort: str
    name: str
    word: str
    plural: bool = False


def tag(text: str) -> tuple[Tag, ...]:
    """Every word and phrase of a text with what it means; quoted words are kept whole, as they were written."""
    quotes: list[str] = []

    def keep(found: re.Match[str]) -> str:
        quotes.append(next(group for group in found.groups() if group).strip())
        return f" \0{len(quotes) - 1}\0 "

    marked = QUOTED.sub(keep, text)
    marked = SAID.sub(keep, marked)
    return tuple(_tagged(TOKEN.findall(marked), quotes))


def _tagged(tokens: list[str], quotes: list[str]) -> Iterator[Tag]:
    index = 0
    while index < len(tokens):
        if tokens[index].startswith("\0"):
            yield Tag("quote", quotes[int(tokens[index].strip("\0"))], tokens[index])
            index += 1
            continue
        found, length = _match([token.lower().replace("’", "'") for token in tokens[index : index + longest()]])
        yield found
        index += length


def _match(words: list[str]) -> tuple[Tag, int]:
    for length in range(len(words), 0, -1):
        phrase = " ".join(words[:length])
        for candidate, plural in _forms(phrase):
            if entry := entries().get(candidate):
                return _as_tag(entry, phrase.removesuffix("'s"), plural), length
    return _number(words[0]), 1


def _as_tag(entry: Entry, phrase: str, plural: bool) -> Tag:
    many = plural or phrase in {"people", "men", "women", "children", "geese", "cacti", "daisies", "poppies", "fishes"}
    return Tag(entry[0], entry[1], phrase, many)


def _forms(phrase: str) -> Iterator[tuple[str, bool]]:
    yield phrase, False
    if phrase.endswith("ies"):
        yield phrase[:-3] + "y", True
    if phrase.endswith("es"):
        yield phrase[:-2], True
    if phrase.endswith("s"):
        yield phrase[:-1], True
    if phrase.endswith("'s"):
        yield phrase[:-2], False


def _number(word: str) -> Tag:
    if word.isdigit():
        return Tag("count", word, word)
    if re.fullmatch(r"\d+[x×]", word):
        return Tag("count", word[:-1], word)
    return Tag("filler" if VERSION.fullmatch(word) else "unknown", word, word)
