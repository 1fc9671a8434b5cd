"""Evidence in a bucket, against a real S3 service on loopback (moto's server); skipped where the extra is not installed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from guangyue.records.evidence.errors import EvidenceError
from guangyue.records.evidence.s3 import S3Store

boto3 = pytest.importorskip("boto3")
pytest.importorskip("moto.server")
SERVE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def bucket():
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": "k",
        "AWS_SECRET_ACCESS_KEY": "s",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    port = server.stdout.readline().strip()
    client = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id="k",
        aws_secret_access_key="s",
    )  # fmt: skip
    client.create_bucket(Bucket="evidence")
    yield client
    client.close()
    server.communicate("", timeout=20)


def piece(tmp_path, data):
    path = tmp_path / "arrived"
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def test_bytes_come_back_as_they_were_and_lie_there_once(bucket, tmp_path):
    store = S3Store(bucket, "evidence", "pieces/")
    data = os.urandom(300_000)
    path, name = piece(tmp_path, data)
    store.put(path, name)
    assert not path.exists(), "the draft is gone once the service has answered"
    with store.open(name) as back:
        assert back.read() == data
    store.verify(name)
    again, _ = piece(tmp_path, data)
    store.put(again, name)
    assert list(store.names()) == [name]
    assert store.remove(name)
    assert not store.remove(name)
    with pytest.raises(EvidenceError, match=r"evidence\.missing"):
        store.open(name)


def test_bytes_that_are_not_what_they_are_called_are_refused(bucket, tmp_path):
    """First by us, then by the service itself, whom we hand the digest."""
    store = S3Store(bucket, "evidence")
    path, name = piece(tmp_path, b"one thing")
    with pytest.raises(EvidenceError, match=r"evidence\.altered"):
        store.put(path, hashlib.sha256(b"another").hexdigest())
    assert path.exists()
    assert list(store.names()) == []
    store.put(path, name)
    bucket.put_object(Bucket="evidence", Key=name, Body=b"changed behind our back")
    with pytest.raises(EvidenceError, match=r"evidence\.altered"):
        store.verify(name)


def test_many_names_are_listed_page_by_page(bucket, tmp_path):
    store = S3Store(bucket, "evidence", "many/")
    names = set()
    for n in range(1005):
        name = hashlib.sha256(b"%d" % n).hexdigest()
        bucket.put_object(Bucket="evidence", Key=f"many/{name}", Body=b"%d" % n)
        names.add(name)
    assert set(store.names()) == names
    assert set(S3Store(bucket, "evidence", "none/").names()) == set()
