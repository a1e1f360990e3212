"""What goes wrong on purpose, as the real client meets it, and what it would have cost."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from google import genai
from google.genai import errors, types

from bot.sandbox.gemini import CONTROL, KINDS, CannedPainter, Fault, Settings, make_gemini_app
from tests.sandbox.gemini_api import BANANA, asking, call, jpeg

CONFIG = types.GenerateContentConfig(automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True))


class Bench:
    """The stand-in, its levers, and both ways of calling it."""

    def __init__(self, server: Any, client: Any) -> None:
        self.control = server.app[CONTROL]
        self.http = TestClient(server)
        self._models = client.models

    def break_with(self, kind: str, **more: Any) -> None:
        self.control.faults.add(Fault(kind, **more))

    async def ask(self, words: str = "a frog") -> Any:
        return await self._models.generate_content(model=BANANA, contents=words, config=CONFIG)

    async def raw(self, words: str = "a frog", **headers: str) -> tuple[int, bytes]:
        body = {"contents": [{"parts": [{"text": words}]}]}
        url = f"/v1/models/{BANANA}:generateContent"
        async with self.http.post(url, json=body, headers={"x-goog-api-key": "k"} | headers) as response:
            return response.status, await response.read()

    def count(self, words: str = "a frog") -> tuple[int, int]:
        count = self.control.ledger.count(words)
        return count.started, count.done


pytestmark = pytest.mark.asyncio(loop_scope="module")  # one client for all: making one takes longer than a test


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def opened() -> AsyncIterator[Bench]:
    async with TestServer(make_gemini_app(CannedPainter(jpeg(), text="Here."))) as server:
        options = types.HttpOptions(base_url=str(server.make_url("")), retry_options=types.HttpRetryOptions(attempts=1))
        client = genai.Client(api_key="a-key", http_options=options).aio
        bench = Bench(server, client)
        yield bench
        await client.aclose()
        await bench.http.close()


@pytest.fixture
def bench(opened: Bench) -> Bench:
    opened.control.reset()
    return opened


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("400-key", 400, "INVALID_ARGUMENT"),
        ("400-location", 400, "FAILED_PRECONDITION"),
        ("400-signature", 400, "INVALID_ARGUMENT"),
        ("403-leaked", 403, "PERMISSION_DENIED"),
        ("404", 404, "NOT_FOUND"),
        ("429-minute", 429, "RESOURCE_EXHAUSTED"),
        ("429-day", 429, "RESOURCE_EXHAUSTED"),
        ("429-bare", 429, "RESOURCE_EXHAUSTED"),
        ("500", 500, "INTERNAL"),
        ("503", 503, "UNAVAILABLE"),
        ("503-demand", 503, "UNAVAILABLE"),
        ("504", 504, "DEADLINE_EXCEEDED"),
        ("502-html", 502, "Bad Gateway"),
    ],
)
async def test_an_error_reaches_the_client_with_its_status_and_no_work_is_done(bench, kind, code, status):
    bench.break_with(kind)
    with pytest.raises(errors.APIError) as caught:
        await bench.ask()
    assert (caught.value.code, caught.value.status) == (code, status)
    assert bench.count() == (1, 0)


@pytest.mark.parametrize(
    ("kind", "delay", "quota"), [("429-minute", "39s", "PerMinute"), ("429-day", "6776s", "PerDay")]
)
async def test_a_quota_error_says_when_to_come_back(bench, kind, delay, quota):
    bench.break_with(kind)
    with pytest.raises(errors.ClientError) as caught:
        await bench.ask()
    details = {detail["@type"].rpartition(".")[2]: detail for detail in caught.value.details["error"]["details"]}
    assert details["RetryInfo"]["retryDelay"] == delay
    assert quota in details["QuotaFailure"]["violations"][0]["quotaId"]


async def test_a_quota_error_says_another_time_where_one_is_set(bench):
    bench.break_with("429-minute", wait=1.5)
    with pytest.raises(errors.ClientError) as caught:
        await bench.ask()
    assert caught.value.details["error"]["details"][-1]["retryDelay"] == "1.5s"
    assert str(caught.value.message).endswith("Please retry in 1.5s.")


async def test_any_answer_can_be_given_raw(bench):
    bench.break_with("raw", status=418, text='{"short": "and stout"}')
    assert await bench.raw() == (418, b'{"short": "and stout"}')
    assert bench.count() == (1, 0)


@pytest.mark.parametrize("kind", ["500-broken", "200-broken"])
async def test_broken_json_breaks_the_client(bench, kind):
    bench.break_with(kind)
    with pytest.raises(json.JSONDecodeError):
        await bench.ask()


async def test_an_empty_answer_has_no_candidates(bench):
    bench.break_with("200-empty")
    assert (await bench.ask()).candidates is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("blocked:")])
async def test_a_blocked_prompt_names_its_reason_and_has_no_candidates(bench, kind):
    bench.break_with(kind)
    answer = await bench.ask()
    assert answer.candidates is None
    assert answer.prompt_feedback.block_reason.value == kind.partition(":")[2]
    assert answer.usage_metadata.total_token_count == answer.usage_metadata.prompt_token_count


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("finish:")])
async def test_a_withheld_picture_names_its_reason_and_has_no_picture(bench, kind):
    bench.break_with(kind)
    candidate = (await bench.ask()).candidates[0]
    assert candidate.finish_reason.value == kind.partition(":")[2]
    assert not any(part.inline_data for part in (candidate.content and candidate.content.parts) or ())
    assert bench.count() == (1, 0)


@pytest.mark.parametrize(
    ("shape", "content"), [("empty", {}), ("role", {"role": "model"}), ("null", {"parts": None}), ("absent", None)]
)
async def test_a_withheld_picture_takes_every_shape_that_was_seen(bench, shape, content):
    bench.break_with("finish:IMAGE_SAFETY", shape=shape, text="Because.")
    _, body = await bench.raw()
    candidate = json.loads(body)["candidates"][0]
    assert candidate.get("content") == content
    assert candidate["finishMessage"] == "Because."


async def test_a_reason_google_has_not_invented_yet_goes_through(bench):
    bench.break_with("finish:IMAGE_TOO_UGLY")
    assert b'"IMAGE_TOO_UGLY"' in (await bench.raw())[1]


async def test_a_text_only_answer_stops_without_a_picture(bench):
    bench.break_with("text-only", text="Which frog?")
    answer = await bench.ask()
    assert [part.text for part in answer.candidates[0].content.parts] == ["Which frog?"]


async def test_a_draft_comes_before_the_final_picture_and_is_not_marked(bench):
    bench.break_with("drafts")
    parts = (await bench.ask()).candidates[0].content.parts
    pictures = [part for part in parts if part.inline_data]
    assert len(pictures) == 2
    assert pictures[1].inline_data.data == jpeg()
    assert all(part.thought_signature and not part.thought for part in pictures)


async def test_a_final_picture_can_be_marked_as_a_thought(bench):
    bench.break_with("final-thought")
    pictures = [part for part in (await bench.ask()).candidates[0].content.parts if part.inline_data]
    assert [part.thought for part in pictures] == [True]


@pytest.mark.parametrize(
    ("kind", "error", "paid"),
    [
        ("drop-before", aiohttp.ServerDisconnectedError, 0),
        ("drop-after", aiohttp.ServerDisconnectedError, 1),
        ("cut", aiohttp.ClientPayloadError, 1),
    ],
)
async def test_a_lost_answer_was_paid_for_where_the_work_was_done(bench, kind, error, paid):
    bench.break_with(kind)
    with pytest.raises(error):
        await bench.ask()
    assert bench.count() == (1, paid)


async def test_a_double_bill_shows_in_the_books(bench):
    await bench.ask()
    await bench.ask()
    assert bench.count() == (2, 2)


async def test_a_hanging_call_ends_when_the_caller_goes(bench):
    bench.break_with("hang")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(bench.ask(), 0.2)
    assert bench.count() == (1, 0)


async def test_a_hanging_call_does_not_keep_the_server_from_closing():
    server = TestServer(make_gemini_app(CannedPainter(jpeg())))
    client = TestClient(server)
    await client.start_server()
    server.app[CONTROL].faults.add(Fault("hang"))
    body = {"contents": [{"parts": [{"text": "a"}]}]}
    url = f"/v1/models/{BANANA}:generateContent"
    call = asyncio.create_task(client.post(url, json=body, headers={"x-goog-api-key": "k"}))
    await asyncio.sleep(0.2)
    await asyncio.wait_for(asyncio.gather(server.close(), call, return_exceptions=True), 5)
    await client.close()


async def test_a_deadline_in_the_header_is_kept(bench):
    bench.break_with("slow", delay=30)
    status, body = await bench.raw(**{"X-Server-Timeout": "0.05"})
    assert (status, json.loads(body)["error"]["status"]) == (504, "DEADLINE_EXCEEDED")


async def test_a_fault_happens_as_often_as_it_says_and_only_where_it_fits(bench):
    bench.break_with("503", match="FROG", times=2)
    assert [(await bench.raw(words))[0] for words in ("a frog", "a dog", "my frog", "a frog")] == [503, 200, 503, 200]


async def test_a_fault_without_a_number_stays_until_cleared(bench):
    bench.break_with("500", times=None)
    assert [(await bench.raw())[0] for _ in range(3)] == [500, 500, 500]
    bench.control.faults.clear()
    assert (await bench.raw())[0] == 200


@pytest.mark.parametrize("wrong", [{"kind": "418"}, {"kind": "finish:"}, {"kind": "503", "shape": "round"}])
async def test_a_fault_that_does_not_exist_is_refused(wrong):
    with pytest.raises(ValueError, match="there are"):
        Fault(**wrong)


async def test_the_same_request_gets_another_picture_only_where_variety_is_set():
    for variety in (False, True):
        async with TestClient(TestServer(make_gemini_app(settings=Settings(variety=variety)))) as client:
            answers = [(await call(client, asking()))[1] for _ in range(2)]
        first, second = (answer["candidates"][0]["content"]["parts"][-1]["inlineData"] for answer in answers)
        assert (first != second) is variety
