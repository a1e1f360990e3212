"""The processes that open files: bounded, replaced when they end, and gone with the bot."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
import time
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image

from bot.errors import BadPicture
from bot.pictures import Limits, Pictures
from bot.pictures.hand import Hand, Lost
from bot.pictures.orders import Made, Order
from bot.pictures.scales import Scales
from tests.files import encoded, noise, on_disk

ROOT = Path(__file__).parents[1]
MIB = 2**20
SMALL = encoded(Image.new("RGB", (64, 64), "teal"), "PNG")
SLOW = encoded(noise(3_000, 2_000, "RGB"), "PNG", compress_level=1)  # half a second of work


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    async with Pictures() as door:
        yield door


async def normalised(pictures: Pictures, data: bytes) -> tuple[int, int]:
    with on_disk(data) as file:
        made, _ = await pictures.normalise(file, 512)
    return Image.open(BytesIO(made)).size


async def reason(pictures: Pictures, data: bytes) -> str:
    with pytest.raises(BadPicture) as caught:
        await normalised(pictures, data)
    return caught.value.key


async def until(found: Callable[[], object], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not found():  # noqa: ASYNC110 - watches other processes, which tell nobody
            await asyncio.sleep(0.005)


def is_there(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def is_busy(pictures: Pictures) -> bool:
    """Whether a worker has begun to decode: by then it has taken some megabytes."""
    return any(psutil.Process(pid).memory_info().rss > 40 * MIB for pid in pictures.pids)


async def test_no_process_is_started_before_it_is_needed(pictures):
    assert pictures.pids == []
    await normalised(pictures, SMALL)
    [worker] = pictures.pids
    assert psutil.Process(worker).ppid() == os.getpid()


async def test_a_worker_that_was_warmed_up_serves_the_first_picture_at_once(pictures):
    pictures.warm_up()
    await until(lambda: pictures.pids)
    await asyncio.sleep(0.5)
    began = time.monotonic()
    await normalised(pictures, SMALL)
    assert time.monotonic() - began < 0.5
    assert len(pictures.pids) == 1


async def test_one_worker_does_what_comes_one_by_one_and_two_what_comes_at_once(pictures):
    for _ in range(3):
        await normalised(pictures, SMALL)
    assert len(pictures.pids) == 1
    await asyncio.gather(*(normalised(pictures, SLOW) for _ in range(6)))
    assert len(pictures.pids) == 2


async def test_a_worker_that_is_killed_while_it_waits_is_replaced_unseen(pictures):
    await normalised(pictures, SMALL)
    [worker] = pictures.pids
    os.kill(worker, signal.SIGKILL)
    await until(lambda: not is_there(worker))
    assert await normalised(pictures, SMALL) == (64, 64)
    assert worker not in pictures.pids


async def test_a_worker_that_is_killed_at_its_work_is_replaced_and_the_work_done_again(pictures):
    task = asyncio.create_task(normalised(pictures, SLOW))
    await until(lambda: is_busy(pictures))
    [worker] = pictures.pids
    os.kill(worker, signal.SIGKILL)
    assert await task == (512, 341)
    assert worker not in pictures.pids


async def test_a_picture_that_ends_its_worker_is_told_and_all_others_are_read(pictures):
    tasks = [asyncio.create_task(normalised(pictures, SLOW)) for _ in range(4)]
    await until(lambda: is_busy(pictures))
    victim = max(pictures.pids, key=lambda pid: psutil.Process(pid).memory_info().rss)
    os.kill(victim, signal.SIGSEGV)
    made = await asyncio.gather(*tasks, return_exceptions=True)
    [bad] = [each for each in made if isinstance(each, BadPicture)]
    assert bad.key == "crashed"
    assert [each for each in made if each is not bad] == [(512, 341)] * 3
    assert await normalised(pictures, SMALL) == (64, 64)


async def test_whoever_kills_every_worker_is_not_waited_for_for_ever(pictures):
    task = asyncio.create_task(reason(pictures, SLOW))
    for _ in range(2):
        await until(lambda: task.done() or is_busy(pictures))
        for worker in pictures.pids:
            os.kill(worker, signal.SIGKILL)
        await asyncio.sleep(0.01)
    assert await asyncio.wait_for(task, 10) == "crashed"
    assert await normalised(pictures, SMALL) == (64, 64)


async def test_a_worker_that_does_not_answer_in_time_is_ended():
    async with Pictures(limits=Limits(seconds=0.2, seconds_per_mib=0)) as pictures:
        await normalised(pictures, SMALL)
        [worker] = pictures.pids
        os.kill(worker, signal.SIGSTOP)  # no time of the processor passes for it
        began = time.monotonic()
        assert await reason(pictures, SMALL) == "endless"
        assert time.monotonic() - began < 5
        assert not is_there(worker)
        assert await normalised(pictures, SMALL) == (64, 64)


async def test_a_picture_that_takes_too_much_of_the_processor_is_told():
    async with Pictures(limits=Limits(seconds=0.05, seconds_per_mib=0)) as pictures:
        assert await reason(pictures, SLOW) == "endless"
        assert await normalised(pictures, SMALL) == (64, 64)


def hiding(side: int) -> bytes:
    """A JPEG whose colours come one after the other, so that all of them are kept; its head does not tell."""
    layers = b"\x01\x11\0\x02\x11\0\x03\x11\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, side, side, 3) + layers
    table = b"\xff\xdb" + struct.pack(">HB", 67, 0) + bytes([1]) * 64
    codes = b"".join(b"\xff\xc4" + struct.pack(">HB", 20, kind) + bytes([1]) + bytes(16) for kind in (0x00, 0x10))
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\0\0\x3f\0"
    return b"\xff\xd8" + table + frame + codes + scan + bytes(1000) + b"\xff\xd9"


async def test_a_file_that_takes_more_memory_than_its_head_tells_is_refused_it(pictures):
    most = 0
    task = asyncio.create_task(reason(pictures, hiding(9_900)))  # 588 MB, if it were given them
    while not task.done():
        await asyncio.sleep(0.002)
        most = max(most, *(psutil.Process(pid).memory_info().rss for pid in pictures.pids), 0)
    assert await task in {"truncated", "heavy"}
    assert most < 300e6
    assert len(pictures.pids) == 1


async def test_who_stops_waiting_leaves_the_others_their_turn(pictures):
    tasks = [asyncio.create_task(normalised(pictures, SLOW)) for _ in range(5)]
    await until(lambda: is_busy(pictures))
    for task in tasks[:4]:
        task.cancel()
    assert await tasks[4] == (512, 341)
    assert await normalised(pictures, SMALL) == (64, 64)


async def test_closing_ends_the_workers_whatever_they_do():
    async with Pictures() as pictures:
        tasks = [asyncio.create_task(normalised(pictures, SLOW)) for _ in range(4)]
        await until(lambda: is_busy(pictures))
        workers = pictures.pids
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert not any(is_there(pid) for pid in workers)
    assert {each.key for each in await asyncio.gather(*tasks, return_exceptions=True)} == {"crashed"}  # type: ignore[union-attr]


async def test_a_worker_knows_no_secrets_and_holds_no_files_of_the_bot(pictures, monkeypatch, tmp_path):
    monkeypatch.setenv("DISCORD_TOKEN", "very secret")
    with (tmp_path / "database").open("w") as database:
        await normalised(pictures, SMALL)
        [worker] = pictures.pids
        assert "very secret" not in str(psutil.Process(worker).environ())
        assert database.name not in {each.path for each in psutil.Process(worker).open_files()}


async def test_ctrl_c_is_not_for_workers(pictures):
    await normalised(pictures, SMALL)
    [worker] = pictures.pids
    assert os.getpgid(worker) != os.getpgid(0)
    os.kill(worker, signal.SIGTERM)
    await normalised(pictures, SMALL)
    assert pictures.pids == [worker]


BOT = """
import asyncio, sys
from bot.pictures import Pictures
from tests.test_pictures_workers import SMALL, normalised

async def main():
    async with Pictures() as pictures:
        await normalised(pictures, SMALL)
        print(*pictures.pids, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_workers_end_with_the_bot_even_when_it_is_killed():
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", BOT, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert bot.stdout is not None
    worker = int(await bot.stdout.readline())
    assert is_there(worker)
    bot.kill()
    await bot.wait()
    await until(lambda: not is_there(worker), 5)


async def test_a_hand_says_how_its_process_ended():
    hand = Hand()
    order = Order("normalise", Limits(), 100 * MIB, 4.0, longest=64)
    with on_disk(SMALL) as file:
        answer = await asyncio.to_thread(hand.ask, order, file.fileno())
        assert isinstance(answer, Made)
        hand.kill()
        with pytest.raises(Lost) as caught:
            await asyncio.to_thread(hand.ask, order, file.fileno())
    assert caught.value.chance
    assert str(caught.value) == "a worker ended with status -9"
    assert hand.end() == -signal.SIGKILL


async def test_who_comes_first_is_served_first_and_the_heaviest_is_not_put_off():
    scales, served = Scales(10), list[int]()

    async def hold(weight: int) -> None:
        async with scales.hold(weight):
            served.append(weight)
            await asyncio.sleep(0.001)

    async with asyncio.TaskGroup() as group:
        async with scales.hold(6):
            for weight in (10, 1, 2):  # there is room for the latter two at once, but not before their turn
                group.create_task(hold(weight))
            await asyncio.sleep(0.01)
            assert served == []
        await asyncio.sleep(0.0005)
        assert served == [10]
    assert served == [10, 1, 2]


async def test_who_leaves_the_line_or_fails_gives_all_back():
    scales = Scales(10)
    async with scales.hold(10):
        waiting = [asyncio.create_task(scales.hold(5).__aenter__()) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
    await waiting[1]
    with pytest.raises(ValueError, match="no"):
        async with scales.hold(5):
            raise ValueError("no")
    async with asyncio.timeout(1), scales.hold(5):
        pass


async def test_who_is_served_in_the_moment_of_leaving_gives_it_back():
    scales = Scales(10)
    async with scales.hold(10):
        waiting = asyncio.create_task(scales.hold(10).__aenter__())
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    async with asyncio.timeout(1), scales.hold(10):
        pass
