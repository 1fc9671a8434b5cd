"""Photographs of cars that do not exist: a street, a car, a legible plate, time and place as a phone writes them."""

from __future__ import annotations

import io
import random
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, ImageDraw, ImageFont

import guangyue

if TYPE_CHECKING:
    from guangyue.demo.city.model import Car

__all__ = ["photograph", "restamped"]

FONTS = Path(guangyue.__file__).parent / "records" / "papers" / "fonts"
"""The papers' fonts; a simulator is a program outside and loads nothing of the house."""
SIZE = (1280, 960)
_PAINT = {
    "白色": "#e9e9e4",
    "黑色": "#24272c",
    "灰色": "#7d8288",
    "银色": "#b9bec4",
    "蓝色": "#2f538c",
    "红色": "#9c2f2c",
    "绿色": "#3f7350",
}
_SYSTEM = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "wqy-zenhei.ttc", "wqy-microhei.ttc")


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in (*map(str, sorted(FONTS.glob("*Bold.ttf"))), *_SYSTEM):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def photograph(
    car: Car,
    at: datetime,
    where: tuple[float, float],
    chance: random.Random,
    *,
    close: bool = False,
    gone: bool = False,
) -> bytes:
    """A JPEG as an officer's phone takes it.

    Args:
        car: what stands there.
        at: when; the light follows.
        where: longitude and latitude.
        chance: draws what does not matter.
        close: the plate fills the picture; otherwise the whole car with its surroundings.
        gone: the empty place.
    """
    night = not 7 <= at.hour < 18  # noqa: PLR2004 - lamps are lit
    sky, road, kerb = ("#20262e", "#33383d", "#4c5054") if night else ("#c9d6df", "#8b8f92", "#b8b6ad")
    picture = Image.new("RGB", SIZE, road)
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, 0, SIZE[0], 380], fill=sky)
    for n in range(5):
        left = n * 270 + chance.randint(-30, 30)
        pen.rectangle([left, 120 + chance.randint(0, 120), left + 230, 390], fill="#3b4148" if night else "#a9a396")
    pen.rectangle([0, 380, SIZE[0], 440], fill=kerb)
    pen.line([(0, 470), (SIZE[0], 470)], fill="#d8c23a", width=10)
    if not gone:
        _car(pen, car, close=close)
    noise = Image.effect_noise(SIZE, 18 if night else 9).convert("RGB")
    picture = Image.blend(picture, noise, 0.07)
    stamp = ImageDraw.Draw(picture)
    stamp.text((20, SIZE[1] - 46), f"{at:%Y-%m-%d %H:%M:%S}", fill="#f0f0f0", font=_font(30))
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=82, exif=_exif(at, where))
    return held.getvalue()


def restamped(jpeg: bytes, at: datetime, where: tuple[float, float], mark: str) -> bytes:
    """The same picture as if it were taken at another moment and place: its EXIF anew, and a comment nobody sees."""
    exif = b"Exif\x00\x00" + _exif(at, where).tobytes().removeprefix(b"Exif\x00\x00")
    rest = jpeg[2:]
    while rest[:2] in {b"\xff\xe0", b"\xff\xe1", b"\xff\xfe"}:
        rest = rest[2 + int.from_bytes(rest[2:4], "big") :]
    made = jpeg[:2]
    for marker, said in ((b"\xff\xe1", exif), (b"\xff\xfe", mark.encode())):
        made += marker + (len(said) + 2).to_bytes(2, "big") + said
    return made + rest


def _car(pen: ImageDraw.ImageDraw, car: Car, *, close: bool) -> None:
    paint = _PAINT.get(car.colour, "#888888")
    if close:
        pen.rounded_rectangle([60, 120, 1220, 860], 60, fill=paint)
        _plate(pen, car, 250, 440, 780, 230)
        return
    pen.rounded_rectangle([330, 470, 950, 800], 46, fill=paint)
    pen.polygon([(430, 480), (500, 350), (780, 350), (850, 480)], fill=paint)
    pen.polygon([(455, 474), (512, 370), (768, 370), (825, 474)], fill="#39444d")
    for x in (350, 860):
        pen.rounded_rectangle([x, 560, x + 70, 610], 12, fill="#b8332c")
        pen.rounded_rectangle([x - 10, 780, x + 80, 850], 16, fill="#17191b")
    _plate(pen, car, 470, 660, 340, 100)


def _plate(pen: ImageDraw.ImageDraw, car: Car, x: int, y: int, width: int, height: int) -> None:
    green = car.kind.startswith("new-energy")
    ground, ink = ("#8fd3a5", "#101010") if green else ("#1c4fa3", "#ffffff")
    pen.rounded_rectangle(
        [x, y, x + width, y + height], height // 10, fill=ground, outline=ink, width=max(2, height // 40)
    )
    text = f"{car.plate[:2]}·{car.plate[2:]}" if not green else f"{car.plate[:2]} {car.plate[2:]}"
    font = _font(int(height * 0.72))
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    scale = min(1.0, (width * 0.9) / (right - left))
    if scale < 1:
        font = _font(int(height * 0.72 * scale))
        left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    pen.text((x + (width - right + left) / 2 - left, y + (height - bottom + top) / 2 - top), text, fill=ink, font=font)


def _exif(at: datetime, where: tuple[float, float]) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Guangyue demo"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = f"{at:%Y:%m:%d %H:%M:%S}"
    details[ExifTags.Base.OffsetTimeOriginal] = f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:]
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", _sexagesimal(where[0])
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", _sexagesimal(where[1])
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = (degrees % 1) * 60
    return float(int(degrees)), float(int(minutes)), round((minutes % 1) * 60, 4)
