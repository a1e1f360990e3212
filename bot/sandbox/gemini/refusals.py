"""Refusals: HTTP 200, and no picture."""

from typing import Any

from bot.sandbox.gemini import usage
from bot.sandbox.gemini.answers import Answer
from bot.sandbox.gemini.request import Request

SHAPES: dict[str, dict[str, Any] | None] = {
    "empty": {},
    "role": {"role": "model"},
    "null": {"parts": None},
    "absent": None,
}
USUAL_SHAPES = {
    "IMAGE_SAFETY": "role",
    "IMAGE_PROHIBITED_CONTENT": "null",
    "IMAGE_OTHER": "empty",
    "IMAGE_RECITATION": "empty",
}
NOT_CHARGED = "Unable to show the generated image. "
MESSAGES = {
    "IMAGE_SAFETY": NOT_CHARGED
    + "The image was filtered out because it violated Google's Generative AI Prohibited Use policy. You will not be "
    "charged for blocked images. Try rephrasing the prompt. If you think this was an error, send feedback.",
    "IMAGE_OTHER": NOT_CHARGED
    + "The model could not generate the image based on the prompt provided. You will not be charged for this request. "
    "Try rephrasing the prompt.",
    "IMAGE_PROHIBITED_CONTENT": "We were unable to generate this image due to interests of third-party content "
    "providers. Please edit your prompt and try again. Support code: 35561574",
}
BLOCK_REASONS = ("SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK")
FINISH_REASONS = (
    "FINISH_REASON_UNSPECIFIED",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_OTHER",
    "NO_IMAGE",
    "IMAGE_RECITATION",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE",
    "MALFORMED_RESPONSE",
    "ESCALATION",
    "PUP_LIMITED_DISABLED",
    "CONTINUATION",
    "MODEL_ARMOR",
)
HARMS = ("SEXUALLY_EXPLICIT", "HATE_SPEECH", "HARASSMENT", "DANGEROUS_CONTENT")


def blocked(request: Request, reason: str) -> Answer:
    """The prompt itself was not accepted."""
    return Answer(request.model.id, usage.blocked_usage(request), feedback={"blockReason": reason})


def withheld(request: Request, reason: str, shape: str | None = None, message: str | None = None) -> Answer:
    """The candidate ended without its picture; `shape` is what stands for its content."""
    content = SHAPES[shape or USUAL_SHAPES.get(reason, "absent")]
    if reason == "MAX_TOKENS" and shape is None:
        content = {"parts": [{"text": "Once upon a"}], "role": "model"}
    said = message or MESSAGES.get(reason)
    end = {"finishReason": reason} | ({"finishMessage": said} if said else {})
    ratings = _ratings() if reason == "SAFETY" else ()
    return Answer(request.model.id, usage.refused_usage(request), end=end, content=content, ratings=ratings)


def _ratings() -> tuple[dict[str, Any], ...]:
    first, *rest = (f"HARM_CATEGORY_{harm}" for harm in HARMS)
    mild = tuple({"category": harm, "probability": "NEGLIGIBLE"} for harm in rest)
    return ({"category": first, "probability": "HIGH", "blocked": True}, *mild)
