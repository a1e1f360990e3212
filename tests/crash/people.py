"""What people do in a run: ask, press, command, reply to old pictures, change their minds, all at about one time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.sandbox import Member, Post
from bot.sandbox.discord.member import Refused
from bot.sandbox.gemini.faults import Fault
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, Canvas, Stage, is_status, numbers

AT_ONCE = 0.3  #: seconds within which everybody acts
PATIENCE = 2.0  #: seconds that somebody waits for a button to press
DEEDS = 6  #: of all that people can do


class Idle(Exception):
    """There was nothing to be done."""


@dataclass
class Scene:
    """One run's people, and what they said."""

    stage: Stage
    chance: random.Random
    name: str  #: is in all words of the run
    canvases: tuple[Canvas, ...]
    said: list[Post] = field(default_factory=list)  #: messages that ask for something
    taken_back: set[int] = field(default_factory=set)  #: whose message was deleted again, or whose status was pressed

    async def play(self, *, everything: bool = False) -> None:
        """All that happens, from the first word to the last."""
        deeds = list(self.doings) if everything else self.chance.sample(self.doings, DEEDS)
        starts = [self.chance.uniform(0, AT_ONCE) for _ in deeds]
        async with asyncio.TaskGroup() as group:
            for start, deed in zip(starts, deeds, strict=True):
                group.create_task(self._begin(start, deed))

    async def _begin(self, start: float, deed: Deed) -> None:
        await asyncio.sleep(start)
        with suppress(TimeoutError, Refused, Idle):  # a bot that is dead shows no button, and answers no press
            await deed(self)

    @property
    def doings(self) -> tuple[Deed, ...]:
        """All that people can do."""
        return DOINGS

    @property
    def somebody(self) -> Member:
        return self.chance.choice((self.stage.ana, self.stage.ben))

    @property
    def somewhere(self) -> Canvas:
        return self.chance.choice(self.canvases)

    def words(self, what: str) -> str:
        return f"{what} {self.name}.{self.chance.randrange(1_000_000)}"

    def some_picture(self, *, alone: bool = False) -> Post:
        """A message with pictures in one of the threads; `alone`, with one. Raises Idle where there is none."""
        where = {each.id for each in self.canvases}
        seen = (post for post in self.stage.ana.seen.values() if post.channel_id in where)
        found = [post for post in seen if (len(numbers(post)) == 1 if alone else numbers(post))]
        if not found:
            raise Idle
        return self.chance.choice(found)

    def note(self, post: Post) -> Post:
        self.said.append(post)
        return post


Deed = Callable[[Scene], Awaitable[object]]


async def opens_a_thread(scene: Scene) -> None:
    photos = [photo("gold")] if scene.chance.random() < 0.5 else []
    scene.note(await scene.somebody.say("studio", f"{BOT} {scene.words('a house')}", photos))


async def imagines(scene: Scene) -> None:
    more = {"image1": photo("teal")} if scene.chance.random() < 0.5 else {}
    await scene.somebody.slash("studio", "imagine", prompt=scene.words("a castle"), **more)


async def edits(scene: Scene) -> None:
    canvas, by = scene.somewhere, scene.somebody
    for _ in range(2):
        scene.note(await canvas.seen_by(by).say(scene.words("add a boat")))


async def edits_with_a_photo(scene: Scene) -> None:
    canvas = scene.somewhere.seen_by(scene.somebody)
    scene.note(await canvas.say(scene.words("put this on the roof"), [photo("gold")]))


async def branches(scene: Scene) -> None:
    picture = scene.some_picture()
    by = scene.somebody
    words = scene.words("in one picture of these, number " + numbers(picture)[0])
    scene.note(await by.say(picture.channel_id, words, reply_to=picture, ping=False))


async def varies(scene: Scene) -> None:
    picture = scene.some_picture()
    await scene.somebody.press(picture, picture.buttons["Variations"])


async def retries(scene: Scene) -> None:
    picture = scene.some_picture(alone=True)
    await scene.somebody.press(picture, picture.buttons["Retry"])


async def fills_in_the_form(scene: Scene) -> None:
    picture, by = scene.some_picture(alone=True), scene.somebody
    form = (await by.press(picture, picture.buttons["Edit…"])).form
    if form is None:  # its picture is gone
        raise Idle
    await by.submit(form, words=scene.words("paint it blue"))


async def cancels(scene: Scene) -> None:
    canvas, by = scene.somewhere, scene.stage.ana
    words = scene.words("make it night")
    scene.stage.gemini.faults.add(Fault("slow", words, delay=2.0))
    ask = scene.note(await canvas.seen_by(by).say(words))
    scene.taken_back.add(ask.id)
    status = await by.wait_for(lambda post: is_status(post) and post.reply_to == ask.id, canvas.id, PATIENCE)
    await by.press(status, next(iter(status.buttons.values())))


async def thinks_better_of_it(scene: Scene) -> None:
    canvas, by = scene.somewhere, scene.somebody
    ask = scene.note(await canvas.seen_by(by).say(scene.words("add a moon")))
    scene.taken_back.add(ask.id)
    await asyncio.sleep(scene.chance.uniform(0, 0.2))
    await by.delete(ask)


async def asks_for_nothing(scene: Scene) -> None:
    canvas = scene.somewhere.seen_by(scene.somebody)
    scene.note(await canvas.say(BOT))


async def asks_what_google_refuses(scene: Scene) -> None:
    words = scene.words("add what nobody paints")
    scene.stage.gemini.faults.add(Fault("blocked:PROHIBITED_CONTENT", words, times=None))
    scene.note(await scene.somewhere.seen_by(scene.somebody).say(words))


async def locks_a_thread_for_a_moment(scene: Scene) -> None:
    """One of its own: what others ask in a thread while it is locked can't be answered at all."""
    by, words = scene.somebody, scene.words("add a bridge")
    scene.stage.gemini.faults.add(Fault("slow", words, delay=AT_ONCE))
    opening = scene.note(await by.say("studio", f"{BOT} {scene.words('a river')}"))
    async with asyncio.timeout(PATIENCE):
        canvas = await scene.stage.opened(opening)
        scene.note(await canvas.seen_by(by).say(words))
        while not scene.stage.requests(words):  # noqa: ASYNC110 - Google tells nobody
            await asyncio.sleep(0.01)
    try:
        await canvas.lock()
        await asyncio.sleep(scene.chance.uniform(AT_ONCE, 3 * AT_ONCE))
    finally:
        await canvas.unlock()


DOINGS: tuple[Deed, ...] = (
    opens_a_thread,
    imagines,
    edits,
    edits_with_a_photo,
    branches,
    varies,
    retries,
    fills_in_the_form,
    cancels,
    thinks_better_of_it,
    asks_for_nothing,
    asks_what_google_refuses,
    locks_a_thread_for_a_moment,
)
