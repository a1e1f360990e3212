"""What the painter says: whole sentences, short and warm, about what it did and what it could not."""

import io
from functools import lru_cache

import pytest
from PIL import Image, ImageStat

from bot.sandbox.gemini.painter import reply
from bot.sandbox.gemini.painter.intent import understand
from bot.sandbox.gemini.painter.memory import written_scene
from bot.sandbox.gemini.painter.offline import OfflinePainter
from bot.sandbox.gemini.painting import Painting
from tests.sandbox.asked import asked, smaller

MODEL = smaller(4)


def ask(words: str, *pictures: bytes) -> Painting:
    return OfflinePainter().paint(asked(*pictures, words, model=MODEL), 0)


def said(words: str, *pictures: bytes) -> str:
    return " ".join(ask(words, *pictures).texts)


@lru_cache
def painted(words: str) -> bytes:
    return ask(words).pictures[0].data or b""


@lru_cache
def photograph() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 320), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


HOUSE = "a house"


@pytest.mark.parametrize("base", ["painted", "photographed"])
def test_a_thing_from_another_version_is_worked_in_and_nothing_else_is_said(base):
    picture = painted(HOUSE) if base == "painted" else photograph()
    text = said("put the dog of v3 on the roof so that it looks natural", picture, painted("a dog"))
    assert text == "Done: the other picture is worked in."


@pytest.mark.parametrize(
    "words",
    ["make it look natural please", "thanks, nice", "the attached picture instead", "so that it looks good", "this one",
     "as in v2 and v13"],
)  # fmt: skip
def test_small_talk_and_versions_are_silent(words):
    intent = understand(words)
    assert (intent.edits, intent.unknown) == ((), ())


def test_where_nothing_was_understood_it_says_so_in_a_whole_sentence():
    text = said("make it look natural please", photograph())
    assert text == f"I am only an offline painter and found nothing in your words that I can do. {reply.ABLE}"


def test_an_unknown_word_is_named_beside_a_photograph():
    text = said("add a sombrero", photograph())
    assert text == f"I am only an offline painter and do not know “sombrero”. {reply.ABLE}"


def test_an_unknown_word_leaves_a_painted_picture_as_it_was():
    text = said("add a sombrero", painted(HOUSE))
    assert text == "I am only an offline painter and do not know “sombrero”. So I left the picture as it was."


def test_what_is_not_there_is_said_once():
    text = said("remove the horse", painted(HOUSE))
    assert text == "I left the picture as it was: there is no horse in this picture."


def test_what_happened_to_several_things_is_said_of_them_together():
    assert said("add a boat and a dog", painted(HOUSE)) == "Done: a boat and a dog are in it now."
    assert said("add a boat and a dog", photograph()) == "Done: a boat and a dog are stuck on it."


@pytest.mark.parametrize(
    ("words", "said_of_it"),
    [
        ("remove the dog", "did not take the dog away"),
        ("make the tree bigger and paint the dog blue", "did not make the tree bigger or recolour the dog"),
        ("give the dog a hat", "did not give the dog a hat"),
        ("turn the cat into a dog", "did not replace the cat"),
        ("remove the sea", "did not take the sea away"),
    ],
)
def test_what_it_cannot_find_in_a_photograph_is_named_with_what_it_left_undone(words, said_of_it):
    text = said(words, photograph())
    assert (
        text == f"I am only an offline painter and cannot see what is in a photograph, so I {said_of_it}. {reply.ABLE}"
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("make it wintry", "Done: it looks like winter now."),
        ("clear sky", "Done: it looks like a clear day now."),
        ("make it dawn", "Done: it looks like early morning now."),
        ("turn it into daylight", "Done: it looks like daytime now."),
        ("let it rain and add a red hat", "Done: there is rain now and a red hat is stuck on it."),
        ("blend it with the other picture", "There was nothing to work in: no other picture came along."),
    ],
)
def test_a_photograph_is_spoken_of_in_plain_words(words, text):
    assert said(words, photograph()) == text


def test_things_are_counted_as_people_count_them():
    people = ask("three people, two sheep and a fox", painted(HOUSE)).texts[0]
    assert people == "Done: three people, two sheep and a fox are in it now."
    picture = ask("two foxes and three people in a field").pictures[0].data or b""
    assert "two foxes, three people" in said("what is in this picture?", picture)


def test_what_happened_to_the_picture_as_a_whole_is_never_merged():
    clauses = ["it is night now", "there is rain now", "there is a lake now", "the sky is pink now"]
    assert reply.merged(clauses) == clauses


@pytest.mark.parametrize("words", ["make it green", "paint everything green", "make the picture green"])
def test_a_picture_is_tinted_as_a_whole(words):
    for base in (painted(HOUSE), photograph()):
        [tinted] = ask(words, base).pictures
        red, green, blue = ImageStat.Stat(Image.open(io.BytesIO(tinted.data or b"")).convert("RGB")).mean
        assert green > max(red, blue) + 8
        assert said(words, base) == "Done: it is green now."


def test_a_colour_of_a_thing_tints_nothing_else():
    assert [edit.do for edit in understand("a picture of a red, shiny car").edits] == ["add"]


def test_a_question_about_the_world_is_answered_in_words_alone():
    text = "I am only an offline painter, so I cannot answer “what is a woodcut?”. Ask me for a picture, and I will"
    for base in ([], [painted(HOUSE)]):
        answer = ask("what is a woodcut?", *base)
        assert answer.pictures == ()
        assert " ".join(answer.texts) == f"{text} paint one."


@pytest.mark.parametrize("words", ["what is in this picture?", "what colour is the house?", "how many are there?"])
def test_a_question_about_the_picture_is_answered_with_what_is_in_it(words):
    assert said(words, painted(HOUSE)).startswith("In this picture I painted a house")


def test_a_story_about_somebody_unknown_has_a_stand_in_and_says_so():
    story = ask("tell a story in 3 pictures about a dragon", painted(HOUSE))
    scenes = [written_scene(Image.open(io.BytesIO(part.data or b""))) for part in story.pictures]
    assert [scene.words for scene in scenes if scene] == [(("A dog plays the dragon", "bottom", ""),)] * 3
    assert "the dragon set out" in story.texts[0]


def test_a_story_about_a_fox_shows_one():
    story = ask("tell a story in 3 pictures about a fox")
    scenes = [written_scene(Image.open(io.BytesIO(part.data or b""))) for part in story.pictures]
    assert [bool(scene and scene.of("fox") and not scene.words) for scene in scenes] == [True] * 3


def test_a_whale_is_at_sea():
    scene = written_scene(Image.open(io.BytesIO(painted("a whale"))))
    assert scene
    assert scene.of("whale")
    assert "sea" in scene.lands


def test_summer_clears_the_snow_away():
    winter = ask("make it winter", painted(HOUSE)).pictures[0].data or b""
    summer = ask("make it summer", winter)
    scene = written_scene(Image.open(io.BytesIO(summer.pictures[0].data or b"")))
    assert summer.texts == ("Done: it is summer now.",)
    assert scene
    assert (scene.ground, scene.weather) == ("meadow", ())
    assert said("make it summer", photograph()) == "Done: it looks like summer now."
