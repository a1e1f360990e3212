"""What a busy server does all day, besides what people do while the bot is killed: all else that there is to press."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.discord import seed
from bot.sandbox.discord.member import Refused
from bot.sandbox.gemini.faults import Fault
from tests.crash.people import DOINGS, Deed, Idle, Scene
from tests.e2e.test_audit import panel as offered
from tests.e2e.test_audit import whisper
from tests.e2e.test_moderation_panel import choose, fill, panel

GOOGLE = ("503", "503-demand", "500", "429-minute", "429-bare", "502-html", "drop-before", "drop-after", "cut",
          "200-broken", "blocked:PROHIBITED_CONTENT", "finish:IMAGE_SAFETY", "finish:NO_IMAGE")  # fmt: skip
BAD = 0.04  #: of all asks, in which something goes wrong at Google
LOOKS = ("history", "usage", "settings", "help", "privacy", "consent", "my-data export")
THREADS = 12  #: opened by members, that are left standing


@dataclass(frozen=True)
class Done:
    """A deed that somebody set about, from when to when in true seconds, and the mistake that it ended with."""

    name: str
    began: float
    ended: float
    failure: type[Exception] | None = None

    def within(self, spans: Sequence[tuple[float, float]]) -> bool:
        """Whether any of it fell into one of these times."""
        return any(self.began <= end and start <= self.ended for start, end in spans)


@dataclass
class Day(Scene):
    """A few minutes of the day, on the bot's clock: some deeds at a time."""

    lost: set[int] = field(default_factory=set)  #: threads that were deleted
    unshown: set[int] = field(default_factory=set)  #: answers that somebody deleted
    done: list[Done] = field(default_factory=list)

    @property
    def doings(self) -> tuple[Deed, ...]:
        return DEEDS

    async def _begin(self, start: float, deed: Deed) -> None:
        await asyncio.sleep(start)
        began, failure = time.time(), None
        try:
            await deed(self)
        except Idle:
            return
        except (TimeoutError, Refused, AssertionError, LookupError, RuntimeError) as error:  # counted, kind by kind
            failure = type(error)
        self.done.append(Done(deed.__name__, began, time.time(), failure))

    def words(self, what: str) -> str:
        """A few per cent of what is asked goes wrong at Google."""
        words = super().words(what)
        if self.chance.random() < BAD:
            self.stage.gemini.faults.add(Fault(self.chance.choice(GOOGLE), words, wait=0.2))
        return words


async def changes_the_words(day: Scene) -> None:
    canvas, by = day.somewhere, day.somebody
    ask = day.note(await canvas.seen_by(by).say(day.words("paint the door")))
    await by.edit(ask, day.words("paint the roof"))


async def looks_around(day: Scene) -> None:
    await day.somebody.slash(day.somewhere.id, day.chance.choice(LOOKS))


async def opens_the_panel(day: Scene) -> None:
    picture, by = day.some_picture(), day.somebody
    await by.press(picture, picture.buttons["More…"])


async def deletes_a_picture_of_others(day: Scene) -> None:
    """A moderator may, with Discord's own means."""
    picture = day.some_picture()
    assert isinstance(day, Day)
    day.taken_back.add(picture.reply_to or 0)
    day.unshown.add(picture.id)
    await day.stage.ana.delete(picture)


async def reports(day: Scene) -> None:
    """Who has reported a picture already, or too many, is told so."""
    ben, picture = day.stage.ben, day.some_picture(alone=True)
    opened = await offered(ben, picture)
    form = (await ben.press(opened, opened.buttons["Report…"])).form
    if form is None:
        await whisper(ben, "You have reported", after=opened.id)
    else:
        assert (await ben.submit(form, reason="it bites")).ok
        await whisper(ben, "", after=opened.id)


async def reads_a_report(day: Scene) -> None:
    await day.stage.ana.slash("studio", "report usage")


async def changes_limits(day: Scene) -> None:
    """What is set would let everybody paint as before."""
    ana = day.stage.ana
    shown = await choose(ana, await panel(ana), "limits:role", seed.GUEST)
    await fill(ana, shown, "Pictures and money…", pictures_per_day=str(day.chance.randint(50, 90)))


async def blocks_for_a_while(day: Scene) -> None:
    ana = day.stage.ana
    await ana.slash("studio", "block", member=seed.CLEO, reason="noise", until="hour")
    await day.stage.cleo.say("studio", f"<@{seed.BOT}> {day.words('let me in')}")
    await ana.slash("studio", "unblock", member=seed.CLEO)


async def minds_words(day: Scene) -> None:
    ana = day.stage.ana
    await ana.slash("studio", "words add", words="dragonfly")
    await day.stage.cleo.say("studio", f"<@{seed.BOT}> {day.words('a dragonfly')}")
    await ana.slash("studio", "words remove", word="dragonfly")


async def tidies_up(day: Scene) -> None:
    """The oldest threads go, whatever is painted in them."""
    assert isinstance(day, Day)
    ana, mine = day.stage.ana, {each.id for each in day.canvases}
    opened = [each for each in ana.channels.values() if each["type"] == 11 and each.get("owner_id") == str(seed.BOT)]
    standing = sorted(
        int(each["id"]) for each in opened if int(each["id"]) not in mine and each["name"][:8] != "picture "
    )
    if len(standing) <= THREADS:
        raise Idle
    for thread in standing[:-THREADS]:
        day.lost.add(thread)
        await ana.call("DELETE", f"/channels/{thread}")


DEEDS: tuple[Deed, ...] = (
    *DOINGS,
    changes_the_words,
    looks_around,
    opens_the_panel,
    deletes_a_picture_of_others,
    reports,
    reads_a_report,
    changes_limits,
    blocks_for_a_while,
    minds_words,
    tidies_up,
)
