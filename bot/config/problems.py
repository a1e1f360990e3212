"""What is wrong with a config file, in sentences: the line, the key, what it must be."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pydantic_core import ErrorDetails

Loc = tuple[str | int, ...]

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "missing": "is missing",
        "bool_type": "must be true or false, without quotes",
        "int_type": "must be a whole number, without quotes",
        "int_parsing_size": "is far too large",
        "float_type": "must be a number, without quotes",
        "finite_number": "must be a plain number",
        "string_type": "must be text in quotes",
        "tuple_type": "must be a list in square brackets",
        "dict_type": "must be a table",
        "model_type": "must be a table",
        "dataclass_type": "must be a table",
        "enum": "must be one of {expected}",
        "literal_error": "must be one of {expected}",
        "greater_than": "must be more than {gt:g}",
        "greater_than_equal": "must be {ge:g} or more",
        "less_than_equal": "must be {le:g} or less",
        "too_short": "must not be empty",
        "date_type": "must be a day such as 2027-10-06, without quotes",
        "date_parsing": "must be a day such as 2027-10-06, without quotes",
        "date_from_datetime_parsing": "must be a day such as 2027-10-06, without quotes",
        "date_from_datetime_inexact": "must be a day such as 2027-10-06, without an hour",
        "value_error": "{error}",
    }
)
UNKNOWN = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
SECRETS = frozenset({"token", "api_key"})


def sentence(error: ErrorDetails, keys: Iterable[str]) -> str:
    """One problem that pydantic found, with its key and the remedy. `keys` are all there are, dotted."""
    loc, kind = error["loc"], error["type"]
    if kind in UNKNOWN:
        return f"{dotted(loc)} {_unknown(loc, tuple(keys))}"
    said = SENTENCES[kind].format_map(error.get("ctx", {})) if kind in SENTENCES else error["msg"]
    return f"{dotted(loc)} {said}{_instead(error)}"


def dotted(loc: Loc) -> str:
    """`("limits", "role", 0, "models")` as `limits.role[0].models`."""
    steps = (f"[{step}]" if isinstance(step, int) or not re.fullmatch(r"[\w-]+", step) else f".{step}" for step in loc)
    return "".join(step for step in steps if step != "[[key]]").lstrip(".")


def _unknown(loc: Loc, keys: tuple[str, ...]) -> str:
    key = str(loc[-1])
    if key in SECRETS:
        return f"is a secret: put it into the environment, and its variable's name into {key}_env"
    near = tuple(known for known in keys if known.startswith(f"{loc[0]}."))
    meant = _closest(key, near) or _closest(key, keys)
    return f"is not a key of Easel's. Did you mean {meant}?" if meant else "is not a key of Easel's: remove it"


def _closest(key: str, keys: tuple[str, ...]) -> str | None:
    places = {known.split(".")[0]: known.split(".")[0] for known in keys}
    places |= {known.rpartition(".")[2]: known for known in reversed(keys)}
    close = difflib.get_close_matches(key, places, n=1)
    return places[close[0]] if close else None


def _instead(error: ErrorDetails) -> str:
    value, of_a_secret = error["input"], str(error["loc"][-1]).endswith("_env")
    if error["type"] == "value_error" or of_a_secret or not isinstance(value, str | int | float):
        return ""
    return f", not {json.dumps(value, ensure_ascii=False)}"


def in_order(found: Iterable[tuple[Loc, str]], text: str) -> list[str]:
    """The sentences by line, each with the line of its key in front, or of the closest table around the key."""
    lines = _lines(text)
    placed = sorted((_nearest(loc, lines), told) for loc, told in found)
    return [f"line {line}: {told}" if line else told for line, told in placed]


def _nearest(loc: Loc, lines: Mapping[Loc, int]) -> int:
    return next((lines[loc[:end]] for end in range(len(loc), 0, -1) if loc[:end] in lines), 0)


def _lines(text: str) -> dict[Loc, int]:
    """The line of every table and key, found by reading the text as people do, line by line."""
    found: dict[Loc, int] = {}
    rows: Counter[Loc] = Counter()
    table: Loc = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line):
            table = _table(header[2], rows, new_row=header[1] == "[[")
            found[table] = number
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            found[(*table, *key[1].split("."))] = number
    return found


def _table(header: str, rows: Counter[Loc], *, new_row: bool) -> Loc:
    """The table's place; inside `[[rows]]` the last row is meant, as in TOML."""
    *above, last = header.split(".")
    table: Loc = ()
    for step in above:
        table = (*table, step)
        table = (*table, rows[table] - 1) if table in rows else table
    table = (*table, last)
    if not new_row:
        return table
    rows[table] += 1
    return (*table, rows[table] - 1)
