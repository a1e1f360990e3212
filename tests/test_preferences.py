from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.config import Gemini
from bot.model import Memory
from bot.preferences import Asks, Hears, Held, Wishes, holding, offered, over
from bot.views.choices import USUAL, Menu
from tests.players import CATALOGUE, SETTINGS

TODAY = date(2026, 11, 22)
GEMINI = SETTINGS.gemini
LITE, PRO, OLD = "gemini-3.1-flash-lite-image", "gemini-3-pro-image", "gemini-2.5-flash-image"
NONE = Wishes()

ratios = st.sampled_from([None, "16:9", "1:8", "7:3"])
wishes = st.builds(
    Wishes,
    ratio=ratios,
    size=st.sampled_from([None, "1K", "4K", "9K"]),
    model=st.sampled_from([None, LITE, PRO, OLD, "gone"]),
    memory=st.sampled_from([None, *Memory]),
    asks=st.sampled_from([None, *Asks]),
    hears=st.sampled_from([None, *Hears]),
)


def held(thread: Wishes = NONE, server: Wishes = NONE, gemini: Gemini = GEMINI, *, ours: bool = True) -> Held:
    return holding(thread, server, gemini, TODAY, ours=ours)


def test_where_nobody_wishes_for_anything_the_configuration_holds():
    found = held()
    assert (found.model.id, found.ratio, found.size, found.memory) == (GEMINI.model, None, "1K", Memory.FOCUSED)
    assert (found.asks, found.hears, held(ours=False).hears) == (Asks.EVERYONE, Hears.EVERYTHING, Hears.CALLED)


@given(thread=wishes, server=wishes, ours=st.booleans())
def test_a_threads_wish_goes_before_its_servers_and_nothing_holds_that_the_model_cannot_do(thread, server, ours):
    found = held(thread, server, ours=ours)
    assert found.memory == (thread.memory or server.memory or GEMINI.memory)
    assert found.asks == (thread.asks or server.asks or Asks.EVERYONE)
    assert found.ratio is None or found.ratio in found.model.ratios
    assert found.size is None or found.size in found.model.sizes
    if thread.ratio in found.model.ratios:
        assert found.ratio == thread.ratio
    settings = over(SETTINGS, found)
    assert settings.gemini.model == found.model.id
    assert settings.limits is SETTINGS.limits


def test_a_servers_word_on_listening_is_for_the_bots_own_threads_alone():
    server = Wishes(hears=Hears.EVERYTHING)
    assert held(server=server, ours=False).hears is Hears.CALLED
    assert held(Wishes(hears=Hears.EVERYTHING), ours=False).hears is Hears.EVERYTHING


def test_a_model_that_is_not_there_or_was_taken_away_gives_way_and_is_named():
    assert (held(Wishes(model="x"), Wishes(model=LITE)).model.id, held(Wishes(model="x")).gone) == (LITE, "x")
    late = holding(Wishes(model=OLD), NONE, GEMINI, date(2027, 3, 15), ours=True)
    assert (late.model.id, late.gone) == (GEMINI.model, OLD)
    assert held(Wishes(model=OLD)).gone is None


def test_the_configured_model_is_offered_whatever_its_age():
    old = GEMINI.model_copy(update={"model": OLD})
    assert OLD in {each.id for each in offered(old, date(2030, 1, 1))}
    assert OLD not in {each.id for each in offered(GEMINI, date(2030, 1, 1))}


def test_words_that_no_version_of_this_program_wrote_are_no_wish():
    assert Wishes.read({"asks": "cats", "memory": "", "hears": "automatic"}) == Wishes(hears=Hears.AUTOMATIC)


# -- what can be chosen


def menu(own: Wishes = NONE, below: Wishes = NONE, gemini: Gemini = GEMINI) -> Menu:
    return Menu(own, held(own, below, gemini), held(NONE, below, gemini), gemini, CATALOGUE)


NAMES = ("ratio", "size", "model", "memory", "asks", "hears")


@given(own=wishes, below=wishes)
def test_every_menu_shows_what_is_chosen_and_fits_discords_limits(own, below):
    for field in menu(own, below).fields(NAMES, TODAY):
        assert field.label(field.chosen)
        assert 2 <= len(field.options) <= 25
        assert len({each.value for each in field.options}) == len(field.options)
        assert all(0 < len(each.label) <= 100 and len(each.note) <= 100 for each in field.options)


def test_a_menu_says_what_is_usual_and_offers_what_the_threads_model_can_do():
    by_name = {each.name: each for each in menu(Wishes(model=LITE), Wishes(ratio="16:9")).fields(NAMES, TODAY)}
    assert by_name["ratio"].label(USUAL) == "As usual: 16:9"
    assert [each.value for each in by_name["size"].options] == [USUAL, "1K"]
    assert by_name["model"].chosen == LITE
    assert "$0.03 a picture" in next(each.note for each in by_name["model"].options if each.value == LITE)


def test_where_no_size_can_be_asked_for_there_is_no_menu_for_it():
    assert "size" not in {each.name for each in menu(Wishes(model=OLD)).fields(NAMES, TODAY)}


@pytest.mark.parametrize("name", NAMES)
def test_a_value_that_cannot_be_chosen_has_no_label(name):
    [field] = menu().fields((name,), TODAY)
    assert field.label("cats") is None
