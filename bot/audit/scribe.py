"""What the audit channel reads: entries as lines, lines as pages, a report as a message of its own. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import receipt
from bot.catalogue import Catalogue
from bot.letters import TEXT_LIMIT, Button, cut
from bot.limits.values import Values
from bot.moments import HOUR, clock, moment
from bot.rules.rules import Subject
from bot.store import Entry
from bot.store.audit import SETTING
from bot.views.card import address

LATER = 6 * HOUR  #: seconds after which a line bears its day anew
WORDS = 200  #: characters of somebody's words in a line
WHY = 240  #: and of what they were told
REASON = 400  #: of what a reporter says
CHANGES = {"change", SETTING}
DEEDS = ("delete", "block", "dismiss")  #: what moderators can do about a report


@dataclass(frozen=True)
class Scribe:
    """Writes for a server. `links` are messages to point at, by an entry's id, better than the one that it knows.

    `models` are the names of models by their ids.
    """

    catalogue: Catalogue
    links: Mapping[int, int]
    models: Mapping[str, str] = field(default_factory=dict)

    def page(self, entries: Sequence[Entry]) -> tuple[int, str]:
        """As many of the entries, from the first, as one message holds, and its text."""
        lines: list[str] = []
        for told in self.lines(entries):
            if lines and sum(map(len, lines)) + len(lines) + len(told) > TEXT_LIMIT:
                break
            lines.append(cut(told, TEXT_LIMIT))
        return len(lines), "\n".join(lines)

    def lines(self, entries: Sequence[Entry]) -> Iterator[str]:
        """Entries one below the other: the day stands in the first line, and where a line is much later than that."""
        since = -math.inf
        for entry in entries:
            much = abs(entry.at - since) >= LATER
            since = entry.at if much else since
            yield f"{moment(entry.at) if much else clock(entry.at)} {self._said(entry)}"

    def line(self, entry: Entry) -> str:
        """An entry on one line."""
        return next(self.lines([entry]))

    def _said(self, entry: Entry) -> str:
        """One that can't be read, of another version's, stops none of those after it."""
        try:
            return self._changed(entry) if entry.kind in CHANGES else self._happened(entry)
        except (KeyError, TypeError, ValueError):
            return self._other(entry, entry.kind)

    def _happened(self, entry: Entry) -> str:
        told, say = entry.told, self.catalogue.say
        words, numbers = receipt.plain(told["words"], WORDS), told.get("numbers") or ()
        what = "answered" if told["what"] == "painted" and not numbers else told["what"]
        return say(
            f"audit.{what}",
            who=self._who(entry.member),
            words=say("receipt.words", words=words) if words else say("audit.wordless"),
            link=self._link(entry),
            numbers=_span(numbers),
            dollars=receipt.dollars(told.get("dollars", 0.0)),
            why=_flat(told["why"], WHY),
            by=self._who(told["by"]) if told.get("by") else say("audit.themselves"),
        )

    def _changed(self, entry: Entry) -> str:
        told, say, who = entry.told, self.catalogue.say, self._who(entry.member)
        match told["what"]:
            case "rule" | "limit" | "setting":
                values = Values(self.catalogue, self.models)
                was, now = (values.told(told["name"], _unwrapped(told[each])) for each in ("before", "after"))
                return say("audit.changed", who=who, what=self._what(entry), was=was, now=now)
            case "stance":
                line = say(
                    "audit.allowed" if told["allowed"] else "audit.blocked", who=who, subject=self._subject(told)
                )
                return " · ".join([line, *self._terms(told), *self._before(told)])
            case "words":
                words = [*(f"+ {each}" for each in told["added"]), *(f"− {each}" for each in told["removed"])]
                words += ["…"] if len(words) < told["plus"] + told["minus"] else []
                return say("audit.listed", who=who, words=receipt.plain(self.catalogue.enumerated(words), WHY))
            case "lifted":
                lifted = say("audit.lifted", who=who, subject=self._subject(told))
                return " · ".join([lifted, *self._before(told)])
            case "deleted" | "dropped":
                return self._went(entry)
        return self._other(entry, told["what"])

    def _terms(self, stance: Mapping[str, Any]) -> Sequence[str]:
        """Until when somebody or something is let in or kept out, and why."""
        until = [self.catalogue.say("audit.until", when=moment(stance["until"]))] if stance["until"] else []
        return [*until, *([receipt.plain(stance["reason"], WORDS)] if stance["reason"] else [])]

    def _before(self, told: Mapping[str, Any]) -> Sequence[str]:
        """What had been decided; entries of earlier versions don't know it."""
        if "was" not in told:
            return []
        was, say = told["was"], self.catalogue.say
        stood = [say("audit.let_in" if was["allowed"] else "audit.kept_out"), *self._terms(was)] if was else []
        return [say("audit.before", was=self.catalogue.enumerated(stood) or say("audit.unset"))]

    def _went(self, entry: Entry) -> str:
        """A picture, or lines that nobody was told."""
        told, say = entry.told, self.catalogue.say
        if told["what"] == "dropped":
            return say("audit.dropped", count=told["count"])
        named = {"number": told["number"], "asker": self._who(told["asker"])}
        return say("audit.deleted", who=self._who(entry.member), link=self._link(entry), **named)

    def _other(self, entry: Entry, what: str) -> str:
        values = (f"{name} {value}" for name, value in entry.told.items() if name not in {"what", "name_of"})
        told = receipt.plain(", ".join(values), WHY)
        return self.catalogue.say("audit.other", who=self._who(entry.member), what=_words(what), values=told)

    def _what(self, entry: Entry) -> str:
        """What was changed, and whose it is."""
        told, say = entry.told, self.catalogue.say
        if told["what"] == "limit":
            role = "@everyone" if told["role"] == entry.server else f"<@&{told['role']}>"
            return say("audit.of_role", name=self._called(told["name"], "dimension."), role=role)
        name = self._called(told["name"], "settings.", "audit.rule_")
        if told.get("thread"):
            return say("audit.of_thread", name=name, thread=f"<#{told['thread']}>")
        return say("audit.of_server", name=name)

    def _called(self, name: str, *places: str) -> str:
        """What it is called where it is set; its own name, where it is new."""
        for key in (f"{place}{name}" for place in places):
            section, _, short = key.partition(".")
            if short in self.catalogue.texts[section]:
                return self.catalogue.say(key)
        return _words(name)

    def report(self, entry: Entry, *, gone: bool) -> str:
        """A report, with what was done about it."""
        told, say = entry.told, self.catalogue.say
        named = {"who": self._who(entry.member), "asker": self._who(told["asker"]), "number": told["number"]}
        lines = [say("reports.head", link=self._link(entry), when=moment(entry.at), **named)]
        if told["reason"]:
            lines.append(f"> {receipt.plain(told['reason'], REASON)}")
        if told["words"]:
            lines.append(say("reports.words", words=receipt.plain(told["words"], WORDS)))
        done = [say(f"reports.did_{deed}", who=self._who(by)) for deed, by in told["deeds"]]
        if gone and not any(deed == "delete" for deed, _ in told["deeds"]):
            done.append(say("reports.gone"))
        elif told["restricted"] and not gone:
            lines.append(say("reports.restricted"))
        return cut("\n".join([*lines, *(f"-# {each}" for each in done)]), TEXT_LIMIT)

    def report_buttons(self, entry: Entry, *, gone: bool) -> tuple[Button, ...]:
        """What can still be done about it."""
        done = {deed for deed, _ in entry.told["deeds"]}
        moot = done | ({"delete"} if gone else set())
        if "dismiss" in done or {"delete", "block"} <= moot:
            return ()
        left, say = [each for each in DEEDS if each not in moot], self.catalogue.say
        names = {"dismiss": say("reports.close") if done else say("reports.dismiss")}
        return tuple(
            Button(names.get(each) or say(f"reports.{each}"), f"judge:{each}:{entry.id}", danger=each == "delete")
            for each in left
        )

    def _who(self, member: int | None) -> str:
        """Somebody; whoever was forgotten is known by a mark, which nobody could read."""
        return f"<@{member}>" if member and member > 0 else self.catalogue.say("audit.forgotten")

    def _subject(self, told: Mapping[str, Any]) -> str:
        of, subject = Subject(told["of"]), told["subject"]
        return self._who(subject) if of is Subject.MEMBER else of.mention(subject)

    def _link(self, entry: Entry) -> str:
        known = self.links.get(entry.id) or entry.told.get("message")
        channel = entry.told.get("channel")
        return address(entry.server, channel, known) if channel else f"https://discord.com/channels/{entry.server}"


def _span(numbers: Sequence[int]) -> str:
    ends = [f"v{each}" for each in (*numbers[:1], *numbers[1:][-1:])]
    return "–".join(ends)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _unwrapped(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _flat(text: str, limit: int) -> str:
    """A sentence of ours on one line, its stars left out: cut, they would make all that follows bold."""
    return cut(" ".join(text.replace("**", "").replace("`", "").split()), limit)
