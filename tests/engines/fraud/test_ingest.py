"""Records from files: what is taken, what is refused and how that is told; the commands."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.fraud.streams import random_stream

from guangyue.cli.fraud import group
from guangyue.engines.fraud.ingest import Rejects, read_folder, read_source, token_of
from guangyue.engines.fraud.schema import SERVICE, TOKEN_BITS
from guangyue.engines.fraud.sources import BY_CODE, SOURCES

CASH = BY_CODE["cash"]
SALT = b"0123456789abcdef"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def frame(**changes):
    good = {
        "time": [NOON] * 3, "offset": [0, 1, 2], "person": [1, 2, 3], "own_account": [4, 5, 6],
        "direction": ["withdraw", "deposit", "withdraw"], "amount": [100, 200, 300], "channel": ["atm", "atm", "counter"],
    }  # fmt: skip
    return pl.DataFrame({**good, **changes}, strict=False)


def read(data, **more):
    rejects = Rejects()
    return read_source(CASH, 10, data, 9, rejects, salt=SALT, **more), rejects


def test_good_records_become_numbers():
    batch, rejects = read(frame())
    assert rejects.total == 0
    assert batch.values[:, :6].tolist() == [[1, 4, 0, 100, 0, 0], [2, 5, 1, 200, 0, 0], [3, 6, 0, 300, 1, 0]]
    assert batch.time.tolist() == [1_795_348_800_000] * 3


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"time": [NOON.replace(tzinfo=None)] * 3}, "time", "time without zone"),
        ({"time": ["2026-11-22T12:00:00", "2026-11-22T12:00:00+08:00", "yesterday"]}, "time", "no time with zone"),
        ({"time": [0, 1_795_000_000_000, 1_795_000_000_000]}, "time", "before the year 2000"),
        ({"offset": [-1, 1, 2]}, "offset", "not an offset"),
        ({"direction": ["sideways", "deposit", None]}, "direction", "unknown code"),
        ({"amount": [-5, 200, 300]}, "amount", "outside 0 … 10000000000000"),
        ({"amount": [1.5, 200.0, 300.0]}, "amount", "not a whole number"),
        ({"amount": ["ten", "200", "300"]}, "amount", "not a whole number"),
        ({"amount": [None, 200, 300]}, "amount", "missing"),
        ({"person": [0, 2, 3]}, "person", "missing"),
        ({"person": [-4, 2, 3]}, "person", f"outside 0 … {2 * SERVICE - 1}"),
        ({"away": ["perhaps", "true", "0"]}, "away", "not a flag"),
    ],
)
def test_a_malformed_record_is_counted_shown_and_passed_over(changes, column, reason):
    batch, rejects = read(frame(**changes))
    assert (CASH.code, column, reason) in rejects.counts
    assert len(batch) == 3 - rejects.total
    assert any(r.column == column and r.reason == reason for r in rejects.samples)


def test_a_file_without_a_needed_column_is_refused_whole():
    batch, rejects = read(frame().drop("amount"))
    assert len(batch) == 0
    assert rejects.counts == {("cash", "amount", "missing"): 3}
    assert len(read(frame().drop("time"))[0]) == 0


def test_a_clock_that_runs_ahead_does_not_make_the_others_late():
    arrived = int(NOON.timestamp() * 1000)
    batch, rejects = read(frame(time=[NOON, NOON.replace(hour=13), NOON]), arrived=arrived)
    assert len(batch) == 2
    assert rejects.counts == {("cash", "time", "in the future"): 1}


def test_the_samples_of_a_reason_are_bounded():
    many = pl.concat([frame(amount=[-1, -1, -1])] * 50)
    _, rejects = read(many)
    assert rejects.total == 150
    assert len(rejects.samples) == 20


def test_tokens_are_salted_and_never_absent():
    assert token_of("13800000000", SALT) == token_of("13800000000", SALT)
    assert token_of("13800000000", SALT) != token_of("13800000000", SALT[::-1])
    assert token_of("10086", SALT, service=True) == token_of("10086", SALT) | SERVICE
    batch, _ = read(frame(person=["a", "b", "a"]))
    assert batch.values[0, 0] == batch.values[2, 0] == token_of("a", SALT)


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_every_text_has_a_token_in_range(text):
    assert 0 < token_of(text, SALT) < 1 << TOKEN_BITS


def test_sources_are_merged_as_they_came(tmp_path):
    late = frame(time=[NOON, NOON.replace(minute=1), NOON.replace(minute=2)]).with_columns(
        lag_ms=pl.Series([0, 600_000, 0])
    )
    late.write_parquet(tmp_path / "cash.parquet")
    text = frame(time=["2026-11-22T20:05:00+08:00"] * 3).select("time", "offset", "person", "own_account")
    text.with_columns(grade=pl.lit("I")).write_csv(tmp_path / "account_opening.csv")
    rejects = Rejects()
    batch = read_folder(tmp_path, SOURCES, 9, rejects)
    assert rejects.total == 0
    opening = [s.code for s in SOURCES].index("account_opening")
    cash = [s.code for s in SOURCES].index("cash")
    assert batch.source.tolist() == [cash, opening, opening, opening, cash, cash], "a record waits for those before it"


@pytest.fixture
def folder(tmp_path):
    stream = random_stream(SOURCES, 5, n=600, disorder_ms=100_000, tokens=10, weird=0).batch
    for k, source in enumerate(SOURCES):
        rows = np.flatnonzero(stream.source == k)
        columns = {c: stream.values[rows, j] for j, c in enumerate(source.names)}
        pl.DataFrame({"time": stream.time[rows], "offset": stream.offset[rows], **columns}).write_parquet(
            tmp_path / f"{source.code}.parquet"
        )
    return tmp_path


def run(*words):
    return CliRunner().invoke(group, [str(w) for w in words], catch_exceptions=False)


def test_catalogue_prints_every_feature_with_its_basis():
    text = run("catalogue").output
    assert "一小时内：境外来电、共享屏幕、首次转账给陌生人" in text
    assert text.count("依据") == 18 + 124
    assert '"definition"' in run("catalogue", "--json", "--entity", "domain").output


def test_replay_runs_stops_and_goes_on(folder, tmp_path):
    out = tmp_path / "out"
    first = run("replay", folder, "--into", out, "--batch", 100, "--every", 2, "--vectors", out / "vectors")
    assert first.exit_code == 0
    assert "taken 600" in first.output
    assert len(list((out / "vectors").glob("vectors-*.parquet"))) == 6
    assert "going on after 600 events" in run("replay", folder, "--into", out).output


def test_explain_tells_an_event_in_words(folder):
    frame = pl.read_parquet(folder / "bank_transfer.parquet")
    told = run("explain", folder, f"bank_transfer:{frame['offset'][-1]}")
    assert told.exit_code == 0, told.output
    assert "银行转账" in told.output
    assert "= sum(amount) of bank_transfer in" in told.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", "{folder}", "bank:1"), "an event is written source:offset"),
        (("explain", "{folder}", "cash:99999"), "has no event cash:99999"),
        (("replay", "{empty}", "--into", "{empty}"), "holds no file of any source"),
        (("replay", "{folder}/nowhere", "--into", "x"), "does not exist"),
    ],
)
def test_a_wrong_command_is_answered_in_a_sentence(folder, tmp_path, words, said):
    (tmp_path / "empty").mkdir()
    answer = run(*(w.format(folder=folder, empty=tmp_path / "empty") for w in words))
    assert answer.exit_code != 0
    assert said in answer.output
