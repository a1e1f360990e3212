import logging
from typing import Any

import orjson

from bot.logs import JsonFormatter


def record(**more: Any) -> logging.LogRecord:
    return logging.LogRecord("bot.studio", logging.WARNING, "studio.py", 1, "turn %s", (7,), more.get("exc_info"))


def test_a_json_log_line_is_one_object_with_its_values_filled_in():
    told = orjson.loads(JsonFormatter().format(record()))
    assert (told["level"], told["logger"], told["message"]) == ("WARNING", "bot.studio", "turn 7")


def test_a_traceback_stays_within_its_line():
    try:
        int("broken")
    except ValueError as error:
        told = JsonFormatter().format(record(exc_info=(ValueError, error, error.__traceback__)))
    assert "\n" not in told
    assert "broken" in orjson.loads(told)["exception"]
