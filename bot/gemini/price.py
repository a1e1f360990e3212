"""What an answer costs, thinking included, and what one may cost at most. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.model import Content, Painted, Price, Request, Text, Usage

MILLION = 1_000_000
THINKING = 2_000  #: tokens of thoughts and words beside a picture: well above the 300 to 1,400 that are usual
LETTERS = 3  #: per token of text, in the languages that need most of them


def dollars(price: Price, usage: Usage) -> float:
    """The price of the tokens that Google reports."""
    words = max(usage.candidates - usage.images, 0) + usage.thoughts
    return (usage.prompt * price.text_in + words * price.text_out + usage.images * price.image_out) / MILLION


def estimate(request: Request) -> float:
    """What the request costs at most as a rule: for an answer that was lost, and for a claim in advance."""
    price = request.model.price
    largest = max(price.picture_out_tokens.values(), default=0)
    picture = price.picture_out_tokens.get(request.size or "1K", largest)
    prompt = sum(map(_tokens_of(price), request.contents))
    return dollars(price, Usage(prompt, picture, THINKING, picture))


def _tokens_of(price: Price) -> Callable[[Content], int]:
    def tokens(content: Content) -> int:
        pictures = sum(isinstance(part, Painted) for part in content.parts)
        letters = sum(len(part.text) for part in content.parts if isinstance(part, Text))
        return pictures * price.picture_in_tokens + letters // LETTERS + 1

    return tokens
