"""Words in pictures: in which letters, in which lines, and what is left out."""

from __future__ import annotations

import pytest
from PIL import Image

from bot.pictures.lettering import Face
from bot.pictures.look import pill


def test_words_are_broken_into_lines_and_cut():
    face = Face(26)
    lines = face.lines("a red house by the sea at sunset, with two boats and a dog", 256, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(face.width(each) <= 256 for each in lines)


@pytest.mark.parametrize("words", ["Ärger über Größe", "сделай небо оранжевым", "βάλε ένα καράβι", "làm cho trời tối"])
def test_latin_cyrillic_and_greek_are_always_there(words: str):
    assert Face(26).line(words, 2000) == words


@pytest.mark.parametrize("words", ["boat \U000f0000 please", "boat\u202e please", "  boat\n\nplease "])
def test_what_can_not_be_drawn_is_left_out_and_no_box_stands_for_it(words: str):
    assert Face(26).line(words, 2000) == "boat please"


def test_no_box_stands_on_a_label_either():
    plain, full = Image.new("RGB", (400, 60)), Image.new("RGB", (400, 60))
    assert pill(plain, (0, 0), "v1", Face(26)) == pill(full, (0, 0), "v1 \U000f0000", Face(26))
    assert plain.tobytes() == full.tobytes()


def test_letters_in_fancy_dress_are_written_plainly():
    assert Face(26).line("𝐛𝐨𝐚𝐭 ｂｏａｔ", 2000) == "boat boat"


def test_words_without_gaps_are_broken_anywhere():
    assert len(Face(26).lines("w" * 60, 256, 9)) > 1
