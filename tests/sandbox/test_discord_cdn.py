"""Attachments: signed addresses that expire, and what is known of a file. And how soon a heartbeat is answered."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.sandbox import Sandbox
from bot.sandbox.discord.link import Refused
from bot.sandbox.discord.multipart import read_form
from bot.sandbox.discord.picture import content_type, dimensions
from tests.sandbox.discord_bot import picture, running


async def test_an_address_lasts_a_day_and_a_fetched_message_carries_a_fresh_one(sandbox: Sandbox):
    ana = sandbox.member("ana")
    post = await ana.say("studio", "cat", [("my cat.png", picture())])
    assert post.pictures[0].name == "my_cat.png"
    assert await ana.fetch(post.pictures[0]) == picture()
    sandbox.world.clock.advance(86_401)
    with pytest.raises(Refused) as expired:
        await ana.fetch(post.pictures[0])
    assert expired.value.status == 404
    [again] = await ana.messages("studio")
    assert await ana.fetch(again.pictures[0]) == picture()


async def test_a_forged_address_opens_nothing(sandbox: Sandbox):
    ana = sandbox.member("ana")
    post = await ana.say("studio", "cat", [("cat.png", picture())])
    url = post.pictures[0].url
    async with aiohttp.ClientSession() as session:
        for forged in (url.split("?")[0], url.replace("hm=", "hm=0"), url.replace("cat.png", "dog.png")):
            async with session.get(forged) as answer:
                assert answer.status == 404


@given(width=st.integers(1, 300), height=st.integers(1, 300), kind=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]))
def test_sizes_are_read_from_the_first_bytes(width: int, height: int, kind: str):
    assert dimensions(picture(size=(width, height), kind=kind)) == (width, height)


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}, {"exif": b"Exif\0\0"}])
def test_every_kind_of_webp_is_understood(options: dict[str, object]):
    out = io.BytesIO()
    Image.new("RGBA", (37, 21), "red").save(out, "WEBP", **options)
    assert dimensions(out.getvalue()) == (37, 21)


@given(st.binary(max_size=64))
def test_other_bytes_have_no_size_and_do_no_harm(content: bytes):
    for head in (b"", b"\x89PNG\r\n\x1a\n", b"GIF8", b"\xff\xd8", b"RIFF0000WEBPVP8X", b"RIFF0000WEBPVP8 "):
        dimensions(head + content)


def test_types_go_by_the_extension():
    names = ["a.png", "a.WEBP", "a.heic", "a.txt", "a", "a.unknown"]
    expected = ["image/png", "image/webp", "image/heic", "text/plain; charset=utf-8", None, None]
    assert [content_type(one) for one in names] == expected


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_multipart_bodies_come_apart_as_they_were_put_together(files: list[bytes]):
    fence = b"--fence"
    parts = [b'Content-Disposition: form-data; name="payload_json"\r\n\r\n{"content":"x"}']
    parts += [
        b'Content-Disposition: form-data; name="files[%d]"; filename="%d.png"\r\nContent-Type: image/png\r\n\r\n%s'
        % (i, i, one.replace(b"--", b"-"))
        for i, one in enumerate(files)
    ]
    body = b"".join(fence + b"\r\n" + part + b"\r\n" for part in parts) + fence + b"--\r\n"
    form = read_form('multipart/form-data; boundary="fence"', body)
    assert form.fields == {"content": "x"}
    assert [one.content for one in form.files.values()] == [one.replace(b"--", b"-") for one in files]
    assert [one.filename for one in form.files.values()] == [f"{i}.png" for i in range(len(files))]


async def test_a_discord_py_client_sees_a_latency_under_a_second(sandbox: Sandbox):
    sandbox.world.rules.heartbeat_interval = 1.2  # more than a second: an answer that came too soon would look as late
    async with running(sandbox) as bot:
        await bot.until(lambda: bot.latency < 1)
        await bot.until(lambda: sandbox.gateway.heartbeats)
        await asyncio.sleep(0.2)
        assert 0 < bot.latency < 1
