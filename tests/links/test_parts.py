"""Long texts in parts: what is cut comes together again, and no part is too long for the air."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.links.sms.parts import ONE, PART, headed, split

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=600)


@given(texts)
def test_the_parts_are_the_text_and_each_fits(text):
    parts = split(text)
    assert "".join(parts) == text
    room = ONE if len(parts) == 1 else PART
    for part in parts:
        assert 0 < len(part.encode("utf-16-be")) <= 2 * room


@given(texts, st.integers(0, 10_000))
def test_every_part_on_the_air_has_its_place_and_at_most_140_bytes(text, reference):
    bodies = headed(split(text), reference)
    assert all(len(body) <= 140 for body in bodies)
    if len(bodies) > 1:
        assert [b[:6] for b in bodies] == [
            bytes((5, 0, 3, reference % 256, len(bodies), n)) for n in range(1, len(bodies) + 1)
        ]
        assert "".join(b[6:].decode("utf-16-be") for b in bodies) == text


def test_a_rare_character_is_not_torn_at_the_seam():
    text = "字" * (PART - 1) + "𠮷" + "字" * 10
    first, second = split(text)
    assert first == "字" * (PART - 1)
    assert second.startswith("𠮷")


def test_seventy_fit_alone_and_seventy_one_do_not():
    assert len(split("字" * 70)) == 1
    assert [len(p) for p in split("字" * 71)] == [67, 4]


@pytest.mark.parametrize("text", ["", "字" * (67 * 255 + 1)])
def test_nothing_and_too_much_are_refused(text):
    with pytest.raises(ValueError, match=r"empty|at most"):
        split(text)
