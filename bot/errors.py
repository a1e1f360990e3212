"""The tree of what can go wrong. An error's type tells the program what to do; its text is for people.

::

    EaselError
    ├── Refusal              the ask was not accepted; nothing was painted, nothing is charged
    │   ├── NothingAsked     neither words nor pictures
    │   ├── UnusablePictures every picture of the ask was unusable
    │   ├── OverLimit        there is no room for it now
    │   ├── Uninvited        whose thread it is lets others ask
    │   ├── Missed           asked while the bot was away: too long ago, or too much of it
    │   ├── Barred           moderators have paused the bot there, or keep the member or the place out
    │   └── ForeignPicture   it belongs to somebody who does not agree
    │       └── WordWanted   … who is to be asked first
    ├── Failure              accepted, and then it came to nothing
    │   ├── Declined         the model said no; free
    │   ├── Blank            nothing came of it; the same words may well be painted the next time
    │   ├── Crowded          Google is overloaded or a limit is reached; worth another try, `after` seconds
    │   ├── Misconfigured    only the operator can mend it: key, model, billing, place
    │   ├── Uncertain        the answer was lost on its way; it may have been charged
    │   ├── Vanished         the picture to be edited was deleted meanwhile; free
    │   ├── Withdrawn        moderators don't let its asker ask any more; free
    │   ├── Unsigned         the model wants a signature that we do not have: ask without the history
    │   └── Unexpected       everything else; the log has it under `id`
    ├── BadPicture           a file that is no picture we can use, by `reason`
    ├── Unlisted             it can't stand on a list of moderators'; nothing is changed
    ├── Unreachable          Discord will not take a message there, now or ever
    └── Unstartable          said to the operator at start, instead of a traceback

The text of each is the catalogue's, under `error.<key>` with the error's values filled in.
"""

from __future__ import annotations

from typing import ClassVar


class EaselError(Exception):
    """The root. `key` names its sentence in the catalogue; `values` fill it in."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between processes; the usual way calls `__init__` and knows no keywords."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class Refusal(EaselError):
    """The ask was not accepted: nothing was painted and nothing is charged."""


class NothingAsked(Refusal):
    """Neither words nor pictures."""


class UnusablePictures(Refusal):
    """All pictures of the ask were unusable."""


class OverLimit(Refusal):
    """A limit has no room for it now; it counts as no refusal, and is told at most once in a while."""


class Uninvited(Refusal):
    """Not everybody may ask in this thread; counts as no refusal, and is told at most once in a while."""


class Barred(Refusal):
    """Moderators let nobody ask there, or not this member; counts as no refusal, and is told once in a while."""


class Missed(Refusal):
    """It was asked while the bot was away, and too long ago or too much; counts as no refusal, and is told once."""


class ForeignPicture(Refusal):
    """The picture was posted by somebody who does not agree to its being edited, or can't."""


class WordWanted(ForeignPicture):
    """`whose` the picture is, is to be asked first; `which` is its version, where it is one."""

    def __init__(self, key: str, *, whose: int, whose_name: str = "", which: int | None = None) -> None:
        super().__init__(key)
        self.whose = whose
        self.whose_name = whose_name
        self.which = which


class Failure(EaselError):
    """The ask was accepted and came to nothing. `dollars` is what Google reported or may have charged.

    `again` says that the very same ask may work another time, so that its asker is offered that.
    """

    again: ClassVar[bool] = False

    def __init__(self, key: str, *, dollars: float = 0.0, **values: object) -> None:
        super().__init__(key, **values)
        self.dollars = dollars


class Declined(Failure):
    """The model would not paint it."""


class Blank(Failure):
    """The model answered, and there was nothing in it."""

    again = True


class Crowded(Failure):
    """Google is overloaded, or a limit of the project is reached. `after` is seconds until it is worth another try."""

    again = True

    def __init__(self, key: str, *, dollars: float = 0.0, after: float | None = None, **values: object) -> None:
        super().__init__(key, dollars=dollars, **values)
        self.after = after


class Misconfigured(Failure):
    """Only the operator can mend it."""


class Uncertain(Failure):
    """The answer was lost on its way: the picture may have been painted and charged."""

    again = True


class Unsigned(Failure):
    """The model refuses the history for its signatures."""

    again = True


class Vanished(Failure):
    """The picture to be edited was deleted while the ask waited."""


class Withdrawn(Failure):
    """While it waited, moderators have decided that its asker may not ask any more; the `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.key)
        self.values = refusal.values


class Unexpected(Failure):
    """Something nobody thought of; the log has it under `id`."""

    again = True


class BadPicture(EaselError):
    """A file that is no picture we can use; the catalogue's `picture.<key>` says why."""


class Unlisted(EaselError):
    """What moderators want on a list can't stand there; nothing is changed."""


class Unreachable(EaselError):
    """Discord takes no message there. `forever` where trying again is no use (gone, forbidden, locked).

    `denied` where the bot lacks a permission: trying again is no use until somebody gives it.
    """

    def __init__(self, key: str, *, forever: bool, denied: bool = False, **values: object) -> None:
        super().__init__(key, **values)
        self.forever = forever
        self.denied = denied

    @property
    def closed(self) -> bool:
        """Whether somebody can still open what is closed: trying again is no use until then."""
        return self.key == "closed"


class Unstartable(EaselError):
    """The program cannot start; the text tells the operator the remedy."""
