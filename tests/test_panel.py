from dataclasses import replace

import pytest

from bot.model import Picture, Version
from bot.price import usual
from bot.size import pixels
from bot.views.panel import Panel, has, offers, size_of
from tests.players import CATALOGUE, MODEL, SETTINGS, picture


def offered(width: int, height: int, model=MODEL) -> list[str]:
    return [each.label for each in offers(picture("a", width, height), model)]


def panel(width: int = 1024, height: int = 1024, **others: object) -> Panel:
    version = Version(7, 100, 0, picture("a", width, height), message=200)
    return replace(Panel(version, 5, MODEL, may_delete=True, may_report=True), **others)  # type: ignore[arg-type]  # Panel's own


def test_the_shape_and_size_that_a_picture_has_are_not_offered():
    assert "16:9" not in offered(1376, 768)
    assert "9:16" in offered(1376, 768)
    assert offered(1024, 1024)[:2] == ["2K", "4K"]
    assert offered(2752, 1536)[:2] == ["1K", "4K"]
    assert "1:1" not in offered(1024, 1024)


def test_a_shape_that_the_model_paints_a_little_differently_is_still_the_same():
    for ratio, (width, height) in {"2:3": (848, 1264), "21:9": (1584, 672), "4:3": (1200, 896)}.items():
        assert has(picture("a", width, height), ratio)
    assert not has(picture("a", 1024, 1000 - 100), "1:1")


def test_a_picture_of_no_shape_or_size_of_the_models_is_offered_all_of_them():
    assert len(offered(300, 100)) == len(MODEL.ratios) + len(MODEL.sizes)


def test_a_model_without_sizes_offers_shapes_alone():
    plain = SETTINGS.gemini.models["gemini-2.5-flash-image"]
    assert set(offered(1024, 1024, plain)) == set(plain.ratios) - {"1:1"}


@pytest.mark.parametrize(("size", "side"), [("512", 512), ("1K", 1024), ("4K", 4096), ("HD", 1024)])
def test_a_size_is_told_in_pixels(size, side):
    assert pixels(size) == side
    assert size == "HD" or size_of(picture("a", side, side), ["512", "1K", "2K", "4K"]) == size


def test_the_price_is_on_the_button():
    labels = [each.label for each in panel().buttons(CATALOGUE)]
    assert {"2K · $0.05", "4K · $0.12", "16:9 · $0.04"} <= set(labels)


def test_a_shape_keeps_the_size_and_costs_what_that_costs():
    wide = [each for each in panel(2048, 2048).buttons(CATALOGUE) if each.label.startswith("16:9")]
    assert [each.label for each in wide] == ["16:9 · $0.05"]
    assert usual(MODEL, "2K") < usual(MODEL, "4K")


def test_every_row_has_five_buttons_at_most_and_there_are_five_rows():
    for size in ((1024, 1024), (300, 100), (64, 64)):
        rows = [each.row for each in panel(*size).buttons(CATALOGUE)]
        assert all(rows.count(row) <= 5 for row in range(5))
        assert set(rows) <= set(range(5))


def test_an_id_says_the_verb_the_version_and_what_is_wanted():
    ids = [each.id for each in panel().buttons(CATALOGUE)]
    assert ids[:5] == ["original:7", "compare:5:7", "recipes:7", "information:7", "delete:7"]
    assert {"render:7:4K", "extend:7:16:9"} <= set(ids)


def test_more_shapes_than_there_is_room_for_are_left_out():
    many = replace(MODEL, ratios=tuple(f"{number}:1" for number in range(2, 50)))
    assert len(panel(model=many).buttons(CATALOGUE)) == 25


def test_what_can_not_be_done_is_disabled_and_in_its_place():
    shown = panel(base=None, may_delete=False).buttons(CATALOGUE)
    assert [each.disabled for each in shown[:5]] == [False, True, False, False, True]
    assert len(shown) == len(panel().buttons(CATALOGUE))


def test_pictures_of_any_proportion_have_no_price_below_what_they_cost():
    for model in SETTINGS.gemini.models.values():
        assert all(each.dollars > 0 for each in offers(Picture("a", "image/png", 10, 3000, 1), model))


def test_a_report_stands_apart_from_all_else_and_only_where_there_are_moderators():
    many = replace(MODEL, ratios=tuple(f"{number}:1" for number in range(2, 50)))
    for shown in (panel(), panel(model=many)):
        last = shown.buttons(CATALOGUE)[-1]
        assert (last.label, last.id, last.row) == ("Report…", "report:7", 4)
    assert "report:7" not in {each.id for each in panel(may_report=False).buttons(CATALOGUE)}
