"""Recipes in every language: what people read of them. What the model is asked stays English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeVar

from bot.config.recipes import Recipe, Recipes, Slot, load
from bot.language import ENGLISH, OTHERS, spoken

Row = TypeVar("Row", Recipe, Slot)


@dataclass(frozen=True)
class Cookbook:
    """The recipes by language, then by id."""

    books: Mapping[str, Recipes]

    @property
    def recipes(self) -> Recipes:
        """Those in the language of the task at hand."""
        return self.books[spoken()]

    def named(self, name: str) -> Recipe | None:
        """By its id, or as somebody wrote it, in whatever language."""
        wanted = name.casefold().strip()
        every = (each for book in self.books.values() for each in book.values())
        found = (each.id for each in every if wanted in {each.id, each.name.casefold()})
        return self.recipes.get(next(found, wanted))


def open_cookbook(path: str = "") -> Cookbook:
    """All recipes, those in the operator's file among them. Raises Unstartable with every problem."""
    english, shipped = load(path), load()
    others = {each: _in(each, english, shipped) for each in OTHERS}
    return Cookbook({ENGLISH: english, **others})


def translations(language: str) -> Mapping[str, Any]:
    """What people read of the recipes that ship with Easel, by id."""
    file = files("bot") / "texts" / "recipes" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def _in(language: str, recipes: Recipes, shipped: Recipes) -> Recipes:
    told = translations(language)
    return {
        name: _translated(each, shipped[name], told[name]) if name in told and name in shipped else each
        for name, each in recipes.items()
    }


def _translated(recipe: Recipe, shipped: Recipe, told: Mapping[str, Any]) -> Recipe:
    known, fields = {slot.name: slot for slot in shipped.fields}, told.get("fields", {})
    slots = tuple(
        _reworded(slot, known[slot.name], fields[slot.name]) if slot.name in known and slot.name in fields else slot
        for slot in recipe.fields
    )
    return _reworded(recipe, shipped, told).model_copy(update={"fields": slots})


def _reworded(row: Row, shipped: Row, told: Mapping[str, Any]) -> Row:
    """Words of the operator's own stay as they are."""
    names = ("name", "description") if isinstance(row, Recipe) else ("label", "placeholder")
    same = [each for each in names if each in told and getattr(row, each) == getattr(shipped, each)]
    return row.model_copy(update={each: told[each] for each in same})
