"""Files told from their bytes: types, bombs, capture data, recordings."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.evidence import pictures

from guangyue.records.evidence.errors import _SENTENCES, EvidenceError
from guangyue.records.evidence.examine import examine
from guangyue.records.evidence.media import MediaType, sniff

PHOTO = pictures.jpeg(pictures.scene(1), exif=pictures.exif_of())


def write(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "file.anything"
    path.write_bytes(data)
    return path


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, rows: bytes, *more: bytes) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def package(entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


OFD = {
    "OFD.xml": b'<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>',
    "Doc_0/Document.xml": b"<x/>",
}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PHOTO, MediaType.JPEG),
        (png(2, 2, zlib.compress(b"\0\1\2" * 2)), MediaType.PNG),
        (pictures.movie(), MediaType.MP4),
        (pictures.movie().replace(b"ftypisom", b"ftypM4A "), MediaType.M4A),
        (b"ID3\x04" + bytes(100), MediaType.MP3),
        (b"\xff\xfb\x90\x64" + bytes(100), MediaType.MP3),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), MediaType.WAV),
        (b"#!AMR\n" + bytes(40), MediaType.AMR),
        (b"%PDF-1.7\n" + bytes(3000) + b"\n%%EOF\n", MediaType.PDF),
        (package(OFD), MediaType.OFD),
    ],
    ids=lambda v: v.value if isinstance(v, MediaType) else "",
)
def test_what_is_taken(tmp_path, data, expected):
    assert examine(write(tmp_path, data)).media_type is expected


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "evidence.empty"),
        (b"plain text", "evidence.type"),
        (b"<html><script>alert(1)</script>", "evidence.type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "evidence.type"),
        (b"MZ\x90\0" + bytes(100), "evidence.type"),
        (b"\x7fELF" + bytes(100), "evidence.type"),
        (b"GIF89a" + bytes(100), "evidence.type"),
        (b"  %PDF-1.7\n%%EOF", "evidence.type"),
        (b"%PDF-1.7 without an end", "evidence.type"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "evidence.type"),
        (package({"readme.txt": b"no paper"}), "evidence.type"),
        (package({"OFD.xml": b"<html/>"}), "evidence.type"),
        (b"PK\x03\x04" + bytes(200), "evidence.damaged"),
        (PHOTO[: len(PHOTO) // 2], "evidence.damaged"),
        (b"\xff\xd8\xff" + bytes(500), "evidence.damaged"),
        (pictures.movie()[:-30], "evidence.damaged"),
        (pictures.movie().replace(b"mdat", b"free"), "evidence.damaged"),
        (pictures.movie().replace(b"mvhd", b"xxxx"), "evidence.damaged"),
    ],
)
def test_what_is_refused(tmp_path, data, code):
    with pytest.raises(EvidenceError) as refused:
        examine(write(tmp_path, data))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (png(40_000, 40_000, zlib.compress(bytes(1000))), "pixels"),
        (png(30_000, 3_000, zlib.compress(bytes(1000))), "30000 × 3000"),
        (png(2, 2, zlib.compress(b"\0\1\2" * 2), png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(80 << 20)))), "PNG"),
        (package(OFD | {"Doc_0/bomb.bin": bytes(200 << 20)}), "MiB"),
        (package(OFD | {f"n{i}": b"" for i in range(5_001)}, method=zipfile.ZIP_STORED), "entries"),
    ],
    ids=["pixels", "wide", "png-text", "zip", "many"],
)
def test_bombs_are_refused_in_little_memory(tmp_path, data, what):
    path = write(tmp_path, data)
    tracemalloc.start()
    try:
        with pytest.raises(EvidenceError) as refused:
            examine(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.code in {"evidence.bomb", "evidence.damaged"}
    assert refused.value.code == "evidence.bomb", what
    assert peak < 32 << 20


@pytest.mark.parametrize("name", ["../up.xml", "/etc/passwd", "a\\..\\..\\b", "C:/x", "inner.zip"])
def test_packages_that_would_write_elsewhere_or_hide_another(tmp_path, name):
    with pytest.raises(EvidenceError):
        examine(write(tmp_path, package(OFD | {name: b"x"})))


def test_capture_data_of_a_phone(tmp_path):
    found = examine(write(tmp_path, PHOTO))
    assert found.taken_at == datetime(2026, 11, 22, 1, 0, 5, tzinfo=UTC)
    assert not found.offset_assumed
    assert found.position is not None
    assert (found.position.lat, found.position.lon) == (
        pytest.approx(36.45678, abs=1e-6),
        pytest.approx(115.98543, abs=1e-6),
    )
    assert found.details["accuracy_m"] == 8.5
    assert found.details["camera"] == "Maker Phone 9"
    assert found.details["clock_error_s"] == 2.0
    assert (found.width, found.height) == (800, 600)


def test_without_an_offset_the_citys_is_assumed_and_told(tmp_path):
    found = examine(write(tmp_path, pictures.jpeg(pictures.scene(1), exif=pictures.exif_of(offset=None))))
    assert found.taken_at == datetime(2026, 11, 22, 9, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert found.offset_assumed


def test_south_and_west(tmp_path):
    exif = pictures.exif_of(lat=((33.0, 51.0, 0.0), "S"), lon=((70.0, 40.0, 0.0), "W"))
    position = examine(write(tmp_path, pictures.jpeg(pictures.scene(1), exif=exif))).position
    assert (position.lat, position.lon) == (pytest.approx(-33.85), pytest.approx(-70.66667, abs=1e-4))


@pytest.mark.parametrize(
    "values",
    [
        {"taken": "2026:13:45 99:00:00"},
        {"taken": "    :  :     :  :  "},
        {"taken": "\0" * 19},
        {"offset": "+99:99"},
        {"lat": ((99.0, 0.0, 0.0), "N")},
        {"lat": ((36.0, 0.0), "N")},
        {"lat": ((0.0, 0.0, 0.0), "N"), "lon": ((0.0, 0.0, 0.0), "E")},
        {"lat": ((36.0, 0.0, 0.0), "X")},
        {"satellite": ("not a day", (25.0, 99.0, 99.0))},
        {"accuracy": 2e6},
        {"lat": None, "lon": None, "taken": None, "offset": None, "satellite": None, "accuracy": None},
    ],
)
def test_wrong_capture_data_counts_as_absent(tmp_path, values):
    found = examine(write(tmp_path, pictures.jpeg(pictures.scene(1), exif=pictures.exif_of(**values))))
    assert found.media_type is MediaType.JPEG
    if "taken" in values:
        assert found.taken_at is None
    if "lat" in values:
        assert found.position is None


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1500), st.binary(min_size=1, max_size=8))
def test_damaged_headers_never_break_the_reader(tmp_path, place, garbage):
    changed = bytearray(PHOTO)
    changed[place : place + len(garbage)] = garbage
    with suppress(EvidenceError):
        examine(write(tmp_path, bytes(changed)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damaged_movies_never_break_the_reader(tmp_path, place, garbage):
    changed = bytearray(pictures.movie())
    changed[place : place + len(garbage)] = garbage
    with suppress(EvidenceError):
        examine(write(tmp_path, bytes(changed)))


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
PAPERS = [package(OFD, method=method) for method in METHODS]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PAPERS), st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=4)), max_size=4))
def test_damaged_papers_never_break_the_reader(tmp_path, paper, garbage):
    changed = bytearray(paper)
    for place, what in garbage:
        changed[place : place + len(what)] = what
    with suppress(EvidenceError):
        examine(write(tmp_path, bytes(changed)))


@pytest.mark.parametrize("method", METHODS)
def test_a_paper_whose_packed_bytes_are_spoilt_is_damaged(tmp_path, method):
    whole = bytearray(package(OFD, method=method))
    inside = 30 + len("OFD.xml")
    whole[inside : inside + 8] = b"\x06\xff\x00\x00\xff\xff\xff\xff"
    with pytest.raises(EvidenceError, match=r"evidence\.damaged"):
        examine(write(tmp_path, bytes(whole)))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP", b"PK\x03\x04", b"%PDF-", b"\0\0\0\x10ftypisom"]
    ),
    st.binary(max_size=300),
)
def test_random_bytes_never_break_the_reader(tmp_path, start, rest):
    with suppress(EvidenceError):
        examine(write(tmp_path, start + rest))


def test_a_recording_says_when_it_began_and_ended(tmp_path):
    found = examine(write(tmp_path, pictures.movie(seconds=90)))
    assert found.taken_at == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert found.until == found.taken_at + timedelta(seconds=90)
    undated = examine(write(tmp_path, pictures.movie(started=None)))
    assert (undated.taken_at, undated.until) == (None, None)


def test_the_name_of_a_file_means_nothing(tmp_path):
    path = tmp_path / "innocent.jpg"
    path.write_bytes(b"MZ" + bytes(100))
    with pytest.raises(EvidenceError, match=r"evidence\.type"):
        sniff(path)


def test_a_large_jpeg_is_read_in_little_memory(tmp_path):
    image = Image.new("L", (12_000, 8_000), 90)
    image.paste(200, (0, 0, 6_000, 4_000))
    path = write(tmp_path, pictures.jpeg(image, quality=60))
    found = examine(path)
    assert (found.width, found.height) == (12_000, 8_000)


def test_sentences_are_complete():
    for code, text in _SENTENCES.items():
        assert any("\u4e00" <= c <= "\u9fff" for c in text.zh), code
        assert text.en.strip(), code
