import asyncio
import gzip
import os
import resource
import time
import tracemalloc
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from bot.downloads import Downloads, allowed
from bot.errors import BadPicture
from bot.model import Upload
from tests.players import CATALOGUE, Handler, open_cdn

HOSTS = ("cdn.discordapp.com", "media.discordapp.net")


@pytest.fixture
async def cdn():
    async with open_cdn() as opened:
        yield opened


@pytest.fixture
async def downloads():
    async with aiohttp.ClientSession() as session:
        yield Downloads(session, ["127.0.0.1"], largest=2**20, deadline=5.0, pauses=(0.01, 0.01))


async def fetched(downloads: Downloads, upload: Upload) -> bytes:
    async with downloads.fetch(upload) as file:
        file.seek(0)
        return file.read()


async def refused(downloads: Downloads, upload: Upload) -> BadPicture:
    with pytest.raises(BadPicture) as caught:
        await fetched(downloads, upload)
    assert upload.name in CATALOGUE.say(f"picture.{caught.value.key}", **caught.value.values)
    return caught.value


async def test_a_file_arrives_byte_for_byte(cdn, downloads):
    content = bytes(range(256)) * 4096
    assert await fetched(downloads, cdn.holds("a.png", content)) == content
    assert await fetched(downloads, cdn.holds("empty.png", b"")) == b""


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&is=2&hm=3",
        "https://cdn.discordapp.com:8443/a.png",
        "https://MEDIA.discordapp.net/a.png",
    ],
)
def test_discords_own_hosts_are_asked(url):
    assert allowed(url, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/a.png",
        "https://evil.com/a.png",
        "https://cdn.discordapp.com.evil.com/a.png",
        "https://cdn.discordapp.com@evil.com/a.png",
        "https://evil.com#cdn.discordapp.com",
        "https://evil.com\\@cdn.discordapp.com/",
        "https://cdn.discordapp.com\\@evil.com/",
        "ftp://cdn.discordapp.com/a.png",
        "file:///etc/passwd",
        "//cdn.discordapp.com/a.png",
        "http://127.0.0.1/a.png",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1",
        "",
    ],
)
def test_nothing_else_is(url):
    assert not allowed(url, HOSTS)


def test_plain_http_is_for_this_machine_alone_and_only_where_it_is_listed():
    assert allowed("http://127.0.0.1:8000/a.png", ["127.0.0.1"])
    assert allowed("http://localhost:8000/a.png", ["localhost"])
    assert allowed("http://[::1]:8000/a.png", ["::1"])
    assert not allowed("http://10.0.0.1/a.png", ["10.0.0.1"])


async def test_a_foreign_host_is_never_asked(cdn):
    async with aiohttp.ClientSession() as session:
        error = await refused(Downloads(session, HOSTS), cdn.holds("a.png", b"x"))
    assert (error.key, cdn.asked) == ("foreign_host", [])


def to(address: str) -> Handler:
    """A redirect."""

    async def elsewhere(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": address})

    return elsewhere


async def test_a_redirect_to_another_host_is_never_followed(cdn, downloads):
    inner = cdn.holds("inner.png", b"secret").url.replace("127.0.0.1", "localhost")
    for address in (inner, inner.removeprefix("http:"), "http://169.254.169.254/latest", "file:///etc/passwd"):
        assert (await refused(downloads, cdn.holds("a.png", to(address)))).key == "foreign_host"
    assert set(cdn.asked) == {"a.png"}


async def test_a_redirect_within_the_listed_hosts_is_followed(cdn, downloads):
    cdn.holds("c.png", b"here")
    cdn.holds("b.png", to(f"{cdn.base}/c.png"))
    assert await fetched(downloads, cdn.holds("a.png", to("/b.png"))) == b"here"
    assert cdn.asked == ["a.png", "b.png", "c.png"]


async def test_redirects_without_end_are_given_up(cdn, downloads):
    assert (await refused(downloads, cdn.holds("a.png", to("/a.png")))).key == "gone"
    assert len(cdn.asked) == 4


async def test_a_redirect_to_nowhere_is_told(cdn, downloads):
    assert (await refused(downloads, cdn.holds("a.png", to("")))).key == "gone"


async def test_a_file_that_says_it_is_too_big_is_not_fetched(cdn, downloads):
    error = await refused(downloads, Upload(1, "a.png", f"{cdn.base}/a.png", 2**20 + 1))
    assert error.values == {"name": "a.png", "size": "2 MiB", "limit": "1 MiB"}
    assert cdn.asked == []


async def test_a_file_that_lies_about_its_size_is_cut_off_while_it_is_read(cdn, downloads):
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 100 * 2**20:
            await response.write(b"x" * 2**18)
            sent += 2**18
        return response

    assert (await refused(downloads, cdn.holds("a.png", endless))).key == "too_many_bytes"
    assert sent < 20 * 2**20


async def test_a_file_that_takes_too_long_is_given_up(cdn):
    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"a beginning")
        await asyncio.sleep(30)
        return response

    async with aiohttp.ClientSession() as session:
        began = time.monotonic()
        error = await refused(Downloads(session, ["127.0.0.1"], deadline=0.1), cdn.holds("a.png", slow))
    assert error.key == "slow"
    assert time.monotonic() - began < 2


async def test_a_file_that_is_gone_is_asked_for_once(cdn, downloads):
    assert (await refused(downloads, cdn.holds("a.png", 404))).key == "gone"
    assert cdn.asked == ["a.png"]


async def test_a_hosts_trouble_is_waited_out(cdn, downloads):
    async def at_last(_: web.Request) -> web.StreamResponse:
        return web.Response(status=503) if len(cdn.asked) < 3 else web.Response(body=b"here")

    assert await fetched(downloads, cdn.holds("a.png", at_last)) == b"here"
    assert len(cdn.asked) == 3


async def test_a_hosts_lasting_trouble_is_told(cdn, downloads):
    assert (await refused(downloads, cdn.holds("a.png", 500))).key == "gone"
    assert len(cdn.asked) == 3


async def test_a_connection_that_breaks_midway_is_tried_again(cdn, downloads):
    async def broken(request: web.Request) -> web.StreamResponse:
        if len(cdn.asked) > 1:
            return web.Response(body=b"whole")
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return response

    assert await fetched(downloads, cdn.holds("a.png", broken)) == b"whole"


async def test_a_host_that_is_not_there_is_told(downloads):
    assert (await refused(downloads, Upload(1, "a.png", "http://127.0.0.1:1/a.png", 5))).key == "gone"


async def test_a_large_file_never_lies_in_memory_whole(cdn, downloads):
    async def large(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(48):
            await response.write(bytes(2**20))
        return response

    downloads = replace(downloads, largest=50 * 2**20)
    upload = cdn.holds("a.png", large)
    tracemalloc.start()
    try:
        async with downloads.fetch(upload) as file:
            assert os.fstat(file.fileno()).st_size == 48 * 2**20
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 * 2**20


async def test_a_file_that_would_unpack_to_gigabytes_is_cut_off_like_any_other(cdn, downloads):
    packed = gzip.compress(bytes(200 * 2**20))

    async def bomb(_: web.Request) -> web.StreamResponse:
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    tracemalloc.start()
    try:
        assert (await refused(downloads, cdn.holds("a.png", bomb))).key == "too_many_bytes"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 * 2**20


async def test_a_file_leaves_nothing_behind_however_it_ends(cdn, downloads, tmp_path):
    downloads = replace(downloads, directory=tmp_path)
    async with downloads.fetch(cdn.holds("a.png", b"x")):
        assert list(tmp_path.iterdir()) == []  # it has no name that could remain
    await refused(downloads, cdn.holds("b.png", 404))
    assert list(tmp_path.iterdir()) == []


async def test_a_disk_without_room_is_told(cdn, downloads, tmp_path):
    gone = replace(downloads, directory=tmp_path / "nowhere")
    assert (await refused(gone, cdn.holds("a.png", b"x"))).key == "no_room"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        assert (await refused(downloads, cdn.holds("b.png", bytes(5000)))).key == "no_room"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
