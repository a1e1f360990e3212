"""Thought signatures that can be verified: whoever alters a part, or shows it to another model, is found out."""

import hashlib
import hmac

import pybase64

from bot.sandbox.gemini.models import Model
from bot.sandbox.gemini.request import Part

# Google documents these two for turns that no model made; they pass everywhere.
PASSWORDS = (b"context_engineering_is_the_way_to_go", b"skip_thought_signature_validator")
HEADER = b"\x12\xfa\x05\x0a"  # a protobuf's first bytes, as in the real ones


class Signer:
    """Signs the parts of model turns, and knows its own signatures again, after a restart too."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, model: Model, part: Part) -> bytes:
        """The one signature this part has with this model."""
        seal = hmac.digest(self._secret, model.id.encode() + b"\0" + _content(part), "sha256")
        return HEADER + hashlib.shake_256(seal).digest(model.signature_bytes)

    def accepts(self, model: Model, part: Part) -> bool:
        """Whether the part's signature is this model's for exactly this part, or one of Google's passwords."""
        given = part.signature or b""
        return given in _passwords() or hmac.compare_digest(given, self.sign(model, part))


def _content(part: Part) -> bytes:
    if part.data is not None:
        return b"picture\0" + hashlib.sha256(part.data).digest()
    return b"text\0" + (part.text or "").encode()


def _passwords() -> tuple[bytes, ...]:
    return PASSWORDS + tuple(pybase64.urlsafe_b64decode(word) for word in PASSWORDS)
