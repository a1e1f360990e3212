"""What goes wrong on purpose: a table that tests fill and requests use up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.sandbox.gemini import errors
from bot.sandbox.gemini.errors import ApiError
from bot.sandbox.gemini.refusals import BLOCK_REASONS, FINISH_REASONS, SHAPES

ERRORS: Mapping[str, Callable[[str, float | None], ApiError]] = {
    "400-key": lambda *_: errors.bad_key(),
    "400-location": lambda *_: errors.wrong_place(),
    "400-signature": lambda *_: errors.no_signature("Image", 2, 1),
    "403-leaked": lambda *_: errors.leaked_key(),
    "404": lambda model, _: errors.no_model(model, "v1", "generateContent"),
    "429-minute": errors.over_minute,
    "429-day": errors.over_day,
    "429-bare": lambda *_: errors.exhausted(),
    "500": lambda *_: errors.internal(),
    "503": lambda *_: errors.overloaded(),
    "503-demand": lambda *_: errors.high_demand(),
    "504": lambda *_: errors.late(),
}
RAW: Mapping[str, tuple[int, str, bytes]] = {
    "500-broken": (500, "application/json", b'{"error": {"code": 500, "mess'),
    "502-html": (502, "text/html", b"<html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1></html>"),
    "200-broken": (200, "application/json", b'{"candidates": [{"content": {"parts": [{"te'),
    "200-empty": (200, "application/json", b"{}"),
}
PAINTED = ("slow", "drafts", "final-thought")  # these paint, and answer oddly
WIRES = ("drop-before", "drop-after", "cut", "hang")
PLAIN = (*ERRORS, *RAW, "raw", "text-only", *PAINTED, *WIRES)
KINDS = (*PLAIN, *(f"blocked:{name}" for name in BLOCK_REASONS), *(f"finish:{name}" for name in FINISH_REASONS))


@dataclass(frozen=True)
class Fault:
    """What happens to the next `times` requests whose last words contain `match`; any reason may follow a colon."""

    kind: str
    match: str | None = None
    times: int | None = 1  # None: until cleared
    delay: float = 0.0  # seconds, before anything happens
    shape: str | None = None  # of the missing content: empty, role, null, absent
    text: str | None = None  # instead of the usual words; of `raw`, the whole body
    status: int = 200  # of `raw`
    wait: float | None = None  # seconds that a limit tells to wait, instead of the usual

    def __post_init__(self) -> None:
        name, colon, reason = self.kind.partition(":")
        known = (name in {"blocked", "finish"} and reason) if colon else self.kind in PLAIN
        if not known:
            raise ValueError(f"{self.kind!r} is no kind of fault; there are {', '.join(KINDS)}")
        if self.shape is not None and self.shape not in SHAPES:
            raise ValueError(f"{self.shape!r} is no shape; there are {', '.join(SHAPES)}")

    @property
    def reason(self) -> str:
        """What stands behind the colon."""
        return self.kind.partition(":")[2]

    def fits(self, prompt: str) -> bool:
        """Whether a request with these words meets it."""
        return self.match is None or self.match.lower() in prompt.lower()


class FaultTable:
    """The faults in order; the first that fits a request happens to it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        """Put faults at the end of the table."""
        self._faults.extend(faults)

    def clear(self) -> None:
        """Let everything work again."""
        self._faults.clear()

    def take(self, prompt: str) -> Fault | None:
        """The fault that happens to this request, used up by one."""
        for index, fault in enumerate(self._faults):
            if fault.fits(prompt):
                self._use(index, fault)
                return fault
        return None

    def _use(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        left = replace(fault, times=fault.times - 1)
        self._faults[index : index + 1] = [left] if left.times else []
