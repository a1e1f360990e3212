"""What a call comes to: a refusal, an error in raw bytes, or a painting, in whichever form was asked for."""

from dataclasses import dataclass, replace

from bot.sandbox.gemini import refusals
from bot.sandbox.gemini.answers import Answer, painted, with_draft
from bot.sandbox.gemini.faults import ERRORS, RAW, Fault
from bot.sandbox.gemini.painting import CannedPainter, Painter, Painting
from bot.sandbox.gemini.record import Entry
from bot.sandbox.gemini.request import Part, Request
from bot.sandbox.gemini.signatures import Signer
from bot.sandbox.gemini.wire import Reply

ASK_BACK = "Which of the two do you mean, the left one or the right one?"


@dataclass(frozen=True)
class Call:
    """One accepted call: what was asked, what goes wrong with it, and the how-manieth of its kind it is."""

    asked: Request
    entry: Entry
    fault: Fault
    take: int


def without_work(call: Call) -> Reply | None:
    """The reply of a fault that strikes before any work; ApiError where that is Google's form."""
    kind, asked = call.fault.kind, call.asked
    if kind in ERRORS:
        raise ERRORS[kind](asked.model.id, call.fault.wait)
    if kind in RAW:
        status, content_type, body = RAW[kind]
        return Reply(status, body, content_type)
    if kind == "raw":
        return Reply(call.fault.status, (call.fault.text or "").encode())
    if kind.startswith("blocked:"):
        return _refused(call, refusals.blocked(asked, call.fault.reason))
    if kind.startswith("finish:"):
        fault = call.fault
        return _refused(call, refusals.withheld(asked, fault.reason, fault.shape, fault.text))
    return None


def _refused(call: Call, answer: Answer) -> Reply:
    call.entry.state = "refused"
    return Reply(200, answer.body())


def painted_reply(call: Call, painter: Painter, signer: Signer) -> Reply:
    """The painting as it goes out; runs in a thread."""
    painting = painter.paint(call.asked, call.take)
    if isinstance(painter, CannedPainter) and call.fault.kind == "slow":
        config = call.asked.config
        key = f"{call.asked.model.id} {config.size} {config.thoughts}"
        return Reply(200, painter.prebuilt(key, lambda: painted(call.asked, painting, signer).body()))
    return Reply(200, _odd(call, painting, signer).body())


def _odd(call: Call, painting: Painting, signer: Signer) -> Answer:
    kind = call.fault.kind
    if kind == "text-only":
        painting = Painting((Part(text=call.fault.text or ASK_BACK),))
    if kind == "drafts" and painting.pictures:
        painting = with_draft(painting)
    answer = painted(call.asked, painting, signer)
    return _all_thought(answer) if kind == "final-thought" else answer


def _all_thought(answer: Answer) -> Answer:
    """The same, with every picture marked as a thought and unsigned, as Google sometimes does by mistake."""
    parts = tuple(
        {"inlineData": part["inlineData"], "thought": True} if "inlineData" in part else part for part in answer.parts
    )
    return replace(answer, parts=parts)
