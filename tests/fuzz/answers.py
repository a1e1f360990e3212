"""What Google answers: any body is an answer that can be kept, or a failure with a sentence."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Iterator

from bot.errors import Failure
from bot.gemini.reading import Drawn, read
from bot.gemini.trouble import Stake, from_status
from bot.model import Content, Painted, Request, Text
from bot.painting.answer import panels
from bot.quota import micros
from tests.fuzz.mutating import json_mutated
from tests.players import CATALOGUE, MODEL, picture, png

REQUEST = Request(MODEL, (Content("user", (Text("a cat"),)),), size="1K")
STATUSES = (400, 403, 404, 429, 500, 503, 504, 302, 999)
MOST = 1_000.0  #: dollars that one answer may cost in anybody's books
mutate = json_mutated


def enter(data: bytes) -> None:
    """As the body of a 200, and as that of an error."""
    try:
        answer = read(data, REQUEST)
    except Failure as failure:
        is_told(failure)
    else:
        assert 0 <= micros(answer.dollars) <= micros(MOST)
        panels([_painted(part) for part in answer.parts])
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        body = data.decode(errors="replace")
    for status in STATUSES:
        is_told(from_status(status, body, Stake("a model", 0.1)))


def is_told(failure: Failure) -> None:
    """It can be said, booked, and waited for."""
    assert CATALOGUE.tell(failure, tries=3)
    assert 0 <= micros(failure.dollars) <= micros(MOST)
    after = getattr(failure, "after", None)
    assert after is None or (math.isfinite(after) and 0 <= after < 10**7)


def _painted(part: Text | Drawn) -> Text | Painted:
    """The part as it is kept; it has to be what it says it is."""
    assert part.signature is None or isinstance(part.signature, bytes)
    assert isinstance(part.thought, bool)
    if isinstance(part, Text):
        assert isinstance(part.text, str)
        part.text.encode()
        return part
    assert isinstance(part.data, bytes)
    assert isinstance(part.mime, str)
    return Painted(picture(), part.thought, part.signature)


def seeds() -> Iterator[bytes]:
    """Answers as they come."""
    drawn = {"inlineData": {"mimeType": "image/png", "data": b64encode(png()).decode()}, "thoughtSignature": "AA=="}
    thought = {"text": "Let me see.", "thought": True}
    usage = {
        "promptTokenCount": 268,
        "candidatesTokenCount": 1140,
        "thoughtsTokenCount": 350,
        "totalTokenCount": 1758,
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
    }
    for parts, reason in (([thought, drawn], "STOP"), ([{"text": "Here."}, drawn], "MAX_TOKENS"), ([], "IMAGE_SAFETY")):
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": reason, "finishMessage": "…"}
        yield json.dumps({"candidates": [candidate], "usageMetadata": usage, "modelVersion": "x"}).encode()
    yield json.dumps({"promptFeedback": {"blockReason": "SAFETY", "blockReasonMessage": "no"}}).encode()
    retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "41s"}
    quota = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "PerMinute"}]}
    error = {
        "code": 429,
        "message": "Please retry in 41.2s.",
        "status": "RESOURCE_EXHAUSTED",
        "details": [retry, quota],
    }
    yield json.dumps({"error": error}).encode()
