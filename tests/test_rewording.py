import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.painting.rewording import BLOCKED, GRAVE, HELPED, LEAST, MOST, may_be_written, wordings
from tests.players import CATALOGUE
from tests.test_catalogue import SENTENCES

REASONS = [key.removeprefix("error.") for key in SENTENCES if key.startswith("error.declined_")]
NOBODY = CATALOGUE.say("rewording.somebody")


def other(words: str, reason: str = "declined_image_safety") -> tuple[str, ...]:
    return wordings(words, reason, CATALOGUE)


def first(words: str, reason: str = "declined_image_safety") -> str:
    return other(words, reason)[0]


@pytest.mark.parametrize(
    ("words", "milder"),
    [
        ("a knight covered in blood", "a knight tired and dusty"),
        ("a bloody sword on the wall", "a sword on the wall"),
        ("a brutal fight with a wolf", "a dramatic fight with a wolf"),
        ("a pirate killing a shark", "a pirate facing a shark"),
        ("a cowboy with a gun", "a cowboy with a lantern"),
        ("Mickey Mouse on a bike", "a cheerful cartoon animal that nobody has seen before on a bike"),
        ("my dog as Spider-Man", "my dog as a hero in a plain costume of their own"),
        ("a cat in the style of Studio Ghibli", "a cat as a warm, hand-painted animation"),
        ("a cat in the style of Vincent van Gogh", "a cat with soft light, clear shapes and visible strokes"),
        ("Nike shoes on a table", "plain shoes on a table"),
        ("the Apple logo in snow", "the made-up logo in snow"),
        ("a card that says +49 170 1234567", "a card that says a made-up number"),
        ("write to ana@example.com on it", "write to a made-up address on it"),
        ("Jane Doe on a horse", f"{NOBODY} on a horse"),
        ("Make Jane Doe smile", f"Make {NOBODY} smile"),
        ("a portrait of President Jane Doe", f"a portrait of {NOBODY}"),
    ],
)
def test_what_stands_in_the_way_is_said_differently(words, milder):
    assert first(words) == milder


@pytest.mark.parametrize(
    "words", ["a boat in New York", "rain on Times Square", "the Eiffel Tower at night", "Paint Ana", "Make it Red"]
)
def test_places_and_the_beginnings_of_sentences_are_nobodys_names(words):
    assert NOBODY not in " ".join(other(words))


def test_where_no_rule_fits_the_endings_help():
    assert other("zwei Katzen auf dem Mond", "declined_image_recitation") == (
        CATALOGUE.say("rewording.own", words="zwei Katzen auf dem Mond"),
        CATALOGUE.say("rewording.nobody", words="zwei Katzen auf dem Mond"),
    )


def test_a_full_stop_of_any_language_does_not_stand_in_the_middle():
    said = other("猫を描いて。", "declined_image_recitation")
    assert said[0] == CATALOGUE.say("rewording.own", words="猫を描いて")


@pytest.mark.parametrize("reason", sorted(set(REASONS) - set(HELPED) - set(BLOCKED)))
def test_for_a_refusal_that_other_words_do_not_mend_none_are_offered(reason):
    assert other("a knight covered in blood", reason) == ()
    assert not may_be_written("a knight", reason)


@pytest.mark.parametrize("reason", [*HELPED, *BLOCKED])
def test_every_reason_that_is_helped_is_one_that_there_is(reason):
    assert reason in REASONS
    assert LEAST <= len(other("a pirate killing a shark", reason)) <= MOST


@pytest.mark.parametrize("reason", BLOCKED)
def test_words_that_were_blocked_are_only_offered_without_the_thing_itself(reason):
    assert other("a lovely day at the sea", reason) == ()
    assert all("kill" not in each for each in other("a pirate killing a shark", reason))
    assert not may_be_written("a pirate killing a shark", reason)


@pytest.mark.parametrize(
    "words",
    ["a naked woman", "Jane Doe topless", "a nazi parade", "somebody commits suicide", "eine nackte Frau", "ヌード"],
)
@pytest.mark.parametrize("reason", [*HELPED, *BLOCKED])
def test_grave_words_get_no_others(words, reason):
    assert other(words, reason) == ()
    assert not may_be_written(words, reason)


@given(st.text(max_size=200), st.sampled_from([*HELPED, *BLOCKED]))
def test_whatever_was_asked_two_or_three_different_wordings_are_offered_or_none(words, reason):
    found = other(words, reason)
    assert not found or LEAST <= len(found) <= MOST
    assert len(set(found)) == len(found)
    assert words not in found
    assert not any(GRAVE.search(each) for each in found)


def test_words_that_are_too_long_get_no_longer():
    assert all(len(each) <= 4000 for each in other("x " * 1990))
