import asyncio
import ssl
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientConnectorError
from aiohttp.client_reqrep import ConnectionKey

from bot.catalogue import load_catalogue
from bot.chores import beside
from bot.config import Settings, load
from bot.errors import Crowded, Failure, Misconfigured, Unexpected
from bot.watch.outlook import SOON, Outlook
from bot.watch.remedy import remedy

SECRETS = {"DISCORD_TOKEN": "a token", "GEMINI_API_KEY": "a key"}
TODAY = date(2026, 11, 22)
BANANA, PRO = "gemini-nano-banana-2.1", "gemini-3-pro-image"
CATALOGUE = load_catalogue()


def settings(**retires: date) -> Settings:
    found = load(None, SECRETS)
    models = {id_: replace(model, retires=retires.get("day")) for id_, model in found.gemini.models.items()}
    return found.model_copy(update={"gemini": found.gemini.model_copy(update={"models": models})})


def warnings(offered: Collection[str] = (BANANA, PRO), **retires: date) -> list[str]:
    return list(Outlook(settings(**retires), CATALOGUE).warnings(offered, TODAY))


def test_a_model_that_is_there_is_nothing_to_speak_of():
    assert warnings() == []


def test_a_model_that_is_gone_is_told_with_those_that_are_left():
    [told] = warnings([PRO, "gemini-3.8-flash"])
    assert f"no model {BANANA}" in told
    assert told.endswith(f"Google has: {PRO}.")


def test_where_nothing_is_left_the_operator_is_sent_to_google():
    [told] = warnings(["gemini-3.8-flash"])
    assert "Look in Google AI Studio" in told


def test_the_model_that_steps_in_is_looked_at_too():
    found = settings()
    backed = found.model_copy(update={"gemini": found.gemini.model_copy(update={"fallback": PRO})})
    [told] = Outlook(backed, CATALOGUE).warnings([BANANA], TODAY)
    assert f"no model {PRO}" in told


@pytest.mark.parametrize(("days", "words"), [(SOON, f"days left: {SOON}"), (0, "days left: 0"), (-1, "any day")])
def test_a_model_with_little_time_left_is_told_with_its_day(days: int, words: str):
    day = TODAY + timedelta(days=days)
    [told] = warnings(day=day)
    assert words in told
    assert str(day) in told


def test_a_retirement_far_away_is_not_worth_a_line():
    assert warnings(day=TODAY + timedelta(days=SOON + 1)) == []


def test_the_models_that_roles_may_choose_are_looked_at_too(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text(f'[[limits.role]]\nrole = "5"\nmodels = ["{PRO}", "{BANANA}"]', "utf-8")
    used = Outlook(load(path, SECRETS), CATALOGUE).used
    assert [each.id for each in used] == [BANANA, PRO]


async def test_the_start_is_not_held_up_and_the_end_does_not_wait():
    async def never() -> Collection[str]:
        await asyncio.Event().wait()
        raise AssertionError

    async with asyncio.timeout(1), beside(outlook=Outlook(settings(), CATALOGUE).warn(never)):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Misconfigured("misconfigured_key"), "does not accept the key in GEMINI_API_KEY"),
        (Crowded("unreached"), "can't be reached"),
        (Unexpected("unexpected", message="what?"), "makes no sense here: what?"),
    ],
)
async def test_what_keeps_google_from_answering_is_told_with_its_remedy(
    trouble: Failure, words: str, caplog: pytest.LogCaptureFixture
):
    async def fails() -> Collection[str]:
        raise trouble

    async with beside(outlook=Outlook(settings(), CATALOGUE).warn(fails)):
        await asyncio.sleep(0.01)
    assert words in caplog.text
    assert "WARNING" in caplog.text


async def test_why_google_is_away_is_told_in_words_and_without_objects(caplog: pytest.LogCaptureFixture):
    key = ConnectionKey("google.example", 443, True, ssl.create_default_context(), None, None, None)

    async def fails() -> Collection[str]:
        raise Crowded("unreached") from ClientConnectorError(key, ConnectionRefusedError(111, "Connect call failed"))

    async with beside(outlook=Outlook(settings(), CATALOGUE).warn(fails)):
        await asyncio.sleep(0.01)
    assert ": Connection refused. Look at the network" in caplog.text
    assert "object at" not in caplog.text


def test_every_way_to_be_shut_out_has_a_remedy_of_its_own():
    keys = [key for key in CATALOGUE.texts["error"] if key.startswith("misconfigured_")]
    told = {key: remedy(Misconfigured(key, message="Google's words."), settings(), CATALOGUE) for key in keys}
    assert len(keys) > 5
    assert all("\n" in each for each in told.values())
    assert len(set(told.values())) == len(told)
