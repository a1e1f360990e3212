import hypothesis.strategies as st
from hypothesis import given

from bot.model import Painted, Part, Picture, Text
from bot.painting.answer import Panel, panels


def picture(name: str, *, thought: bool = False) -> Painted:
    return Painted(Picture(name, "image/jpeg", 1, 1, 1), thought=thought)


A, B, C = picture("a"), picture("b"), picture("c")
SKETCH = picture("sketch", thought=True)


def test_one_picture_with_words_is_one_panel_wherever_the_words_stand():
    assert panels([Text("Here it is."), A]) == (Panel("Here it is.", A),)
    assert panels([A, Text("Here it is.")]) == (Panel("Here it is.", A),)
    assert panels([A]) == (Panel(None, A),)


def test_of_drafts_only_the_last_is_shown_with_all_the_words():
    assert panels([A, B, C]) == (Panel(None, C),)
    assert panels([A, Text("Let me fix the sign."), B]) == (Panel("Let me fix the sign.", B),)


def test_pictures_that_are_each_preceded_by_words_are_a_story():
    story: list[Part] = [Text("First, chop."), A, Text("Then fry,"), Text("slowly."), B, Text("Enjoy!")]
    assert panels(story) == (Panel("First, chop.", A), Panel("Then fry,\nslowly.", B), Panel("Enjoy!"))


def test_a_story_with_one_silent_picture_is_drafts():
    assert panels([Text("First."), A, Text("Second."), B, C]) == (Panel("First.\nSecond.", C),)


def test_blank_words_before_a_picture_make_no_story():
    assert panels([Text("One."), A, Text(" \n"), B]) == (Panel("One.", B),)


def test_thoughts_are_never_shown():
    assert panels([Text("hm", thought=True), SKETCH, Text("Done."), A]) == (Panel("Done.", A),)
    assert panels([Text("hm", thought=True), A, Text("hm", thought=True), B]) == (Panel(None, B),)


def test_a_final_picture_flagged_as_thought_is_shown_if_there_is_no_other():
    assert panels([picture("first", thought=True), SKETCH]) == (Panel(None, SKETCH),)
    assert panels([Text("Here."), SKETCH]) == (Panel("Here.", SKETCH),)


def test_words_alone_are_shown_as_words():
    assert panels([Text("Which frog?"), Text("The left one?")]) == (Panel("Which frog?\nThe left one?"),)


def test_an_answer_of_nothing_shows_nothing():
    assert panels([]) == ()
    assert panels([Text("  "), Text("hm", thought=True)]) == ()


texts = st.builds(Text, st.text(max_size=3), thought=st.booleans())
pictures = st.builds(picture, st.sampled_from("abc"), thought=st.booleans())


@given(st.lists(texts | pictures, max_size=8))
def test_no_panel_is_ever_empty_and_no_word_is_ever_lost(parts):
    shown = panels(parts)
    assert all(panel.text or panel.painted for panel in shown)
    said = "".join(part.text for part in parts if isinstance(part, Text) and not part.thought)
    assert "".join("".join(panel.text or "" for panel in shown).split()) == "".join(said.split())


@given(st.lists(texts | pictures, min_size=1))
def test_whenever_there_is_a_picture_one_is_shown(parts):
    if any(isinstance(part, Painted) for part in parts):
        assert any(panel.painted for panel in panels(parts))
