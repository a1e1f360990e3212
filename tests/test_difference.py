"""Where two pictures differ to the eye: what counts as a change and what does not."""

from __future__ import annotations

import pytest
from PIL import Image

from bot.pictures import percent
from bot.pictures.difference import difference
from tests.files import photograph


def test_a_smaller_copy_is_no_change():
    assert difference(photograph(), photograph().resize((300, 300))).share < 0.01


def test_a_shift_of_a_pixel_is_hardly_one():
    large = photograph().resize((1024, 1024))
    assert difference(large.crop((0, 0, 1000, 1000)), large.crop((1, 1, 1001, 1001))).share < 0.02


def test_a_picture_that_was_extended_changed_where_it_is_new():
    wide = Image.new("RGB", (1024, 512), "navy")
    wide.paste(photograph(), (256, 0))
    assert difference(photograph(), wide).share == pytest.approx(0.5, abs=0.02)


def test_a_picture_that_was_cropped_changed_nowhere():
    wide = Image.new("RGB", (1024, 512), "navy")
    wide.paste(photograph(), (256, 0))
    assert difference(wide, photograph()).share < 0.02


@pytest.mark.parametrize(
    ("part", "told"), [(0, "0 %"), (0.001, "< 1 %"), (0.123, "12 %"), (0.999, "99 %"), (1, "100 %")]
)
def test_shares_are_told_as_people_say_them(part: float, told: str):
    assert percent(part) == told
