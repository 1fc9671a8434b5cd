"""Signed requests: digest, time and key of each are covered by an Ed25519 signature.

After RFC 9421 (HTTP Message Signatures) and RFC 9530 (``Content-Digest``), with a fixed list of covered components. Both
sides use this module: we to sign, the stand-in to verify.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

__all__ = ["FRESH", "SignatureError", "Signer", "digest", "private_key", "verify"]

FRESH = 300
"""Seconds a signature is good for: a recorded request cannot be played back tomorrow."""
_COVERED = '("@method" "@path" "content-digest" "idempotency-key")'
_INPUT = re.compile(
    r'sig1=\("@method" "@path" "content-digest" "idempotency-key"\);created=(\d{1,12});keyid="([\w.-]{1,60})";alg="ed25519"',
    re.ASCII,
)


class SignatureError(ValueError):
    """A request that is not what its sender signed; the message says which part."""


def digest(body: bytes) -> str:
    """The ``Content-Digest`` of a body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def private_key(path: Path) -> Ed25519PrivateKey:
    """The key of a file; made at first use, readable by us alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(pem)
        except FileExistsError:
            pass  # another process made it this moment
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path.name} is no Ed25519 key")
    return key


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests as one sender."""

    key: Ed25519PrivateKey
    key_id: str

    def headers(self, method: str, path: str, body: bytes, idempotency_key: str, now: float) -> dict[str, str]:
        """The headers that make a request ours."""
        covered = f'{_COVERED};created={int(now)};keyid="{self.key_id}";alg="ed25519"'
        signed = self.key.sign(_base(method, path, digest(body), idempotency_key, covered))
        return {
            "Content-Digest": digest(body),
            "Idempotency-Key": idempotency_key,
            "Signature-Input": f"sig1={covered}",
            "Signature": f"sig1=:{base64.b64encode(signed).decode()}:",
        }


def verify(method: str, path: str, body: bytes, headers: dict[str, str], key: Ed25519PublicKey, now: float) -> None:
    """Check a request.

    Header names are expected in lower case.

    Raises:
        SignatureError: no signature, an old one, another body, a wrong one.
    """
    given = _INPUT.fullmatch(headers.get("signature-input", ""))
    if given is None:
        raise SignatureError("signature-input")
    if abs(now - int(given[1])) > FRESH:
        raise SignatureError("created")
    if headers.get("content-digest") != digest(body):
        raise SignatureError("content-digest")
    covered = headers["signature-input"].removeprefix("sig1=")
    base = _base(method, path, headers["content-digest"], headers.get("idempotency-key", ""), covered)
    try:
        signed = base64.b64decode(headers.get("signature", "").removeprefix("sig1=:").removesuffix(":"), validate=True)
        key.verify(signed, base)
    except (InvalidSignature, ValueError):
        raise SignatureError("signature") from None


def _base(method: str, path: str, body_digest: str, idempotency_key: str, covered: str) -> bytes:
    lines = (
        f'"@method": {method}', f'"@path": {path}', f'"content-digest": {body_digest}',
        f'"idempotency-key": {idempotency_key}', f'"@signature-params": {covered}',
    )  # fmt: skip
    return "\n".join(lines).encode()
