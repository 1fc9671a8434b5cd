"""Broken pictures, pictures that swell, packages that swell, and what only pretends to be one."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from functools import cache

from hypothesis import strategies as st
from PIL import ExifTags, Image

__all__ = ["BOMBS", "files", "seeds"]


def _picture(kind: str, size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind, **more)
    return out.getvalue()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Maker\x00\udcff".encode("utf-8", "replace").decode()
    exif._ifds[ExifTags.IFD.Exif] = {
        ExifTags.Base.DateTimeOriginal: "0001:01:01 00:00:00", ExifTags.Base.OffsetTimeOriginal: "+14:00",
    }  # fmt: skip
    exif._ifds[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitude: (999.0, 61.0, 4e9), ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLongitude: (180.0, 59.0, 59.9), ExifTags.GPS.GPSLongitudeRef: "?",
        ExifTags.GPS.GPSDateStamp: "9999:12:31", ExifTags.GPS.GPSTimeStamp: (99.0, 99.0, 99.0),
        ExifTags.GPS.GPSHPositioningError: 4e9, ExifTags.GPS.GPSImgDirection: 4e9,
    }  # fmt: skip
    return _picture("JPEG", exif=exif)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG that says it is enormous, with rows of zeros to match for a while."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 5_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A small PNG with texts that swell."""
    whole = _picture("PNG")
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 80_000_000, 9))
    return whole[:33] + text + whole[33:]


def jpeg_bomb() -> bytes:
    """A JPEG whose header says 65,500 × 65,500."""
    whole = bytearray(_picture("JPEG"))
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", 65500, 65500)
    return bytes(whole)


def zip_bomb(*, named: str = "OFD.xml", size: int = 300_000_000) -> bytes:
    """A package whose entry is zeros by the hundred megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open(named, "w") as entry:
        for _ in range(size // 10_000_000):
            entry.write(bytes(10_000_000))
    return out.getvalue()


def liar() -> bytes:
    """A package that says its entry is small."""
    whole = bytearray(zip_bomb(size=20_000_000))
    at = whole.index(b"PK\x01\x02")
    whole[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(whole)


def movie(time: int, length: int, scale: int, *, wide: bool = False) -> bytes:
    """An MP4 with odd times."""
    head = (b"\1" if wide else b"\0") + bytes(3) + struct.pack(">QQIQ" if wide else ">IIII", time, time, scale, length)
    moov = _box(b"moov", _box(b"mvhd", head + bytes(80)))
    return _box(b"ftyp", b"isom" + bytes(4)) + moov + _box(b"mdat", bytes(8))


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def _wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(160))
    return out.getvalue()


@cache
def seeds() -> tuple[bytes, ...]:
    """Good files to begin with, and the bombs."""
    good = (
        _picture("JPEG"), _picture("PNG"), _picture("WEBP"), _exif(), _wav(), movie(0, 0, 0), movie(2**32 - 1, 2**32 - 1, 1),
        movie(3_600_000_000, 90, 1), movie(3_600_000_000, 2**64 - 1, 1, wide=True),
        movie(2**64 - 1, 1, 1, wide=True), movie(1, 2**60, 1, wide=True), b"%PDF-1.7\n%%EOF", b"#!AMR\n" + bytes(32), b"ID3\x04" + bytes(64), b"<svg onload=alert(1)>",
        b"<html><script>alert(1)</script>", b"GIF89a" + bytes(20), b"\xff\xd8\xff", b"",
    )  # fmt: skip
    return (*good, *BOMBS())


@cache
def BOMBS() -> tuple[bytes, ...]:  # noqa: N802 - made once, when first asked for
    """What is small and would be huge."""
    return (png_bomb(30_000, 30_000), png_bomb(2**31 - 1, 2**31 - 1), png_bomb(1, 2_000_000), text_bomb(), jpeg_bomb(), zip_bomb(), liar(), zip_bomb(named="../../x", size=10_000_000))  # fmt: skip


@st.composite
def _broken(draw: st.DrawFn) -> bytes:
    whole = bytearray(draw(st.sampled_from(seeds())))
    for _ in range(draw(st.integers(0, 6))):
        if not whole:
            break
        at = draw(st.integers(0, len(whole) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                whole[at] = draw(st.integers(0, 255))
            case 1:
                del whole[at:]
            case 2:
                whole[at:at] = draw(st.binary(max_size=40))
            case _:
                whole[at : at + 4] = draw(st.sampled_from((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x80\0\0\0")))
    return bytes(whole)


files = st.one_of(_broken(), st.binary(max_size=400))
