"""A body that Google answered 200 with, as parts and their price, or as the failure that it tells. Pure.

Refusals come as 200 too: a blocked prompt has no candidate, a withheld picture a finishReason and a finishMessage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any

import orjson
import pybase64

from bot.errors import Blank, Declined, Failure, Uncertain
from bot.gemini import reasons
from bot.gemini.blobs import Blobs, cut
from bot.gemini.trouble import Stake, from_body
from bot.model import Request, Text
from bot.price import dollars, estimate
from bot.tokens import Usage

FINE = {"STOP", "MAX_TOKENS", "FINISH_REASON_UNSPECIFIED"}  #: with these, what came is kept

WORDS = 200_000  #: characters; the models that paint write 32,768 tokens at most
TOKENS = 1_000_000  #: of a kind; no model reads or writes more at once


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it came: the very bytes, and what Google says they are, if it does."""

    data: bytes
    mime: str
    thought: bool = False
    signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The model's parts in its order, and what they cost."""

    parts: tuple[Text | Drawn, ...]
    usage: Usage
    dollars: float


def read(raw: bytes, request: Request) -> Answer:
    """The answer in a body of some megabytes: work for a thread. Raises a Failure with what it cost."""
    try:
        json, blobs = cut(raw)
        return interpret(orjson.loads(json), request, blobs)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Uncertain("uncertain_garbled", dollars=estimate(request)) from error


def interpret(body: Mapping[str, Any], request: Request, blobs: Blobs) -> Answer:
    """The answer in a decoded body, its `blobs` beside it. Raises a Failure, or whatever another shape leads to."""
    if "error" in body:
        raise from_body(body, Stake(request.model.id, estimate(request)))
    candidate = (body.get("candidates") or [{}])[0]
    parts = tuple(_parts((candidate.get("content") or {}).get("parts") or [], blobs))
    if sum(len(part.text) for part in parts if isinstance(part, Text)) > WORDS:
        raise ValueError("more words than any model writes")
    usage = _reported(body.get("usageMetadata"), painted=any(isinstance(part, Drawn) for part in parts))
    failure = _refusal(body) or _without_answer(candidate, parts)
    untold = 0.0 if isinstance(failure, Declined) else estimate(request)
    cost = dollars(request.model.price, usage) if usage else untold
    if failure is not None:
        failure.dollars = cost
        raise failure
    return Answer(parts, usage or Usage(), cost)


def _refusal(body: Mapping[str, Any]) -> Failure | None:
    """The prompt itself was not accepted."""
    feedback = body.get("promptFeedback") or {}
    reason = feedback.get("blockReason")
    return reasons.blocked(reason, _text(feedback.get("blockReasonMessage"))) if reason else None


def _without_answer(candidate: Mapping[str, Any], parts: tuple[Text | Drawn, ...]) -> Failure | None:
    reason, message = _text(candidate.get("finishReason")) or "STOP", _text(candidate.get("finishMessage"))
    if _pictured(reason, parts):
        return None
    if reason != "STOP":
        return reasons.ended(reason, message)
    if any(part.text.strip() for part in parts if isinstance(part, Text) and not part.thought):
        return None
    return Blank("empty_words" if parts else "empty_parts" if candidate else "empty_answer", message=message)


def _pictured(reason: str, parts: tuple[Text | Drawn, ...]) -> bool:
    """A picture that may be shown; of an answer that broke off somehow, only one that is no thought."""
    pictures = [part for part in parts if isinstance(part, Drawn)]
    if reason in FINE:
        return bool(pictures)
    return reason not in reasons.WITHHELD and any(not picture.thought for picture in pictures)


def _parts(parts: list[Mapping[str, Any]], blobs: Blobs) -> Iterator[Text | Drawn]:
    for part in parts:
        thought, signature = bool(part.get("thought")), _bytes(part.get("thoughtSignature"), blobs)
        if blob := part.get("inlineData"):
            yield Drawn(_bytes(blob["data"], blobs) or b"", _text(blob["mimeType"]), thought, signature)
        elif "text" in part or signature is not None:
            yield Text(_text(part.get("text")), thought, signature)


def _bytes(encoded: str | None, blobs: Blobs) -> bytes | None:
    return None if encoded is None else pybase64.b64decode(blobs.get(encoded, encoded), validate=True)


def _text(value: object) -> str:
    """What is no text is none: the picture beside it is paid for all the same."""
    return value if isinstance(value, str) else ""


def _reported(reported: Any, *, painted: bool) -> Usage | None:
    """None where Google says nothing of it, or nothing that can be believed."""
    try:
        usage = _usage(reported, painted=painted) if reported else None
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return usage if usage and all(type(each) is int and 0 <= each <= TOKENS for each in astuple(usage)) else None


def _usage(reported: Mapping[str, Any], *, painted: bool) -> Usage:
    """Tokens without counting twice: where nothing was painted, `candidates` may repeat the thoughts."""
    prompt, thoughts = reported.get("promptTokenCount", 0), reported.get("thoughtsTokenCount", 0)
    candidates = reported.get("candidatesTokenCount", 0)
    if total := reported.get("totalTokenCount"):
        candidates = min(candidates, max(total - prompt - thoughts, 0))
    details = reported.get("candidatesTokensDetails") or []
    images = sum(each.get("tokenCount", 0) for each in details if each.get("modality") == "IMAGE")
    return Usage(prompt, candidates, thoughts, images or (candidates if painted and not details else 0))
