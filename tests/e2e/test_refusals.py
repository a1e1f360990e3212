"""Every way in which Google says no, over the wire: what people read, what they are offered, what is reckoned.

A new reason is one line in TABLE.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox import Post
from bot.sandbox.gemini import Fault
from tests.e2e.conftest import tidy
from tests.e2e.sketches import photo
from tests.e2e.stage import DEADLINE, Canvas, Stage, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SECONDS = 4  #: that Google has for an answer
SETTINGS = {"gemini": {"deadline_seconds": SECONDS}}
AT_ONCE = 8  #: rows that are played at the same time

BUTTON, NO_BUTTON = True, False
FREE, REPORTED, AT_RISK = (0, 0), (1, 20_000), (30_000, 80_000)  #: for the operator's gate, in millionths of a dollar


def says(code: int, message: str, status: str = "INVALID_ARGUMENT", **more: Any) -> Fault:
    """Google's answer with an error."""
    error = {"error": {"code": code, "message": message, "status": status, **more}}
    return Fault("raw", status=code, text=json.dumps(error))


def answers(*parts: Any, reason: str = "STOP", **more: Any) -> Fault:
    """Google's answer with these parts."""
    candidate = {"content": {"parts": [*parts], "role": "model"}, "finishReason": reason}
    return Fault("raw", text=json.dumps({"candidates": [candidate], **more}))


DENIED = "Permission denied on resource project 7."
POOR = "Your prepayment credits are depleted. Please go to AI Studio to manage your billing."
FREE_TIER = (
    "Quota exceeded for metric: x/generate_content_free_tier_requests, limit: 0, model: m\nPlease retry in 39.2s."
)
PER_DAY = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "RequestsPerDay"}]}
NO_PICTURE = {"inlineData": {"mimeType": "image/jpeg", "data": "bm8gcGljdHVyZQ=="}}

TABLE: dict[str, tuple[str | Fault, str, bool, tuple[int, int]]] = {
    # what the stand-in does, what people read of it, whether they are offered a button, what the gate reckons
    "blocked for safety": ("blocked:SAFETY", "safety filter did not accept these words", NO_BUTTON, REPORTED),
    "blocked for nothing said": ("blocked:OTHER", "did not accept these words and gave no reason", NO_BUTTON, REPORTED),
    "blocked by a list": ("blocked:BLOCKLIST", "There is a word in this", NO_BUTTON, REPORTED),
    "blocked by the rules": ("blocked:PROHIBITED_CONTENT", "rules do not allow what these words", NO_BUTTON, REPORTED),
    "blocked for its picture": ("blocked:IMAGE_SAFETY", "did not accept a picture that went", NO_BUTTON, REPORTED),
    "blocked by the operator": ("blocked:MODEL_ARMOR", "Model Armor) did not accept", NO_BUTTON, REPORTED),
    "blocked as a way around": ("blocked:JAILBREAK", "a way around its rules", NO_BUTTON, REPORTED),
    "blocked by tomorrow": ("blocked:TOO_BORING", "these words, for a reason", NO_BUTTON, REPORTED),
    "stopped for safety": ("finish:SAFETY", "safety filter stopped the model", NO_BUTTON, REPORTED),
    "stopped by a list": ("finish:BLOCKLIST", "came to a word", NO_BUTTON, REPORTED),
    "stopped by the rules": ("finish:PROHIBITED_CONTENT", "came to something that Google's rules", NO_BUTTON, REPORTED),
    "private": ("finish:SPII", "private details", NO_BUTTON, REPORTED),
    "a known text": ("finish:RECITATION", "too close to an existing text", NO_BUTTON, REPORTED),
    "a foreign language": ("finish:LANGUAGE", "does not work in this language", NO_BUTTON, REPORTED),
    "stopped by the operator": ("finish:MODEL_ARMOR", "Model Armor) stopped", NO_BUTTON, REPORTED),
    "a closer look": ("finish:ESCALATION", "closer look", NO_BUTTON, REPORTED),
    "limited by use": ("finish:PUP_LIMITED_DISABLED", "limited what this bot may paint", NO_BUTTON, REPORTED),
    "held for safety": ("finish:IMAGE_SAFETY", "painted, but Google's safety filter", NO_BUTTON, REPORTED),
    "held by the rules": ("finish:IMAGE_PROHIBITED_CONTENT", "belongs to somebody", NO_BUTTON, REPORTED),
    "a known work": ("finish:IMAGE_RECITATION", "too close to an existing work", NO_BUTTON, REPORTED),
    "no picture": ("finish:NO_IMAGE", "answered without a picture", BUTTON, REPORTED),
    "no picture and no reason": ("finish:IMAGE_OTHER", "could not make a picture of this", BUTTON, REPORTED),
    "no reason": ("finish:OTHER", "stopped without a picture and gave no reason", BUTTON, REPORTED),
    "no end": ("finish:FINISH_REASON_UNSPECIFIED", "stopped before there was a picture", BUTTON, REPORTED),
    "too long": ("finish:MAX_TOKENS", "ran out of room", BUTTON, REPORTED),
    "to be continued": ("finish:CONTINUATION", "in the middle of its answer", BUTTON, REPORTED),
    "mixed up": ("finish:MALFORMED_RESPONSE", "all mixed up", BUTTON, REPORTED),
    "a bad tool call": ("finish:MALFORMED_FUNCTION_CALL", "a tool in the wrong way", BUTTON, REPORTED),
    "an unexpected tool": ("finish:UNEXPECTED_TOOL_CALL", "a tool that it does not have", BUTTON, REPORTED),
    "many tools": ("finish:TOO_MANY_TOOL_CALLS", "among its tools", BUTTON, REPORTED),
    "no signature": ("finish:MISSING_THOUGHT_SIGNATURE", "did not accept the history", BUTTON, REPORTED),
    "tomorrow's reason": ("finish:TOO_BORING", "paint this, for a reason that I do not know yet", BUTTON, REPORTED),
    "an empty body": ("200-empty", "sent an empty answer", BUTTON, AT_RISK),
    "no parts": (Fault("finish:STOP", shape="null"), "without a picture or a word", BUTTON, REPORTED),
    "empty words": (answers({"text": ""}), "then said nothing", BUTTON, AT_RISK),
    "a wrong key": ("400-key", "does not accept this bot's key", NO_BUTTON, FREE),
    "a leaked key": ("403-leaked", "found in public", NO_BUTTON, FREE),
    "a key without the right": (says(403, DENIED, "PERMISSION_DENIED"), "does not let this bot's key", NO_BUTTON, FREE),
    "a wrong place": ("400-location", "does not serve its image model where", NO_BUTTON, FREE),
    "a dead model": ("404", "has no image model “gemini-nano-banana-2.1”", NO_BUTTON, FREE),
    "a wrong address": (Fault("raw", status=404, text='{"error": "who?"}'), "there is somebody else", NO_BUTTON, FREE),
    "an unpaid bill": (says(402, "Payment required.", ""), "look at the billing", NO_BUTTON, FREE),
    "credits used up": (says(429, POOR, "RESOURCE_EXHAUSTED"), "set aside at Google is used up", NO_BUTTON, FREE),
    "a limit of nothing": (says(429, FREE_TIER, "RESOURCE_EXHAUSTED"), "projects with billing only", NO_BUTTON, FREE),
    "a size it has not": (says(400, "Invalid value for imageSize: '512'."), "this size or shape", NO_BUTTON, FREE),
    "an odd picture": (says(400, "Unable to process input image."), "could not read a picture", NO_BUTTON, FREE),
    "a strange field": (says(400, 'Unknown name "x"'), "did not take what I sent", NO_BUTTON, FREE),
    "a foreign history": ("400-signature", "did not accept the history", BUTTON, FREE),
    "a limit per minute": (Fault("429-minute", times=3, wait=0.1), "limit per minute is still reached", BUTTON, FREE),
    "a limit per day": ("429-day", "limit for today is reached. It ends <t:", BUTTON, FREE),
    "a limit per day, unexplained": (says(429, "x", "", details=[PER_DAY]), "today is reached. It ends", BUTTON, FREE),
    "a limit": ("429-bare", "and not until when", BUTTON, FREE),
    "overloaded": (Fault("503", times=3), "overloaded at the moment; I asked it 3×", BUTTON, FREE),
    "in demand": (Fault("503-demand", times=3), "overloaded at the moment; I asked it 3×", BUTTON, FREE),
    "an error of Google's": (Fault("500", times=3), "had an error of its own; I asked 3×", BUTTON, FREE),
    "a garbled error": ("500-broken", "had an error, and what it said", BUTTON, AT_RISK),
    "a proxy's page": ("502-html", "Something between Google and me", BUTTON, AT_RISK),
    "out of time": ("504", "ran out of time over this", BUTTON, AT_RISK),
    "no answer": ("hang", f"did not answer within {SECONDS} seconds", BUTTON, AT_RISK),
    "dropped before the work": ("drop-before", "broke before an answer came", BUTTON, AT_RISK),
    "dropped after the work": ("drop-after", "broke before an answer came", BUTTON, AT_RISK),
    "cut in the body": ("cut", "broke in the middle of the answer", BUTTON, AT_RISK),
    "half a body": ("200-broken", "answer arrived damaged", BUTTON, AT_RISK),
    "half a picture": (answers(NO_PICTURE), "picture arrived from Google damaged", BUTTON, AT_RISK),
}
REWORDED = {  # where other words help, though nothing in these is to be taken out
    *("blocked for nothing said", "private", "a known text", "held for safety", "held by the rules", "a known work"),
    *("no picture and no reason", "no reason"),
}
SAME = [  # one reason, which Google tells in several ways
    {"no signature", "a foreign history"},
    {"a limit per day", "a limit per day, unexplained"},
    {"overloaded", "in demand"},
    {"dropped before the work", "dropped after the work"},
]
RAW = re.compile(r"[A-Z]{3,}_[A-Z]|[{}<>]|https?:|400|403|404|429|50[0-4]|Traceback|null|None")


@dataclass(frozen=True)
class Played:
    """What became of a row: its message, what was reckoned, and the edits after it."""

    post: Post
    micros: int
    counted: tuple[int, int]
    seen: list[list[str]]
    texts: str
    pictures: list[str]

    @property
    def plain(self) -> str:
        """The sentence without moments and numbers."""
        return re.sub(r"<t:\d+:R>|\b[0-9a-f]{8}\b", "…", self.post.text.split(f"\n{sentence('rewording.offer')}")[0])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(theatre: Stage) -> AsyncIterator[dict[str, Played]]:
    """Every row, each in a canvas of its own, with two edits after it: one in each memory."""
    await tidy(theatre)
    doors = asyncio.Semaphore(AT_ONCE)
    rows = await asyncio.gather(*(play(theatre, doors, place, TABLE[name][0]) for place, name in enumerate(TABLE)))
    assert theatre.bot.troubles() == []
    yield dict(zip(TABLE, rows, strict=True))


async def play(stage: Stage, doors: asyncio.Semaphore, place: int, fault: str | Fault) -> Played:
    words, focused, full = (
        f"{start} {place:02}." for start in ("refused", "add a boat", "as it was before, with a cat")
    )
    async with doors:
        canvas = await stage.canvas()
        fault = Fault(fault) if isinstance(fault, str) else fault
        stage.fault(**{**vars(fault), "match": words})
        ask = await canvas.say(words)
        post = await canvas.answer(ask)
        await canvas.ask(focused)
        await canvas.ask(full)
        requests = [stage.request(focused), stage.request(full)]
        assert [each.roles for each in requests] == [("user",), ("user", "model", "user", "model", "user")]
        texts = "\n".join(text for each in requests for text in each.texts)
        seen = [await canvas.saw(focused), await canvas.saw(full)]
        return Played(post, *reckoned(stage, ask), seen, texts, list(await canvas.pictures()))


def reckoned(stage: Stage, ask: Post) -> tuple[int, tuple[int, int]]:
    """What the operator's gate counts for an ask, and what counts against its member: pictures and money."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        [(micros,)] = database.execute("SELECT sum(micros) FROM calls WHERE turn = ?", (ask.id,))
        [(pictures, money)] = database.execute("SELECT pictures, micros FROM claims WHERE turn = ?", (ask.id,))
    return micros, (pictures, money)


@pytest.mark.parametrize("name", TABLE)
async def test_a_refusal_is_told_in_plain_words_with_its_reason_and_what_it_cost(played: dict[str, Played], name: str):
    _, told, button, _ = TABLE[name]
    post = played[name].post
    assert told in post.text
    assert "charge" in post.text
    assert not RAW.search(played[name].plain)
    assert not post.pictures
    others = [each for each in post.buttons if each != sentence("button.again")]
    assert list(post.buttons) == [*others, *([sentence("button.again")] if button else [])]
    assert others == [sentence("rewording.button", place=place) for place in range(1, len(others) + 1)]
    assert bool(others) == (sentence("rewording.offer") in post.text) == (name in REWORDED)
    assert bool(re.search(r"button|again\?", post.text)) == button


@pytest.mark.parametrize("name", TABLE)
async def test_a_refusal_counts_for_the_operator_as_google_may_charge_it_and_never_against_the_member(
    played: dict[str, Played], name: str
):
    least, most = TABLE[name][3]
    assert least <= played[name].micros <= most
    assert played[name].counted == (0, 0)


@pytest.mark.parametrize("name", TABLE)
async def test_a_refusal_leaves_no_trace_in_what_is_painted_after_it(played: dict[str, Played], name: str):
    row = played[name]
    assert row.seen == [["v1"], ["v1", "v2"]]
    assert row.pictures == ["v1", "v2", "v3"]
    assert "refused" not in row.texts


async def test_no_two_reasons_are_told_in_the_same_words(played: dict[str, Played]):
    alike = {name: min(group) for group in SAME for name in group}
    told = {alike.get(name, name): row.plain for name, row in played.items()}
    assert len(set(told.values())) == len(told)
    assert all(len({played[name].plain for name in group}) == 1 for group in SAME)


# -- once more ---------------------------------------------------------------------------------------------------------


async def lost(canvas: Canvas, words: str, *more: Any, kind: str = "drop-after", **others: Any) -> Post:
    """The bot's message about an answer that was lost."""
    canvas.stage.fault(kind, words)
    post = await canvas.ask(words, *more, **others)
    assert not post.pictures
    return post


async def press(post: Post, by: Canvas) -> None:
    assert (await by.by.press(post, post.buttons[sentence("button.again")])).ok


async def whispered(words: str, *members: Canvas) -> None:
    """One of these people is told so, alone."""

    def told(post: Post) -> bool:
        return post.is_whisper and post.text == words

    waiting = [asyncio.create_task(each.by.wait_for(told, None, DEADLINE)) for each in members]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
    assert any(isinstance(each, Post) for each in await asyncio.gather(*waiting, return_exceptions=True))


async def test_a_lost_answer_is_painted_again_only_when_somebody_presses_and_then_once(stage: Stage):
    canvas = await stage.canvas()
    failed = await lost(canvas, "make it night", [photo("gold")])
    await stage.meanwhile()
    assert len(stage.requests("make it night")) == 1
    await canvas.ask("add a boat")
    await press(failed, canvas.seen_by(stage.ben))
    v3 = await canvas.answer(failed)
    first, second = stage.requests("make it night")
    assert [each.sha256 for each in first.pictures] == [each.sha256 for each in second.pictures]
    assert receipt(v3).startswith("v3 ← v1 with “gold.png” · “make it night” · ")
    assert sentence("receipt.asked_by", name="Ben") in receipt(v3)
    await canvas.by.wait_for(lambda post: post.id == failed.id and not post.buttons, canvas.id, DEADLINE)
    await canvas.ask("add a moon")
    assert await canvas.saw("add a moon") == ["v3"]


async def test_pressed_by_two_people_at_once_it_is_painted_once_and_the_second_is_told(stage: Stage):
    canvas = await stage.canvas()
    bens = canvas.seen_by(stage.ben)
    failed = await lost(canvas, "make it night")
    await asyncio.gather(press(failed, canvas), press(failed, bens))
    await whispered(sentence("button.again_taken"), canvas, bens)
    assert numbers(await canvas.answer(failed)) == ["v2"]
    assert len(stage.requests("make it night")) == 2


async def test_many_presses_in_the_same_moment_paint_once(stage: Stage):
    canvas = await stage.canvas()
    failed = await lost(canvas, "make it night")
    everybody = (stage.ana, stage.ben, stage.cleo, stage.ana, stage.ben)
    await asyncio.gather(*(press(failed, canvas.seen_by(each)) for each in everybody))
    await canvas.answer(failed)
    await stage.meanwhile()
    assert len(stage.requests("make it night")) == 2
    assert list(await canvas.pictures()) == ["v1", "v2"]


async def test_the_button_works_after_a_restart_and_one_that_stayed_there_works_only_once(stage: Stage):
    canvas = await stage.canvas()
    failed = await lost(canvas, "make it night", kind="hang")
    await stage.restart()
    stage.sandbox.faults.add("answer", "PATCH", "/webhooks/*/*/messages/*", status=403)
    await press(failed, canvas)
    assert numbers(await canvas.answer(failed)) == ["v2"]
    await stage.restart()
    await press(failed, canvas)
    await whispered(sentence("button.again_taken"), canvas)
    assert len(stage.requests("make it night")) == 2


async def test_what_is_lost_once_more_is_offered_once_more(stage: Stage):
    canvas = await stage.canvas()
    failed = await lost(canvas, "make it night")
    stage.fault("cut", "make it night")
    await press(failed, canvas)
    again = await canvas.answer(failed)
    await press(again, canvas)
    assert numbers(await canvas.answer(again)) == ["v2"]
    assert await canvas.saw_last("make it night") == ["v1"]


async def test_new_words_in_reply_to_a_lost_answer_start_from_where_it_did(stage: Stage):
    canvas = await stage.canvas()
    failed = await lost(canvas, "make it night")
    await canvas.ask("add a boat")
    v3 = await canvas.ask("make it dusk", reply_to=failed)
    assert receipt(v3).startswith("v3 ← v1 · “make it dusk”")


# -- waiting and trying again ------------------------------------------------------------------------------------------


async def test_a_limit_per_minute_is_waited_out_and_the_status_says_so(stage: Stage):
    canvas = await stage.canvas()
    stage.fault("429-minute", "make it night", wait=2.0)
    stage.gemini.delay = 0.3
    ask = await canvas.say("make it night")
    held = await canvas.by.wait_for(lambda post: post.text.startswith("⏳"), canvas.id, DEADLINE)
    assert re.fullmatch(r"⏳ Google asks for a pause; “make it night” goes on <t:\d+:R>", held.text)
    assert numbers(await canvas.answer(ask)) == ["v2"]
    first, second = stage.requests("make it night")
    assert (first.status, second.status) == (429, 200)
    assert second.when - first.when >= 2.0


async def test_a_model_that_is_overloaded_twice_is_asked_a_third_time_within_twenty_seconds(stage: Stage):
    stage.fault("503", "a red house", times=2)
    canvas = await stage.canvas("a red house")
    assert (await canvas.first()).pictures
    asked = stage.requests("a red house")
    assert [each.status for each in asked] == [503, 503, 200]
    assert asked[-1].when - asked[0].when < 20


async def test_no_failure_is_held_against_a_later_ask_which_always_gets_its_try(stage: Stage):
    canvas = await stage.canvas()
    for kind in ("429-day", "403-leaked", "404", "blocked:SAFETY"):
        stage.fault(kind, "make it night")
        assert not (await canvas.ask("make it night")).pictures
    assert numbers(await canvas.ask("make it night")) == ["v2"]


async def test_words_alone_are_an_answer_and_no_failure(stage: Stage):
    canvas = await stage.canvas()
    stage.fault("text-only", "which one", text="The left one or the right one?")
    answer = await canvas.ask("paint which one you like")
    assert answer.text.startswith("The left one or the right one?\n-# ")
    assert not answer.buttons


async def test_a_google_that_can_not_be_reached_is_tried_again_and_nothing_was_charged(stage: Stage, unused_tcp_port):
    canvas = await stage.canvas()
    async with stage.configured(gemini={"base_url": f"http://127.0.0.1:{unused_tcp_port}"}):
        ask = await canvas.say("make it night")
        told = await canvas.answer(ask)
        assert told.text.startswith("I could not reach Google; I tried 3×. Nothing was sent")
        assert reckoned(stage, ask) == (0, (0, 0))
