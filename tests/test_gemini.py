"""Real google-genai over real sockets: against the sandbox's Gemini, and against a server that only takes notes."""

import asyncio
import base64
import gc
import hashlib
import json
import logging
import os
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer, unused_port
from google import genai
from google.genai import types
from PIL import Image

from bot import insistence
from bot.errors import Blank, Crowded, Declined, Failure, Misconfigured, Uncertain, Unexpected, Unsigned
from bot.gallery import Gallery, open_gallery
from bot.gemini import Gemini, Patience, Terms
from bot.gemini.freight import Cargo
from bot.gemini.request import CATEGORIES, RULES
from bot.model import Content, Model, Painted, Part, Picture, Request, Text
from bot.pictures import Pictures
from bot.sandbox.gemini import CONTROL, CannedPainter, Control, Fault, make_gemini_app
from bot.tokens import Price
from bot.watch.journal import Journal
from tests import test_metrics

PRICE = Price(1.5, 7.5, 30.0, 1120, {"1K": 1120, "2K": 1680, "4K": 3780})
BANANA = Model(
    "gemini-nano-banana-2.1",
    "Nano Banana 2.1",
    sizes=("1K", "2K", "4K"),
    ratios=("1:1", "16:9"),
    pictures=14,
    thinking=("minimal", "medium", "high"),
    signatures=True,
    seconds=18.0,
    longest_side=1536,
    price=PRICE,
)
FIRST = Model(
    "gemini-2.5-flash-image",
    "Nano Banana",
    (),
    ("1:1",),
    3,
    (),
    False,
    6.0,
    1024,
    Price(0.3, 2.5, 30, 258, {"1K": 1290}),
)


def jpeg() -> bytes:
    out = BytesIO()
    Image.effect_noise((256, 192), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@dataclass
class Notes:
    """A server that writes down what it is asked, and answers what it is told."""

    answer: web.Response | None = None
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        return self.answer or web.json_response({"candidates": [{"content": {"parts": [{"text": "fine"}]}}]})


@dataclass
class Pauses:
    """Sleeps that are only written down."""

    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@dataclass
class Google:
    """The sandbox's Gemini, and its levers and books."""

    server: BaseTestServer
    control: Control


@pytest.fixture
def gallery(tmp_path):
    return open_gallery(tmp_path)


@pytest.fixture
async def pictures():
    async with Pictures() as opened:
        yield opened


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
def drawing():
    return jpeg()


@pytest.fixture
async def google(drawing):
    app = make_gemini_app(CannedPainter(drawing, text="Here you are."))
    async with TestServer(app) as server:
        yield Google(server, app[CONTROL])


@pytest.fixture
async def gemini(google, gallery, pictures, pauses):
    async with Gemini(terms(google.server), gallery, pictures, Patience(sleep=pauses.sleep)) as opened:
        yield opened


@pytest.fixture
async def notes():
    return Notes()


@pytest.fixture
async def listener(notes):
    app = web.Application(client_max_size=2**30)
    app.router.add_route("*", "/{path:.*}", notes.hear)
    async with TestServer(app) as server:
        yield server


def terms(server: BaseTestServer, **changes: object) -> Terms:
    return Terms(key="a-key", base_url=str(server.make_url("/")), **changes)  # type: ignore[arg-type]


def asking(*parts: Text | Painted, model: Model = BANANA, **how: Any) -> Request:
    return Request(model, (Content("user", parts or (Text("a red frog"),)),), **how)


async def kept(gallery, data: bytes, mime: str = "image/png") -> Painted:
    return Painted(Picture(await gallery.put(data), mime, 8, 8, len(data)))


def painted(request: Request) -> list[Painted]:
    return [part for content in request.contents for part in content.parts if isinstance(part, Painted)]


# -- what comes back ---------------------------------------------------------------------------------------------------


async def test_a_painting_has_the_models_words_and_its_picture_untouched_in_the_gallery(gemini, gallery, drawing):
    painting = await gemini.paint(asking())
    text, painted = painting.parts
    assert text.text == "Here you are."
    assert await gallery.get(painted.picture.digest) == drawing
    assert painted.picture == Picture(hashlib.sha256(drawing).hexdigest(), "image/jpeg", 256, 192, len(drawing))
    assert painted.signature
    assert painting.model == BANANA.id
    assert painting.seconds > 0


async def test_a_painting_tells_its_tokens_and_dollars_thinking_included(gemini):
    painting = await gemini.paint(asking(size="1K"))
    usage = painting.usage
    assert usage.images >= 1120
    assert usage.thoughts > 0
    words = usage.candidates - usage.images + usage.thoughts
    assert painting.dollars == pytest.approx((usage.prompt * 1.5 + words * 7.5 + usage.images * 30) / 1e6)


async def test_drafts_come_back_all_of_them_in_order(gemini, google):
    google.control.faults.add(Fault("drafts"))
    painting = await gemini.paint(asking())
    assert len(painting.pictures) > 1
    assert all(picture.signature for picture in painting.pictures)


async def test_an_answer_in_words_alone_is_a_painting_without_pictures(gemini, google):
    google.control.faults.add(Fault("text-only", text="Which frog do you mean?"))
    painting = await gemini.paint(asking())
    assert painting.pictures == ()
    assert painting.parts[0].text == "Which frog do you mean?"


async def test_the_models_of_a_key_are_listed_by_their_ids(gemini):
    assert BANANA.id in await gemini.models()


# -- what goes out -----------------------------------------------------------------------------------------------------


async def test_pictures_arrive_byte_for_byte(gemini, google, gallery):
    one, two = jpeg(), os.urandom(700_001)
    request = asking(await kept(gallery, one, "image/jpeg"), await kept(gallery, jpeg() + two), Text("join them"))
    await gemini.paint(request)
    seen = google.control.ledger.requests[-1].pictures
    assert [picture.sha256 for picture in seen] == [part.picture.digest for part in painted(request)]


async def test_a_model_turn_goes_back_verbatim_and_its_signatures_are_accepted(gemini, google):
    first = await gemini.paint(asking())
    history = (Content("user", (Text("a red frog"),)), Content("model", first.parts), Content("user", (Text("blue"),)))
    second = await gemini.paint(Request(BANANA, history))
    assert second.pictures
    assert google.control.ledger.requests[-1].signatures == sum(part.signature is not None for part in first.parts)


async def test_a_history_without_its_signatures_is_unsigned(gemini, gallery):
    foreign = await kept(gallery, jpeg(), "image/jpeg")
    history = (Content("user", (Text("a frog"),)), Content("model", (foreign,)), Content("user", (Text("blue"),)))
    with pytest.raises(Unsigned):
        await gemini.paint(Request(BANANA, history))


async def test_a_signature_of_another_is_unsigned(gemini, gallery):
    forged = Text("ok", signature=b"not the model's")
    history = (Content("user", (Text("a frog"),)), Content("model", (forged,)), Content("user", (Text("blue"),)))
    with pytest.raises(Unsigned):
        await gemini.paint(Request(BANANA, history))


@pytest.mark.filterwarnings("ignore:Sending a large body")  # the SDK's way is warned of; ours is not
async def test_what_arrives_is_what_the_sdk_alone_would_send(listener, notes, gallery, pictures):
    large, small = os.urandom(1_000_003), b"\xfb\xff\xfe"
    request = Request(
        BANANA,
        (
            Content("user", (await kept(gallery, large), await kept(gallery, small), Text('a "frog" 🐸 \\'))),
            Content("model", (Text("", signature=os.urandom(500_000)), Painted((await kept(gallery, large)).picture))),
            Content("user", (Text('"data": "' + "A" * 43 + '="'),)),
        ),
        ratio="16:9",
        size="2K",
    )
    async with Gemini(terms(listener, thinking="high"), gallery, pictures) as gemini:
        await gemini.paint(request)
        await plainly(listener, request, await everything(gallery, request))
    ours, theirs = notes.bodies
    named = theirs.replace(b'"thinking_level"', b'"thinkingLevel"').replace(b'"mime_type"', b'"mimeType"')
    assert json.loads(ours) == json.loads(named)  # Google takes both kinds of names
    assert notes.headers[0]["Content-Length"] == str(len(ours))
    assert notes.headers[0]["Content-Type"] == "application/json"
    assert "Transfer-Encoding" not in notes.headers[0]


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_three_photographs_hold_the_loop_up_far_shorter_than_the_sdk_alone(listener, gallery, pictures):
    photos = [await kept(gallery, os.urandom(1_500_000)) for _ in range(3)]
    request = asking(*photos, Text("join them"))
    loaded = await everything(gallery, request)
    async with Gemini(terms(listener), gallery, pictures) as gemini:
        ours = [await longest_stall(gemini.paint(request)) for _ in range(5)]
        theirs = [await longest_stall(plainly(listener, request, loaded)) for _ in range(3)]
    assert min(ours) < min(theirs) / 3


async def longest_stall(work: Awaitable[object]) -> float:
    """The longest time, in seconds, in which nothing else could run."""
    longest, task = 0.0, asyncio.ensure_future(work)
    while not task.done():
        began = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - began)
    await task
    return longest


async def everything(gallery, request: Request) -> dict[str, bytes]:
    return {part.picture.digest: await gallery.get(part.picture.digest) for part in painted(request)}


async def plainly(listener: TestServer, request: Request, pictures: dict[str, bytes]) -> None:
    async with ClientSession() as session:
        options = types.HttpOptions(base_url=str(listener.make_url("/")), api_version="v1", aiohttp_client=session)
        client = genai.Client(api_key="k", http_options=options).aio
        await client.models.generate_content(
            model=request.model.id,
            contents=[
                types.Content(role=each.role, parts=[typed(part, pictures) for part in each.parts])
                for each in request.contents
            ],
            config=types.GenerateContentConfig(
                response_modalities=["TEXT", "IMAGE"],
                system_instruction=RULES,
                safety_settings=[
                    types.SafetySetting(
                        category=types.HarmCategory(category), threshold=types.HarmBlockThreshold.BLOCK_LOW_AND_ABOVE
                    )
                    for category in CATEGORIES
                ],
                thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.HIGH),
                image_config=types.ImageConfig(aspect_ratio=request.ratio, image_size=request.size),
                store=False,
                should_return_http_response=True,
            ),
        )


def typed(part: Part, pictures: dict[str, bytes]) -> types.Part:
    if isinstance(part, Text):
        return types.Part(text=part.text, thought_signature=part.signature)
    blob = types.Blob(data=pictures[part.picture.digest], mime_type=part.picture.mime)
    return types.Part(inline_data=blob, thought_signature=part.signature)


async def test_a_huge_signature_comes_and_goes_unchanged(listener, notes, gallery, pictures, drawing):
    signature = os.urandom(1_900_000)
    part: dict[str, object] = {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(drawing).decode()}}
    part["thoughtSignature"] = base64.b64encode(signature).decode()
    notes.answer = web.json_response({"candidates": [{"content": {"parts": [part]}, "finishReason": "STOP"}]})
    async with Gemini(terms(listener), gallery, pictures) as gemini:
        painting = await gemini.paint(asking())
        notes.answer = None
        await gemini.paint(Request(BANANA, (Content("model", painting.parts), Content("user", (Text("on"),)))))
    assert painting.pictures[0].signature == signature
    sent = json.loads(notes.bodies[1])["contents"][0]["parts"][0]
    assert base64.urlsafe_b64decode(sent["thoughtSignature"]) == signature
    assert base64.urlsafe_b64decode(sent["inlineData"]["data"]) == drawing


async def test_thoughts_are_not_sent_back(listener, notes, gallery, pictures):
    thought = Content("model", (Text("hm", thought=True),))
    spoken = Content("model", (Text("hm", thought=True), Text("done", signature=b"s")))
    async with Gemini(terms(listener), gallery, pictures) as gemini:
        await gemini.paint(Request(BANANA, (thought, spoken, Content("user", (Text("on"),)))))
    said = json.loads(notes.bodies[0])["contents"]
    assert [[part.get("text") for part in content["parts"]] for content in said] == [["done"], ["on"]]


async def test_the_rules_go_along_as_the_system_instruction(gemini, google):
    await gemini.paint(asking())
    assert "Change only what is asked" in google.control.ledger.requests[-1].system


async def test_the_body_says_store_false_safety_system_and_no_more(listener, notes, gallery, pictures):
    async with Gemini(terms(listener), gallery, pictures) as gemini:
        await gemini.paint(asking())
    body = json.loads(notes.bodies[0])
    assert body["store"] is False
    assert {each["threshold"] for each in body["safetySettings"]} == {"BLOCK_LOW_AND_ABOVE"}
    assert len(body["safetySettings"]) == 4
    assert body["generationConfig"] == {"responseModalities": ["TEXT", "IMAGE"]}
    assert body.keys() == {"contents", "systemInstruction", "safetySettings", "store", "generationConfig"}


async def test_thresholds_and_thinking_are_what_the_terms_say(listener, notes, gallery, pictures):
    chosen = terms(listener, safety={"HARM_CATEGORY_HARASSMENT": "BLOCK_ONLY_HIGH"}, thinking="high")
    async with Gemini(chosen, gallery, pictures) as gemini:
        await gemini.paint(asking(ratio="16:9", size="2K"))
        await gemini.paint(asking(model=FIRST, ratio="16:9", size="2K"))
    able, unable = map(json.loads, notes.bodies)
    assert able["safetySettings"] == [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"}]
    assert able["generationConfig"]["thinkingConfig"] == {"thinkingLevel": "HIGH"}
    assert able["generationConfig"]["imageConfig"] == {"aspectRatio": "16:9", "imageSize": "2K"}
    assert unable["generationConfig"] == {"responseModalities": ["TEXT", "IMAGE"]}


async def test_nothing_is_held_back_after_a_call_however_it_ended(gemini, google, gallery):
    request = asking(await kept(gallery, jpeg()), Text("on"))
    await gemini.paint(request)
    google.control.faults.add(Fault("400-location"))
    with pytest.raises(Misconfigured):
        await gemini.paint(request)
    assert [each for each in gc.get_objects() if isinstance(each, Cargo) and (each.stowed or each.answer)] == []


async def test_many_paintings_at_once_do_not_mix_up_their_pictures(gemini, google, gallery):
    asked = [asking(await kept(gallery, jpeg()[:-2] + bytes([n]) * 9_000), Text(f"number {n}")) for n in range(12)]
    await asyncio.gather(*map(gemini.paint, asked))
    seen = {entry.prompt: entry.pictures[0].sha256 for entry in google.control.ledger.requests}
    assert seen == {f"number {n}": painted(each)[0].picture.digest for n, each in enumerate(asked)}


# -- what goes wrong ---------------------------------------------------------------------------------------------------

TROUBLES = {
    "400-key": (Misconfigured, "misconfigured_key", False),
    "400-location": (Misconfigured, "misconfigured_place", False),
    "400-signature": (Unsigned, "unsigned", False),
    "403-leaked": (Misconfigured, "misconfigured_leaked", False),
    "404": (Misconfigured, "misconfigured_model", False),
    "429-day": (Crowded, "crowded_day", False),
    "429-bare": (Crowded, "crowded_quota", False),
    "504": (Uncertain, "uncertain_late", True),
    "500-broken": (Uncertain, "uncertain_error", True),
    "502-html": (Uncertain, "uncertain_proxy", True),
    "200-broken": (Uncertain, "uncertain_garbled", True),
    "200-empty": (Blank, "empty_answer", True),
    "drop-before": (Uncertain, "uncertain_dropped", True),
    "drop-after": (Uncertain, "uncertain_dropped", True),
    "cut": (Uncertain, "uncertain_cut", True),
    "blocked:PROHIBITED_CONTENT": (Declined, "declined_prompt_prohibited_content", True),
    "finish:IMAGE_SAFETY": (Declined, "declined_image_safety", True),
    "finish:NO_IMAGE": (Blank, "declined_no_image", True),
    "finish:SOMETHING_NEW": (Blank, "declined_unknown", True),
}


@pytest.mark.parametrize("kind", TROUBLES)
async def test_what_goes_wrong_is_told_as_ours_and_asked_but_once(gemini, google, kind):
    kind_of, key, costs = TROUBLES[kind]
    google.control.faults.add(Fault(kind))
    with pytest.raises(Failure) as caught:
        await gemini.paint(asking(Text(f"a frog, {kind}")))
    assert type(caught.value) is kind_of
    assert caught.value.key == key
    assert (caught.value.dollars > 0) == costs
    assert len(google.control.ledger.requests) == 1


async def test_a_lost_answer_is_reckoned_at_what_the_picture_costs_at_most(gemini, google):
    request = asking(size="4K")
    paid = await gemini.paint(request)
    google.control.faults.add(Fault("drop-after"))
    with pytest.raises(Uncertain) as caught:
        await gemini.paint(request)
    assert caught.value.dollars == gemini.estimate(request)
    assert paid.dollars < caught.value.dollars < 2 * paid.dollars


async def test_no_answer_within_the_deadline_is_uncertain(google, gallery, pictures):
    google.control.faults.add(Fault("hang"))
    async with Gemini(terms(google.server, deadline=0.3), gallery, pictures) as gemini:
        with pytest.raises(Uncertain) as caught:
            await gemini.paint(asking())
    assert caught.value.key == "uncertain_deadline"
    assert caught.value.values["seconds"] == 0


async def test_nobody_at_the_address_is_tried_again_and_costs_nothing(gallery, pictures, pauses):
    nowhere = Terms(key="k", base_url=f"http://127.0.0.1:{unused_port()}")
    async with Gemini(nowhere, gallery, pictures, Patience(sleep=pauses.sleep)) as gemini:
        with pytest.raises(Crowded) as caught:
            await gemini.paint(asking())
    assert (caught.value.key, caught.value.dollars) == ("unreached", 0)
    assert len(pauses.slept) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_host_gets_neither_key_nor_words(notes, listener, gallery, pictures, status):
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": str(listener.make_url("/").with_host("localhost"))})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", elsewhere)
    async with TestServer(app) as server, Gemini(terms(server), gallery, pictures) as gemini:
        for asked in (gemini.paint(asking()), gemini.models()):
            with pytest.raises(Misconfigured) as caught:
                await asked
            assert caught.value.key == "misconfigured_address"
    assert notes.headers == []


async def test_a_model_turned_busy_is_tried_three_times_in_all(gemini, google, pauses):
    google.control.faults.add(Fault("503", times=2))
    assert (await gemini.paint(asking())).pictures
    google.control.faults.add(Fault("503-demand", times=None))
    with pytest.raises(Crowded) as caught:
        await gemini.paint(asking(Text("another")))
    assert caught.value.key == "overloaded"
    assert caught.value.values["tries"] == 3
    assert google.control.ledger.count("another").started == 3
    assert len(pauses.slept) == 4


async def test_a_limit_per_minute_is_waited_out_as_long_as_google_says(gemini, google, pauses):
    told: list[float] = []
    google.control.faults.add(Fault("429-minute"))
    painting = await gemini.paint(asking(), told.append)
    assert painting.pictures
    assert told == pauses.slept
    assert 39 < told[0] < 42


async def test_a_limit_per_day_says_when_it_ends(gemini, google, pauses):
    google.control.faults.add(Fault("429-day"))
    with pytest.raises(Crowded) as caught:
        await gemini.paint(asking())
    assert caught.value.after == 6776
    assert str(caught.value.values["when"]).startswith("<t:")
    assert pauses.slept == []


async def test_a_wrong_key_is_told_when_listing_models_too(listener, notes, gallery, pictures):
    error = {"code": 403, "message": "Your API key was reported as leaked.", "status": "PERMISSION_DENIED"}
    notes.answer = web.json_response({"error": error}, status=403)
    async with Gemini(terms(listener), gallery, pictures) as gemini:
        with pytest.raises(Misconfigured):
            await gemini.models()


async def test_a_picture_that_is_gone_from_the_gallery_is_named_and_never_asked_for(gemini, google):
    gone = Painted(Picture("0" * 64, "image/png", 8, 8, 8))
    with pytest.raises(Failure) as caught:
        await gemini.paint(asking(gone, Text("on")))
    assert caught.value.key == "picture_missing"
    assert not google.control.ledger.requests


async def test_the_reason_of_a_refusal_stands_in_the_log_in_googles_words(gemini, google, caplog):
    google.control.faults.add(Fault("finish:NEXT_YEARS_REASON", text="Support code: 355."))
    with caplog.at_level(logging.INFO), pytest.raises(Blank):
        await gemini.paint(asking())
    assert "NEXT_YEARS_REASON" in caplog.text
    assert "Support code: 355." in caplog.text


class Full(Gallery):
    """A disk without room."""

    async def put(self, data: bytes, digest: str | None = None) -> str:
        raise OSError("No space left on device")


async def test_what_breaks_after_the_picture_came_is_reckoned_at_what_it_cost(
    gemini, google, gallery, pictures, monkeypatch
):
    monkeypatch.setattr(insistence, "PAUSES", (0.01,))
    paid = await gemini.paint(asking())
    async with Gemini(terms(google.server), Full(gallery.objects), pictures) as unlucky:
        with pytest.raises(Unexpected) as caught:
            await unlucky.paint(asking())
    assert caught.value.dollars == pytest.approx(paid.dollars)


async def test_an_answer_whose_picture_is_none_is_garbled_and_paid(listener, notes, gallery, pictures):
    part = {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(b"not a picture").decode()}}
    usage = {"promptTokenCount": 10, "candidatesTokenCount": 1120, "totalTokenCount": 1130}
    notes.answer = web.json_response({"candidates": [{"content": {"parts": [part]}}], "usageMetadata": usage})
    async with Gemini(terms(listener), gallery, pictures) as gemini:
        with pytest.raises(Uncertain) as caught:
            await gemini.paint(asking())
    assert caught.value.key == "uncertain_picture"
    assert caught.value.dollars == pytest.approx(0.0336, abs=0.0001)


async def test_a_cancelled_painting_lets_go_at_once_and_counts_what_it_may_have_cost(google, gallery, pictures):
    google.control.faults.add(Fault("hang"))
    journal = Journal()
    async with Gemini(terms(google.server), gallery, pictures, journal=journal) as gemini:
        task = asyncio.create_task(gemini.paint(asking()))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 1)
        [spent] = [
            value for name, value in test_metrics.told(journal.metrics).items() if name.startswith("easel_dollars")
        ]
        assert spent == pytest.approx(gemini.estimate(asking()))


async def test_the_key_is_in_no_repr():
    assert "secret" not in repr(Terms(key="secret"))
