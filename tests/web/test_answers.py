"""What the API answers is the same JSON as Django's, in fewer bytes."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import pytest
from django.test import RequestFactory
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from ninja.responses import NinjaJSONEncoder

from guangyue.web.api.site import Compact

ASKED = RequestFactory().get("/")


class State(StrEnum):
    OPEN = "open"


class Pair(NamedTuple):
    a: Any
    b: Any


def answer(data):
    return Compact().render(ASKED, data, response_status=200)


def as_django(data):
    return json.loads(json.dumps(data, cls=NinjaJSONEncoder))


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 9, 29, 10, 0, 0, 123456, UTC), date(2026, 9, 29), timedelta(minutes=10), Decimal("1.50"), uuid.UUID(int=7),
        State.OPEN, gettext_lazy("Sign in"), 2**63, 10**400, "\ud800", Pair(1, 2), {1: "a", State.OPEN: 2}, "鲁P12345 \u2028 </script>",
        [None, True, 0.1, -0.0, 1e300], {},
    ],
    ids=repr,
)  # fmt: skip
def test_every_kind_of_value_is_told_as_django_tells_it(value):
    assert json.loads(answer({"value": value})) == as_django({"value": value})


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(PLAIN)
def test_plain_data_is_told_as_django_tells_it(data):
    assert json.loads(answer(data)) == as_django(data)


def test_chinese_is_three_bytes_a_sign():
    assert len(answer("城" * 100)) == 302
