"""Recipes: asks that need no words. Data from recipes.toml, with the operator's own rows laid over them by id."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.config import problems
from bot.errors import Unstartable
from bot.filled import Filled

LONGEST = 4000  #: characters of an ask
FORM = 4  #: fields in a form, which takes pictures besides
SLOT = re.compile(r"\{(\w+)\}")
OPTION = re.compile(r"\[([^\[\]]*)\]")  #: a part that is left out where its field is empty


def _of(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if not 1 <= len(text.strip()) <= most:
            raise ValueError(f"must be 1 to {most} characters long, not {len(text.strip())}")
        return text.strip()

    return AfterValidator(check)


def _matching(pattern: str, told: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(told)
        return text

    return AfterValidator(check)


_WORD = _matching(r"[a-z0-9_-]{1,32}", "must be 1 to 32 small letters, digits, - or _")
_SHAPE = _matching(r"[1-9]\d?:[1-9]\d?", 'must be a shape such as "16:9"')
_SIZE = _matching(r"512|[1248]K", 'must be a size such as "2K"')


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Slot(_Row):
    """A field of a recipe; `longest` in characters."""

    name: Annotated[
        str, _matching(r"(?!pictures$)[a-z0-9_]{1,32}", "must be 1 to 32 small letters, digits or _, but not pictures")
    ]
    label: Annotated[str, _of(45)]
    placeholder: Annotated[str, _of(100)] | None = None
    required: bool = False
    longest: Annotated[int, Field(ge=1, le=1000)] = 100


class Recipe(_Row):
    """One recipe; the bounds are those of Discord's forms and menus. `pictures` is how many it needs at least."""

    id: Annotated[str, _WORD]
    name: Annotated[str, _of(45)]
    description: Annotated[str, _of(100)]
    words: Annotated[str, _of(3000)]
    fields: Annotated[tuple[Slot, ...], Field(max_length=FORM)] = ()
    pictures: Annotated[int, Field(ge=0, le=4)] = 1
    ratio: Annotated[str, _SHAPE] | None = None
    size: Annotated[str, _SIZE] | None = None
    finish: Literal["sticker"] | None = None
    off: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Recipe:
        names = [slot.name for slot in self.fields]
        if told := list(_flaws(self.words, names)):
            raise ValueError(f"does not fit: {'; '.join(told)}")
        if len(self.words) + sum(slot.longest for slot in self.fields) > LONGEST:
            raise ValueError(f"does not fit: words and fields may come to more than {LONGEST} characters")
        return self

    def fill(self, values: Mapping[str, str]) -> str:
        """The words for the model, with what was written into the fields."""
        given = {slot.name: _flat(values.get(slot.name, "")) for slot in self.fields}
        told = OPTION.sub(
            lambda part: part[1] if all(given[name] for name in SLOT.findall(part[1])) else "", self.words
        )
        return SLOT.sub(lambda slot: given[slot[1]], told)

    def filled(self, values: Mapping[str, str]) -> Filled:
        """What its turn is called, with what was written into the fields."""
        said = [flat for slot in self.fields if (flat := _flat(values.get(slot.name, "")))]
        title = f"{self.name} “{', '.join(said)}”" if said else self.name
        return Filled(title, self.pictures, self.finish)

    def lacks(self, values: Mapping[str, str]) -> list[str]:
        """The labels of what must be written and is not."""
        return [slot.label for slot in self.fields if slot.required and not values.get(slot.name, "").strip()]


class _Book(_Row):
    recipes: tuple[Recipe, ...] = ()


Recipes = Mapping[str, Recipe]


def load(path: str = "") -> Recipes:
    """All recipes by id, the operator's among them. Raises Unstartable with every problem."""
    recipes, told = look(path)
    if told:
        raise Unstartable("config", file=path or "recipes.toml", problems="\n".join(f"- {each}" for each in told))
    return recipes


def look(path: str = "") -> tuple[Recipes, list[str]]:
    """All recipes that are sound, and what is wrong with the operator's, each with its line."""
    shipped = _parsed(resources.files("bot").joinpath("recipes.toml").read_text(encoding="utf-8"))
    below = {row["id"]: row for row in shipped["recipes"]}
    try:
        text = Path(path).read_text(encoding="utf-8-sig") if path else ""
        rows = _parsed(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return _book(shipped)[0], [f"it can't be read: {getattr(error, 'strerror', None) or error}"]
    own, found = _book(rows | ({"recipes": [*_over(below, rows["recipes"])]} if _is_list(rows) else {}))
    every = {**_book(shipped)[0], **own}
    return {name: each for name, each in every.items() if not each.off}, problems.in_order(found, text)


def _book(document: dict[str, Any]) -> tuple[dict[str, Recipe], list[tuple[problems.Loc, str]]]:
    try:
        book = _Book.model_validate_json(json.dumps(document, default=str))
    except ValidationError as error:
        known = (
            *(f"recipes.{name}" for name in Recipe.model_fields),
            *(f"recipes.fields.{name}" for name in Slot.model_fields),
        )
        return {}, [(each["loc"], problems.sentence(each, known)) for each in error.errors()]
    return {each.id: each for each in book.recipes}, list(_twice(book.recipes))


def _twice(recipes: Iterable[Recipe]) -> Iterator[tuple[problems.Loc, str]]:
    seen: set[str] = set()
    for place, each in enumerate(recipes):
        if each.id in seen:
            yield ("recipes", place, "id"), f"recipes[{place}].id is {each.id} once more: make the two one"
        seen.add(each.id)


def _over(below: Mapping[str, dict[str, Any]], rows: list[Any]) -> Iterator[Any]:
    for row in rows:
        known = below.get(str(row.get("id")), {}) if isinstance(row, dict) else {}
        yield known | row if isinstance(row, dict) else row


def _is_list(document: Mapping[str, Any]) -> bool:
    return isinstance(document.get("recipes"), list)


def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _flaws(words: str, names: list[str]) -> Iterator[str]:
    """What is wrong with the slots of a recipe's words."""
    asked = set(SLOT.findall(words))
    rest = SLOT.sub("", OPTION.sub(lambda part: part[1], words))
    checks: dict[str, Callable[[], bool]] = {
        f"words ask for {', '.join(sorted(asked - set(names)))}, and no field is called so": lambda: (
            not asked - set(names)
        ),
        f"words leave out {', '.join(sorted(set(names) - asked))}": lambda: not set(names) - asked,
        "two fields have the same name": lambda: len(set(names)) == len(names),
        "a [part] of words has no {field} in it": lambda: all(map(SLOT.search, OPTION.findall(words))),
        "a bracket in words has no partner": lambda: not re.search(r"[\[\]{}]", rest),
    }
    yield from (told for told, holds in checks.items() if not holds())


def _flat(text: str) -> str:
    return " ".join(text.split())
