import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot import errors
from bot.catalogue import Catalogue, load_catalogue
from bot.config import Limits
from bot.errors import EaselError, Refusal
from bot.language import OTHERS, SERVED, speaking
from bot.sandbox.discord.localizations import LOCALES
from bot.views.help import PAGES, Command, Help
from tests.e2e.stage import STATUS

ROOT = Path(__file__).parents[1]
TEXTS = tomllib.loads((ROOT / "bot" / "texts" / "en.toml").read_text("utf-8"))


def flat(texts: dict[str, dict[str, str]]) -> dict[str, str]:
    return {f"{section}.{name}": text for section, found in texts.items() for name, text in found.items()}


SENTENCES = flat(TEXTS)
ERRORS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, EaselError)}
INSTRUCTIONS = {"dollars", "after", "forever", "whose", "whose_name", "which"}  # told to the program, not to people
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
    assert {"receipt.line", "error.nothing_asked", "picture.gone", "status.painting", "status.*"} <= keys
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
    computed |= {
        "command.",
        "option.",
        "choice.",
    }  # tests/e2e/test_language.py holds these against the commands there are
    assert key in exact or name in EVERY_WORD or key in EVERY_WORD or any(key.startswith(each) for each in computed)


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_is_whole(key):
    assert is_whole(key, SENTENCES[key])


def is_whole(key: str, text: str) -> bool:
    holes = len(list(re.finditer(r"\{\w+\}", text)))
    trim = text == text.strip() or key in {"receipt.base", "receipt.also", "list.comma", "list.last", "status.base"}
    return bool(text) and trim and "  " not in text and text.count("{") == text.count("}") == holes


# Said to operators, to nobody, or before anything was asked.
COSTLESS = raised("Unstartable", "Unreachable", "NothingAsked", "Unlisted") | {"error.unreachable"}


@pytest.mark.parametrize("key", [key for key in SENTENCES if key.startswith("error.") and key not in COSTLESS])
def test_who_gets_nothing_is_told_what_it_cost(key):
    assert re.search(r"charge|counted", SENTENCES[key])


def test_what_google_may_have_charged_is_said_to_be_the_operators_and_not_the_members():
    lost = [text for key, text in SENTENCES.items() if key.startswith("error.uncertain_") or key == "error.interrupted"]
    assert len(lost) > 5
    assert all("charge" in text and "operator" in text and "nothing is counted against you" in text for text in lost)


def test_every_status_can_be_told_with_the_same_values():
    for name, text in TEXTS["status"].items():
        assert name == "base" or placeholders(text) <= {"words", "base", "when", "latest", "since", "place"}


def test_an_error_tells_its_sentence_with_its_values():
    catalogue = load_catalogue()
    assert catalogue.tell(errors.Refusal("too_many_words", count=5000, limit=4000)).startswith(
        "That is 5000 characters"
    )
    with pytest.raises(KeyError):
        catalogue.tell(Refusal("there_is_no_such_key"))
    with pytest.raises(KeyError):
        catalogue.say("receipt.surplus", limit=3)


@pytest.mark.parametrize(
    ("language", "two", "three", "row"),
    [
        ("en", "a and b", "a, b and c", "a, b, c"),
        ("de", "a und b", "a, b und c", "a, b, c"),
        ("ja", "a、b", "a、b、c", "a、b、c"),
    ],
)
def test_several_things_are_listed_as_a_language_has_it(language, two, three, row):
    catalogue = load_catalogue()
    with speaking(language):
        assert [catalogue.listed(each) for each in ("", "a", "ab", "abc")] == ["", "a", two, three]
        assert catalogue.enumerated("abc") == row


def test_braces_in_a_value_are_only_braces():
    assert "{evil}" in load_catalogue().say("command.asked", name="Ada", words="{evil} {0.__class__}")


# -- the other languages

COMMANDS = set(
    re.findall(
        r'app_commands\.(?:command|Group)\((?:\s|self,)*name="([\w-]+)"',
        "".join(path.read_text("utf-8") for path in (ROOT / "cogs").glob("*.py")),
    )
)
MENUS = ("menu.edit", "menu.information")
BUTTONS = {  # sentences that speak of a button by its name
    "receipt.uncut": "row.retry",
}
#: characters that Discord takes, by where the code shows a sentence; the first pattern that fits counts
LIMITS: dict[str, int] = {
    r"menu\.(edit|information)": 32,
    r"command\.asked": 400,
    r"(command|choice)\..*": 100,
    r"(button\.(use_as_base|again)|cancel\.(free|counts)|rewording\.button|help\.page_.*)": 80,
    r"row\.(edit|retry|vary|undo|more|from)": 80,
    r"more\.(original|compare|recipes|information|delete|erase)": 80,
    r"(history\.(newer|older|share|show|from)|compare\.(wipe|blink)|settings\.to_.*)": 80,
    r"form\.(edit|words|pictures|ratio|size)|recipe\.(pictures|more_pictures)": 45,
    r"form\.words_example": 100,
    r"form\..*_usual|history\.choose|recipe\.menu|settings\.(invite|ratio|size|model|memory|asks|hears)": 150,
    r"settings\.(usual|open|model_note|(memory|asks|hears)_.*)": 100,
    r"thread\.title": 90,
    r"alt\..*": 700,
    r"receipt\..*": 300,
    r".*": 1900,
}
LONG = {"value": "x" * 32, "words": "x" * 80, "versions": "x" * 200, "names": "x" * 60, "number": "12345"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(params=OTHERS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def own(language: str) -> dict[str, str]:
    """The sentences of a language."""
    return flat(tomllib.loads((ROOT / "bot" / "texts" / f"{language}.toml").read_text("utf-8")))


def test_a_language_has_the_same_sentences_in_the_same_order(own):
    assert set(own) - set(SENTENCES) == set(), "English has no such sentence"
    assert set(SENTENCES) - set(own) == set(), "these are missing"
    assert list(own) == list(SENTENCES)


def test_a_languages_sentences_are_whole_and_filled_in_with_the_same_values(own):
    assert [key for key, text in own.items() if not is_whole(key, text)] == []
    assert [key for key in own if placeholders(own[key]) != placeholders(SENTENCES[key])] == []


def test_a_languages_sentences_are_no_longer_than_discord_takes_them(own):
    assert [key for key, text in {**SENTENCES, **own}.items() if len(filled(text)) > limit(key)] == []


def test_options_have_names_that_discord_takes(own):
    names = {key: filled(text) for key, text in {**SENTENCES, **own}.items() if key.startswith("option.")}
    assert [key for key, name in names.items() if not re.fullmatch(r"[-_\w]{1,32}", name) or name != name.lower()] == []


def test_a_sentence_speaks_of_the_same_commands_in_every_language(own):
    assert {name for text in SENTENCES.values() for name in commands(text)} <= COMMANDS
    assert [key for key in own if commands(own[key]) != commands(SENTENCES[key])] == []


def test_a_sentence_speaks_of_menus_and_buttons_by_their_own_names(own):
    named = [(key, menu) for key in own for menu in MENUS if key != menu and SENTENCES[menu] in SENTENCES[key]]
    assert named
    assert [key for key, called in [*named, *BUTTONS.items()] if own[called] not in own[key]] == []


def test_a_status_is_known_as_one_in_every_language(own):
    told = {"when": "<t:1:R>", "latest": "<t:2:R>", "since": "<t:0:R>", "words": "“a”", "base": "", "place": 1}
    statuses = {key: text for key, text in own.items() if key.startswith("status.") and key != "status.base"}
    assert [key for key, text in statuses.items() if not STATUS.match(text.format_map(told))] == []


def test_what_is_set_large_small_or_bold_is_so_in_every_language(own):
    for key, text in own.items():
        for mark in ("**", "##", "-#", "`", "\n", "]("):
            assert text.count(mark) == SENTENCES[key].count(mark), f"{key}: {mark!r}"


def test_a_page_of_help_fits_a_message_in_every_language(catalogue, language):
    with speaking(language):
        known = [Command(name, catalogue.say(f"command.{name}")) for name in sorted(COMMANDS)]
        menus = [Command(catalogue.say(key)) for key in MENUS]
        for direct in (True, False):
            told = Help("Easel", [*known, *menus], Limits(), catalogue, direct=direct)
            assert [page for page in PAGES if sum(map(len, told.page(page))) > 3900] == []


def test_a_sentence_that_a_language_lacks_is_said_in_english(catalogue):
    some = Catalogue(catalogue.texts, {"de": {"row": {"edit": "Ändern"}}})
    with speaking("de"):
        assert some.say("row.edit") == "Ändern"
        assert some.say("row.retry") == TEXTS["row"]["retry"]
    assert some.say("row.edit") == TEXTS["row"]["edit"]


def test_a_language_serves_its_locales_and_english_all_others(catalogue):
    assert set(SERVED) <= LOCALES
    assert len(LOCALES) > 30
    for locale in LOCALES:
        with speaking(locale):
            said = catalogue.say("error.link_only")
        written = catalogue.others[SERVED[locale]] if locale in SERVED else TEXTS
        assert said == written["error"]["link_only"]


def test_an_errors_keys_are_listed_in_the_language_in_which_it_is_told(catalogue):
    error = Refusal("permission_missing", names=("permission.attach_files", "permission.send_messages"))
    assert "“Attach Files” and “Send Messages”" in catalogue.tell(error)
    with speaking("de"):
        assert catalogue.others["de"]["permission"]["attach_files"] in catalogue.tell(error)


def test_words_are_known_as_a_sentence_whoever_said_it_in_whatever_language(catalogue):
    with speaking("ja"):
        blend = catalogue.say("ask.blend")
    assert catalogue.means(blend, "ask.blend")
    assert not catalogue.means("make it night", "ask.blend")


def filled(text: str) -> str:
    return text.format_map({name: LONG.get(name, "12") for name in placeholders(text)})


def limit(key: str) -> int:
    return next(most for pattern, most in LIMITS.items() if re.fullmatch(pattern, key))


def commands(text: str) -> set[str]:
    return set(re.findall(r"`/([\w-]+)", text))
