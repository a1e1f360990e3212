import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot import errors
from bot.catalogue import load_catalogue
from bot.errors import EaselError, Refusal

ROOT = Path(__file__).parents[1]
TEXTS = tomllib.loads((ROOT / "bot" / "texts" / "en.toml").read_text("utf-8"))
SENTENCES = {f"{section}.{name}": text for section, texts in TEXTS.items() for name, text in texts.items()}
ERRORS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, EaselError)}
INSTRUCTIONS = {"dollars", "after", "forever"}  # what an error tells the program, not people
LOGGED = {"message", "status", "reason", "detail"}  # what an error keeps for the log as well
FILLED_LATER = {"picture": {"name"}}  # admission knows the file's name

Use = tuple[str, frozenset[str] | None]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def uses() -> Iterator[tuple[str, Use]]:
    """Where a key is used, and with which values; None where they are not written out."""
    for folder in ("bot", "cogs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "sandbox" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield from ((f"{path.relative_to(ROOT)}:{node.lineno}", use) for use in used(node))


def used(call: ast.Call) -> Iterator[Use]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    spread = any(keyword.arg is None for keyword in call.keywords)
    values = frozenset(keyword.arg for keyword in call.keywords if keyword.arg) - INSTRUCTIONS
    keys = written(call.args[0]) if call.args else []
    if name in {"say", "_say"} and isinstance(call.func, ast.Attribute | ast.Name):
        yield from ((key, None if spread else values) for key in keys if "." in key)
    elif name == "show":
        yield from ((f"status.{key}", None) for key in keys)
    elif name in ERRORS:
        section = "picture" if name == "BadPicture" else "error"
        yield from ((f"{section}.{key}", None if spread else values) for key in keys)


def raised(*kinds: str) -> set[str]:
    """The keys of errors of these kinds."""
    calls = (
        node
        for folder in ("bot", "cogs")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in kinds
    )
    return {f"error.{key}" for call in calls if call.args for key in written(call.args[0])}


def written(argument: ast.expr) -> list[str]:
    """The keys that an argument can be: a word, a choice of words, or the beginning of an f-string with a star."""
    match argument:
        case ast.Constant(value=str(word)):
            return [word]
        case ast.IfExp(body=body, orelse=orelse):
            return [*written(body), *written(orelse)]
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            return [f"{start}*"]
        case _:
            return []


USES = list(uses())
EVERY_WORD = {
    node.value
    for folder in ("bot", "cogs")
    for path in (ROOT / folder).rglob("*.py")
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}


def test_keys_are_found_in_the_code_at_all():
    keys = {key for _, (key, _) in USES}
    assert {"receipt.line", "error.nothing_asked", "picture.gone", "status.waiting", "status.*"} <= keys
    assert len(USES) > 60


@pytest.mark.parametrize(("where", "use"), USES, ids=[f"{where} {key}" for where, (key, _) in USES])
def test_every_key_that_is_used_has_its_sentence_with_exactly_the_values_it_is_given(where, use):
    key, values = use
    if key.endswith("*"):
        assert any(each.startswith(key[:-1]) for each in SENTENCES), f"{where}: no sentence begins with {key[:-1]}"
        return
    assert key in SENTENCES, f"{where}: {key} has no sentence"
    if values is not None:
        asked = placeholders(SENTENCES[key]) - FILLED_LATER.get(key.partition(".")[0], set())
        given = set(values) - FILLED_LATER.get(key.partition(".")[0], set())
        assert asked - given == set(), f"{where}: {key} asks for more"
        assert given - asked - LOGGED == set(), f"{where}: {key} leaves some out"


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_is_used(key):
    name = key.partition(".")[2]
    exact = {each for _, (each, _) in USES}
    computed = {each[:-1] for each in exact if each.endswith("*")} - {"error.", "picture.", "status."}
    assert key in exact or name in EVERY_WORD or key in EVERY_WORD or any(key.startswith(each) for each in computed)


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_is_whole(key):
    text = SENTENCES[key]
    assert text == text.strip() or key in {"receipt.base", "receipt.also", "receipt.joined", "status.base"}
    assert text
    assert "  " not in text
    assert text.count("{") == text.count("}") == len(list(re.finditer(r"\{\w+\}", text)))


# Said to operators, to nobody, or before anything was asked.
COSTLESS = raised("Unstartable", "Unreachable", "NothingAsked") | {"error.unreachable"}


@pytest.mark.parametrize("key", [key for key in SENTENCES if key.startswith("error.") and key not in COSTLESS])
def test_who_gets_nothing_is_told_what_it_cost(key):
    assert re.search(r"charge|counted", SENTENCES[key])


def test_what_google_may_have_charged_is_said_to_be_the_operators_and_not_the_members():
    lost = [text for key, text in SENTENCES.items() if key.startswith("error.uncertain_") or key == "error.interrupted"]
    assert len(lost) > 5
    assert all("charge" in text and "operator" in text and "nothing is counted against you" in text for text in lost)


def test_every_status_can_be_told_with_the_same_values():
    for name, text in TEXTS["status"].items():
        assert name == "base" or placeholders(text) <= {"words", "base", "when", "latest", "place"}


def test_an_error_tells_its_sentence_with_its_values():
    catalogue = load_catalogue()
    assert catalogue.tell(errors.Refusal("too_many_words", count=5000, limit=4000)).startswith(
        "That is 5000 characters"
    )
    with pytest.raises(KeyError):
        catalogue.tell(Refusal("there_is_no_such_key"))
    with pytest.raises(KeyError):
        catalogue.say("receipt.surplus", limit=3)


def test_braces_in_a_value_are_only_braces():
    assert "{evil}" in load_catalogue().say("command.asked", name="Ada", words="{evil} {0.__class__}")
