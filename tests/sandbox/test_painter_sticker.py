import io

import pytest
from PIL import Image

from bot.config.recipes import load
from bot.pictures.cutout import sticker as cut_out
from bot.sandbox.gemini.painter.offline import OfflinePainter
from tests.sandbox.asked import asked, smaller

MODEL = smaller(4)
WORDS = load()["sticker"].fill({})


@pytest.mark.parametrize("words", ["a red cat by the sea", "a castle and two trees at night", "a boat"])
def test_the_recipes_sticker_is_painted_so_that_the_bot_can_cut_it_out(words):
    painter = OfflinePainter()
    [picture] = painter.paint(asked(words, model=MODEL), 0).pictures
    [made] = painter.paint(asked(picture, WORDS, model=MODEL), 0).pictures
    with Image.open(io.BytesIO(made.data or b"")) as image:
        corner = image.convert("RGB").getpixel((3, 3))
        assert isinstance(corner, tuple)
        assert min(corner) > 240
        assert cut_out(image.convert("RGB")).width == 320


def test_a_land_without_anything_in_it_is_edited_like_any_other_picture():
    painter = OfflinePainter()
    [picture] = painter.paint(asked("a quiet sea at night", model=MODEL), 0).pictures
    assert painter.paint(asked(picture, WORDS, model=MODEL), 0).pictures
