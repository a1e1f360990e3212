"""Stories and recipes: words and pictures in turn."""

import io

import pytest
from PIL import Image

from bot.sandbox.gemini.painter.memory import written_scene
from bot.sandbox.gemini.painter.offline import OfflinePainter
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Config
from tests.sandbox.asked import asked, smaller

MODEL, LANDSCAPE = smaller(4), Config(ratio="4:3")


def told(words: str) -> Painting:
    return OfflinePainter().paint(asked(words, model=MODEL, config=LANDSCAPE), 0)


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


def test_a_storys_subject_may_follow_a_colon():
    assert "the cat at sea" in (told("tell a story in three pictures: a cat at sea").parts[0].text or "")


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
    page = painter.paint(asked("a story about a blue cat", model=MODEL, config=LANDSCAPE), 0).pictures[1]
    answer = painter.paint(asked(page, "paint the cat red", model=MODEL), 0)
    assert answer.texts == ("Done: the cat is red now.",)
