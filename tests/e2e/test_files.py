"""Every odd and every bad file over the wire: what becomes of it, and what people are told.

A new kind is one line in TABLE.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, Stage, numbers, receipt, sentence
from tests.files import MP4, gif, header, lying_png, noise, plain_png, png, webp, with_chunk
from tests.files import encoded as made

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SOON = 5.0  #: seconds, where nothing else keeps the processors busy
MOST = 500e6  #: bytes of the bot with its workers
MIB = 2**20
PAINTED = "painted"
TEAL = Image.new("RGB", (96, 64), "teal")
GREY = noise(300, 200)


def packed(kind: bytes, front: bytes) -> bytes:
    """A PNG with a part that unpacks to 200 MB."""
    return with_chunk(made(TEAL, "PNG"), kind, front + zlib.compress(bytes(200 * MIB), 9))


# the file's name, what is in it, what becomes of it
TABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "plain.png": (lambda: made(TEAL, "PNG"), PAINTED),
    "photo.jpg": (lambda: made(TEAL, "JPEG"), PAINTED),
    "progressive.jpg": (lambda: made(TEAL, "JPEG", progressive=True), PAINTED),
    "print.jpg": (lambda: made(TEAL.convert("CMYK"), "JPEG"), PAINTED),
    "web.webp": (lambda: made(TEAL, "WEBP"), PAINTED),
    "moving.gif": (lambda: made(TEAL, "GIF", save_all=True, append_images=[GREY.convert("RGB")]), PAINTED),
    "old.bmp": (lambda: made(TEAL, "BMP"), PAINTED),
    "scan.tif": (lambda: made(TEAL, "TIFF", compression="tiff_lzw"), PAINTED),
    "phone.heic": (lambda: made(TEAL, "HEIF"), PAINTED),
    "new.avif": (lambda: made(TEAL, "AVIF"), PAINTED),
    "deep.png": (lambda: made(Image.new("I;16", (96, 64), 9000), "PNG"), PAINTED),
    "glass.png": (lambda: made(Image.new("RGBA", (96, 64), (0, 128, 128, 99)), "PNG"), PAINTED),
    "motion.jpg": (lambda: made(TEAL, "JPEG") + MP4, PAINTED),
    "misnamed.png": (lambda: made(TEAL, "JPEG"), PAINTED),
    "nameless": (lambda: made(TEAL, "PNG"), PAINTED),
    "prompts.png": (lambda: with_chunk(made(TEAL, "PNG"), b"tEXt", b"workflow\0" + b"{}" * MIB), PAINTED),
    "huge.jpg": (lambda: made(Image.new("RGB", (11_500, 8_690), "teal"), "JPEG"), PAINTED),
    "huge.png": (lambda: plain_png(11_500, 8_690), PAINTED),
    "empty.png": (lambda: b"", "empty"),
    "notes.txt": (lambda: b"just some words", "not_a_picture"),
    "words.png": (lambda: b"just some words", "not_a_picture"),
    "paper.pdf": (lambda: b"%PDF-1.7\n", "not_a_picture"),
    "page.jpg": (lambda: b"<!doctype html><title>404</title>", "not_a_picture"),
    "drawing.svg": (lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "vector"),
    "drawing.png": (lambda: b"<svg/>", "vector"),
    "film.mp4": (lambda: MP4, "video"),
    "film.png": (lambda: MP4, "video"),
    "film.webm": (lambda: b"\x1aE\xdf\xa3" + bytes(50), "video"),
    "camera.cr2": (lambda: b"II*\0\x10\0\0\0CR\2\0" + bytes(50), "raw"),
    "dot.png": (lambda: made(Image.new("RGB", (1, 1)), "PNG"), "too_small"),
    "half.jpg": (lambda: made(GREY, "JPEG")[:9_000], "truncated"),
    "half.png": (lambda: made(GREY, "PNG")[:9_000], "truncated"),
    "half.webp": (lambda: made(GREY, "WEBP")[:9_000], "truncated"),
    "half.heic": (lambda: made(GREY.convert("RGB"), "HEIF")[:9_000], "truncated"),
    "broken.gif": (lambda: b"GIF89a" + bytes(20), "truncated"),
    "lie.png": (lambda: lying_png(5_000, 5_000), "truncated"),
    "bomb.png": (lambda: lying_png(60_000, 60_000), "too_large_pixels"),
    "truebomb.png": (lambda: plain_png(12_000, 12_000), "too_large_pixels"),
    "bomb.webp": (lambda: webp(16_383, 16_383), "too_large_pixels"),
    "bomb.gif": (lambda: gif(65_535, 65_535), "too_large_pixels"),
    "large.webp": (lambda: webp(8_000, 8_000), "too_large_kind"),
    "woven.png": (lambda: png([header(9_900, 9_900, interlaced=1), (b"IDAT", b""), (b"IEND", b"")]), "too_large_kind"),
    "textbomb.png": (lambda: packed(b"zTXt", b"Comment\0\0"), "bomb"),
    "profilebomb.png": (lambda: packed(b"iCCP", b"icc\0\0"), "bomb"),
    "sixty.jpg": (lambda: made(TEAL, "JPEG") + bytes(60 * 10**6), "too_many_bytes"),
}

WORDS = {name: f"make it {number}" for number, name in enumerate(TABLE)}


def is_soon(began: float) -> bool:
    crowd = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    return time.monotonic() - began < SOON * crowd


def told(key: str, name: str) -> str:
    """A sentence up to its first number."""
    return sentence(f"picture.{key}", name=name)


@pytest.mark.parametrize("name", TABLE)
async def test_a_file_is_painted_on_or_refused_with_its_name_and_the_reason(stage: Stage, name: str):
    make, fate = TABLE[name]
    data, words = make(), WORDS[name]
    stage.sandbox.world.rules.upload_limit = 64 * MIB
    post = await stage.ana.say("studio", f"{BOT} {words}", [(name, data)])
    began = time.monotonic()
    if fate == PAINTED:
        canvas = await stage.opened(post)
        assert numbers(await canvas.first()) == ["v2"]
        [sent] = stage.request(words).pictures
        shown = Image.open(io.BytesIO(stage.painter.shown[sent.sha256]))
        assert shown.format in {"JPEG", "PNG"}
        assert max(shown.size) <= 1536
        return
    answer = await stage.ana.wait_for(lambda each: each.is_from_bot and each.reply_to == post.id, "studio", SOON * 4)
    assert is_soon(began)
    assert told(fate, name) in answer.text
    assert "nothing was charged" in answer.text
    assert stage.requests(words) == []


async def test_of_three_files_the_good_one_is_painted_on_and_the_receipt_names_the_others(stage: Stage):
    files = [("film.mp4", MP4), photo("gold"), ("bomb.png", lying_png(60_000, 60_000))]
    canvas = await stage.canvas("make it shine", files)
    answer = await canvas.first()
    assert numbers(answer) == ["v2"]
    assert await canvas.saw("make it shine") == ["gold"]
    line = next(line for line in receipt(answer).splitlines() if line.startswith("Left out: "))
    assert told("video", "film.mp4") in line
    assert told("too_large_pixels", "bomb.png") in line


async def test_ten_bombs_at_once_leave_the_bot_at_work(stage: Stage):
    canvas = await stage.canvas()
    bomb = packed(b"zTXt", b"Comment\0\0")
    bombs = [(f"bomb{number}.png", bomb) for number in range(10)]
    ask = await canvas.say("put these on the wall", bombs)
    assert numbers(await canvas.ask("add a gate")) == ["v2"]
    answer = await canvas.answer(ask)
    assert all(name in answer.text for name, _ in bombs)


# -- memory ------------------------------------------------------------------------------------------------------------


@contextmanager
def watching(stage: Stage) -> Iterator[list[int]]:
    """Bytes of the bot with its workers, shared pages counted once, again and again."""
    seen: list[int] = []

    async def look() -> None:
        while True:
            seen.append(await asyncio.to_thread(memory, stage.bot.pid))
            await asyncio.sleep(0.01)

    task = asyncio.create_task(look())
    try:
        yield seen
    finally:
        task.cancel()


def memory(pid: int) -> int:
    bot = psutil.Process(pid)
    return sum(_pss(process) for process in (bot, *bot.children()))


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


GIANTS = {"jpeg": (11_500, 8_690), "webp": (5_100, 3_800), "avif": (5_100, 3_800)}


async def test_with_giants_from_everybody_the_bot_and_its_workers_stay_under_500_megabytes(stage: Stage):
    stage.sandbox.world.rules.upload_limit = 64 * MIB
    giants = [(f"giant.{kind}", made(Image.new("RGB", size, "teal"), kind)) for kind, size in GIANTS.items()]
    giants.append(("giant.png", plain_png(11_500, 8_690)))
    canvas = await stage.canvas()
    with watching(stage) as seen:
        asks = [await canvas.say(f"hang these up, {number}", giants) for number in range(2)]
        answers = [await canvas.answer(ask, 120) for ask in asks]
    assert [numbers(each) for each in answers] == [["v2"], ["v3"]]
    assert len(stage.request("hang these up, 1").pictures) == 1 + len(giants)
    assert max(seen) < MOST


# -- workers -----------------------------------------------------------------------------------------------------------


def workers(stage: Stage) -> list[psutil.Process]:
    return [each for each in psutil.Process(stage.bot.pid).children() if "bot.pictures.worker" in each.cmdline()]


async def gone(stage: Stage, processes: list[psutil.Process]) -> None:
    await stage.until(
        lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes), SOON
    )


async def test_the_first_picture_need_not_wait_for_a_worker_to_start(stage: Stage):
    await stage.restart()
    await stage.until(lambda: workers(stage))


async def test_a_worker_that_is_killed_is_replaced_and_nobody_sees_it(stage: Stage):
    canvas = await stage.canvas()
    for worker in workers(stage):
        worker.send_signal(signal.SIGKILL)
    await canvas.ask("put the hat on the roof", [photo("gold")])
    assert await canvas.saw("put the hat on the roof") == ["v1", "gold"]


async def test_workers_are_gone_with_the_bot_however_it_ends(stage: Stage):
    for end in (stage.kill, stage.bot.stop):
        await stage.canvas("make it blue", [photo("gold")])
        before = workers(stage)
        assert before
        await end()
        await gone(stage, before)
        await stage.revive()


# -- where files come from ---------------------------------------------------------------------------------------------


async def test_a_file_that_is_said_to_be_elsewhere_is_never_fetched_from_there(stage: Stage):
    asked = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=photo("gold")[1])

    app = web.Application()
    app.router.add_get("/{name}", elsewhere)
    async with TestServer(app, host="localhost") as server:
        headers = {"Location": f"http://localhost:{server.port}/gold.png"}
        stage.sandbox.faults.add("answer", "GET", "/attachments/*/*/*", times=1, status=302, body={}, headers=headers)
        post = await stage.ana.say("studio", f"{BOT} make it shine twice", [photo("gold")])
        answer = await stage.ana.wait_for(lambda each: each.is_from_bot and each.reply_to == post.id, "studio", 20)
    assert told("foreign_host", "gold.png") in answer.text
    assert asked == []
