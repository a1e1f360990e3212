"""What a check is, and what it finds: all well, a problem with its remedy, or nothing, since an earlier one failed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from bot.catalogue import Catalogue
from bot.errors import EaselError
from bot.reason import reason

PATIENCE = 10.0  #: seconds for a check that says nothing else


class State(Enum):
    """How a check ended: its sign for people, and its word for those who see no signs."""

    OK = ("✓", "ok")
    PROBLEM = ("✗", "problem")
    SKIPPED = ("–", "skipped")

    @property
    def sign(self) -> str:
        """One character."""
        return self.value[0]

    @property
    def word(self) -> str:
        """The same in a word."""
        return self.value[1]


@dataclass(frozen=True)
class Finding:
    """What one check tells, a line for each thing, and how to mend what is wrong."""

    state: State
    told: tuple[str, ...]
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """One thing to look at. Where one that it `needs` did not end well, it is skipped."""

    name: str
    look: Callable[[], Awaitable[Finding]]
    needs: tuple[str, ...] = ()


def fine(*told: str) -> Finding:
    """All is well."""
    return Finding(State.OK, told)


def problem(sentence: str, *details: str) -> Finding:
    """A sentence of the catalogue, its last line the remedy where it has more than one; details come in between."""
    told, _, remedy = sentence.rpartition("\n")
    return Finding(State.PROBLEM, (told or remedy, *details), remedy if told else "")


def skipped(told: str) -> Finding:
    """There was nothing to look at."""
    return Finding(State.SKIPPED, (told,))


async def run(checks: Iterable[Check], catalogue: Catalogue) -> AsyncIterator[tuple[str, Finding]]:
    """The checks' names and what each finds, one after the other; one that fails does not keep others from running."""
    unwell: set[str] = set()
    for check in checks:
        missing = [name for name in check.needs if name in unwell]
        if missing:
            finding = skipped(catalogue.say("check.waits", names=", ".join(missing)))
        else:
            finding = await _found(check, catalogue)
        if finding.state is not State.OK:
            unwell.add(check.name)
        yield check.name, finding


async def _found(check: Check, catalogue: Catalogue) -> Finding:
    try:
        return await check.look()
    except EaselError as error:
        return problem(catalogue.tell(error))
    except Exception as error:  # noqa: BLE001 - the other checks go on, whatever is wrong with this one
        detail = f"{type(error).__name__}: {reason(error)}"
        return problem(catalogue.say("check.broken", detail=detail))
