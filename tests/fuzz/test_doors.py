"""Every door holds: for what usually comes, for what once broke it, and for whatever is made of that."""

from __future__ import annotations

import json
import time
import warnings
from functools import cache
from pathlib import Path
from random import Random

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wordlist
from bot.asking import ratio
from bot.painting import rewording
from cogs.translate import Translator
from tests.fuzz import doors, messages
from tests.fuzz.mutating import WORDS
from tests.players import CATALOGUE

RUNS = {"pictures": 150, "words": 60}  #: tries; others take 300
FINDS = [(name, path) for name in doors.NAMES for path in doors.finds(name)]
HOSTILE = (*WORDS, "a", "a@", "@a.", "Aa Bb ", "1:", "1/2 ", "壁紙", "e\u0301", "[[", "no ", "without ", "make it ")


@cache
def seeds(name: str) -> list[bytes]:
    """Made once, for pictures take their time."""
    return list(doors.door(name).seeds())


@pytest.mark.parametrize("name", doors.NAMES)
def test_what_usually_comes_is_let_in(name: str):
    for seed in seeds(name):
        doors.door(name).enter(seed)


@pytest.mark.parametrize("seed", seeds("messages"))
def test_each_message_that_usually_comes_is_an_ask(seed: bytes):
    assert len(messages.asks(json.loads(seed))) == 1


def test_a_translator_that_stumbles_over_a_usual_message_is_noticed(monkeypatch: pytest.MonkeyPatch):
    def stumbles(_: Translator, __: discord.Message) -> None:
        raise AttributeError

    monkeypatch.setattr(type(messages.ear().translator), "barred", stumbles)
    for seed in seeds("messages"):
        with pytest.raises(AssertionError):
            messages.enter(seed)
    messages.enter(json.dumps(json.loads(seeds("messages")[0]) | {"mentions": [], "flags": None}).encode())


@pytest.mark.parametrize(("name", "path"), FINDS, ids=[f"{name}-{path.stem}" for name, path in FINDS])
def test_what_once_broke_a_door_does_so_no_more(name: str, path: Path):
    doors.door(name).enter(path.read_bytes())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", doors.NAMES)
def test_a_door_holds_for_whatever_is_made_of_what_comes(name: str):
    door = doors.door(name)

    @settings(max_examples=RUNS.get(name, 300), deadline=None)
    @given(st.integers(0, len(seeds(name)) - 1), st.randoms(use_true_random=False), st.integers(1, 5))
    def holds(seed: int, random: Random, times: int) -> None:
        data = seeds(name)[seed]
        for _ in range(times):
            data = door.mutate(data, random)
        door.enter(data)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of broken files
        holds()


@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
def test_four_thousand_characters_are_read_in_no_time_whatever_they_are(unit: str):
    text = (unit * 4000)[:4000] if unit else ""
    began = time.process_time()
    ratio.asked(text)
    wordlist.looks(text)
    rewording.wordings(text, "declined_safety", CATALOGUE)
    assert time.process_time() - began < 0.5
