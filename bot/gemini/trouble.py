"""Everything that can go wrong around a call, as one of our failures. Pure, but for a clock and an id."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientPayloadError, ConnectionTimeoutError
from google.genai.errors import APIError

from bot.errors import Crowded, Declined, Failure, Misconfigured, Uncertain, Unexpected, Unsigned
from bot.moments import DAY, HOUR, MINUTE, relative
from bot.reason import reason

# Google has no code for these, only words.
UNSIGNED = re.compile(r"thought[_ ]signature", re.IGNORECASE)
LEAKED = re.compile(r"\bleaked\b", re.IGNORECASE)
SPENT = re.compile(r"prepayment credits|spending cap", re.IGNORECASE)
UNPAID = re.compile(r"(?:requires|enable) billing|billing (?:is|has been|account)", re.IGNORECASE)
UNPICTURED = re.compile(r"input image|MIME type", re.IGNORECASE)
UNSHAPED = re.compile(r"image[ _]?size|aspect[ _]?ratio", re.IGNORECASE)
NO_LIMIT = re.compile(r"\blimit: 0\b")

SECONDS = re.compile(r"(\d+(?:\.\d+)?)(h|m|s)")
PAUSE = re.compile(r"retry in ((?:\d+(?:\.\d+)?[hms])+)")
LATEST = 30 * DAY  #: that anybody is told to come back; no limit of Google's is longer
PACIFIC = -8 * HOUR  #: a project's day ends at midnight there, in summer an hour before we say so


@dataclass(frozen=True, slots=True)
class Stake:
    """What is lost with an answer: the dollars that Google may have charged, and the seconds it took."""

    model: str
    dollars: float = 0.0
    seconds: float = 0.0

    def lost(self, key: str, **values: object) -> Uncertain:
        """The answer is gone, and with it the stake."""
        return Uncertain(key, dollars=self.dollars, **values)


def from_exception(error: Exception, stake: Stake) -> Failure:
    """What an exception of the SDK or of its connection means."""
    match error:
        case APIError():
            return from_status(error.code, error.details, stake)
        case ClientConnectorError() | ConnectionTimeoutError():  # nothing was sent, so nothing was painted
            return Crowded("unreached", tries=1)
        case TimeoutError():
            return stake.lost("uncertain_deadline", seconds=round(stake.seconds))
        case ClientError():
            return stake.lost("uncertain_cut" if isinstance(error, ClientPayloadError) else "uncertain_dropped")
        case JSONDecodeError() | UnicodeDecodeError():  # the SDK parses nothing but errors
            return stake.lost("uncertain_error")
        case _:
            return Unexpected("unexpected", dollars=stake.dollars, id=_id(), message=reason(error))


def from_body(body: Mapping[str, Any], stake: Stake) -> Failure:
    """What a body `{"error": …}` means."""
    return from_status(int(body["error"].get("code") or 500), body, stake)


def from_status(code: int, body: Any, stake: Stake) -> Failure:
    """What an HTTP status and its body mean; the body may be anything."""
    fault = _fault(body)
    message = str(fault.get("message", ""))
    match code:
        case 429:
            return _limited(fault, message)
        case 500:
            return Crowded("internal", tries=1, message=message)
        case 503:
            return Crowded("overloaded", tries=1, message=message)
        case 504 | 499 | 408:
            return stake.lost("uncertain_late", message=message)
        case _ if code > 500:
            return stake.lost("uncertain_proxy", message=message)
        case _:
            return _asked_wrongly(code, fault, message) or _ours(code, fault, stake)


def _asked_wrongly(code: int, fault: Mapping[str, Any], message: str) -> Failure | None:
    """Something in this very request that Google does not take."""
    status = str(fault.get("status", ""))
    if code != 400 or status == "FAILED_PRECONDITION":
        return None
    if UNSIGNED.search(message):
        return Unsigned("unsigned", message=message)
    if UNSHAPED.search(message):
        return Misconfigured("misconfigured_shape", message=message)
    return Declined("declined_input", message=message) if UNPICTURED.search(message) else None


def _ours(code: int, fault: Mapping[str, Any], stake: Stake) -> Failure:
    """A request that Google will not take again either, until somebody changes something."""
    message, status = str(fault.get("message", "")), str(fault.get("status", ""))
    reasons = {str(each.get("reason")) for each in _details(fault, "ErrorInfo")}
    if code == 404 and status == "NOT_FOUND":
        return Misconfigured("misconfigured_model", model=stake.model, message=message)
    if key := _closed(code, status, reasons, message):
        return Misconfigured(f"misconfigured_{key}", message=message)
    return Misconfigured("misconfigured_request", id=_id(), status=f"{code} {status}".strip(), message=message)


def _closed(code: int, status: str, reasons: set[str], message: str) -> str | None:
    """What keeps this bot out, if anything does."""
    if code == 402 or "BILLING_DISABLED" in reasons or UNPAID.search(message):
        return "billing"
    if code == 401 or "API_KEY_INVALID" in reasons:
        return "key"
    if code == 403:
        return "leaked" if LEAKED.search(message) else "denied"
    if code == 404:
        return "address"
    return "place" if status == "FAILED_PRECONDITION" else None


def _limited(fault: Mapping[str, Any], message: str) -> Failure:
    violations = str([failure.get("violations") for failure in _details(fault, "QuotaFailure")])
    if SPENT.search(message):
        return Misconfigured("misconfigured_spent", message=message)
    if NO_LIMIT.search(message):
        return Misconfigured("misconfigured_free", message=message)
    after = _after(fault)
    if "PerDay" in violations or (after or 0.0) > HOUR:
        return _until("crowded_day", after if after and after > HOUR else _rest_of_day(), message)
    return Crowded("crowded_quota", message=message) if after is None else _until("crowded_minute", after, message)


def _until(key: str, after: float, message: str) -> Crowded:
    return Crowded(key, after=after, when=relative(time.time() + after), message=message)


def _rest_of_day() -> float:
    return DAY - (time.time() + PACIFIC) % DAY


def _after(fault: Mapping[str, Any]) -> float | None:
    """Seconds until another try is worth it, as the details or, failing them, the words tell."""
    delays = [str(each["retryDelay"]) for each in _details(fault, "RetryInfo") if "retryDelay" in each]
    told = PAUSE.search(str(fault.get("message", "")))
    delay = delays[0] if delays else told[1] if told else ""
    found = SECONDS.findall(delay)
    seconds = sum(float(number) * {"h": HOUR, "m": MINUTE, "s": 1}[unit] for number, unit in found)
    return min(seconds, LATEST) if found else None


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


def _id() -> str:
    return secrets.token_hex(4)
