"""A street with a parked car, drawn: what the phone's camera sees in these tests."""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", "/usr/share/fonts/truetype/noto/NotoSansCJK-Bold.ttc")


def font(size: int) -> ImageFont.FreeTypeFont | None:
    """A font with the provinces' characters, or None where there is none."""
    for name in FONTS:
        if Path(name).exists():
            return ImageFont.truetype(name, size, index=2)
    return None


def street(plate: str = "鲁P12345", size: tuple[int, int] = (960, 1280), seed: int = 7) -> Image.Image:
    """Evening, wet asphalt, a car at the kerb; the plate to GB/T 36 proportions (440 × 140)."""
    chance = random.Random(seed)
    w, h = size
    scene = Image.new("RGB", size, "#2a3440")
    draw = ImageDraw.Draw(scene)
    for y in range(h // 2):
        shade = 60 + int(70 * y / (h / 2))
        draw.line([(0, y), (w, y)], fill=(shade, shade + 14, shade + 30))
    for i in range(9):
        left = i * w // 9
        top = chance.randint(h // 10, h // 4)
        draw.rectangle([left, top, left + w // 9 - 8, h // 2], fill=(52, 60, 72))
        for _ in range(14):
            x, y = left + chance.randint(8, w // 9 - 30), chance.randint(top + 8, h // 2 - 30)
            draw.rectangle([x, y, x + 14, y + 18], fill=chance.choice([(240, 200, 120), (70, 80, 95)]))
    draw.rectangle([0, h // 2, w, h], fill=(58, 62, 68))
    draw.rectangle([0, h // 2, w, h // 2 + 46], fill=(120, 118, 112))
    body = (w * 14 // 100, h * 42 // 100, w * 86 // 100, h * 76 // 100)
    draw.rounded_rectangle(
        (body[0] + w // 12, body[1] - h // 9, body[2] - w // 12, body[1] + h // 6), 60, fill="#8e2f2a"
    )
    draw.rounded_rectangle(
        (body[0] + w // 9, body[1] - h // 12, body[2] - w // 9, body[1] + h // 16), 40, fill="#1c2733"
    )
    draw.rounded_rectangle(body, 50, fill="#a83a33")
    for x in (body[0] + 24, body[2] - 174):
        draw.rounded_rectangle((x, body[1] + h // 12, x + 150, body[1] + h // 12 + 60), 18, fill="#ffcf8a")
    for x in (body[0] + 40, body[2] - 180):
        draw.rounded_rectangle((x, body[3] - 30, x + 140, body[3] + 70), 30, fill="#14181d")
    pw = w * 34 // 100
    ph = pw * 140 // 440
    px, py = (w - pw) // 2, body[1] + h * 19 // 100
    draw.rounded_rectangle((px, py, px + pw, py + ph), 12, fill="#1740a8", outline="#f4f6fa", width=5)
    face = font(int(ph * 0.56))
    if face is not None:
        text = f"{plate[:2]}·{plate[2:]}"
        draw.text((px + pw / 2, py + ph / 2 - ph * 0.06), text, font=face, fill="#ffffff", anchor="mm")
    return scene.filter(ImageFilter.GaussianBlur(0.8))


def jpeg(picture: Image.Image) -> bytes:
    """The picture as a camera stores it."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=88)
    return held.getvalue()


def film(path: Path, plate: str = "鲁P12345") -> Path:
    """The same as a film for Chromium's pretended camera (MJPEG: pictures one after the other)."""
    path.write_bytes(jpeg(street(plate)) * 3)
    return path
