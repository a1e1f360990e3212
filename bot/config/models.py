"""The models that Easel ships in models.toml, with the operator's `[[gemini.models]]` rows laid over them by id."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from bot.config.problems import Loc

PLACE: Loc = ("gemini", "models")


def laid_over(rows: object) -> dict[str, dict[str, Any]]:
    """All models by id, as rows of TOML: a known id's row changes the keys it gives, a new id's is all there is."""
    shipped = tomllib.loads(resources.files("bot").joinpath("models.toml").read_text(encoding="utf-8"))
    models = {row["id"]: row for row in shipped["models"]}
    for row in _named(rows).values():
        models[row["id"]] = _over(models.get(row["id"], {}), row)
    return models


def nameless(rows: object) -> list[Loc]:
    """The places of rows that have no id, so that nobody can say which model they mean."""
    if not isinstance(rows, list):
        return [PLACE]
    return [(*PLACE, place) for place in range(len(rows)) if place not in _named(rows)]


def as_written(loc: Loc, rows: object) -> Loc:
    """A place by the model's id as the place by number of its last row in the file; other places stay."""
    if loc[:2] != PLACE or len(loc) == 2:
        return loc
    numbers = {row["id"]: number for number, row in _named(rows).items()}
    return (*PLACE, numbers.get(loc[2], loc[2]), *loc[3:])


def _named(rows: object) -> dict[int, dict[str, Any]]:
    every = enumerate(rows) if isinstance(rows, list) else ()
    return {number: row for number, row in every if isinstance(row, dict) and isinstance(row.get("id"), str)}


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    tables = [key for key in above if isinstance(above[key], dict) and isinstance(below.get(key), dict)]
    return below | above | {key: _over(below[key], above[key]) for key in tables}
