#!/usr/bin/env python3
"""Checks a proof that Guangyue wrote: ``python3 check_proof.py PROOF.json --key KEY``.

Needs Python 3.9 or newer and nothing else: no network, no database, nothing of Guangyue's. KEY is the verifying key
(``name+id+key``) or a file that holds it, obtained from somewhere other than the proof: the daily bulletin, the
oversight body, an earlier paper. It answers 0 when the proof holds, 1 when it does not, 2 when it cannot be read.

What it shows: the entry stood, word for word, at this place of this matter's journal when the seal was signed.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

Point = tuple  # of four integers: extended coordinates

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


class ProofError(Exception):
    """Why the proof does not hold."""


def curve_x(y: int, sign: int) -> int | None:
    """The x of a point of edwards25519 (RFC 8032, 5.1.3), or None when there is no such point."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates."""
    s = (a[1] - a[0]) * (b[1] - b[0]) % P
    t = (a[1] + a[0]) * (b[1] + b[0]) % P
    u = 2 * a[3] * b[3] * D % P
    v = 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(factor: int, point: Point) -> Point:
    """A point added to itself so many times."""
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def point_of(data: bytes) -> Point:
    """A point from its 32 bytes."""
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = curve_x(y, number >> 255)
    if x is None:
        raise ProofError("the key or the signature holds no point of the curve")
    return (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (curve_x(BASE_Y, 0), BASE_Y, 1, curve_x(BASE_Y, 0) * BASE_Y % P)


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (RFC 8032, 5.1.7) is right."""
    if len(public) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = multiply(s, BASE), add(point_of(signature[:32]), multiply(h, point_of(public)))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def read_key(text: str) -> tuple[str, bytes, bytes]:
    """Name, id and public key of ``name+id+key``."""
    try:
        name, key_id, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ProofError("the key is not of the form name+id+key") from None
    computed = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex()
    if raw[:1] != b"\x01" or len(raw) != 33 or computed != key_id:
        raise ProofError("the key is not what its id says")
    return name, bytes.fromhex(key_id), raw[1:]


def read_checkpoint(note: str, key: str) -> list[str]:
    """Lines of a checkpoint whose signature by ``key`` is right."""
    text, empty, signatures = note.rpartition("\n\n")
    if not empty:
        raise ProofError("the checkpoint has no signature")
    name, key_id, public = read_key(key)
    for line in signatures.splitlines():
        parts = line.split(" ")
        if len(parts) == 3 and parts[0] == "\u2014" and parts[1] == name:
            raw = base64.b64decode(parts[2], validate=True)
            if raw[:4] == key_id:
                if not signed(public, (text + "\n").encode(), raw[4:]):
                    raise ProofError("the signature of the checkpoint is wrong")
                return text.split("\n")
    raise ProofError(f"the checkpoint is not signed by {name}")


def genesis(chain: str) -> bytes:
    """The link before a chain's first entry."""
    return hashlib.sha256(f"guangyue/1 {chain}\n".encode()).digest()


def follow(proof: dict[str, Any]) -> bytes:
    """The head that the entries lead to."""
    prev, seq = bytes.fromhex(proof["prev"]), proof["seq"]
    if seq == 1 and prev != genesis(proof["chain"]):
        raise ProofError("the first entry does not begin this matter's chain")
    for number, body in enumerate(proof["bodies"], seq):
        prev = hashlib.sha256(prev + f"{number}\n{body}".encode()).digest()
    if seq + len(proof["bodies"]) - 1 != proof["leaf"]["seq"]:
        raise ProofError("the entries do not reach the sealed head")
    return prev


def climb(leaf: bytes, position: int, size: int, path: list[bytes]) -> bytes:
    """The root that a leaf and its path lead to (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        raise ProofError("the leaf lies outside the sealed tree")
    at, last, node = position, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for sibling in path:
        if last == 0:
            raise ProofError("the path is too long")
        if at & 1 or at == last:
            node = hashlib.sha256(b"\1" + sibling + node).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + sibling).digest()
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the path is too short")
    return node


def check(proof: dict[str, Any], key: str) -> tuple[str, list[str]]:
    """The entry's own text and the checkpoint's lines, once everything holds."""
    if proof.get("format") != "guangyue-proof/1":
        raise ProofError("this is not a proof of the kind this script knows")
    body = json.loads(proof["bodies"][0])
    if f"matter {body.get('matter')}" != proof["chain"] or int(body.get("seq", 0)) != proof["seq"]:
        raise ProofError("the entry belongs to another matter or place")
    head = follow(proof)
    if head.hex() != proof["leaf"]["head"]:
        raise ProofError("the entries do not lead to the sealed head: something in them was changed")
    lines = read_checkpoint(proof["checkpoint"], key)
    leaf = f"guangyue/1 {proof['chain']} {proof['leaf']['seq']} {head.hex()}\n".encode()
    path = [base64.b64decode(p, validate=True) for p in proof["path"]]
    if climb(leaf, proof["leaf"]["position"], int(lines[1]), path) != base64.b64decode(lines[2], validate=True):
        raise ProofError("the sealed root does not contain this head")
    return proof["bodies"][0], lines


def main() -> int:
    """Check one proof and say so in words."""
    ask = argparse.ArgumentParser(description="Checks a proof that Guangyue wrote (核验案卷日志证明).")
    ask.add_argument("proof", help="the proof, a JSON file")
    ask.add_argument("--key", help="the verifying key or a file with it, from a source other than the proof")
    given = ask.parse_args()
    try:
        proof = json.loads(Path(given.proof).read_text("utf-8"))
        key = given.key or proof["key"]
        if "+" not in key:
            key = Path(key).read_text("utf-8")
        body, lines = check(proof, key)
    except ProofError as why:
        print(f"NOT PROVEN / 证明不成立: {why}")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as why:
        print(f"CANNOT BE READ / 无法读取: {why!r}")
        return 2
    print(f"PROVEN / 证明成立: {proof['chain']}, entry {proof['seq']}")
    print(f"sealed by {lines[0]}: {', '.join(lines[3:])}")
    if not given.key:
        print("CAUTION / 注意: checked with the key inside the proof; compare it with one you got elsewhere:")
        print(f"  {key.strip()}")
    print(json.dumps(json.loads(body), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
