"""From tagged words to clauses: what is mentioned, how it looks, and what shall happen to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.gemini.painter.words import Tag, tag

MOST = 24  # of one thing
NOUNS = frozenset(("thing", "land", "weather", "hour"))
SAYING = NOUNS | {"finish", "hat", "part"}
WHOLE_TO_ITSELF = frozenset(("write", "frame", "blend", "overlay", "beside"))  # verbs whose "with" is their own
NOT = frozenset(("no", "without", "instead of"))


@dataclass(frozen=True)
class Mention:
    """A thing or a piece of scenery that a clause names."""

    sort: str  # thing, hat, land, weather, hour or part
    name: str
    word: str
    count: int | None = None
    definite: bool = False
    colour: str = ""
    size: float = 1.0
    place: str = ""
    near: str = ""  # the kind of thing it stands next to
    text: str = ""
    hat: str = ""  # the colour of the one it wears

    @property
    def many(self) -> bool:
        """Whether it means more than one."""
        return (self.count or 1) > 1


@dataclass
class Clause:
    """One thing to do, or one piece of a description."""

    verb: str = ""
    verb_word: str = ""
    mentions: list[Mention] = field(default_factory=list)
    finishes: list[str] = field(default_factory=list)
    colour: str = ""  # one that no noun followed
    place: str = ""
    count: int | None = None
    texts: list[str] = field(default_factory=list)
    into: int | None = None  # how many mentions came before an `into`
    whole: bool = False  # "it", "the picture", "everything"
    verbs: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    inherits: bool = False  # its verb is that of the clause before


@dataclass
class _Pending:
    count: int | None = None
    definite: bool = False
    colour: str = ""
    size: float = 1.0
    near: bool = False


def read(text: str) -> list[Clause]:
    """The clauses of a text, each with its own verb or the one before it."""
    clauses: list[Clause] = []
    for words in _split(tag(text)):
        before = clauses[-1] if clauses else Clause()
        clause = _Reader(words, before.verb).clause()
        if not clause.verb:
            _inherit(clause, before)
        clauses.append(clause)
    return clauses


def _inherit(clause: Clause, before: Clause) -> None:
    """The verb before goes on, but "no clouds, a full moon" wants the moon."""
    wanted = before.verb_word in NOT and clause.mentions and not clause.mentions[0].many
    clause.verb, clause.verb_word = ("add", "with") if wanted else (before.verb, before.verb_word)
    clause.verbs = clause.verbs or [clause.verb]
    clause.inherits = True


def _split(tags: Sequence[Tag]) -> Iterable[list[Tag]]:
    words: list[Tag] = []
    verbs: set[str] = set()  # of this clause, or else of the one before, whose verb goes on
    for at, item in enumerate(tags):
        verbs = _verbs(words) or verbs
        if words and (item.sort == "end" or (_parts(words, item, tags[at + 1 :]) and _may(item, words, verbs))):
            yield words
            words = []
        if item.sort != "end":
            words.append(item)
    if words:
        yield words


def _parts(before: Sequence[Tag], item: Tag, after: Sequence[Tag]) -> bool:
    """Whether "with" or "without" begins something of its own: "make it night | with snow", not "a dog with a hat"."""
    if item.word not in {"with", *NOT} or not any(word.sort in SAYING for word in before):
        return False
    if item.word != "with":
        return True
    return next((word.sort for word in after if word.sort in SAYING | {"verb", "end", "quote"}), "") in NOUNS


def _verbs(words: Sequence[Tag]) -> set[str]:
    return {word.name for word in words if word.sort == "verb"}


def _may(item: Tag, before: Sequence[Tag], verbs: set[str]) -> bool:
    """Whether a verb leaves a "with" alone: "replace the house with a castle" does not."""
    if item.word != "with" or not verbs & {"change", *WHOLE_TO_ITSELF}:
        return True
    return "change" in verbs and any(word.sort == "into" for word in before)


class _Reader:
    """Reads one clause, word by word."""

    def __init__(self, words: list[Tag], verb_before: str) -> None:
        self._words = words
        self._verb_before = verb_before
        self._clause = Clause()
        self._next = _Pending()

    def clause(self) -> Clause:
        for word in self._words:
            getattr(self, f"_{word.sort}")(word)
        self._leftovers()
        return self._clause

    def _verb(self, word: Tag) -> None:
        clause = self._clause
        clause.verbs.append(word.name)
        if not clause.verb or clause.verb in {"make", "add"}:
            clause.verb, clause.verb_word = word.name, word.word

    def _into(self, word: Tag) -> None:
        clause = self._clause
        if word.word == "with" and not (clause.mentions and (clause.verb or self._verb_before) == "change"):
            if not clause.verb and not clause.mentions:
                clause.verb, clause.verb_word = "add", word.word
            return
        if self._clause.into is None and self._clause.mentions and word.word in {"into", "to", "with", "by", "for"}:
            self._clause.into = len(self._clause.mentions)

    def _near(self, word: Tag) -> None:
        if word.word == "by":
            self._into(word)
        self._next.near = bool(self._clause.mentions)

    def _count(self, word: Tag) -> None:
        self._next.count = max(1, min(MOST, int(word.name)))
        self._clause.count = int(word.name)

    def _size(self, word: Tag) -> None:
        self._next.size = float(word.name)

    def _colour(self, word: Tag) -> None:
        self._next.colour = word.name

    def _filler(self, word: Tag) -> None:
        if word.word in {"the", "this", "that", "its", "his", "her", "their", "my"}:
            self._next.definite = True
        if word.word in {"it", "this", "picture", "image", "photo", "everything", "scene", "whole", "photograph"}:
            # "a picture of a red, shiny car" is not about the whole picture.
            self._clause.whole = self._clause.whole or self._next.count is None

    def _place(self, word: Tag) -> None:
        self._clause.place = word.name
        if self._clause.mentions:
            self._clause.mentions[-1] = replace(self._clause.mentions[-1], place=word.name)

    def _quote(self, word: Tag) -> None:
        self._clause.texts.append(word.name)
        if self._clause.mentions and self._clause.mentions[-1].name == "sign":
            self._clause.mentions[-1] = replace(self._clause.mentions[-1], text=word.name)

    def _finish(self, word: Tag) -> None:
        self._clause.finishes.append(word.name)

    def _unknown(self, word: Tag) -> None:
        self._clause.unknown.append(word.word)

    def _part(self, word: Tag) -> None:
        self._mention(Mention("part", word.name, word.word))

    def _thing(self, word: Tag) -> None:
        count = self._next.count or (3 if word.plural else None)
        self._mention(Mention("thing", word.name, word.word, count))

    def _hat(self, word: Tag) -> None:
        self._mention(Mention("hat", word.name, word.word, self._next.count or (3 if word.plural else None)))

    def _land(self, word: Tag) -> None:
        self._mention(Mention("land", word.name, word.word))

    def _weather(self, word: Tag) -> None:
        self._mention(Mention("weather", word.name, word.word))

    def _hour(self, word: Tag) -> None:
        self._mention(Mention("hour", word.name, word.word))

    def _mention(self, mention: Mention) -> None:
        pending, self._next = self._next, _Pending()
        place = "" if self._clause.mentions else self._clause.place  # "on the left a tree", "the left tree"
        found = replace(mention, definite=pending.definite, colour=pending.colour, size=pending.size, place=place)
        if pending.near and self._clause.mentions:
            last = self._clause.mentions[-1]
            self._clause.mentions[-1] = replace(last, near=mention.name)
        self._clause.mentions.append(found)

    def _subject(self) -> int:
        """Which mention an adjective at the end belongs to: "paint the dog next to the house blue" means the dog."""
        mentions = self._clause.mentions
        return -2 if len(mentions) > 1 and mentions[-2].near == mentions[-1].name else -1

    def _leftovers(self) -> None:
        pending, clause = self._next, self._clause
        if not pending.colour and pending.size == 1.0:
            return
        if clause.mentions and clause.into is None:
            index = self._subject()
            last = clause.mentions[index]
            clause.mentions[index] = replace(last, colour=last.colour or pending.colour, size=last.size * pending.size)
        clause.colour = pending.colour
