"""Stories and recipes: words and pictures in turn."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from bot.sandbox.gemini.models import live_models
from bot.sandbox.gemini.painter.memory import written_scene
from bot.sandbox.gemini.painter.offline import OfflinePainter
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Config, Part, Request, Turn

LIVE = live_models()["gemini-nano-banana-2.1"]
MODEL = replace(LIVE, ratios={name: (wide // 4, tall // 4) for name, (wide, tall) in LIVE.ratios.items()})  # quicker


def told(words: str) -> Painting:
    return OfflinePainter().paint(Request(MODEL, (Turn("user", (Part(text=words),)),), Config(ratio="4:3")), 0)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("Tell a story with pictures about a blue cat", 3),
        ("a story in 2 pictures about a robot", 2),
        ("a picture book in six pages about a horse", 6),
        ("tell me a story in 40 pictures", 6),
        ("illustrated recipe for paella", 3),
        ("an illustrated recipe for soup in four steps", 4),
    ],
)
def test_every_picture_follows_its_own_words(words, count):
    parts = told(words).parts
    assert [part.data is not None for part in parts] == [False, True] * count


def test_the_hero_is_on_every_page_and_looks_the_same():
    pictures = [Image.open(io.BytesIO(part.data or b"")) for part in told("a story about a blue cat").pictures]
    scenes = [scene for picture in pictures if (scene := written_scene(picture))]
    assert [[cat.colour for cat in scene.of("cat")] for scene in scenes] == [["blue"]] * 3
    assert len({scene.hour for scene in scenes}) == 3


def test_the_words_name_the_hero_and_the_dish():
    assert "the blue cat" in told("a story about a blue cat who is lost").texts[0]
    assert "paella" in told("illustrated recipe for paella").texts[0]


def test_a_page_can_be_edited_like_any_picture():
    painter = OfflinePainter()
    ask = Request(MODEL, (Turn("user", (Part(text="a story about a blue cat"),)),), Config(ratio="4:3"))
    page = painter.paint(ask, 0).pictures[1]
    answer = painter.paint(Request(MODEL, (Turn("user", (page, Part(text="paint the cat red"))),), Config()), 0)
    assert answer.texts == ("Done: the cat is red now.",)
