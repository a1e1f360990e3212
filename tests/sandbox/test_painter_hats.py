"""Hats: whoever is named wears one, and nothing else of the picture changes."""

from __future__ import annotations

import pytest
from PIL import ImageChops

from bot.sandbox.gemini.painter.intent import understand
from bot.sandbox.gemini.painter.repaint import Repainted, Task, repaint_scene
from bot.sandbox.gemini.painter.scene import Scene
from tests.sandbox.asked import paint_words

SIZE = (520, 290)


def edited(scene: Scene, words: str) -> Repainted:
    return repaint_scene(scene, Task(words, understand(words), [], SIZE))


def worn(scene: Scene | None) -> dict[str, str]:
    assert scene
    return {thing.kind: thing.hat for thing in scene.things if thing.hat}


@pytest.mark.parametrize(
    ("first", "words", "hats", "text"),
    [
        ("a dog", "give the dog a hat", {"dog": "plain"}, "Done: the dog wears a hat now."),
        ("a dog and a cat", "put a red hat on the cat", {"cat": "red"}, "Done: the cat wears a red hat now."),
        ("a dog and a man", "add a red hat", {"person": "red"}, "Done: the person wears a red hat now."),
        ("a sign and a dog", "add a hat", {"dog": "plain"}, "Done: the dog wears a hat now."),
        ("a sign", "draw a hat on the sign", {"sign": "plain"}, "Done: the sign wears a hat now."),
        ("two dogs", "give them blue hats", {"dog": "blue"}, "Done: the dogs wear blue hats now."),
        ("a dog and a cat", "add hats", {"dog": "plain", "cat": "plain"}, "Done: they all wear hats now."),
        ("a dog in a red hat", "make the hat blue", {"dog": "blue"}, "Done: the dog wears a blue hat now."),
        ("a dog in a red hat", "change the hat to green", {"dog": "green"}, "Done: the dog wears a green hat now."),
        ("a dog with a red hat", "remove the dog's hat", {}, "Done: the hat is gone."),
        ("a dog with a hat and a cat with a hat", "no hats", {}, "Done: the hats are gone."),
        ("a dog wearing a hat", "turn the dog into a cat", {"cat": "plain"}, "Done: the dog is now a cat."),
        ("a house", "add a man in a green hat", {"person": "green"}, "Done: a man in a green hat is in it now."),
    ],
)
def test_a_hat_goes_where_the_words_say(first, words, hats, text):
    done = edited(paint_words(first, SIZE)[1], words)
    assert worn(done.scene) == hats
    assert done.text == text


@pytest.mark.parametrize(
    ("first", "words", "text"),
    [
        ("a house", "give the dog a hat", "there is no dog in this picture"),
        ("a house", "give the house a hat", "a hat does not fit the house"),
        ("a house", "make the hat blue", "there is no hat in this picture"),
        ("a dog", "remove the dog's hat", "the dog wears no hat"),
        ("a dog", "remove the hat", "nobody wears a hat in this picture"),
        ("a dog", "make the hat bigger", "there is no hat in this picture"),
    ],
)
def test_a_hat_for_nobody_is_said_and_leaves_the_picture_as_it_was(first, words, text):
    before, scene = paint_words(first, SIZE)
    done = edited(scene, words)
    assert done.text == f"I left the picture as it was: {text}."
    assert ImageChops.difference(before, done.image).getbbox() is None


def test_a_hat_is_seen_on_the_head_and_nowhere_else():
    before, scene = paint_words("a dog", SIZE)
    left, top, right, bottom = ImageChops.difference(before, edited(scene, "give it a hat").image).getbbox() or (0,) * 4
    dog = scene.of("dog")[0]
    tall = dog.size * SIZE[1]
    assert 0 < right - left < tall
    assert bottom < dog.y * SIZE[1] - tall * 0.8
    assert top > dog.y * SIZE[1] - tall * 1.25


def test_where_there_is_nobody_it_lies_on_the_ground():
    _, scene = paint_words("a red hat", SIZE)
    assert [thing.colour for thing in scene.of("hat")] == ["red"]
    house = edited(paint_words("a house", SIZE)[1], "add a red hat")
    assert house.text == "Done: a red hat is in it now."
    assert house.scene is not None
    blue = edited(house.scene, "paint the hat blue")
    assert blue.text == "Done: the hat is blue now."
    assert blue.scene is not None
    assert edited(blue.scene, "remove the hat").text == "Done: the hat is gone."
