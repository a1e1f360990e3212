"""Every sentence for people, by key, in all languages. English is complete; others are held against it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from bot.errors import EaselError
from bot.language import ENGLISH, OTHERS, spoken

Sentences = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Catalogue:
    """The sentences by section and name: English ones, and by language what there is of others."""

    texts: Sentences
    others: Mapping[str, Sentences] = field(default_factory=dict)

    def say(self, key: str, /, **values: object) -> str:
        """The sentence `section.name` in the language of the task at hand, its values filled in.

        Raises KeyError for a key that is not there.
        """
        return self._sentence(key, spoken()).format_map(values)

    def tell(self, error: EaselError, /, **values: object) -> str:
        """What an error says to people. Of its values a tuple holds keys, a list words as they are; both are listed."""
        said = {name: self._said(each) for name, each in error.values.items()}
        return self.say(f"error.{error.key}", **{**values, **said})

    def listed(self, said: Iterable[str]) -> str:
        """Several things in a sentence: “a, b and c”."""
        *before, last = list(said) or [""]
        return self.say("list.last").join([*filter(None, [self.enumerated(before)]), last])

    def enumerated(self, said: Iterable[str]) -> str:
        """Several things in a row, after a colon for instance: “a, b, c”."""
        return self.say("list.comma").join(said)

    def means(self, words: str, key: str) -> bool:
        """Whether words are this sentence in any language, for whoever may have said them."""
        return words in {self._sentence(key, each) for each in (ENGLISH, *self.others)}

    def _said(self, value: object) -> object:
        if isinstance(value, tuple):
            return self.listed(map(self.say, value))
        return self.listed(value) if isinstance(value, list) else value

    def _sentence(self, key: str, language: str) -> str:
        section, _, name = key.partition(".")
        own = self.others.get(language, {}).get(section, {}).get(name)
        return self.texts[section][name] if own is None else own


def load_catalogue() -> Catalogue:
    """All that ships with Easel."""
    return Catalogue(sentences(ENGLISH), {each: sentences(each) for each in OTHERS})


def sentences(language: str) -> Sentences:
    """The sentences of one language; none where nobody has written them yet."""
    file = files("bot") / "texts" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
