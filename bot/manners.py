"""How the bot behaves in a thread: what holds there, who may ask, and whether plain words are meant for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.config import Settings
from bot.errors import Uninvited
from bot.model import Model, Place
from bot.preferences import Asks, Hears, Held, Others, Wishes, holding, offered, over
from bot.store import Store


@dataclass(frozen=True)
class Manners:
    """Asks the store, each time: what was chosen holds at once and after every restart."""

    store: Store
    settings: Settings

    @property
    def models(self) -> list[Model]:
        """The models to choose among."""
        return offered(self.settings.gemini, _today())

    async def held(self, place: Place) -> Held:
        """What holds in the place."""
        thread, server = await self.store.preferences.of(place.conversation, place.server)
        return self.holding(thread, server, ours=place.ours)

    def holding(self, thread: Wishes, server: Wishes, *, ours: bool = True) -> Held:
        """What would hold with these wishes."""
        return holding(thread, server, self.settings.gemini, _today(), ours=ours)

    async def usual(self, place: Place) -> Settings:
        """The configuration as it holds in the place."""
        return over(self.settings, await self.held(place))

    async def starter(self, place: Place) -> int | None:
        """Who started the thread; None where nobody has, or is known to have."""
        return place.starter or await self.store.preferences.starter(place.conversation)

    async def admit(self, place: Place, member: int) -> None:
        """Whether a member may ask there. Raises Uninvited."""
        await self.welcome(await self.held(place), place, member)

    async def welcome(self, held: Held, place: Place, member: int) -> None:
        """The same, where it is known what holds. Raises Uninvited."""
        starter = await self._closed_by(held, place, member)
        if starter is not None:
            key = "invited_only" if held.asks is Asks.INVITED else "starter_only"
            raise Uninvited(key, starter=f"<@{starter}>")

    async def overhears(self, place: Place, member: int) -> bool:
        """Whether a member's words that call nobody are an ask there. A second person who talks is noted."""
        return await self.listens(await self.held(place), place, member)

    async def listens(self, held: Held, place: Place, member: int) -> bool:
        """The same, where it is known what holds."""
        if place.server is None:
            return True
        if held.hears is Hears.CALLED or (held.hears is Hears.AUTOMATIC and await self._has_company(place, member)):
            return False
        return await self._closed_by(held, place, member) is None

    async def _has_company(self, place: Place, member: int) -> bool:
        starter = await self.starter(place)
        if starter is None or await self.store.preferences.company(place.conversation, starter):
            return starter is not None
        if member == starter:
            return False
        await self.store.change(lambda desk: desk.preferences.meet(place.conversation))
        return True

    async def _closed_by(self, held: Held, place: Place, member: int) -> int | None:
        """Whose thread it is, where that keeps the member from asking."""
        if held.asks is Asks.EVERYONE or place.server is None:
            return None
        starter = await self.starter(place)
        if starter in {None, member}:
            return None
        if held.asks is Asks.INVITED and member in await self.store.preferences.invited(place.conversation):
            return None
        return starter


def reserving(held: Held, place: Place) -> Place:
    """The place, knowing whether others edit pictures that were posted there only with consent."""
    if place.server is None or place.outside:
        return place
    return replace(place, reserved=held.others is Others.ASK_FIRST)


def _today() -> date:
    return datetime.now(UTC).date()
