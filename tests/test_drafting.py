from dataclasses import replace

import pytest

from bot.asking.drafting import Drafting
from bot.asking.target import Surroundings, Target
from bot.model import Ask, Memory, Turn
from bot.store import Conversation
from tests.players import ADA, CATALOGUE, MODEL, SETTINGS, THREAD

HERE = Conversation(50, None, None, 0, Memory.FOCUSED)
DRAFTING = Drafting(SETTINGS, CATALOGUE)


def ask(words: str, **others: object) -> Ask:
    return replace(Ask(101, THREAD, ADA, words, message=101), **others)  # type: ignore[arg-type]


def drafted(asked: Ask, decision: Target | None = None) -> Turn:
    return DRAFTING.turn(asked, decision or Target(), HERE)


def rewritten(turn: Turn, words: str) -> Turn:
    return DRAFTING.rewritten(turn, ask(words), Surroundings(), HERE)


def failed(words: str, **others: object) -> Turn:
    return replace(Turn(90, 50, ADA, words, MODEL.id, 0.0, failure="No."), **others)  # type: ignore[arg-type]


def test_words_that_ask_for_a_shape_get_it():
    assert drafted(ask("make it 16:9")).ratio == "16:9"
    assert drafted(ask("a red house")).ratio is None


def test_a_shape_that_was_chosen_wins_over_words_and_words_win_over_what_is_asked_again():
    again = Target(like=failed("a frog in square format", ratio="1:1"))
    assert drafted(ask("make it 16:9", ratio="4:5"), again).ratio == "4:5"
    assert drafted(ask("make it 16:9"), again).ratio == "16:9"
    assert drafted(ask(""), again).ratio == "1:1"


def test_new_words_take_the_shape_back_that_the_old_ones_asked_for_and_no_other():
    by_words = drafted(ask("a frog, 16:9"))
    assert rewritten(by_words, "a frog").ratio is None
    assert rewritten(by_words, "a frog, 1:1 format").ratio == "1:1"
    chosen = drafted(ask("a frog", ratio="4:5"))
    assert rewritten(chosen, "a toad").ratio == "4:5"


@pytest.mark.parametrize(("asked", "painted"), [(None, "1K"), ("4K", "4K")])
def test_an_edit_is_painted_in_the_usual_size_unless_another_is_asked_for(asked, painted):
    assert drafted(ask("bluer", size=asked)).size == painted
