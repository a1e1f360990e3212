import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.automod import AutoMod, Book, KeywordRule, Unreadable, translated
from bot.errors import Unreachable
from bot.wordlist import looks

ROW: dict[str, Any] = {
    "name": "No cats",
    "event_type": 1,
    "trigger_type": 1,
    "enabled": True,
    "trigger_metadata": {"keyword_filter": ["*cat*"], "regex_patterns": [r"k[i1]t+y\b"], "allow_list": ["*catalogue*"]},
    "actions": [
        {"type": 1, "metadata": {"custom_message": "Dogs only."}},
        {"type": 2, "metadata": {"channel_id": "77"}},
        {"type": 3, "metadata": {"duration_seconds": 60}},
    ],
    "exempt_roles": ["5"],
    "exempt_channels": ["6"],
}


def rule(**metadata: Any) -> KeywordRule:
    [read] = AutoMod.read([ROW | {"trigger_metadata": ROW["trigger_metadata"] | metadata}]).rules
    return read


def first(held: KeywordRule, text: str) -> str | None:
    return held.first(text, looks(text))


def test_a_rule_is_read_with_whom_it_spares_whom_it_tells_and_what_it_says():
    read = rule()
    assert (read.name, read.alerts, read.message, read.unread) == ("No cats", (77,), "Dogs only.", ())
    assert read.spares(frozenset({5}), frozenset())
    assert read.spares(frozenset(), frozenset({6, 9}))
    assert not read.spares(frozenset({6}), frozenset({5}))


@pytest.mark.parametrize("text", ["a wildcat", "K1TTY!", "catalogue of cats"])
def test_words_and_patterns_are_found_whatever_their_case(text):
    assert first(rule(), text)


@pytest.mark.parametrize("text", ["a catalogue", "kittys", "a dog"])
def test_what_is_allowed_and_what_is_something_else_passes(text):
    assert first(rule(), text) is None


def test_what_is_allowed_hides_itself_from_patterns_and_nothing_beside_it():
    held = rule(keyword_filter=[], regex_patterns=[r"\w*word"], allow_list=["goodword"])
    assert first(held, "a goodword") is None
    assert first(held, "a goodword, a badword")


def test_what_is_off_or_about_something_else_does_not_hold_and_discords_own_lists_are_named():
    rows = [ROW | {"enabled": False}, ROW | {"event_type": 2}, ROW | {"trigger_type": 5, "trigger_metadata": None}]
    preset = ROW | {"name": "Slurs", "trigger_type": 4, "trigger_metadata": {"presets": [3]}}
    assert AutoMod.read([*rows, preset]) == AutoMod((), ("Slurs",))


def test_a_rule_with_nothing_in_it_finds_nothing():
    [empty] = AutoMod.read([{"name": "?", "event_type": 1, "trigger_type": 1, "enabled": True}]).rules
    assert first(empty, "anything") is None


# -- regular expressions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        (r"\d{3}", "٣٤٥", "12"),
        (r"^[\w-]+$", "żółw-2", "two words"),
        (r"\D\S+", "é!", "1"),
        (r"[[:alpha:]]x", "ax", "1x"),
        (r"[]a]b", "]b", "b"),
        (r"(?i)h(e|3)llo", "H3LLO", "hallo"),
    ],
)
def test_a_pattern_means_what_it_means_in_rust(pattern, yes, no):
    held = rule(keyword_filter=[], regex_patterns=[pattern], allow_list=[])
    assert held.unread == ()
    assert first(held, yes)
    assert first(held, no) is None


@pytest.mark.parametrize(
    "pattern", [r"[a-z&&[^b]]", r"[a--z]", r"[a[bc]]", r"\bпривет\b", r"[^\D]", r"\<a", r"\b{start}a", "[:alpha:]"]
)
def test_a_pattern_that_would_mean_something_else_is_not_held(pattern):
    with pytest.raises(Unreadable):
        translated(pattern)
    assert rule(regex_patterns=[pattern]).unread == (pattern,)


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(a)\1", r"a{1,5000}", "((a{100}){100}){100}", "(", r"\u{1F600}"])
def test_a_pattern_that_can_not_be_matched_is_told_and_the_rest_of_the_rule_holds(pattern):
    held = rule(regex_patterns=[pattern])
    assert held.unread == (pattern,)
    assert first(held, "a cat")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*a){12}c", "(x+x+)+y"])
def test_patterns_that_ruin_others_take_a_moment(pattern):
    held = rule(keyword_filter=[], regex_patterns=[pattern])
    text = "a" * 4000 + "!" + "x" * 4000
    began = time.perf_counter()
    first(held, text)
    assert time.perf_counter() - began < 1


# -- kept --------------------------------------------------------------------------------------------------------------


class Server:
    """Discord, for one server's rules."""

    def __init__(self) -> None:
        self.permitted, self.told, self.asked = True, [ROW], 0
        self.trouble: Exception | None = None
        self.gate: asyncio.Event | None = None

    def may_read(self, server: int) -> bool:
        return self.permitted

    async def rows(self, server: int) -> Sequence[Mapping[str, Any]]:
        self.asked += 1
        told = list(self.told)
        await (self.gate.wait() if self.gate else asyncio.sleep(0))
        if self.trouble:
            raise self.trouble
        return told

    def is_above(self, server: int, member: int, roles: frozenset[int]) -> bool:
        return False

    def around(self, channel: int) -> frozenset[int]:
        return frozenset({channel})

    def locale(self, server: int) -> str | None:
        return None


@pytest.fixture
def server() -> Server:
    return Server()


async def names(book: Book) -> list[str]:
    return [each.name for each in (await book.of(9)).rules]


async def test_rules_are_asked_for_once_by_however_many_and_again_after_a_change(server):
    book = Book(server)
    await asyncio.gather(*(book.of(9) for _ in range(5)))
    assert (await names(book), server.asked) == (["No cats"], 1)
    server.told = []
    book.forget(9)
    assert (await names(book), server.asked) == ([], 2)


async def test_a_change_that_is_heard_while_they_are_read_is_not_lost(server):
    book, server.gate = Book(server), asyncio.Event()
    reading = asyncio.create_task(book.of(9))
    await asyncio.sleep(0.01)
    server.told = []
    book.forget(9)
    server.gate.set()
    await reading
    assert await names(book) == []


async def test_without_the_permission_nobody_is_asked_and_with_it_they_are_read_anew(server):
    book, server.permitted = Book(server), False
    assert ((await book.of(9)).why, server.asked) == ("words.forbidden", 0)
    server.permitted = True
    assert await names(book) == ["No cats"]


async def test_while_discord_is_away_what_was_known_holds_and_else_it_says_so(server, monkeypatch):
    book, server.trouble = Book(server), Unreachable("unreachable", forever=False, detail="a test")
    assert (await book.of(9)).why == "words.away"
    assert (await book.of(9), server.asked) == (AutoMod(why="words.away"), 1)
    server.trouble = None
    book.forget(9)
    assert await names(book) == ["No cats"]
    server.trouble = Unreachable("unreachable", forever=False, detail="a test")
    book._servers[9].until = 0.0
    assert (await names(book), server.asked) == (["No cats"], 3)


async def test_discord_is_not_waited_for_for_long(server, monkeypatch):
    monkeypatch.setattr("bot.automod.PATIENCE", 0.01)
    book, server.gate = Book(server), asyncio.Event()
    assert (await book.of(9)).why == "words.away"


async def test_only_so_many_servers_are_kept(server, monkeypatch):
    monkeypatch.setattr("bot.automod.SERVERS", 2)
    book = Book(server)
    for each in (1, 2, 3, 3, 1):
        await book.of(each)
    assert server.asked == 4
