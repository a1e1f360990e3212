"""Asks of two parts: both are done, or it is said which is not."""

import pytest

from bot.sandbox.gemini.painter.compose import compose
from bot.sandbox.gemini.painter.intent import understand
from bot.sandbox.gemini.painter.repaint import Repainted, Task, repaint_scene
from bot.sandbox.gemini.painter.scene import Scene

SIZE = (60, 40)
FIRST = "a red house by the sea at sunset"


def edited(words: str) -> tuple[str, Scene]:
    scene = compose(FIRST, understand(FIRST), SIZE[0] / SIZE[1])
    done: Repainted = repaint_scene(scene, Task(words, understand(words), [], SIZE))
    assert done.scene is not None
    return done.text, done.scene


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("make it night with snow", "Done: it is night now and there is snow now."),
        ("make it a snowy night with a campfire",
         "Done: there is snow now, it is night now and a campfire is in it now."),
        ("make it a foggy morning with two boats",
         "Done: there is fog now, it is morning now and two boats are in it now."),
        ("change it to night with rain", "Done: it is night now and there is rain now."),
        ("make it autumn with rain", "Done: it is autumn now and there is rain now."),
        ("make it winter and add a snowman", "Done: it is winter now and a snowman is in it now."),
        ("add a boat and make the sky pink", "Done: a boat is in it now and the sky is pink now."),
        ("make the sky pink with a few clouds", "Done: the sky is pink now and three clouds are in it now."),
        ("at night with a full moon and no clouds",
         "Done: it is night now, there is a full moon already and the clouds are gone."),
        ("no clouds, full moon", "Done: the clouds are gone and a full moon is in it now."),
        ("make it day without clouds", "Done: it is day now and the clouds are gone."),
        ("make it night without stars", "Done: it is night now and the stars are gone."),
        ("make it night with a yellow moon", "Done: it is night now and the moon is yellow now."),
        ("make it night with snow and the house blue",
         "Done: it is night now, there is snow now and the house is blue now."),
        ("make the house blue with a big dog", "Done: the house is blue now and a dog is in it now."),
        ("replace the house with a castle with two trees",
         "Done: the house is now a castle and two trees are in it now."),
        ("replace the house with a castle and the sea with a desert",
         "Done: the house is now a castle and there is a desert now."),
        ("make it black and white and add a red balloon",
         "Done: it is black and white and a red balloon is in it now."),
        ("make it warmer and add a frame", "Done: it is warmer and it has a wooden frame."),
        ("make it stormy and dark", "Done: there is a storm now and it is darker."),
        ("a castle instead of the house", "Done: a castle is in it now and the house is gone."),
        ("add a ufo and make it night", "Done: a ufo is in it now and it is night now."),
    ],
)  # fmt: skip
def test_both_parts_are_done_and_told(words: str, said: str):
    assert edited(words)[0] == said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("make it night but without snow", "Done: it is night now. But there is no snow in this picture."),
        ("make the sky pink and purple", "Done: the sky is pink now. But I found nothing else to paint purple."),
        ("make it night with purple fireworks",
         "Done: it is night now. I am only an offline painter and do not know “fireworks”."),
    ],
)  # fmt: skip
def test_what_is_not_done_is_told(words: str, said: str):
    assert edited(words)[0] == said


def test_the_hour_and_the_weather_hold_together():
    _, scene = edited("make it night with snow")
    assert scene.hour == "night"
    assert {"snow", "stars"} <= set(scene.weather)


def test_there_is_one_moon_at_night():
    for words in ("at night with a full moon", "a full moon at night", "a moon, at night"):
        assert len(edited(words)[1].of("moon")) == 1
        assert not edited(words)[1].of("sun")


def test_a_new_picture_has_both_as_well():
    words = "a castle at night with snow and two birds"
    scene = compose(words, understand(words), 1.5)
    assert (scene.hour, "snow" in scene.weather, len(scene.of("bird"))) == ("night", True, 2)


@pytest.mark.parametrize("words", ["add two boats", "make it night"])
def test_the_same_ask_once_more_comes_out_a_little_different(words: str):
    scene = compose(FIRST, understand(FIRST), SIZE[0] / SIZE[1])
    takes = [repaint_scene(scene, Task(words, understand(words), [], SIZE, take)).scene for take in (0, 1, 2)]
    assert len({str(each) for each in takes}) == 3
    assert {each.seed for each in takes if each} == {scene.seed}
