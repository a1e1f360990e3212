from pathlib import Path

import pytest

from bot.config.recipes import Recipe, load
from bot.cookbook import open_cookbook, translations
from bot.language import OTHERS, speaking

SHIPPED = load()


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_tells_of_every_recipe_and_every_field_in_words_that_discord_takes(language: str):
    told = translations(language)
    assert list(told) == list(SHIPPED)
    assert {name: [*each.get("fields", {})] for name, each in told.items()} == {
        name: [slot.name for slot in each.fields] for name, each in SHIPPED.items()
    }
    for name, recipe in open_cookbook().books[language].items():
        assert Recipe.model_validate(recipe.model_dump()) == recipe
        shipped = SHIPPED[name]
        assert recipe.description != shipped.description
        assert all(slot.label != known.label for slot, known in zip(recipe.fields, shipped.fields, strict=True))
        assert all(slot.placeholder for slot in recipe.fields)
        assert (recipe.words, recipe.pictures, recipe.finish) == (shipped.words, shipped.pictures, shipped.finish)


def test_a_recipe_is_known_by_its_id_and_by_its_name_in_any_language_and_read_in_ones_own():
    book = open_cookbook()
    with speaking("fr"):
        found = [book.named(name) for name in ("poster", "Poster", " plakat ", "CARTEL", "ポスター", "Affiche")]
    assert {each.name for each in found if each} == {"Affiche"}
    assert None not in found
    assert book.named("poster") == SHIPPED["poster"]
    assert book.named("no such thing") is None


def test_an_operators_own_words_are_the_same_in_every_language(tmp_path: Path):
    (tmp_path / "recipes.toml").write_text(
        '[[recipes]]\nid = "oil"\nname = "Rembrandt"\n'
        '[[recipes]]\nid = "neon"\nname = "Neon"\ndescription = "Signs in the night"\nwords = "Make it neon."\n'
        '[[recipes]]\nid = "comic"\noff = true\n'
    )
    book = open_cookbook(str(tmp_path / "recipes.toml"))
    with speaking("de"):
        assert book.recipes["oil"].name == "Rembrandt"
        assert book.recipes["oil"].description == translations("de")["oil"]["description"]
        assert book.recipes["neon"].description == "Signs in the night"
        assert "comic" not in book.recipes
