"""Everything that can go wrong around a call, as one of our failures. Pure, but for a clock and an id."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ConnectionTimeoutError
from google.genai.errors import APIError

from bot.errors import Crowded, Failure, Misconfigured, Uncertain, Unexpected, Unsigned

UNSIGNED = re.compile(r"thought[_ ]signature", re.IGNORECASE)  # Google has no code for it, only these words
BROKE = re.compile(r"prepayment credits|spending cap|billing (?:is|has been|account)", re.IGNORECASE)
SECONDS = re.compile(r"(\d+(?:\.\d+)?)(h|m|s)")
PAUSE = re.compile(r"retry in ((?:\d+(?:\.\d+)?[hms])+)")


@dataclass(frozen=True, slots=True)
class Stake:
    """What is lost with an answer: the dollars that Google may have charged, and the seconds it took."""

    model: str
    dollars: float = 0.0
    seconds: float = 0.0


def from_exception(error: Exception, stake: Stake) -> Failure:
    """What an exception of the SDK or of its connection means."""
    match error:
        case APIError():
            return from_status(error.code, error.details, stake)
        case ClientConnectorError() | ConnectionTimeoutError():  # nothing was sent, so nothing was painted
            return Crowded("uncertain_dropped")
        case TimeoutError():
            return _late(stake)
        case ClientError():
            return Uncertain("uncertain_dropped", dollars=stake.dollars)
        case JSONDecodeError() | UnicodeDecodeError():
            return Uncertain("uncertain_garbled", dollars=stake.dollars)
        case _:
            return unexpected(str(error), type(error).__name__)


def from_body(body: Mapping[str, Any], stake: Stake) -> Failure:
    """What a body `{"error": …}` means."""
    return from_status(int(body["error"].get("code") or 500), body, stake)


def from_status(code: int, body: Any, stake: Stake) -> Failure:
    """What an HTTP status and its body mean; the body may be anything."""
    fault = _fault(body)
    match code:
        case 429:
            return _limited(fault)
        case 500:
            return Crowded("internal", tries=1)
        case 503:
            return Crowded("overloaded", tries=1)
        case 504 | 499 | 408:
            return _late(stake)
        case 502:
            return Uncertain("uncertain_dropped", dollars=stake.dollars)
        case _:
            return _ours(code, fault, stake)


def _late(stake: Stake) -> Uncertain:
    return Uncertain("uncertain_deadline", dollars=stake.dollars, seconds=round(stake.seconds))


def unexpected(message: str, status: str = "") -> Unexpected:
    """Something nobody thought of, under an id of its own."""
    return Unexpected("unexpected", id=secrets.token_hex(4), message=message, status=status)


def _ours(code: int, fault: Mapping[str, Any], stake: Stake) -> Failure:
    """A request that Google will not take again either, until somebody changes something."""
    message, status = str(fault.get("message", "")), str(fault.get("status", ""))
    reasons = {str(each.get("reason")) for each in _details(fault, "ErrorInfo")}
    if UNSIGNED.search(message):
        return Unsigned("unsigned", message=message)
    if code == 402 or "BILLING_DISABLED" in reasons or BROKE.search(message):
        return Misconfigured("misconfigured_billing", message=message)
    if code in {401, 403} or "API_KEY_INVALID" in reasons:
        return Misconfigured("misconfigured_key", message=message)
    if status == "FAILED_PRECONDITION":
        return Misconfigured("misconfigured_place", message=message)
    if code == 404:
        return Misconfigured("misconfigured_model", model=stake.model, message=message)
    return unexpected(message, f"{code} {status}".strip())


def _limited(fault: Mapping[str, Any]) -> Failure:
    message = str(fault.get("message", ""))
    if BROKE.search(message):
        return Misconfigured("misconfigured_billing", message=message)
    after = _after(fault)
    quotas = str([failure.get("violations") for failure in _details(fault, "QuotaFailure")])
    if after is None:
        return Crowded("crowded_quota", message=message)
    when = f"<t:{round(time.time() + after)}:R>"
    return Crowded("crowded_day" if "PerDay" in quotas else "crowded_minute", after=after, when=when, message=message)


def _after(fault: Mapping[str, Any]) -> float | None:
    """Seconds until another try is worth it, as the details or, failing them, the words tell."""
    delays = [str(each["retryDelay"]) for each in _details(fault, "RetryInfo") if "retryDelay" in each]
    told = PAUSE.search(str(fault.get("message", "")))
    delay = delays[0] if delays else told[1] if told else ""
    found = SECONDS.findall(delay)
    return sum(float(number) * {"h": 3600, "m": 60, "s": 1}[unit] for number, unit in found) if found else None


def _fault(body: Any) -> Mapping[str, Any]:
    """The error inside a body; proxies answer lists, pages and strings."""
    if isinstance(body, list) and body:
        body = body[0]
    inner = body.get("error", body) if isinstance(body, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _details(fault: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    details = fault.get("details")
    for each in details if isinstance(details, list) else []:
        if isinstance(each, dict) and str(each.get("@type", "")).endswith(f".{kind}"):
            yield each
