"""Google's reasons for an answer without a picture, as failures of ours. Pure.

Each reason has its own sentence, `error.declined_<reason>`; one that nobody knows yet has a sentence as well.
"""

from __future__ import annotations

from bot.errors import Blank, Declined, Failure, Unsigned

PROMPT = frozenset({"SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK"})
WITHHELD = frozenset(  #: other words are needed, and what came along is not shown
    {
        *("SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "RECITATION", "LANGUAGE", "MODEL_ARMOR", "ESCALATION"),
        *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "PUP_LIMITED_DISABLED"),
    }
)
MISSED = frozenset(  #: the same words may well be painted the next time
    {
        *("NO_IMAGE", "IMAGE_OTHER", "OTHER", "MAX_TOKENS", "CONTINUATION", "FINISH_REASON_UNSPECIFIED"),
        *("MALFORMED_RESPONSE", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"),
    }
)


def blocked(reason: str, message: str) -> Failure:
    """Why a prompt was not accepted."""
    name = reason.lower() if reason in PROMPT else "unknown"
    return Declined(f"declined_prompt_{name}", reason=reason, message=message)


def ended(reason: str, message: str) -> Failure:
    """Why an answer ended without its picture."""
    if reason == "MISSING_THOUGHT_SIGNATURE":
        return Unsigned("unsigned", reason=reason, message=message)
    name = reason.lower().removeprefix("finish_reason_")
    if reason in WITHHELD:
        return Declined(f"declined_{name}", reason=reason, message=message)
    return Blank(f"declined_{name if reason in MISSED else 'unknown'}", reason=reason, message=message)
