"""Discord's errors: the number, the HTTP status and the words that belong together."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.discord.nouns import Json


@dataclass(frozen=True)
class Kind:
    """One of Discord's error codes."""

    code: int
    status: int
    message: str


UNAUTHORIZED = Kind(0, 401, "401: Unauthorized")
NOT_FOUND = Kind(0, 404, "404: Not Found")
BROKEN_JSON = Kind(50109, 400, "The request body contains invalid JSON.")

UNKNOWN_APPLICATION = Kind(10002, 404, "Unknown Application")
UNKNOWN_CHANNEL = Kind(10003, 404, "Unknown Channel")
UNKNOWN_GUILD = Kind(10004, 404, "Unknown Guild")
UNKNOWN_MEMBER = Kind(10007, 404, "Unknown Member")
UNKNOWN_MESSAGE = Kind(10008, 404, "Unknown Message")
UNKNOWN_ROLE = Kind(10011, 404, "Unknown Role")
UNKNOWN_USER = Kind(10013, 404, "Unknown User")
UNKNOWN_EMOJI = Kind(10014, 400, "Unknown Emoji")
UNKNOWN_WEBHOOK = Kind(10015, 404, "Unknown Webhook")
UNKNOWN_INTERACTION = Kind(10062, 404, "Unknown interaction")
UNKNOWN_COMMAND = Kind(10063, 404, "Unknown application command")
SLOWMODE = Kind(20016, 429, "This action cannot be performed due to slowmode rate limit.")
TOO_MANY_PINS = Kind(30003, 400, "Maximum number of pins reached (250)")
TOO_MANY_REACTIONS = Kind(30010, 400, "Maximum number of reactions reached (20)")
TOO_MANY_FILES = Kind(30015, 400, "Maximum number of attachments in a message reached (10)")
TOO_MANY_COMMANDS = Kind(30032, 400, "Maximum number of application commands reached.")
TOO_MANY_MEMBERS = Kind(30033, 400, "Maximum number of thread participants reached (1000).")
OLD_EDITS = Kind(30046, 429, "Maximum number of edits to messages older than 1 hour reached. Try again later.")
TOO_LARGE = Kind(40005, 413, "Request entity too large")
NOT_IN_FORUM = Kind(40058, 400, "Cannot message this channel until a thread is created")
ACKNOWLEDGED = Kind(40060, 400, "Interaction has already been acknowledged.")
TAG_REQUIRED = Kind(40067, 400, "A tag is required to create a forum post in this channel")
MISSING_ACCESS = Kind(50001, 403, "Missing Access")
NOT_IN_DM = Kind(50003, 403, "Cannot execute action on a DM channel")
NOT_OWN = Kind(50005, 403, "Cannot edit a message authored by another user")
EMPTY = Kind(50006, 400, "Cannot send an empty message")
CLOSED_DM = Kind(50007, 403, "Cannot send messages to this user")
NOT_TEXT = Kind(50008, 400, "Cannot send messages in a non-text channel")
MISSING_PERMISSIONS = Kind(50013, 403, "Missing Permissions")
BULK_DELETE_COUNT = Kind(
    50016, 400, "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages."
)
SYSTEM_MESSAGE = Kind(50021, 403, "Cannot execute action on a system message")
WRONG_CHANNEL_KIND = Kind(50024, 400, "Cannot execute action on this channel type")
TOKEN_EXPIRED = Kind(50027, 401, "Invalid Webhook Token")
TOO_OLD_TO_BULK_DELETE = Kind(50034, 400, "A message provided was too old to bulk delete")
INVALID_FORM = Kind(50035, 400, "Invalid Form Body")
THREAD_ARCHIVED = Kind(50083, 400, "Thread is archived")
NO_HISTORY = Kind(160002, 400, "Cannot reply without permission to read message history")
THREAD_EXISTS = Kind(160004, 400, "A thread has already been created for this message")
THREAD_LOCKED = Kind(160005, 403, "Thread is locked")
TOO_MANY_THREADS = Kind(160006, 400, "Maximum number of active threads reached")
FORWARD_UNREADABLE = Kind(160014, 400, "You cannot forward a message whose content you cannot read")


class Problem(Exception):
    """An answer that is not a success; the server turns it into Discord's error body."""

    def __init__(self, kind: Kind, **extra: object) -> None:
        super().__init__(kind.message)
        self.kind = kind
        self.extra = extra

    @property
    def body(self) -> Json:
        """The JSON Discord would send."""
        return {"message": self.kind.message, "code": self.kind.code, **self.extra}


@dataclass
class FormErrors:
    """Collects what is wrong with a form, field by field, for one 50035 answer."""

    tree: Json = field(default_factory=dict)

    def add(self, path: str, code: str, message: str) -> None:
        """Note a mistake at a dotted path such as `components.0.custom_id`."""
        node = self.tree
        for step in path.split(".") if path else ():
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def required(self, path: str) -> None:
        """Note a missing field."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def length(self, path: str, value: str, low: int, high: int) -> None:
        """Note a text whose length is outside of its bounds."""
        if len(value) > high and low == 0:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        elif not low <= len(value) <= high:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")

    def check(self) -> None:
        """Raise what was collected, if anything."""
        if self.tree:
            raise Problem(INVALID_FORM, errors=self.tree)


def invalid(path: str, code: str, message: str) -> Problem:
    """A 50035 about one field."""
    errors = FormErrors()
    errors.add(path, code, message)
    return Problem(INVALID_FORM, errors=errors.tree)
