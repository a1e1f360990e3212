"""The error bodies of Google's API, word for word."""

from typing import Any

import orjson

TROUBLE = "https://developers.generativeai.google/guide/troubleshooting"
SIGNATURE_HELP = "https://ai.google.dev/gemini-api/docs/thought-signatures"
LIMITS_HELP = "https://ai.google.dev/gemini-api/docs/rate-limits"


class ApiError(Exception):
    """A refusal in Google's own form: an HTTP status and a JSON body."""

    def __init__(self, code: int, status: str, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.body: dict[str, Any] = {"error": {"code": code, "message": message, "status": status}}
        if details:
            self.body["error"]["details"] = details

    def dump(self) -> bytes:
        """The body as it goes over the wire."""
        return orjson.dumps(self.body, option=orjson.OPT_INDENT_2) + b"\n"


def invalid(message: str, details: list[dict[str, Any]] | None = None) -> ApiError:
    """400 INVALID_ARGUMENT."""
    return ApiError(400, "INVALID_ARGUMENT", message, details)


def bad_fields(violations: list[tuple[str, str]]) -> ApiError:
    """400 for fields the API does not know or cannot read: (path, description) pairs."""
    listed = [{"field": path, "description": text} if path else {"description": text} for path, text in violations]
    message = "\n".join(text for _, text in violations)
    return invalid(message, [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}])


def bad_key() -> ApiError:
    """400 for a missing or wrong key."""
    message = "API key not valid. Please pass a valid API key."
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"},
    }
    localized = {"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": message}
    return invalid(message, [info, localized])


def no_model(model: str, version: str, method: str) -> ApiError:
    """404 for an id nobody answers to."""
    return ApiError(
        404,
        "NOT_FOUND",
        f"models/{model} is not found for API version {version}, or is not supported for {method}. "
        "Call ModelService.ListModels to see the list of available models and their supported methods.",
    )


def no_signature(kind: str, content: int, part: int) -> ApiError:
    """400 for a model turn that came back without its signature; positions count from one."""
    return invalid(
        f"{kind} part is missing a thought_signature in content position {content}, part position {part}. "
        f"Please refer to {SIGNATURE_HELP} for more details."
    )


def wrong_signature(content: int) -> ApiError:
    """400 for a signature that was altered, or made for another part or model; `content` counts from zero."""
    return invalid(f"invalid thought signature for content at index {content}")


def leaked_key() -> ApiError:
    """403 for a key somebody published."""
    return ApiError(403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key.")


def no_file(name: str) -> ApiError:
    """403 for a file that is not there or is somebody else's."""
    message = f"You do not have permission to access the File {name} or it may not exist."
    return ApiError(403, "PERMISSION_DENIED", message)


def wrong_place() -> ApiError:
    """400 where Google does not serve the country."""
    return ApiError(400, "FAILED_PRECONDITION", "User location is not supported for the API use.")


def overloaded() -> ApiError:
    """503, the short kind."""
    return ApiError(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")


def high_demand() -> ApiError:
    """503, the long kind."""
    return ApiError(
        503,
        "UNAVAILABLE",
        "This model is currently experiencing high demand. Spikes in demand are usually temporary. "
        "Please try again later.",
    )


def internal() -> ApiError:
    """500."""
    return ApiError(500, "INTERNAL", f"An internal error has occurred. Please retry or report in {TROUBLE}")


def late() -> ApiError:
    """504."""
    return ApiError(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")


def exhausted() -> ApiError:
    """429 that tells nothing."""
    return ApiError(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")


def over_minute(model: str, wait: float | None = None) -> ApiError:
    """429 of the minute: worth waiting for. `wait` in seconds, where it is not the usual."""
    waits = ("39.2s", "39s") if wait is None else (f"{wait}s", f"{wait}s")
    return _over(model, "PerMinute", ("generate_requests_per_model", "10"), waits)


def over_day(model: str, wait: float | None = None) -> ApiError:
    """429 of the day: not worth waiting for. `wait` in seconds, where it is not the usual."""
    waits = ("1h52m56.4s", "6776s") if wait is None else (f"{wait}s", f"{wait}s")
    return _over(model, "PerDay", ("generate_requests_per_model_per_day", "100"), waits)


def _over(model: str, span: str, quota: tuple[str, str], waits: tuple[str, str]) -> ApiError:
    metric = f"generativelanguage.googleapis.com/{quota[0]}"
    message = (
        "You exceeded your current quota, please check your plan and billing details. For more information on this "
        f"error, head to: {LIMITS_HELP}. \n* Quota exceeded for metric: {metric}, limit: {quota[1]}, "
        f"model: {model}\nPlease retry in {waits[0]}."
    )
    violation = {
        "quotaMetric": metric,
        "quotaId": f"GenerateRequests{span}PerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": quota[1],
    }
    kind = "type.googleapis.com/google.rpc."
    links = [{"description": "Learn more about Gemini API quotas", "url": LIMITS_HELP}]
    details: list[dict[str, Any]] = [
        {"@type": f"{kind}Help", "links": links},
        {"@type": f"{kind}QuotaFailure", "violations": [violation]},
        {"@type": f"{kind}RetryInfo", "retryDelay": waits[1]},
    ]
    return ApiError(429, "RESOURCE_EXHAUSTED", message, details)
