"""Encryption at rest: what is kept is sealed with the first key, and opened with whichever sealed it.

A seal is AES-256-GCM, with a nonce of its own and the id of its key in front. Keys are random secrets of the
operator's; without one everything is kept as it is.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE, TAG, KEY, ID = 12, 16, 32, 4  #: bytes
PLAIN = ""  #: the id of no key at all
MARK = "sealed:"
HEAD = len(MARK) + 2 * ID + 1  #: bytes in front of what is sealed
WEIGHT = HEAD + NONCE + TAG  #: bytes that a seal adds


class Unsealable(ValueError):
    """It was changed since it was sealed, or the disk has damaged it."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is made of one secret: a cipher, and a way to name pictures that tells nobody which they are."""

    id: str  #: tells nothing of the secret
    cipher: AESGCM = field(repr=False, compare=False)
    naming: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> Key:
        """The key that a secret stands for; always the same one."""
        made = HKDF(SHA256(), 2 * KEY + ID, salt=None, info=b"easel at rest").derive(secret.encode())
        return cls(made[2 * KEY :].hex(), AESGCM(made[:KEY]), made[KEY : 2 * KEY])

    @property
    def mark(self) -> str:
        """What everything that it has sealed begins with."""
        return f"{MARK}{self.id}:"

    def seal(self, data: bytes, about: str = "") -> bytes:
        """It can be opened only as what it is `about`."""
        nonce = os.urandom(NONCE)
        return self.mark.encode() + nonce + self.cipher.encrypt(nonce, data, about.encode())

    def open(self, data: bytes, about: str = "") -> bytes:
        """What was sealed. Raises Unsealable."""
        nonce = data[HEAD : HEAD + NONCE]
        try:
            return self.cipher.decrypt(nonce, data[HEAD + NONCE :], about.encode())
        except (InvalidTag, ValueError) as error:
            raise Unsealable(f"sealed with key {self.id}, and damaged since") from error

    def name(self, digest: str) -> str:
        """The name of a picture's file."""
        return hmac.digest(self.naming, digest.encode(), "sha256").hex()


@dataclass(frozen=True)
class Keyring:
    """Keys in the order of the configuration: the first seals, and all of them open. None in it is no key at all."""

    keys: tuple[Key | None, ...] = (None,)

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Keyring:
        """The keys of these secrets; an empty one stands for none."""
        return cls(tuple(Key.of(each) if each else None for each in secrets) or (None,))

    @property
    def first(self) -> Key | None:
        """The key that seals."""
        return self.keys[0]

    @property
    def current(self) -> str:
        """Its id."""
        return self.first.id if self.first else PLAIN

    @property
    def ids(self) -> frozenset[str]:
        """All that can be opened; what was never sealed needs no key."""
        return frozenset({PLAIN, *(each.id for each in self.keys if each)})

    @property
    def closed(self) -> bool:
        """Whether there is any key."""
        return any(self.keys)

    @property
    def weight(self) -> int:
        """Bytes that a seal of the first key's adds."""
        return WEIGHT if self.first else 0

    def seal(self, data: bytes, about: str = "") -> bytes:
        """As it is to be kept."""
        return self.first.seal(data, about) if self.first else data

    def open(self, data: bytes, about: str = "") -> bytes:
        """As it was before. What none of the keys has sealed is returned as it is. Raises Unsealable."""
        key = self.sealer(data)
        return key.open(data, about) if key else data

    def seal_words(self, words: str) -> str:
        """The same for words, which stay words."""
        if self.first is None:
            return words
        sealed = self.first.seal(words.encode())
        return self.first.mark + b64encode(sealed[HEAD:]).decode()

    def open_words(self, words: str) -> str:
        """As they were before. Raises Unsealable."""
        key = self.sealer(words[:HEAD].encode()) if words.startswith(MARK) else None
        if key is None:
            return words
        try:
            return key.open(words[:HEAD].encode() + b64decode(words[HEAD:])).decode()
        except ValueError as error:
            raise Unsealable(f"sealed with key {key.id}, and damaged since") from error

    def sealer(self, data: bytes) -> Key | None:
        """The key of ours that has sealed it."""
        head = data[:HEAD]
        return next((each for each in self.keys if each and head == each.mark.encode()), None)

    def name(self, digest: str) -> str:
        """The name that a picture is kept under."""
        return self.first.name(digest) if self.first else digest

    def names(self, digest: str) -> list[str]:
        """Every name that a picture may lie under, the one that it would get now first."""
        names = (each.name(digest) if each else digest for each in (*self.keys, None))
        return list(dict.fromkeys(names))
