import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from bot.catalogue import load_catalogue
from bot.check import command
from bot.check.finding import Check, Finding, State, fine, problem, run, skipped
from bot.check.page import Page
from bot.check.portal import Portal
from bot.config import RoleLimits, load
from bot.errors import Unstartable
from cogs.inspection import Inspection, Server

CATALOGUE = load_catalogue()
SETTINGS = load(None, {"DISCORD_TOKEN": "a token", "GEMINI_API_KEY": "a key"})
DOCS = Path(__file__).parents[1] / "docs" / "operating.md"


@dataclass(frozen=True)
class Seen:
    """What Discord shows of its servers."""

    found: list[Server]
    unseen: int = 0
    invitation: str = "https://discord.com/oauth2/authorize"

    @property
    def client(self) -> Any:
        return self

    def reaching(self) -> Any:
        return io.BytesIO()  # anything that opens and closes

    async def servers(self) -> tuple[list[Server], int]:
        return self.found, self.unseen


async def permissions(*servers: Server, unseen: int = 0) -> Finding:
    inspection = cast("Inspection", Seen(list(servers), unseen))
    return await Portal(SETTINGS, CATALOGUE, inspection).permissions()


def shown(finding: Finding, width: int = 80, secrets: tuple[str, ...] = ()) -> list[str]:
    out = io.StringIO()
    Page(out, width, secrets).show("token", finding)
    return out.getvalue().splitlines()


def channels(count: int) -> tuple[str, ...]:
    return tuple(f"room-{number}" for number in range(count))


# -- one after the other ---------------------------------------------------------------------------------------------


async def found(*checks: Check) -> dict[str, State]:
    return {name: finding.state async for name, finding in run(checks, CATALOGUE)}


async def well() -> Finding:
    return fine("yes")


async def ill() -> Finding:
    return problem("no")


async def unasked() -> Finding:
    return skipped("nobody asked")


async def broken() -> Finding:
    raise RuntimeError("oops")


async def told() -> Finding:
    raise Unstartable("token_refused", variable="DISCORD_TOKEN")


async def test_what_needs_a_check_that_did_not_end_well_is_skipped_and_so_is_what_needs_that():
    checks = (Check("a", ill), Check("b", well, ("a",)), Check("c", well, ("b",)), Check("d", well))
    assert await found(*checks) == {"a": State.PROBLEM, "b": State.SKIPPED, "c": State.SKIPPED, "d": State.OK}
    assert (await found(Check("a", unasked), Check("b", well, ("a",))))["b"] is State.SKIPPED


async def test_a_check_that_breaks_is_a_problem_and_the_next_one_runs():
    assert await found(Check("a", broken), Check("b", well)) == {"a": State.PROBLEM, "b": State.OK}


async def test_what_keeps_the_bot_from_starting_is_told_as_at_the_start():
    [(_, finding)] = [each async for each in run([Check("a", told)], CATALOGUE)]
    assert finding.told == ("Discord does not accept the token in DISCORD_TOKEN.",)
    assert finding.remedy.startswith("Copy it anew")


def test_every_check_is_explained_to_operators_in_its_order():
    explained = re.findall(
        r"(?m)^\| `(\w+)` \| [^|]+ \|$", DOCS.read_text("utf-8").split("| check |")[1].split("\n\n")[0]
    )
    assert tuple(explained) == (command.FIRST, *command.OTHERS)


# -- the page --------------------------------------------------------------------------------------------------------


def test_a_problem_is_folded_under_itself_with_its_remedy_under_an_arrow():
    finding = problem(
        "It is not there, and nobody knows why it went away so early.\nBring it back soon.", "here", "there"
    )
    assert shown(finding, 60) == [
        " ✗ problem  token          It is not there, and nobody knows",
        "                           why it went away so early.",
        "                           · here",
        "                           · there",
        "                           → Bring it back soon.",
    ]


@pytest.mark.parametrize("width", [1, 60, 100, 1000])
def test_whatever_the_terminal_no_line_is_wider_than_it_or_narrower_than_sense(width: int):
    lines = shown(fine("word " * 200), width)
    assert max(map(len, lines)) <= max(60, min(width, 120))


def test_an_address_stays_in_one_piece():
    address = "https://discord.com/" + "oauth2-authorize/" * 10
    assert address in "\n".join(shown(problem(f"In no server.\nInvite it: {address}"), 60))


def test_a_secret_in_whatever_is_told_prints_as_stars():
    [line] = shown(fine("they said MTA0secret0token"), secrets=("MTA0secret0token",))
    assert line.endswith("they said *****")


# -- permissions -----------------------------------------------------------------------------------------------------


async def test_five_hundred_channels_that_lack_the_same_are_one_line():
    finding = await permissions(Server("Paint Club", 500, {("attach_files",): channels(500)}))
    line = finding.told[1]
    assert "“Attach Files” missing in 500 of 500 channels: #room-0, #room-1, #room-2, #room-3 and 496 more" in line
    assert finding.remedy


async def test_many_servers_with_problems_are_a_few_lines_and_a_number():
    servers = [
        Server(f"Club {each}", 2, {("attach_files",): ("a",), ("send_messages",): ("b",)}) for each in range(100)
    ]
    finding = await permissions(*servers)
    assert len(finding.told) < 20
    assert finding.told[-1] == "and 188 more"


async def test_the_widest_lack_of_a_server_comes_first():
    lacking = {("attach_files",): channels(2), ("send_messages", "create_public_threads"): channels(30)}
    [_, first, second] = (await permissions(Server("Club", 40, lacking))).told
    assert "“Send Messages”, “Create Public Threads” missing in 30 of 40" in first
    assert "2 of 40" in second


async def test_rules_and_news_are_named_but_no_problem():
    finding = await permissions(Server("Club", 4, {}, quiet=("rules", "news")))
    assert finding.state is State.OK
    assert "#rules, #news" in finding.told[1]
    assert "channels: 2" in finding.told[0]


async def test_servers_that_there_was_no_time_for_are_counted():
    finding = await permissions(Server("Club", 4, {}), unseen=70)
    assert finding.state is State.OK
    assert "70" in finding.told[-1]


async def test_rows_for_roles_that_no_server_has_are_named():
    limits = SETTINGS.limits.model_copy(update={"role": (RoleLimits(role=5), RoleLimits(role=6))})
    settings = SETTINGS.model_copy(update={"limits": limits})
    servers = [Server("Club", 4, {}, roles=frozenset({1, 5})), Server("Inn", 4, {}, roles=frozenset({2}))]
    finding = await Portal(settings, CATALOGUE, cast("Inspection", Seen(servers))).permissions()
    assert finding.state is State.OK
    assert "grant nothing: 6." in finding.told[-1]
    unsure = await Portal(settings, CATALOGUE, cast("Inspection", Seen(servers, unseen=1))).permissions()
    assert not any("grant nothing" in each for each in unsure.told)


async def test_a_bot_in_no_server_gets_its_invitation():
    assert "https://discord.com/oauth2/authorize" in (await permissions()).remedy
