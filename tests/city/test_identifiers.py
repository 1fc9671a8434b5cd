"""Numbers of people, vehicles, organisations: what is read, what is refused, and that refusals repeat nothing."""

from __future__ import annotations

import pickle
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.city.errors import CityError
from guangyue.city.identifiers import PlateKind, Sex, parse_id_number, parse_phone, parse_plate, parse_uscc
from guangyue.city.identifiers.id_number import check_character
from guangyue.city.identifiers.phone import PhoneKind
from guangyue.city.sentences import SENTENCES

TODAY = date(2026, 11, 22)


def iso7064(first17: str) -> str:
    """The check character written the way the standard tabulates it, not as the module computes it."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


id_numbers = st.builds(
    lambda division, birth, order: f"{division:06}{birth:%Y%m%d}{order:03}",
    st.integers(110000, 659999),
    st.dates(date(1850, 1, 1), TODAY),
    st.integers(0, 999),
).map(lambda first: first + iso7064(first))


@given(id_numbers)
def test_a_right_identity_number_is_read_in_any_writing(number):
    full_width = number.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
    for written in (number, number.lower(), f" {number[:6]} {number[6:14]}-{number[14:]}", full_width):
        read = parse_id_number(written, today=TODAY)
        assert read.value == number
        assert f"{read.birth:%Y%m%d}" == number[6:14]
        assert read.sex is (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)
        assert number not in repr(read)


@given(id_numbers, st.integers(0, 17), st.integers(1, 9))
def test_any_one_wrong_digit_is_noticed(number, place, shift):
    other = shift if number[place] == "X" else (int(number[place]) + shift) % 10
    changed = f"{number[:place]}{other}{number[place + 1 :]}"
    with pytest.raises(CityError) as refused:
        parse_id_number(changed, today=TODAY)
    assert changed not in str(refused.value), "a refusal repeats no personal datum"


@given(id_numbers, st.integers(0, 16))
def test_two_neighbours_swapped_are_noticed(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(CityError):
            parse_id_number(swapped, today=TODAY)


def test_a_division_younger_than_its_holder_is_no_fault():
    # 371502 exists since 1997; people born earlier hold it. Tables of divisions by birth year refuse them.
    first = "37150219900307001"
    assert parse_id_number(first + check_character(first), today=TODAY).division == "371502"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "identifier.id.shape"),
        ("110105194912310", "identifier.id.shape"),  # fifteen digits ended in 2013
        ("11010519491231002Y", "identifier.id.shape"),
        ("01010519491231002X", "identifier.id.shape"),  # no division begins with 0
        ("1" * 5000, "identifier.id.shape"),
        ("११०१०५१९४९१२३१००२X", "identifier.id.shape"),  # digits of another script
        ("110105194902290021", "identifier.id.birth"),
        ("110105203001010022", "identifier.id.birth"),
        ("110105194912310021", "identifier.id.check"),
    ],
)
def test_wrong_identity_numbers(written, code):
    with pytest.raises(CityError) as refused:
        parse_id_number(written, today=TODAY)
    assert refused.value.code == code


def test_age_turns_on_the_birthday_and_the_leap_day_on_the_first_of_march():
    first = "37150220080229001"
    leap = parse_id_number(first + check_character(first), today=TODAY)
    assert leap.age_on(date(2026, 2, 28)) == 17
    assert leap.age_on(date(2026, 3, 1)) == 18
    assert leap.age_on(date(2024, 2, 29)) == 16


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("鲁P·12345", "鲁P12345", PlateKind.ORDINARY),
        ("鲁p8k6q2", "鲁P8K6Q2", PlateKind.ORDINARY),
        ("鲁Ｐ－１２３４５", "鲁P12345", PlateKind.ORDINARY),
        ("鲁P·D12345", "鲁PD12345", PlateKind.NEW_ENERGY_SMALL),
        ("鲁PDA2345", "鲁PDA2345", PlateKind.NEW_ENERGY_SMALL),
        ("鲁P12345F", "鲁P12345F", PlateKind.NEW_ENERGY_LARGE),
        ("鲁P1234挂", "鲁P1234挂", PlateKind.TRAILER),
        ("鲁P123A学", "鲁P123A学", PlateKind.LEARNER),
        ("鲁P1234警", "鲁P1234警", PlateKind.POLICE),
        ("粤Z1234港", "粤Z1234港", PlateKind.BORDER),
        ("沪A0023领", "沪A0023领", PlateKind.CONSULATE),
        ("使014578", "使014578", PlateKind.EMBASSY),
        ("鲁X1234应急", "鲁X1234应急", PlateKind.RESCUE),
    ],
)
def test_plates_that_exist(written, value, kind):
    plate = parse_plate(written)
    assert (plate.value, plate.kind) == (value, kind)
    assert parse_plate(str(plate)) == plate


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("鲁P1I345", "identifier.plate.letters"),
        ("鲁P1O345", "identifier.plate.letters"),
        ("鲁PABC12", "identifier.plate.letters"),  # three letters in an ordinary serial
        ("鲁PL12345", "identifier.plate.shape"),  # L is no class of new-energy vehicles
        ("鲁PDAB345", "identifier.plate.shape"),  # only the second place may be a letter
        ("鲁I12345", "identifier.plate.shape"),  # no office has the letter I
        ("P12345", "identifier.plate.shape"),
        ("鲁P1234", "identifier.plate.shape"),
        ("台A12345", "identifier.plate.shape"),
        ("鲁Z1234港", "identifier.plate.shape"),
        ("WJ鲁12345", "identifier.plate.military"),
        ("", "identifier.plate.shape"),
        ("鲁" * 10_000, "identifier.plate.shape"),
    ],
)
def test_plates_that_cannot_be(written, code):
    with pytest.raises(CityError) as refused:
        parse_plate(written)
    assert refused.value.code == code
    assert len(str(refused.value)) < 250


def test_the_drive_of_a_new_energy_vehicle():
    assert parse_plate("鲁PD12345").battery_only is True
    assert parse_plate("鲁PF12345").battery_only is False
    assert parse_plate("鲁P12345K").battery_only is False
    assert parse_plate("鲁P12345").battery_only is None


@given(st.text(max_size=40))
def test_nothing_typed_breaks_a_reader(text):
    for read in (parse_plate, parse_phone, parse_uscc, lambda t: parse_id_number(t, today=TODAY)):
        with suppress(CityError):
            read(text)


def test_phones():
    mobile = parse_phone("138 0013-8000")
    assert (mobile.value, mobile.kind, mobile.domestic) == ("+8613800138000", PhoneKind.MOBILE, True)
    assert parse_phone("0635-8412345").kind is PhoneKind.FIXED
    abroad = parse_phone("+49 30 901820")
    assert (abroad.value, abroad.domestic) == ("+4930901820", False)
    assert "138" not in repr(mobile)


@pytest.mark.parametrize("written", ["", "110", "12345678901", "1380013800", "138001380001", "abc", "1" * 1000])
def test_phones_that_cannot_be_called(written):
    with pytest.raises(CityError) as refused:
        parse_phone(written)
    assert refused.value.code == "identifier.phone.shape"
    assert len(written) < 4 or written not in str(refused.value)


def test_social_credit_codes():
    assert parse_uscc("9111 0000 6000 3734 1L") == "91110000600037341L"
    for wrong in ("91110000600037341M", "9111000060003734IL", "", "9" * 18):
        with pytest.raises(CityError, match=r"identifier\.uscc"):
            parse_uscc(wrong)


def test_every_sentence_is_complete_in_both_languages():
    for code, text in SENTENCES.items():
        assert any("\u4e00" <= c <= "\u9fff" for c in text.zh), code
        assert text.en.strip(), code
        fields = [{f for f in text_of.split("{") if "}" in f} for text_of in (text.zh, text.en)]
        names = [{f.split("}")[0] for f in found} for found in fields]
        assert names[0] == names[1], f"{code}: the two sentences tell different things"


def test_a_refusal_survives_the_way_between_processes():
    there = pickle.loads(pickle.dumps(CityError("identifier.uscc", given="X")))  # noqa: S301 - our own bytes
    assert (there.code, there.params, there.text) == ("identifier.uscc", {"given": "X"}, there.text)


def test_nobody_is_born_tomorrow():
    tomorrow = TODAY + timedelta(days=1)
    first = f"371502{tomorrow:%Y%m%d}001"
    with pytest.raises(CityError, match=r"identifier\.id\.birth"):
        parse_id_number(first + iso7064(first), today=TODAY)
    assert parse_id_number(first + iso7064(first), today=tomorrow).age_on(tomorrow) == 0
