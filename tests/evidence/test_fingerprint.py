"""Earlier photographs are recognised after what messengers and phones do to them; different scenes are not confused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance
from tests.evidence import pictures

from guangyue.records.evidence.fingerprint import (
    NEAR_P,
    Fingerprint,
    bands,
    distance,
    fingerprint,
    probes,
    signed,
    unsigned,
)

HASHES = st.integers(0, (1 << 64) - 1)


def again(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue()))


CHANGES = {
    "jpeg-90": lambda i: again(i, 90),
    "jpeg-30": lambda i: again(i, 30),
    "half": lambda i: i.resize((i.width // 2, i.height // 2)),
    "tenth": lambda i: i.resize((i.width // 10, i.height // 10)),
    "brighter": lambda i: ImageEnhance.Brightness(i).enhance(1.15),
    "contrast": lambda i: ImageEnhance.Contrast(i).enhance(0.85),
    "grey": lambda i: i.convert("L").convert("RGB"),
    "messenger": lambda i: again(i.resize((640, 480)), 60),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_picture_is_recognised(change):
    scenes = [pictures.scene(seed) for seed in range(30)]
    found = sum(fingerprint(scene).is_near(fingerprint(CHANGES[change](scene))) for scene in scenes)
    assert found >= 29, f"{found} of 30 recognised after {change}"


def test_different_scenes_are_not_confused():
    prints = [fingerprint(pictures.scene(seed, (160, 120))) for seed in range(150)]
    pairs = [(a, b) for i, a in enumerate(prints) for b in prints[:i]]
    wrong = sum(a.is_near(b) for a, b in pairs)
    assert wrong == 0, f"{wrong} of {len(pairs)} pairs confused"


def test_dark_and_blank_pictures_match_nothing():
    assert fingerprint(Image.new("RGB", (640, 480), (3, 3, 4))) is None
    night = np.random.default_rng(1).integers(0, 4, (480, 640, 3), dtype=np.uint8)
    assert fingerprint(Image.fromarray(night)) is None


@given(HASHES, st.sets(st.integers(0, 63), max_size=NEAR_P))
def test_the_index_misses_none_within_seven_bits(phash, flipped):
    other = phash
    for bit in flipped:
        other ^= 1 << bit
    assert distance(phash, other) == len(flipped)
    assert set(probes(phash)) & set(bands(other))


@given(HASHES)
def test_numbers_fit_the_database_and_come_back(number):
    assert -(1 << 63) <= signed(number) < 1 << 63
    assert unsigned(signed(number)) == number
    assert all(0 <= key < 1 << 18 for key in (*bands(number), *probes(number)))
    assert len(set(probes(number))) == 68


@given(HASHES, HASHES, HASHES)
def test_distance_is_a_metric(a, b, c):
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, c) <= distance(a, b) + distance(b, c)


def test_both_hashes_must_agree():
    assert Fingerprint(0, 0).is_near(Fingerprint(0, 0b1111111))
    assert not Fingerprint(0, 0).is_near(Fingerprint(0, 0b11111111))
    assert not Fingerprint(0, 0).is_near(Fingerprint((1 << 13) - 1, 0))
