"""Lines of the log: one JSON object each, with the request's number and without anybody's data."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest
from django.test import Client, override_settings
from django.urls import path

from guangyue.serve.scrub import HIDDEN, clean
from guangyue.web.log_lines import LOGGING

PHONE, IDENTITY, PLATE = "13812345678", "371500199001011234", "鲁P·12345"
SAID = f"no such owner: {PHONE} {IDENTITY} {PLATE} li@example.com\nDETAIL:  Key (phone)=({PHONE})"


def broken(request, number):
    raise ValueError(SAID)


urlpatterns = [path("owners/<str:number>", broken, name="owners")]


@pytest.fixture
def lines(capfd):
    """What is written while a test runs, as objects."""
    logging.config.dictConfig(LOGGING)
    out = io.StringIO()
    handlers = [h for name in ("django", "django.request", "") for h in logging.getLogger(name).handlers]
    for handler in handlers:
        if isinstance(handler, logging.StreamHandler) and handler.formatter is not None:
            handler.setStream(out)
    return lambda: [json.loads(line) for line in out.getvalue().splitlines()], out


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=["guangyue.web.log_lines.Named"])
def test_a_fault_is_told_with_its_traceback_and_number_and_without_anybodys_data(lines):
    told, out = lines
    client = Client(raise_request_exception=False)
    answer = client.get(f"/owners/{PHONE}", headers={"X-Request-ID": "proxy-0123456789"})
    assert answer.status_code == 500
    assert answer["X-Request-ID"] == "proxy-0123456789"
    (line,) = told()
    assert (line["event"], line["level"], line["request_id"]) == ("request.failed 500", "error", "proxy-0123456789")
    assert "in broken" in line["exception"]
    assert HIDDEN in line["exception"]
    for secret in (PHONE, IDENTITY, "P·12345", "li@example", "DETAIL"):
        assert secret not in out.getvalue()


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=["guangyue.web.log_lines.Named"])
@pytest.mark.parametrize("given", ["", "short", "x" * 65, 'a"b\ninjected', "{}"])
def test_a_number_that_is_none_is_replaced(given, lines):
    answer = Client(raise_request_exception=False).get("/nowhere", headers={"X-Request-ID": given} if given else {})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 16


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"tel {PHONE}.", "tel ***."), (f"+86{PHONE}", "***"), (f"+86 {PHONE}", "***"), (IDENTITY, "***"), (PLATE, "***"), ("鲁PD12345", "***"),
        ("2026-11-22T13:45:00.123456Z", "2026-11-22T13:45:00.123456Z"), ("deadline 1234567 of 20", "deadline 1234567 of 20"),
        ("0a13812345678f", "0a13812345678f"), ("line\nDETAIL:  Key (x)=(y)\nmore", "line\n\nmore"),
    ],
)  # fmt: skip
def test_what_could_name_a_person_goes_and_nothing_else(said, left):
    assert clean(said) == left
