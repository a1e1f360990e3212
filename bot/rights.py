"""Who may press what, and give which command: the one table of it. Pure.

A right says what it takes; limits, blocks, consent and rules on words hold for every picture besides. Commands begin
with a slash, entries of menus with `menu.`; all other keys are verbs of custom ids, with one argument where it matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Right(Enum):
    """What it takes."""

    LOOK = "look"  #: to see it: what comes of it only the presser sees, or it is a word to moderators
    WRITE = "write"  #: to be allowed to write there, for everybody sees what comes of it
    ASK = "ask"  #: the same, and a say in what is painted: not everybody has one in every thread
    OWN = "own"  #: that it is one's own, and nobody else's business
    TAKE_BACK = "take_back"  #: that it is one's own, or to moderate there
    MODERATE = "moderate"  #: to moderate in the whole server
    EXPEL = "expel"  #: to be allowed to keep members out
    MANAGE = "manage"  #: to manage the server


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever presses or commands. In a direct message somebody is alone with the bot, and moderates nothing."""

    writes: bool = True  #: may write there
    welcome: bool = True  #: the thread's settings let them ask
    own: bool = True  #: they asked for it, started it, or are asked themselves
    moderates_here: bool = False  #: Manage Messages or Manage Threads in this place
    moderates: bool = False  #: the same, or Manage Server, by what their roles allow everywhere
    expels: bool = False  #: Manage Server or Time out members
    manages: bool = False  #: Manage Server


RIGHTS: Mapping[str, Right] = MappingProxyType(
    {
        # commands
        "/imagine": Right.ASK,
        "/recipe": Right.ASK,
        "/history": Right.LOOK,
        "/compare": Right.LOOK,
        "/timelapse": Right.LOOK,
        "/settings": Right.LOOK,
        "/help": Right.LOOK,
        "/usage": Right.LOOK,
        "/privacy": Right.LOOK,
        "/my-data": Right.LOOK,
        "/consent": Right.LOOK,
        "/consent:default": Right.MANAGE,
        "/limits": Right.MANAGE,
        "/block": Right.MANAGE,
        "/unblock": Right.MANAGE,
        "/words": Right.MANAGE,
        "/audit": Right.MANAGE,
        "/retention": Right.MANAGE,
        "/report": Right.MANAGE,
        # in the menu of every message
        "menu.edit": Right.ASK,
        "menu.information": Right.LOOK,
        "menu.report": Right.LOOK,
        # under a picture, and the forms that open from there
        "edit": Right.ASK,
        "edited": Right.ASK,
        "retry": Right.ASK,
        "vary": Right.ASK,
        "undo": Right.ASK,
        "from": Right.ASK,
        "more": Right.LOOK,
        "original": Right.LOOK,
        "information": Right.LOOK,
        "extend": Right.ASK,
        "render": Right.ASK,
        "recipes": Right.ASK,
        "recipe": Right.ASK,
        "reciped": Right.ASK,
        "delete": Right.TAKE_BACK,
        "erase": Right.TAKE_BACK,
        "report": Right.LOOK,
        "reporting": Right.LOOK,
        # small questions, and what waits or failed
        "pick": Right.ASK,
        "base": Right.ASK,
        "brought": Right.ASK,
        "sent": Right.ASK,
        "again": Right.ASK,
        "reword": Right.ASK,
        "cancel": Right.TAKE_BACK,
        # sheets, comparisons, films
        "history": Right.LOOK,
        "leap": Right.LOOK,
        "compare": Right.LOOK,
        "wipe": Right.LOOK,
        "blink": Right.LOOK,
        "show_history": Right.WRITE,
        "show_compare": Right.WRITE,
        "show_wipe": Right.WRITE,
        "show_blink": Right.WRITE,
        "show_timelapse": Right.WRITE,
        # settings, one's own data, one's own pictures
        "help": Right.LOOK,
        "settings": Right.LOOK,
        "set:here": Right.TAKE_BACK,
        "set:server": Right.MODERATE,
        "forget": Right.OWN,
        "consent": Right.OWN,
        "stance": Right.LOOK,
        # moderators
        "judge:delete": Right.MODERATE,
        "judge:dismiss": Right.MODERATE,
        "judge:block": Right.EXPEL,
        "audit": Right.MANAGE,
        "limits": Right.MANAGE,
        "retain": Right.MANAGE,
        "show_usage": Right.MANAGE,
    }
)

#: What is said where somebody lacks a right; about what is somebody's own, those say more who know whose.
TOLD: Mapping[Right, str] = MappingProxyType(
    {
        Right.WRITE: "error.may_not_write",
        Right.ASK: "error.may_not_write",
        Right.MODERATE: "rights.moderators_only",
        Right.EXPEL: "rights.expelling_only",
        Right.MANAGE: "rights.managers_only",
    }
)


def right(key: str) -> Right | None:
    """The right that a command or a custom id takes; None for one that there is not, or not any more."""
    verb, *arguments = key.split(":")
    return RIGHTS.get(":".join([verb, *arguments[:1]])) or RIGHTS.get(verb)


def may(needed: Right, person: Person) -> bool:
    """Whether somebody has it."""
    return {
        Right.LOOK: True,
        Right.WRITE: person.writes,
        Right.ASK: person.writes and person.welcome,
        Right.OWN: person.own,
        Right.TAKE_BACK: person.own or person.moderates_here,
        Right.MODERATE: person.moderates,
        Right.EXPEL: person.expels,
        Right.MANAGE: person.manages,
    }[needed]
