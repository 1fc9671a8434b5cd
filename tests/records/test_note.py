"""Signed checkpoints: read back, and refused when anything about them is off."""

from __future__ import annotations

import base64

import pytest

from guangyue.records.seals.note import Checkpoint, NoteError, SigningKey, VerifyingKey, read_signed


@pytest.fixture
def key(tmp_path):
    return SigningKey.load(tmp_path / "keys" / "seal.key", "guangyue/test")


def test_a_signed_checkpoint_reads_back(key):
    said = Checkpoint("guangyue/test", 42, b"\1" * 32, ("seal 3", "at 2026-11-22T08:00:00+00:00"))
    note = key.sign(said.text())
    assert Checkpoint.parse(read_signed(note, key.verifying())) == said
    assert said.said("seal") == "3"
    assert said.said("sm3") == ""


def test_the_note_format_is_that_of_signed_note(key):
    """Checked against the published form: text, empty line, em dash, name, base64 of key id and signature."""
    note = key.sign("a\n")
    text, signature = note.split("\n\n")
    assert text == "a"
    dash, name, value = signature.rstrip("\n").split(" ")
    assert (dash, name, len(base64.b64decode(value))) == ("—", "guangyue/test", 4 + 64)


def test_an_example_key_of_the_specification_reads():
    """The verifying key in Go's sumdb, whose form the specification adopted."""
    assert (
        VerifyingKey.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").name
        == "sum.golang.org"
    )


def test_the_key_is_kept_and_only_its_owner_reads_it(key, tmp_path):
    path = tmp_path / "keys" / "seal.key"
    assert path.stat().st_mode & 0o077 == 0
    assert SigningKey.load(path, "guangyue/test") == key
    assert VerifyingKey.parse(path.with_suffix(".pub").read_text()) == key.verifying()
    with pytest.raises(NoteError, match="holds no key of"):
        SigningKey.load(path, "another/city")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda n: n.replace("7", "8", 1), "wrong"),
        (lambda n: n.split("\n\n")[0], "no signature"),
        (lambda n: n.replace("guangyue/test ", "somebody/else "), "has not signed"),
        (lambda n: n.replace("— ", "- "), "malformed"),
        (lambda n: n.replace("\n\n", "\nextra\n\n"), "wrong"),
    ],
)
def test_a_spoilt_note_is_refused(key, spoil, says):
    note = key.sign(Checkpoint("guangyue/test", 7, b"\0" * 32).text())
    with pytest.raises(NoteError, match=says):
        read_signed(spoil(note), key.verifying())


@pytest.mark.parametrize(
    "text", ["", "a\n", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\n???\n", "a\n1\nAAAA\n\nx\n"]
)
def test_no_checkpoint(text):
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text", ["x", "a+00000000+AQ==", "a+b+c", "a+00000000+" + base64.b64encode(b"\1" * 33).decode()]
)
def test_no_key(text):
    with pytest.raises(NoteError):
        VerifyingKey.parse(text)
