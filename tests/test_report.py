"""Reports: sums that are exact, rows that no spreadsheet obeys, and a chart drawn out of the bot's way."""

import csv
import io
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given
from PIL import Image

from bot.catalogue import load_catalogue
from bot.errors import Declined
from bot.limits.report import FORMULAS, HEAD, PERIODS, Names, Report, counted_under, gathered, harmless, last_days
from bot.model import Memory, Turn
from bot.pictures import Pictures
from bot.quota import MICROS
from bot.rules.allowance import decided
from bot.sealing import Keyring
from bot.store import Outcome, Store, Tally, open_store
from tests.players import ADA, BOB, MODEL, THREAD

ROOT = Path(__file__).parents[1]
SERVER, GUEST, PAINTER, BOOSTER = 9, 12, 13, 14
ORDER = (SERVER, GUEST, PAINTER, BOOSTER)  # the highest last
NAMES = Names("Paint Club", {SERVER: "@everyone", PAINTER: "Painter"}, {"m": "The Model"}, {1: "Ada", 2: "=Bob()"})
MEMBERS = st.sampled_from([1, 2, 3, -7, -8, 0])
TALLIES = st.lists(
    st.builds(
        Tally,
        day=st.integers(100, 106),
        member=MEMBERS,
        roles=st.sampled_from(["[]", f"[{PAINTER}]"]),
        model=st.sampled_from(["m", "gone", ""]),
        outcome=st.sampled_from(Outcome),
        asks=st.integers(0, 9),
        pictures=st.integers(0, 9),
        micros=st.integers(0, 10**7),
    ),
    max_size=40,
)


def report(tallies: list[Tally], days: range = range(100, 107)) -> Report:
    order = counted_under(decided(SERVER, (), {}), ORDER)
    return Report(days, tallies, NAMES, order, load_catalogue())


def rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


# -- sums


@given(TALLIES)
def test_the_table_has_every_number_and_no_other(tallies):
    table, missing = report(tallies).table()
    found = rows(table)
    assert missing == 0
    assert len(found) == len(tallies)
    assert sum(int(each["pictures"]) for each in found) == sum(each.pictures for each in tallies)
    assert sum(round(float(each["dollars"]) * MICROS) for each in found) == sum(each.micros for each in tallies)
    assert [each["day"] for each in found] == sorted(each["day"] for each in found)


@given(TALLIES)
def test_a_chart_adds_up_to_its_headline_whichever_way_one_reads_it(tallies):
    drawn = report(tallies).chart()
    known = [each for each in tallies if each.outcome is not Outcome.ERASED]
    for bars in (*drawn.left, *drawn.right):
        assert sum(each.length for each in bars.rows) == sum(each.pictures for each in known)
    assert sum(sum(stack.heights) for stack in drawn.stacks) == sum(each.asks for each in known)
    assert all(len(stack.heights) == len(drawn.columns) for stack in drawn.stacks)
    assert drawn.figures[0][0] == f"{sum(each.pictures for each in tallies):,}"
    assert len(report(tallies).alt()) <= 1000


def test_the_most_are_named_and_the_rest_are_one_row():
    tallies = [Tally(100, each, "[]", "m", Outcome.PAINTED, 1, each, 0) for each in range(1, 15)]
    [members] = report(tallies).chart().left
    assert [each.label for each in members.rows[:2]] == ["14", "13"]
    assert len(members.rows) == 11
    assert (members.rows[-1].label, members.rows[-1].length) == ("4 more", 1 + 2 + 3 + 4)


def test_members_who_were_forgotten_are_one_without_an_id():
    tallies = [Tally(100, each, "[]", "m", Outcome.PAINTED, 1, 2, 0) for each in (-5, -6)]
    [members] = report(tallies).chart().left
    assert [(each.label, each.length) for each in members.rows] == [("deleted members", 4)]
    assert {(each["member_id"], each["member"]) for each in rows(report(tallies).table()[0])} == {
        ("", "deleted members")
    }


def test_the_chart_is_told_in_words():
    tallies = [
        Tally(100, 1, "[]", "m", Outcome.PAINTED, 3, 3, 120_000),
        Tally(101, 1, f"[{PAINTER}]", "m", Outcome.DECLINED, 1, 0, 0),
    ]
    assert report(tallies).alt() == (
        "Chart of the last 7 days in Paint Club. Pictures: 3, for $0.12. Asks: painted 3, declined 1."
        " Members: Ada 3 · $0.12. Roles: @everyone 3 · $0.12, Painter 0 · $0.00. Models: The Model 3 · $0.12."
    )


@pytest.mark.parametrize("count", PERIODS)
def test_a_period_ends_today_and_some_of_its_days_are_labelled(count):
    days = last_days(count, 200 * 86_400.0 + 5)
    assert (len(days), days[-1]) == (count, 200)
    labels = [each for each in report([], days).chart().columns if each]
    assert 6 <= len(labels) <= 8
    assert report([], days).chart().columns[-1] == "07-20"


# -- a table that is only a table


@given(st.text())
def test_no_cell_of_somebodys_words_begins_like_a_formula_or_ends_its_line(text):
    cell = harmless(text)
    assert not cell.startswith((*FORMULAS, "\t", "\r", "\n", " "))
    assert "\n" not in cell
    assert "\r" not in cell


def test_a_name_that_is_a_formula_is_only_words_in_the_table():
    tallies = [Tally(100, 2, "[]", '=HYPERLINK("x")', Outcome.PAINTED, 1, 1, 39_000)]
    table = report(tallies).table()[0]
    assert table.startswith(b"\xef\xbb\xbf" + ",".join(HEAD).encode())
    assert rows(table) == [
        {
            "day": "1970-04-11",
            "member_id": "2",
            "member": "'=Bob()",
            "role": "everyone",
            "model": '\'=HYPERLINK("x")',
            "outcome": "painted",
            "asks": "1",
            "pictures": "1",
            "dollars": "0.039000",
        }
    ]


def test_of_more_than_discord_takes_the_oldest_are_left_out_and_counted():
    tallies = [Tally(100 + each // 20_000, each, "[]", "m", Outcome.PAINTED, 1, 1, 1) for each in range(50_000)]
    table, missing = report(tallies).table()
    assert missing == 10_000
    assert len(table) < 8 * 2**20
    assert rows(table)[-1]["member_id"] == "49999"


# -- the role that an ask counts under


@given(st.frozensets(st.sampled_from([GUEST, PAINTER, BOOSTER, 404])))
def test_an_ask_counts_under_the_role_that_gave_the_allowance_else_under_the_highest(own):
    limits = {SERVER: {"pictures_per_day": "1"}, GUEST: {"pictures_per_day": "3"}, PAINTER: {"pictures_per_day": "2"}}
    role = counted_under(decided(SERVER, (), limits), ORDER)(json.dumps(sorted(own)))
    expected = next((each for each in (GUEST, PAINTER) if each in own), BOOSTER if BOOSTER in own else SERVER)
    assert role == expected


# -- asked of the database


async def test_every_ask_is_counted_by_what_became_of_it(world):
    async with world.bot() as bot:
        await bot.paint("a cat", "a dog")
        world.painter.will(Declined("declined_prompt_safety"))
        await bot.hear(world.ask("a bird", member=BOB))
        await bot.settle()
        days = last_days(7, time.time())
        assert THREAD.server is not None
        tallies, names = await gathered(bot.store, THREAD.server, days)
        found = {(each.member, each.outcome): (each.asks, each.pictures, each.model) for each in tallies}
        assert found == {
            (ADA.id, Outcome.PAINTED): (2, 2, MODEL.id),
            (BOB.id, Outcome.DECLINED): (1, 0, MODEL.id),
        }
        assert names == {ADA.id: "Ada", BOB.id: "Bob"}
        assert (await gathered(bot.store, 404, days))[0] == []


async def booked(store: Store, turn: int, at: float, state: str = "settled", member: int = 1) -> None:
    async with store.write() as desk:
        await desk.query.tell(
            "INSERT INTO claims (turn, member, server, at, pictures, micros, waiting, state, roles)"
            " VALUES (:turn, :member, 9, :at, 1, 5, 0, :state, '[]')",
            turn=turn,
            member=member,
            at=at,
            state=state,
        )
        await desk.query.tell(
            "INSERT INTO hours (server, hour, pictures, micros) VALUES (9, :hour, 1, 5)"
            " ON CONFLICT (server, hour) DO UPDATE SET pictures = hours.pictures + 1, micros = hours.micros + 5",
            hour=int(at // 3600),
        )


async def test_a_day_is_the_calendars_in_utc(tmp_path):
    async with open_store(tmp_path) as store:
        for turn, at in enumerate((99 * 86_400 - 0.5, 99 * 86_400, 100 * 86_400 - 0.5, 100 * 86_400)):
            await booked(store, turn, at)
        assert [each.pictures for each in await store.spending.day(9, 99)] == [2]


async def test_a_day_that_is_added_up_in_steps_has_one_sum_for_each_member(tmp_path):
    async with open_store(tmp_path) as store:
        for turn, hour in enumerate((0, 5, 6, 23)):
            await booked(store, turn, 99 * 86_400 + 3600 * hour, member=turn % 2 + 1)
        await booked(store, 7, 99 * 86_400 + 3600 * 7)
        await store.query.tell("DELETE FROM claims WHERE turn = 7")
        found = {(each.member, each.outcome): (each.asks, each.pictures) for each in await store.spending.day(9, 99)}
        assert found == {(1, Outcome.PAINTED): (2, 2), (2, Outcome.PAINTED): (2, 2), (0, Outcome.ERASED): (0, 1)}
        assert len(await store.spending.day(9, 99)) == 3


async def test_what_was_deleted_stays_in_the_totals_as_long_as_its_hour_is_known(tmp_path):
    async with open_store(tmp_path) as store:
        await booked(store, 1, 99 * 86_400 + 7)
        await booked(store, 2, 99 * 86_400 + 8)
        await store.query.tell("DELETE FROM claims WHERE turn = 2")
        found = {each.outcome: (each.pictures, each.micros) for each in await store.spending.day(9, 99)}
        assert found == {Outcome.PAINTED: (1, 5), Outcome.ERASED: (1, 5)}


async def test_pictures_that_were_only_brought_are_not_in_it(tmp_path):
    async with open_store(tmp_path) as store:
        await booked(store, 1, 99 * 86_400 + 7, "free")
        await store.query.tell("DELETE FROM hours")
        assert await store.spending.day(9, 99) == []


async def test_members_are_called_what_they_were_called_last(world):
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat"))
        await bot.settle()
        await bot.hear(world.ask("a dog", member=replace(ADA, name="Ada II")))
        await bot.settle()
        turns = [row["id"] for row in await bot.store.query.all("SELECT id FROM turns")]
        assert await bot.store.spending.names(turns) == {ADA.id: "Ada II"}


async def test_names_are_read_where_they_are_kept_encrypted(tmp_path):
    async with open_store(tmp_path / "sealed", Keyring.of(["a secret of some length, as it should be"])) as store:
        turn = Turn(7, 50, ADA, "a cat", "m", 1.0, server=SERVER)
        async with store.write() as desk:
            await desk.turns.open(THREAD, Memory.FOCUSED)
            await desk.turns.add(turn)
        assert b"Ada" not in (tmp_path / "sealed" / "easel.db-wal").read_bytes()
        assert await store.spending.names([7]) == {ADA.id: "Ada"}


# -- drawn


async def test_the_chart_is_a_picture_and_the_worker_that_drew_it_is_gone(tmp_path):
    tallies = [Tally(day, 1, "[]", "m", outcome, 2, 1, 39_000) for day in range(100, 107) for outcome in Outcome]
    async with Pictures(tmp_path) as pictures:
        drawing = await pictures.draw(report(tallies).chart(), [])
        assert pictures.pids == []
    image = Image.open(io.BytesIO(drawing.data))
    assert (image.format, image.width, drawing.extension) == ("PNG", 1080, "png")
    assert len(drawing.data) < 500_000
    colours = {colour for _, colour in image.convert("RGB").quantize(32).convert("RGB").getcolors() or ()}
    assert len(colours) > 8


@pytest.mark.parametrize("names", ["", "日本の画家", "🦊", "$a_b$ \\frac{", "x" * 500])
async def test_whatever_people_are_called_it_is_drawn(names, tmp_path):
    many = Names(names, {SERVER: names}, {"m": names}, {each: f"{names}{each}" for each in range(1, 20)})
    tallies = [Tally(100, each, "[]", "m", Outcome.PAINTED, 1, each, 10**12) for each in range(1, 20)]
    async with Pictures(tmp_path) as pictures:
        drawing = await pictures.draw(replace(report(tallies), names=many).chart(), [])
    assert Image.open(io.BytesIO(drawing.data)).width == 1080


def test_the_bot_itself_never_loads_what_draws_charts():
    script = (
        "import sys, bot.app, bot.pictures.worker, bot.pictures.jobs; print({'matplotlib', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")
