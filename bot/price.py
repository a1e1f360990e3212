"""What an answer costs, thinking included, and what one may cost at most. Pure."""

from __future__ import annotations

from bot.model import Memory, Model, Painted, Request, Text
from bot.tokens import Price, Usage

MILLION = 1_000_000
THINKING = 2_000  #: tokens of thoughts and words beside a picture: well above the 300 to 1,400 that are usual
THOUGHTS, INSTRUCTION = 300, 100  #: tokens of a plain edit
RECAP = 2000  #: characters that a request holds beside the words of its ask, as a rule
LETTERS = 3  #: per token of text, in the languages that need most of them


def dollars(price: Price, usage: Usage) -> float:
    """The price of the tokens that Google reports."""
    words = max(usage.candidates - usage.images, 0) + usage.thoughts
    return (usage.prompt * price.text_in + words * price.text_out + usage.images * price.image_out) / MILLION


def estimate(request: Request) -> float:
    """What the request costs at most as a rule: for the operator's gate, and for an answer that was lost."""
    parts = [part for content in request.contents for part in content.parts]
    letters = sum(len(part.text) for part in parts if isinstance(part, Text))
    return at_most(request.model, request.size, sum(isinstance(part, Painted) for part in parts), letters)


def usual(model: Model, size: str | None) -> float:
    """What an edit of one picture costs as a rule: for the label of a button."""
    price = model.price
    painted = price.picture_out_tokens.get(size or "1K", max(price.picture_out_tokens.values(), default=0))
    return dollars(price, Usage(price.picture_in_tokens + INSTRUCTION, painted, THOUGHTS, painted))


def set_aside(model: Model, size: str | None, memory: Memory, references: int = 0, words: int = 0) -> float:
    """What is reserved for a picture when it is asked for, before anybody knows what its request will hold."""
    brought = model.pictures if memory is Memory.FULL else 1 + references
    return at_most(model, size, brought, RECAP + words)


def at_most(model: Model, size: str | None, pictures: int, letters: int) -> float:
    """What a call costs at most as a rule that brings so many pictures and letters: for a claim in advance."""
    price = model.price
    largest = max(price.picture_out_tokens.values(), default=0)
    painted = price.picture_out_tokens.get(size or "1K", largest)
    prompt = pictures * price.picture_in_tokens + letters // LETTERS + 1
    return dollars(price, Usage(prompt, painted, THINKING, painted))
