"""The sheet in small: it is drawn beside the event loop, for little more than the pictures themselves take."""

import asyncio

import pytest

from tests.bench.sheet import MOST, photographs, plainly, sheets

AGAIN, LATE = 0.5, 0.25  #: of the first sheet; seconds, on a busy machine

pytestmark = [pytest.mark.e2e, pytest.mark.alone]


async def test_a_sheet_takes_hardly_more_than_its_pictures_and_the_next_one_far_less(tmp_path):
    data = await asyncio.to_thread(photographs)
    plain = await asyncio.to_thread(plainly, data)
    first, again = await sheets(tmp_path, data)
    assert first.processor < MOST * plain
    assert again.processor < AGAIN * first.processor, "thumbnails are made once"
    assert max(first.late, again.late) < LATE, "the event loop goes on"
