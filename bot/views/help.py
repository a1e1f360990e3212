"""What `/help` says, page by page, by example. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.config import Limits
from bot.views import row

PAGES = ("start", "pictures", "rules")


@dataclass(frozen=True)
class Command:
    """A command, or an entry of the menu that a message has."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class Help:
    """All that the pages depend on. `hears`: plain words can be read there; `direct`: in a direct message."""

    name: str
    commands: Sequence[Command]
    limits: Limits
    catalogue: Catalogue
    hears: bool = True
    direct: bool = False

    def page(self, name: str) -> list[str]:
        """The page's blocks of text, in order."""
        written = {"start": self._start, "pictures": self._pictures, "rules": self._rules}[name]
        return [self._say(f"heading_{name}"), *written()]

    def _start(self) -> Iterator[str]:
        yield self._say("start_direct" if self.direct else "start", bot=self.name)
        if self.direct:
            yield self._say("talk_direct")
        else:
            yield self._say("talk" if self.hears else "talk_called", bot=self.name)
        yield self._say("photo", bot=self.name)

    def _pictures(self) -> Iterator[str]:
        reply = "reply" if self.hears or self.direct else "reply_called"
        yield "\n".join([self._say(reply), self._say("versions"), self._say("receipt")])
        lines = [f"- **{self.catalogue.say(f'row.{verb}')}** {self._say(f'row_{verb}')}" for verb in row.VERBS]
        yield "\n".join([self._say("row"), *lines])

    def _rules(self) -> Iterator[str]:
        slash = [f"- `/{each.name}` {each.description}" for each in self.commands if each.description]
        menus = [f"- {self._say('menu', name=each.name)}" for each in self.commands if not each.description]
        yield "\n".join([self._say("commands"), *slash, *menus])
        yield "\n".join([self._say("limits"), *(f"- {each}" for each in self._fences())])
        yield self._say("privacy")

    def _fences(self) -> Iterator[str]:
        if self.limits.pictures_per_member_hour:
            yield self._say("limit_member", count=self.limits.pictures_per_member_hour)
        if self.limits.pictures_per_server_day and not self.direct:
            yield self._say("limit_server", count=self.limits.pictures_per_server_day)
        yield self._say("limit_free")

    def _say(self, key: str, **values: object) -> str:
        return self.catalogue.say(f"help.{key}", **values)
