"""Signed notes and checkpoints in the text form of C2SP (signed-note, tlog-checkpoint).

A checkpoint is a few lines that a person can read over the telephone: whose log, how many leaves, which root; then an
empty line and the signatures.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from typing_extensions import override

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Checkpoint", "NoteError", "SigningKey", "VerifyingKey", "read_signed"]

ED25519 = b"\x01"
SEED_BYTES = 32


class NoteError(ValueError):
    """A note that is malformed, or that nobody we know has signed."""


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"{text[:40]!r} is not base64") from error


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The public half: what an auditor or a court keeps."""

    name: str
    public: bytes

    @override
    def __str__(self) -> str:
        return f"{self.name}+{_key_id(self.name, self.public).hex()}+{_b64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifyingKey:
        """Read ``name+id+key``.

        Raises:
            NoteError: when it is not such a key, or its id does not belong to it.
        """
        try:
            name, key_id, key = text.strip().split("+", 2)
        except ValueError as error:
            raise NoteError("a verifying key has the form name+id+key") from error
        raw = _unb64(key)
        if raw[:1] != ED25519 or len(raw) != 1 + SEED_BYTES or _key_id(name, raw[1:]).hex() != key_id:
            raise NoteError("the verifying key is not what its id says")
        return cls(name, raw[1:])

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether the signature is over exactly this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The secret half; it lies outside the database, best on another machine."""

    name: str
    seed: bytes

    @classmethod
    def load(cls, path: Path, name: str) -> SigningKey:
        """The key in a file, made at first use with nobody but its owner allowed to read it.

        Raises:
            NoteError: when the file holds something else, or a key of another name.
        """
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = cls(name, os.urandom(SEED_BYTES))
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(f"{name}+{_b64(made.seed)}\n")
                file.flush()
                os.fsync(file.fileno())
            path.with_suffix(".pub").write_text(f"{made.verifying()}\n")
            return made
        kept, _, seed = path.read_text().strip().partition("+")
        raw = _unb64(seed)
        if kept != name or len(raw) != SEED_BYTES:
            raise NoteError(f"{path} holds no key of {name}")
        return cls(kept, raw)

    def verifying(self) -> VerifyingKey:
        """The public half."""
        return VerifyingKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The text with its signature line."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        key_id = _key_id(self.name, self.verifying().public)
        return f"{text}\n\N{EM DASH} {self.name} {_b64(key_id + signature)}\n"


def read_signed(note: str, key: VerifyingKey) -> str:
    """The text of a note that ``key`` has signed.

    Raises:
        NoteError: when it has no signature of this key, or a wrong one.
    """
    text, empty, signatures = note.rpartition("\n\n")
    if not empty:
        raise NoteError("the note has no signature")
    text += "\n"
    key_id = _key_id(key.name, key.public)
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, value = rest.partition(" ")
        if dash != "\N{EM DASH}":
            raise NoteError("the note has a malformed signature line")
        raw = _unb64(value)
        if name == key.name and raw[:4] == key_id:
            if not key.verifies(text, raw[4:]):
                raise NoteError(f"the signature of {name} is wrong")
            return text
    raise NoteError(f"{key.name} has not signed this note")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size and root of the log at one seal.

    Attributes:
        origin: whose log.
        size: how many leaves.
        root: the root over them.
        more: further lines, kept as they are: the seal's number and time, the seal before, the SM3 root.
    """

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    def text(self) -> str:
        """The lines that are signed."""
        return "\n".join((self.origin, str(self.size), _b64(self.root), *self.more)) + "\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the signed lines.

        Raises:
            NoteError: when they are not those of a checkpoint.
        """
        lines = text.removesuffix("\n").split("\n")
        try:
            origin, size, root, *more = lines
        except ValueError as error:
            raise NoteError("a checkpoint has three lines at least") from error
        if not origin or not size.isdigit() or (len(size) > 1 and size.startswith("0")) or not all(more):
            raise NoteError("the checkpoint is malformed")
        return cls(origin, int(size), _unb64(root), tuple(more))

    def said(self, name: str) -> str:
        """The value of a further line such as ``at`` or ``sm3``; empty when there is none."""
        return next((m.removeprefix(name + " ") for m in self.more if m.startswith(name + " ")), "")
