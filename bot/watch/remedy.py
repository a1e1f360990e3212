"""What a failure at Google means to the operator, who can mend what members are only sorry about. Pure."""

from __future__ import annotations

from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import Crowded, Declined, Failure, Misconfigured, Uncertain
from bot.reason import reason


def remedy(failure: Failure, settings: Settings, catalogue: Catalogue) -> str:
    """A sentence, and its remedy in a second line."""
    kind = _kind(failure)
    if f"google_{kind}" not in catalogue.texts["check"]:
        kind = "odd"
    gemini = settings.gemini
    values = {
        "variable": gemini.api_key_env,
        "url": gemini.base_url,
        "model": failure.values.get("model", gemini.model),
        "detail": _detail(failure),
    }
    return catalogue.say(f"check.google_{kind}", **values)


def _kind(failure: Failure) -> str:
    match failure:
        case Misconfigured():
            return failure.key.removeprefix("misconfigured_")
        case Declined():
            return "declined"
        case Crowded() if failure.key != "unreached":
            return "crowded" if failure.key.startswith("crowded") else "busy"
        case Crowded() | Uncertain():
            return "away"
        case _:
            return "odd"


def _detail(failure: Failure) -> str:
    """Google's own words, or those of the connection."""
    told = failure.values.get("message") or failure.values.get("reason") or reason(failure.__cause__)
    return " ".join(str(told).split()).rstrip(".") or "no answer came"
