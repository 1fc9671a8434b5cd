"""The two authenticated ciphers a city may choose: AES-256-GCM, and SM4-GCM where Chinese cryptography is asked for.

Nonces are 96 random bits; one key stays safe for 2³² values (NIST SP 800-38D §8.3), forty times what a city of six
million writes in a data key's year.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from abc import ABC, abstractmethod
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as openssl_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from typing_extensions import override

from guangyue.city.errors import CityError

__all__ = ["Aead", "Suite", "aead", "keyed_hash", "new_secret"]

_NONCE = 12
_TAG = 16


class Suite(StrEnum):
    """Which cipher seals, and with it which hash keys the search."""

    AES = "aes-256-gcm"
    SM = "sm4-gcm"


class Aead(ABC):
    """Authenticated encryption with one key."""

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Nonce and ciphertext; `context` is authenticated with it, not kept."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes.

        Raises:
            CityError: ``personal.tampered``: another key, another context, or changed bytes.
        """
        if len(sealed) < _NONCE + _TAG:
            raise CityError("personal.tampered")
        try:
            return self._decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
        except InvalidTag:
            raise CityError("personal.tampered") from None

    @abstractmethod
    def _encrypt(self, nonce: bytes, plain: bytes, context: bytes) -> bytes: ...

    @abstractmethod
    def _decrypt(self, nonce: bytes, sealed: bytes, context: bytes) -> bytes: ...


class _Aes(Aead):
    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(secret)

    @override
    def _encrypt(self, nonce: bytes, plain: bytes, context: bytes) -> bytes:
        return self._cipher.encrypt(nonce, plain, context)

    @override
    def _decrypt(self, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        return self._cipher.decrypt(nonce, sealed, context)


class _Sm4(Aead):
    def __init__(self, secret: bytes) -> None:
        self._algorithm = SM4(secret)

    @override
    def _encrypt(self, nonce: bytes, plain: bytes, context: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    @override
    def _decrypt(self, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, sealed[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(context)
        return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()


def new_secret(suite: Suite) -> bytes:
    """A random key of the suite's length: 32 bytes for AES-256, 16 for SM4."""
    return secrets.token_bytes(32 if suite is Suite.AES else 16)


def aead(suite: Suite, secret: bytes) -> Aead:
    """The cipher of a suite under a key."""
    return _Aes(secret) if suite is Suite.AES else _Sm4(secret)


def keyed_hash(suite: Suite, secret: bytes, message: bytes) -> bytes:
    """HMAC with SHA-256, or with SM3 in the Chinese suite; 32 bytes either way."""
    if suite is Suite.AES:
        return hmac.digest(secret, message, hashlib.sha256)
    keyed = openssl_hmac.HMAC(secret, hashes.SM3())
    keyed.update(message)
    return keyed.finalize()
