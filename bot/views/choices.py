"""What can be chosen in a thread or as its server's default, and what is chosen. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot import price, receipt
from bot.catalogue import Catalogue
from bot.config import Gemini
from bot.model import Memory, Model
from bot.preferences import Asks, Hears, Held, Others, Wishes, offered
from bot.tokens import Usage

USUAL = "-"  #: the value of the option that wishes for nothing
MOST = 25  #: options that Discord's menus hold
LABEL = 100  #: characters of an option


@dataclass(frozen=True)
class Option:
    """One thing to choose. `note` explains it where its label does not."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Field:
    """A menu: its options, and the value of the one that is chosen."""

    name: str
    options: tuple[Option, ...]
    chosen: str

    def label(self, value: str) -> str | None:
        """What an option says; None for a value that can't be chosen."""
        return next((each.label for each in self.options if each.value == value), None)


@dataclass(frozen=True)
class Menu:
    """All fields of one place. `usual` is what would hold there without any wish of its own."""

    wishes: Wishes
    held: Held
    usual: Held
    gemini: Gemini
    catalogue: Catalogue

    def fields(self, names: tuple[str, ...], today: date) -> list[Field]:
        """The menus of these names, but for those in which there is nothing to choose."""
        made = [self._field(each, today) for each in names]
        return [each for each in made if len(each.options) > 1]

    def _field(self, name: str, today: date) -> Field:
        wished = getattr(self.wishes, name)
        options = {each.value: each for each in self._options(name, today)}
        usual = Option(USUAL, self._say("usual", value=self._usual(name)))
        every = (usual, *options.values())[:MOST] if options else ()
        return Field(name, every, str(wished) if wished in options else USUAL)

    def _options(self, name: str, today: date) -> Iterator[Option]:
        if name == "model":
            yield from map(self._model, offered(self.gemini, today))
        elif name in {"ratio", "size"}:
            yield from (Option(each, each) for each in getattr(self.held.model, f"{name}s"))
        else:
            kinds = {"memory": Memory, "asks": Asks, "hears": Hears, "others": Others}
            for each in kinds[name]:
                yield Option(str(each), self._say(f"{name}_{each}"), self._say(f"{name}_{each}_note"))

    def _model(self, model: Model) -> Option:
        tokens = model.price.picture_out_tokens.get(model.sizes[0] if model.sizes else "1K", 0)
        dollars = receipt.dollars(price.dollars(model.price, Usage(0, tokens, 0, tokens)))
        note = self._say("model_note", dollars=dollars, seconds=round(model.seconds))
        return Option(model.id, model.name[:LABEL], note)

    def _usual(self, name: str) -> str:
        """What holds where nothing is chosen, in words."""
        value = getattr(self.usual, name)
        if name == "model":
            return self.usual.model.name
        if name in {"ratio", "size"}:
            return value or self._say("open")
        return self._say(f"{name}_{value}")

    def _say(self, name: str, **values: object) -> str:
        return self.catalogue.say(f"settings.{name}", **values)
