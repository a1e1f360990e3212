import asyncio
import json
import logging
import ssl
import sys
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from bot.watch import logs
from bot.watch.logs import JsonFormatter, LineFormatter, about

ODD = r'a-"marked"-\secret é'
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.a-token"


def record(**more: Any) -> logging.LogRecord:
    made = logging.LogRecord("bot.studio", logging.WARNING, "studio.py", 1, "turn %s", (7,), more.pop("exc_info", None))
    vars(made).update(more)
    return made


def as_json(made: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(JsonFormatter().format(made))
    return told


@pytest.fixture
def usual() -> Iterator[None]:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)
    for own in ("bot", "cogs"):
        logging.getLogger(own).setLevel(logging.NOTSET)
    logging.captureWarnings(False)


@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_objects_of_pythons_in_an_exceptions_text_are_left_out_of_the_log(formatter: logging.Formatter):
    error = OSError(f"Cannot connect to host example.org:443 ssl:{ssl.create_default_context()} [refused]")
    line = formatter.format(record(exc_info=(OSError, error, None)))
    assert "example.org:443 [refused]" in line
    assert "object at 0x" not in line


def test_a_json_log_line_is_one_object_with_its_values_filled_in():
    told = as_json(record())
    assert {**told, "time": None} == {"time": None, "level": "WARNING", "logger": "bot.studio", "message": "turn 7"}
    assert told["time"].endswith("+00:00")


def test_a_traceback_stays_within_its_line():
    try:
        int("broken")
    except ValueError as error:
        line = JsonFormatter().format(record(exc_info=(ValueError, error, error.__traceback__)))
    assert "\n" not in line
    assert "broken" in orjson.loads(line)["exception"]


def test_what_a_line_knows_besides_its_words_has_a_field_of_its_own():
    told = as_json(record(id="1f2e3d4c", seconds=6.2, place=asyncio.Lock))
    assert (told["id"], told["seconds"]) == ("1f2e3d4c", 6.2)
    assert "Lock" in told["place"]


def test_a_line_that_belongs_to_an_ask_bears_its_id_and_the_next_one_does_not():
    with about(1300000000000000001):
        told, line = as_json(record()), LineFormatter().format(record())
    assert told["ask"] == "1300000000000000001"
    assert line.endswith("WARNING bot.studio [1300000000000000001]: turn 7")
    assert "ask" not in as_json(record())
    assert LineFormatter().format(record()).endswith("WARNING bot.studio: turn 7")


async def test_tasks_and_threads_that_an_ask_begins_belong_to_it_and_its_neighbours_do_not():
    async def of(ask: int) -> object:
        with about(ask):
            task = asyncio.create_task(asyncio.to_thread(lambda: as_json(record())["ask"]))
        await asyncio.sleep(0)
        return await task, as_json(record()).get("ask")

    assert list(await asyncio.gather(of(1), of(2))) == [("1", None), ("2", None)]


def test_secrets_print_as_stars_in_words_and_in_tracebacks():
    error = ValueError(TOKEN)
    made = record(exc_info=(ValueError, error, None), header=f"Bot {TOKEN}")
    for formatter in (JsonFormatter([TOKEN, ""]), LineFormatter([TOKEN, ""])):
        said = formatter.format(made)
        assert TOKEN not in said
        assert "*****" in said


@pytest.mark.parametrize("formatter", [LineFormatter([ODD]), JsonFormatter([ODD])])
@pytest.mark.parametrize("written", [ODD, repr(ODD), json.dumps(ODD), quote(ODD), repr({"message": ODD})])
def test_a_secret_is_stars_however_it_is_written(formatter: logging.Formatter, written: str):
    said = formatter.format(record(exc_info=(ValueError, ValueError(written), None), header=written))
    assert "*****" in said
    assert "marked" not in said


@pytest.mark.usefixtures("usual")
def test_at_debug_the_libraries_tell_no_more_than_usual(capsys: pytest.CaptureFixture[str]):
    logs.set_up("json", "DEBUG", [TOKEN])
    for name in ("discord.gateway", "aiosqlite", "bot.studio", "cogs.edits"):
        logging.getLogger(name).debug("what a member said")
    assert [orjson.loads(line)["logger"] for line in capsys.readouterr().out.splitlines()] == [
        "bot.studio",
        "cogs.edits",
    ]


@pytest.mark.usefixtures("usual")
def test_a_painted_picture_leaves_no_word_of_the_sdks_in_the_log(capsys: pytest.CaptureFixture[str]):
    logs.set_up("console", "INFO")
    logging.getLogger("google_genai.models").info("AFC is enabled with max remote calls: 10.")
    logging.getLogger("google_genai.models").warning("something is wrong")
    assert capsys.readouterr().out.splitlines()[0].endswith("something is wrong")


@pytest.mark.usefixtures("usual")
def test_libraries_and_warnings_and_last_words_go_the_same_way(capsys: pytest.CaptureFixture[str]):
    logs.set_up("json", "INFO", [TOKEN])
    logging.getLogger("discord.gateway").info("connected with %s", TOKEN)
    logging.getLogger("aiohttp.client").debug("not at this level")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("soon gone", stacklevel=1)
    sys.excepthook(ValueError, ValueError("the end"), None)
    heard = capsys.readouterr()
    assert heard.err == ""
    told = [orjson.loads(line) for line in heard.out.splitlines()]
    assert [each["logger"] for each in told] == ["discord.gateway", "py.warnings", "bot.watch.logs"]
    assert told[0]["message"] == "connected with *****"
    assert "the end" in told[2]["exception"]


@pytest.mark.usefixtures("usual")
def test_what_keeps_the_bot_from_starting_is_told_bare_to_people_and_as_json_to_machines(
    capsys: pytest.CaptureFixture[str],
):
    logs.set_up("console", "INFO")
    logs.tell("The port is taken.")
    logs.set_up("json", "INFO")
    logs.tell("The port is taken.")
    heard = capsys.readouterr()
    bare, line = heard.err.rstrip("\n"), heard.out
    assert bare == "The port is taken."
    assert (orjson.loads(line)["level"], orjson.loads(line)["message"]) == ("CRITICAL", bare)
