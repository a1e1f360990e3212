"""What `/limits` says of a role, a member, the server and its lists, and where each thing comes from. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot import receipt
from bot.catalogue import Catalogue
from bot.config import Limits
from bot.letters import TEXT_LIMIT, cut
from bot.limits.values import Values
from bot.moments import moment, relative
from bot.rules.allowance import Allowance, Block, Broken, Decisions, Grant, Row
from bot.rules.amounts import MONEY
from bot.rules.dimension import DIMENSIONS
from bot.rules.rules import Stance, Subject

LISTED = 12  #: stances, and broken rows, that a page names
REASON = 100  #: characters of one's reason


@dataclass(frozen=True)
class Use:
    """What somebody, or a server, has used of an amount, and when some of it comes back; in seconds since the epoch."""

    amount: float
    back: float | None = None


@dataclass(frozen=True)
class Board:
    """Writes the pages for what is decided.

    `models` are the names of models by their ids; `there` are the roles and channels that the server has, where known.
    """

    decisions: Decisions
    fence: Limits
    models: Mapping[str, str]
    catalogue: Catalogue
    now: float
    there: Mapping[Subject, Collection[int] | None] = field(default_factory=dict)
    used: Mapping[str, Use] = field(default_factory=dict)
    relaxable: bool = False  #: the operator lets moderators choose milder filters for age-restricted channels

    @property
    def is_broken(self) -> bool:
        """Something is written that can't be read, or is about what is gone."""
        return bool(self.decisions.broken or self.decisions.rules.broken or self.gone)

    @property
    def gone(self) -> list[Stance]:
        """Stances to roles and channels that are not there any more."""
        return [each for each in self.decisions.stances if self._is_gone(each)]

    def _is_gone(self, stance: Stance) -> bool:
        there = self.there.get(stance.kind)
        return there is not None and stance.subject not in {*there, self.decisions.server}

    # -- a role --------------------------------------------------------------------------------------------------------

    def role(self, role: int) -> str:
        """What a role allows, in each dimension."""
        blocked = [*self._paused(), *self._held_up(self.decisions.blocks(role, self.now))]
        told = {name: self._of_role(role, name) for name in DIMENSIONS}
        lines = [self._say("heading_role", role=self.mention(role)), *blocked, *self._told(told, "open")]
        return _page([*lines, *self._lone(role), *self._fences(), *self._broken()])

    def _paused(self) -> list[str]:
        return [self._say("paused")] if self.decisions.rules.paused else []

    def _lone(self, role: int) -> Iterator[str]:
        """What it limits and @everyone does not: nobody but those who have it is held to anything."""
        everyone = self.decisions.server
        held = {each.name for each in self.decisions.rows if each.role == everyone}
        held |= {each.name for each in self.decisions.broken if each.role == everyone}
        alone = [name for name in DIMENSIONS if name not in {*held, "priority"} and self.row(role, name)]
        if alone:
            yield self._say("lone", names=self.catalogue.listed(map(self._dimension, alone)))

    def _of_role(self, role: int, name: str) -> str:
        if any((each.role, each.name) == (role, name) for each in self.decisions.broken):
            return self._line(name, "⚠️", self._say("unreadable"))
        if (row := self.row(role, name)) is None:
            return ""
        return self._line(name, self.value(name, row.value), self._source(row), self._short(name, row.value))

    def row(self, role: int, name: str) -> Row | None:
        """What a role says in a dimension, wherever that stands."""
        return next((each for each in self.decisions.rows if (each.role, each.name) == (role, name)), None)

    # -- a member ------------------------------------------------------------------------------------------------------

    def member(self, allowance: Allowance) -> str:
        """What holds for a member, which role gives it, and what of it is used."""
        member = allowance.member
        roles = self.catalogue.enumerated(self.mention(each) for each in sorted(allowance.roles))
        lines = [self._say("heading_member", member=f"<@{member.id}>"), self._say("roles", roles=roles)]
        lines += self._paused()
        lines += self._held_up(allowance.blocked(self.now))
        if allowance.exempt:
            lines.append(self._say("exempt"))
        told = {name: self._of_member(name, allowance.grants.get(name)) for name in DIMENSIONS}
        return _page([*lines, *self._told(told, "free"), *self._fences()])

    def _of_member(self, name: str, grant: Grant | None) -> str:
        if grant is None:
            return ""
        roles = self.catalogue.listed(dict.fromkeys(self.mention(each.role) for each in grant.rows))
        why = self._say("by_role", roles=roles, source=self._source(grant.rows[0]))
        return self._line(name, self.value(name, grant.value), why, self._short(name, grant.value), self._used(name))

    def _used(self, name: str) -> str:
        use = self.used.get(name)
        if use is None:
            return ""
        amount = receipt.dollars(use.amount) if name in MONEY else f"{round(use.amount)}"
        when = relative(use.back + 1) if use.back else ""
        return self._say("used_until", amount=amount, when=when) if when else self._say("used", amount=amount)

    # -- the server ----------------------------------------------------------------------------------------------------

    def server(self) -> str:
        """Its budgets, whom they hold for, and whether the bot is at work."""
        rules = self.decisions.rules
        lines = [self._say("heading_server"), self._say("state_paused" if rules.paused else "state_working")]
        lines.append(self._say("exempt_on" if rules.moderators_exempt else "exempt_off"))
        if self.relaxable:
            lines.append(self._say("filters_milder" if rules.relaxed else "filters_strictest"))
        lines += self._told({name: self._budget(name) for name in MONEY}, "budget_open")
        return _page([*lines, *self._fences(), *self._broken()])

    def _budget(self, name: str) -> str:
        amount = getattr(self.decisions.rules, name)
        if name in self.decisions.rules.broken:
            return self._line(name, "⚠️", self._say("unreadable"))
        if amount is None:
            return ""
        return self._line(name, self.value(name, amount), self._say("from_discord"), self._used(name))

    # -- its lists -----------------------------------------------------------------------------------------------------

    def listed(self, kind: Subject) -> str:
        """Who or what of a kind is let in, and kept out."""
        let_in, kept_out = self.stances(kind, allowed=True), self.stances(kind, allowed=False)
        everything = self._say(f"all_{kind}") if not let_in else self._say("only")
        lines = [self._say(f"listed_{kind}"), self._say("let_in", note=everything), *self._entries(let_in)]
        lines += [self._say("kept_out", note="" if kept_out else self._say("nobody")), *self._entries(kept_out)]
        return _page([*lines, self._say(f"note_{kind}")])

    def stances(self, kind: Subject, *, allowed: bool) -> list[Stance]:
        """Those that hold now, the newest first."""
        held = [each for each in self.decisions.stances if each.kind is kind and each.allowed is allowed]
        return sorted((each for each in held if each.holds(self.now)), key=lambda each: -each.at)

    def _entries(self, stances: Sequence[Stance]) -> Iterator[str]:
        for each in stances[:LISTED]:
            until, because = self.ending(each.until), self.because(each.reason)
            gone = f" {self._say('gone', id=each.subject)}" if self._is_gone(each) else ""
            who = self.subject(Subject.MEMBER, each.member)
            yield f"- {self.subject(each.kind, each.subject)}{gone}{until}{self._say('by_whom', who=who)}{because}"
        if len(stances) > LISTED:
            yield self._say("more", count=len(stances) - LISTED)

    # -- in words ------------------------------------------------------------------------------------------------------

    def value(self, name: str, value: object) -> str:
        """What is allowed in a dimension, as people read it."""
        return Values(self.catalogue, self.models).told(name, value)

    def mention(self, role: int) -> str:
        """A role's name; Discord shows no mention of @everyone well."""
        return "@everyone" if role == self.decisions.server else f"<@&{role}>"

    def subject(self, kind: Subject, subject: int) -> str:
        """Whom or what a stance is about; of members whose data was erased there is but a mark."""
        if subject < 0:
            return self._say("erased")
        return self.mention(subject) if kind is Subject.ROLE else kind.mention(subject)

    def ending(self, until: float | None) -> str:
        """How long it lasts, as the end of a sentence."""
        return "" if until is None else f" {self._say('until', when=moment(until))}"

    def because(self, reason: str) -> str:
        """Why, as the end of a sentence."""
        return self._say("because", reason=receipt.plain(reason, REASON)) if reason else ""

    def _held_up(self, block: Block | None) -> list[str]:
        if block is None:
            return []
        role = self.mention(block.role) if block.role is not None else ""
        ends = {"until": self.ending(block.until), "because": self.because(block.reason)}
        return [self._say(f"is_{block.key}", role=role, **ends)]

    def _fenced(self, name: str) -> str:
        """The operator's own fence in a dimension, where there is one."""
        most = self.fence.pictures_per_member_hour if name == "pictures_per_hour" else 0
        return str(most) if most else ""

    def _short(self, name: str, value: object) -> str:
        """Said where more is allowed than the operator lets through."""
        fence = self._fenced(name)
        return self._say("fence_lower", fence=fence) if fence and isinstance(value, int) and value > int(fence) else ""

    def _fences(self) -> Iterator[str]:
        limits = self.fence
        amounts = {
            "fence_hour": limits.pictures_per_member_hour,
            "fence_server": limits.pictures_per_server_day,
            "fence_short": limits.dollars_per_10_minutes and receipt.dollars(limits.dollars_per_10_minutes),
            "fence_day": limits.dollars_per_day and receipt.dollars(limits.dollars_per_day),
        }
        told = [self._say(key, most=most) for key, most in amounts.items() if most]
        if told:
            yield self._say("fence", fences=self.catalogue.listed(told))

    def _broken(self) -> Iterator[str]:
        told = [*map(self._flaw, self.decisions.broken), *map(self._rule, self.decisions.rules.broken)]
        told += [
            self._say("flaw_gone", subject=self.subject(each.kind, each.subject), id=each.subject) for each in self.gone
        ]
        if told:
            yield "\n".join([self._say("broken"), *told[:LISTED]])
        if len(told) > LISTED:
            yield self._say("more", count=len(told) - LISTED)

    def _flaw(self, broken: Broken) -> str:
        what, role = self._dimension(broken.name), self.mention(broken.role)
        raw = receipt.plain(broken.raw, REASON)
        return self._say(f"flaw_{broken.why}", what=what, role=role, id=broken.role, raw=raw)

    def _rule(self, name: str) -> str:
        if name in MONEY:
            return self._say("flaw_budget", what=self._dimension(name))
        if name == "retention_days":
            return self._say("flaw_retention")
        return self._say("flaw_rule", what=self.catalogue.say(f"audit.rule_{name}"))

    def _dimension(self, name: str) -> str:
        return self.catalogue.say(f"dimension.{name}")

    def _told(self, told: Mapping[str, str], key: str) -> Iterator[str]:
        """What there is to tell by dimension, and below it, on one small line, of which there is nothing."""
        yield from filter(None, told.values())
        if empty := [self._called(name) for name, line in told.items() if not line]:
            yield self._say(key, names=self.catalogue.enumerated(empty))

    def _called(self, name: str) -> str:
        fence = self._fenced(name)
        return self._say("fenced", what=self._dimension(name), fence=fence) if fence else self._dimension(name)

    def _source(self, row: Row) -> str:
        return self._say(f"from_{row.written}")

    def _line(self, name: str, value: str, *told: str) -> str:
        return self._say("line", what=self._dimension(name), value=value, told=" · ".join(filter(None, told)))

    def _say(self, key: str, **values: object) -> str:
        return self.catalogue.say(f"limits.{key}", **values)


def _page(lines: Sequence[str]) -> str:
    return cut("\n".join(lines), TEXT_LIMIT + TEXT_LIMIT // 2)
