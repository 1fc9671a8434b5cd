"""Evidence in S3-compatible storage (对象存储), with the extra ``s3``.

The digest travels with the bytes: the service itself refuses what does not match, and answers only when the object is
durable. Use a bucket with object lock where the service has it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from guangyue.law.override import override
from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.store import BlobStore, digest_of

__all__ = ["S3Store"]

_ABSENT = {"404", "NoSuchKey", "NotFound"}
_IN_MEMORY = 8 << 20


class S3Store(BlobStore):
    """A bucket, below a prefix.

    Args:
        client: boto3's S3 client.
        bucket: the bucket's name.
        prefix: what stands before each digest, with its closing slash.
    """

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:  # noqa: ANN401 - boto3 makes its classes at run time
        self.client = client
        self.bucket = bucket
        self.prefix = prefix

    @classmethod
    def at(cls, address: str) -> S3Store:
        """The store of an ``s3://bucket/prefix`` address; keys and endpoint come from the environment."""
        import boto3  # type: ignore[import-not-found,import-untyped,unused-ignore]  # the extra `s3`

        parts = urlsplit(address)
        prefix = parts.path.strip("/")
        return cls(boto3.client("s3"), parts.netloc, f"{prefix}/" if prefix else "")

    @override
    def put(self, source: Path, sha256: str) -> None:
        with source.open("rb") as stream:
            if digest_of(stream) != sha256:
                raise EvidenceError("evidence.altered")
            if not self._holds(sha256, source.stat().st_size):
                stream.seek(0)
                self.client.put_object(
                    Bucket=self.bucket,
                    Key=self.prefix + sha256,
                    Body=stream,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode("ascii"),
                )
        source.unlink()

    @override
    def open(self, sha256: str) -> BinaryIO:
        from botocore.exceptions import ClientError  # type: ignore[import-not-found,import-untyped,unused-ignore]

        spool = cast("BinaryIO", SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the caller closes it
        try:
            self.client.download_fileobj(self.bucket, self.prefix + sha256, spool)
        except ClientError as why:
            spool.close()
            if why.response["Error"]["Code"] in _ABSENT:
                raise EvidenceError("evidence.missing") from None
            raise
        spool.seek(0)
        return spool

    @override
    def remove(self, sha256: str) -> bool:
        held = self._holds(sha256)
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + sha256)
        return held

    @override
    def names(self) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        for page in pages:
            for entry in page.get("Contents", ()):
                yield entry["Key"].removeprefix(self.prefix)

    def _holds(self, sha256: str, size: int | None = None) -> bool:
        from botocore.exceptions import ClientError  # type: ignore[import-not-found,import-untyped,unused-ignore]

        try:
            head = self.client.head_object(Bucket=self.bucket, Key=self.prefix + sha256)
        except ClientError as why:
            if why.response["Error"]["Code"] in _ABSENT:
                return False
            raise
        return size is None or head["ContentLength"] == size
