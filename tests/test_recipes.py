from pathlib import Path

import pytest

from bot.asking.ratio import asked
from bot.config import load as load_config
from bot.config.recipes import Recipe, load, look
from bot.errors import Unstartable
from bot.filled import Filled

SHIPPED = load()
FILLED = {"headline": "Summer Fair", "line": "in the old harbour", "about": "boats", "look": "a screen print"}


def written(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return str(path)


def told(folder: Path, text: str) -> list[str]:
    return look(written(folder, text))[1]


@pytest.mark.parametrize("recipe", SHIPPED.values(), ids=list(SHIPPED))
def test_every_recipe_reads_well_with_all_its_fields_and_with_none_but_the_required(recipe: Recipe):
    everything = {slot.name: f"some {slot.name}" for slot in recipe.fields}
    needed = {slot.name: f"some {slot.name}" for slot in recipe.fields if slot.required}
    for values in (everything, needed):
        words = recipe.fill(values)
        assert all(each in words for each in values.values())
        assert not any(sign in words for sign in ("{", "}", "[", "]", "  ", " .", " ,", "\n"))
        assert asked(words) is None, "the words would ask for a shape by themselves"
    assert recipe.lacks(needed) == []


def test_there_is_a_recipe_for_everything_that_people_ask_for():
    wanted = {"restore", "sketch", "sticker", "poster", "product", "combine", "remove", "translate", "watercolour"}
    assert wanted <= set(SHIPPED)
    assert len(SHIPPED) <= 25, "one menu holds no more"


def test_what_is_left_empty_leaves_no_hole():
    poster = SHIPPED["poster"]
    assert "the headline “Summer Fair”. The letters are" in poster.fill({"headline": "Summer Fair"})
    assert "“Summer Fair”. Below it, smaller, stands the line “in the old harbour”. The" in poster.fill(FILLED)


def test_what_a_member_writes_is_words_and_never_a_template():
    words = SHIPPED["remove"].fill({"what": "the {what} [and {language}]\n\n  sign"})
    assert "Take this out of the picture: the {what} [and {language}] sign. Fill" in words


def test_a_turn_is_called_by_its_recipe_and_what_was_written():
    assert SHIPPED["sticker"].filled({}) == Filled("Sticker", 1, "sticker")
    assert SHIPPED["remove"].filled({"what": "the  red\ncar"}).title == "Remove something “the red car”"
    assert SHIPPED["combine"].filled({"how": " "}) == Filled("Combine pictures", 2)


def test_what_must_be_written_is_missed():
    assert SHIPPED["poster"].lacks({"line": "x", "headline": " "}) == ["Headline"]


# -- the operator's own


def test_an_operators_row_changes_the_keys_it_gives_and_a_new_one_is_all_there_is(tmp_path):
    mine = written(
        tmp_path,
        """
        [[recipes]]
        id = "sticker"
        name = "Our sticker"

        [[recipes]]
        id = "oil"
        off = true

        [[recipes]]
        id = "mascot"
        name = "With our mascot"
        description = "An owl"
        words = "Put an owl into it[, {where}]."
        pictures = 0

        [[recipes.fields]]
        name = "where"
        label = "Where"
        """,
    )
    recipes = load(mine)
    assert recipes["sticker"].name == "Our sticker"
    assert recipes["sticker"].words == SHIPPED["sticker"].words
    assert "oil" not in recipes
    assert recipes["mascot"].fill({"where": "on the left"}) == "Put an owl into it, on the left."
    assert recipes["mascot"].fill({}) == "Put an owl into it."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[recipes]]\nid = "a b"', "line 2: recipes[0].id must be 1 to 32 small letters, digits, - or _"),
        ('[[recipes]]\nid = "new"', "line 1: recipes[0].name is missing"),
        ('[[recipes]]\nid = "oil"\nname = ""', "line 3: recipes[0].name must be 1 to 45 characters long, not 0"),
        ('[[recipes]]\nid = "oil"\nworts = "x"', "line 3: recipes[0].worts is not a key of Easel's. Did you mean"),
        ('[[recipes]]\nid = "oil"\npictures = 9', "line 3: recipes[0].pictures must be 4 or less, not 9"),
        ('[[recipes]]\nid = "oil"\nratio = "wide"', 'line 3: recipes[0].ratio must be a shape such as "16:9"'),
        ('[[recipes]]\nid = "oil"\nfinish = "frame"', "line 3: recipes[0].finish must be one of 'sticker'"),
        ('[[recipes]]\nid = "oil"\nwords = "a {b}"', "does not fit: words ask for b, and no field is called so"),
        ('[[recipes]]\nid = "remove"\nwords = "take it out"', "does not fit: words leave out what"),
        ('[[recipes]]\nid = "oil"\nwords = "oil [perhaps]"', "does not fit: a [part] of words has no {field} in it"),
        ('[[recipes]]\nid = "oil"\nwords = "oil ] or {"', "does not fit: a bracket in words has no partner"),
        ('[[recipes]]\nid = "oil"\n[[recipes]]\nid = "oil"', "line 4: recipes[1].id is oil once more: make"),
        ('[[recipes]]\nid = "remove"\n[[recipes.fields]]\nname = "what"', "recipes[0].fields[0].label is missing"),
        ("recipes = 3", "line 1: recipes must be a list in square brackets, not 3"),
        ("recipes = [3]", "recipes[0] must be a table"),
        ("[[recipe]]", "recipe is not a key of Easel's. Did you mean recipes?"),
        ("[[recipes", "it can't be read: "),
    ],
)  # fmt: skip
def test_every_problem_is_told_with_its_line_and_the_remedy(tmp_path, text, problem):
    assert any(problem in each for each in told(tmp_path, text)), told(tmp_path, text)


def test_every_problem_is_told_at_once(tmp_path):
    assert len(told(tmp_path, '[[recipes]]\nid = "oil"\nname = ""\npictures = -1\n[[recipes]]\nid = "x"\n')) >= 4


def test_words_and_fields_that_would_be_too_long_together_are_refused(tmp_path):
    text = (
        '[[recipes]]\nid = "remove"\nwords = "'
        + "x" * 2990
        + ' {what}"\n[[recipes.fields]]\nname = "what"\nlabel = "W"\n'
    )
    assert told(tmp_path, text + "longest = 1000\n") == []
    four = text.replace("{what}", "{a}{b}") + "longest = 1000\n"
    several = (
        four.replace('name = "what"', 'name = "a"') + '[[recipes.fields]]\nname = "b"\nlabel = "B"\nlongest = 1000\n'
    )
    assert any("more than 4000 characters" in each for each in told(tmp_path, several))


def test_a_file_that_is_not_there_stops_the_start_with_a_sentence(tmp_path):
    gone = str(tmp_path / "gone.toml")
    with pytest.raises(Unstartable):
        load(gone)


def test_the_configuration_tells_of_a_bad_recipe_file_like_of_anything_else(tmp_path):
    mine = written(tmp_path, '[[recipes]]\nid = "oil"\nname = ""\n')
    config = tmp_path / "config.toml"
    config.write_text(f'[gemini]\nat_once = 0\nrecipes = "{mine}"\n')
    with pytest.raises(Unstartable) as stopped:
        load_config(config, {"DISCORD_TOKEN": "t", "GEMINI_API_KEY": "k"})
    problems = str(stopped.value.values["problems"])
    assert "line 2: gemini.at_once must be 1 or more" in problems
    assert f"line 3: gemini.recipes names {mine}, which has problems: line 3: recipes[0].name must be" in problems
