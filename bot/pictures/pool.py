"""A few workers that files are given to: started when they are needed, replaced when they end."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import BinaryIO

from bot.errors import BadPicture
from bot.pictures.hand import Hand, Lost
from bot.pictures.orders import Heavy, Made, Order
from bot.pictures.scales import Scales
from bot.pictures.wire import Answer

log = logging.getLogger(__name__)


class Pool:
    """At most `size` processes, and `memory` bytes for what they decode at a time."""

    def __init__(self, size: int, memory: int) -> None:
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="pictures")
        self._scales = Scales(memory)
        self._work: set[asyncio.Task[Answer]] = set()
        self._lock = threading.Lock()
        self._hands: set[Hand] = set()
        self._idle: list[Hand] = []
        self._closed = False

    @property
    def pids(self) -> list[int]:
        """The processes of this moment."""
        with self._lock:
            return [hand.pid for hand in self._hands]

    async def carry_out(self, order: Order, file: BinaryIO) -> Made:
        """The picture that was ordered. Raises BadPicture."""
        answer = await self._begin(order, file)
        if isinstance(answer, Heavy):
            answer = await self._begin(replace(order, memory=answer.memory), file)
        if isinstance(answer, Made):
            return answer
        raise answer if isinstance(answer, BadPicture) else BadPicture("heavy")

    def warm_up(self) -> None:
        """Have a worker ready before the first file comes."""
        self._threads.submit(lambda: self._put_back(self._take()))

    async def close(self) -> None:
        """End the workers, whatever they do; whoever waits for one hears that it is gone."""
        with self._lock:
            self._closed = True
            for hand in self._hands:
                hand.kill()
        await asyncio.gather(*self._work)
        await asyncio.to_thread(self._threads.shutdown)
        for hand in self._hands:
            hand.end()

    async def _begin(self, order: Order, file: BinaryIO) -> Answer:
        """Whoever asked may stop waiting; the worker goes on to the end, and takes its room for as long."""
        if self._closed:
            return BadPicture("crashed")
        task = asyncio.get_running_loop().create_task(self._held(order, os.dup(file.fileno())))
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return await asyncio.shield(task)

    async def _held(self, order: Order, file: int) -> Answer:
        try:
            async with self._scales.hold(order.memory):
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, order, file)
        finally:
            os.close(file)

    def _ask(self, order: Order, file: int) -> Answer:
        """Once more, should the worker be gone through no fault of the file."""
        try:
            return self._ask_one(order, file)
        except Lost as lost:
            if not lost.chance or self._closed:
                return BadPicture(lost.key)
        try:
            return self._ask_one(order, file)
        except Lost as lost:
            return BadPicture(lost.key)

    def _ask_one(self, order: Order, file: int) -> Answer:
        hand = self._take()
        try:
            answer = hand.ask(order, file)
        except Lost as lost:
            with self._lock:
                self._hands.discard(hand)
            log.warning("%s; another takes its place", lost)
            raise
        if order.last:
            self._retire(hand)
        else:
            self._put_back(hand)
        return answer

    def _take(self) -> Hand:
        """One that waits for work, or a new one. Raises Lost where none can be had."""
        with self._lock:
            if self._closed:
                raise Lost("crashed", 0, chance=False)
            if self._idle:
                return self._idle.pop()
            try:
                hand = Hand()
            except OSError as error:
                log.exception("no worker can be started")
                raise Lost("crashed", 0, chance=False) from error
            self._hands.add(hand)
            return hand

    def _retire(self, hand: Hand) -> None:
        with self._lock:
            self._hands.discard(hand)
        hand.end()

    def _put_back(self, hand: Hand) -> None:
        with self._lock:
            self._idle.append(hand)
