import discord
from discord import app_commands

from bot.catalogue import Catalogue
from cogs.wording import Wording, key_of

ENGLISH = {
    "command": {
        "fox": "Paint a fox",
        "fox_tail": "How long",
        "den": "Where it lives",
        "den_dig": "Dig one",
        "den_dig_tail": "How wide",
    },
    "option": {"tail": "tail{place}"},
    "menu": {"stroke": "Stroke it"},
    "choice": {"tail_long": "Long"},
}
GERMAN = {
    "command": {
        "fox": "Male einen Fuchs",
        "fox_tail": "How long",
        "den_dig": "Grabe",
        "den_dig_tail": "Wie weit",
    },
    "option": {"tail": "schwanz{place}"},
    "menu": {"stroke": "Streicheln"},
    "choice": {"tail_long": "Lang"},
}
WORDING = Wording(Catalogue(ENGLISH, {"de": GERMAN}))


@app_commands.command(name="fox")
async def fox(interaction: discord.Interaction, tail1: str, tail2: str) -> None:
    """What the code says of it."""


@app_commands.context_menu(name="Stroke it", extras={"key": "menu.stroke"})
async def stroke(interaction: discord.Interaction, message: discord.Message) -> None:
    """Nobody reads it."""


def test_a_command_and_its_options_are_told_in_english_and_wherever_the_words_are_others():
    node = {
        "name": "fox",
        "description": "…",
        "options": [{"type": 3, "name": "tail1", "description": "…"}, {"type": 3, "name": "tail2", "description": "…"}],
    }
    told = WORDING.dress(fox, node)
    assert (told["name"], told["description"]) == ("fox", "Paint a fox")
    assert told["description_localizations"] == {"de": "Male einen Fuchs"}
    assert "name_localizations" not in told
    first, second = told["options"]
    assert (first["name"], first["name_localizations"]) == ("tail1", {"de": "schwanz1"})
    assert (second["name"], second["name_localizations"]) == ("tail2", {"de": "schwanz2"})
    assert (first["description"], first["description_localizations"]) == ("How long", {})


def test_a_command_within_a_group_has_its_own_words():
    group = app_commands.Group(name="den", description="…")
    inner = {"type": 1, "name": "dig", "description": "…", "options": [{"type": 3, "name": "tail", "description": "…"}]}
    told = WORDING.dress(group, {"name": "den", "description": "…", "options": [inner]})
    assert (told["description"], told["description_localizations"]) == ("Where it lives", {})
    [dig] = told["options"]
    assert (dig["name"], dig["description_localizations"]) == ("dig", {"de": "Grabe"})
    assert dig["options"][0]["description_localizations"] == {"de": "Wie weit"}
    assert dig["options"][0]["name_localizations"] == {"de": "schwanz"}


def test_a_choice_is_worded_unless_it_is_called_like_its_value():
    choices = [{"name": "…", "value": "long"}, {"name": "3:1", "value": "3:1"}]
    option = {"type": 3, "name": "tail", "description": "…", "choices": choices}
    [told] = WORDING.dress(fox, {"name": "fox", "description": "…", "options": [option]})["options"]
    assert told["choices"] == [
        {"name": "Long", "value": "long", "name_localizations": {"de": "Lang"}},
        {"name": "3:1", "value": "3:1"},
    ]


def test_an_entry_of_a_menu_is_called_by_its_key():
    assert key_of(stroke) == "menu.stroke"
    told = WORDING.dress(stroke, {"name": "Stroke it", "type": 3})
    assert told == {"name": "Stroke it", "type": 3, "name_localizations": {"de": "Streicheln"}}
