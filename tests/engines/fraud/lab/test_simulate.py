"""The simulator: repeatable, honest about base rates, true about its truth, and strict about its files."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.engines.fraud.rules import NATIONAL
from guangyue.engines.fraud.schema import SERVICE
from guangyue.engines.fraud.simulate import (
    FROZEN,
    Population,
    Recorded,
    RunError,
    ScriptError,
    Settings,
    World,
    digest,
    load,
    read,
    write,
)
from guangyue.engines.fraud.simulate.play import Gang, play
from guangyue.engines.fraud.simulate.script import OWN_SCRIPTS
from guangyue.engines.fraud.simulate.tokens import Thing, token
from guangyue.engines.fraud.sources import SCAM_TYPES, SOURCES

SMALL = Settings(seed=3, residents=900, towns=5, days=12, quiet_days=2, cases=25)


@pytest.fixture(scope="module")
def world() -> World:
    return World(SMALL)


@pytest.fixture(scope="module")
def days(world):
    return list(world.days())


def test_the_scripts_are_those_that_were_frozen_before_tuning():
    assert digest(load()) == FROZEN, "published figures need the frozen scripts; a new set needs new figures"


def test_there_is_a_script_for_each_national_type_and_innocents_beside_them():
    scripts = load()
    assert {s.code for s in scripts if s.scam} == set(SCAM_TYPES[:10])
    assert sum(not s.scam for s in scripts) >= 8


def test_simulator_and_rules_share_no_file():
    assert OWN_SCRIPTS not in NATIONAL.parents
    for file in OWN_SCRIPTS.parent.glob("*.py"):
        assert "fraud.rules" not in file.read_text(encoding="utf-8"), file.name
    for file in NATIONAL.parent.glob("*.py"):
        assert "fraud.simulate" not in file.read_text(encoding="utf-8"), file.name


def test_the_same_seed_makes_the_same_days_in_any_order(world, days):
    again = World(SMALL)
    assert again.cases == world.cases
    for number in (7, 2, 11):
        made = again.day(number)
        assert np.array_equal(made.batch.values, days[number].batch.values)
        assert np.array_equal(made.batch.time, days[number].batch.time)
        assert np.array_equal(made.lag, days[number].lag)


def test_another_seed_makes_another_city(world):
    other = World(Settings(seed=4, residents=900, towns=5, days=12, quiet_days=2, cases=25))
    assert not set(other.people.person) & set(world.people.person)


def test_every_value_fits_its_declared_column(days):
    seen = set()
    for day in days:
        for number, source in enumerate(SOURCES):
            values = day.batch.values[day.batch.source == number]
            if len(values):
                seen.add(source.code)
            for k, column in enumerate(source.columns):
                low, high = column.limits
                assert ((values[:, k] >= low) & (values[:, k] <= high)).all(), f"{source.code}.{column.name}"
                if column.required and column.kind.value == "token":
                    assert (values[:, k] > 0).all(), f"{source.code}.{column.name} is missing"
    assert seen == {s.code for s in SOURCES}, f"silent: {({s.code for s in SOURCES}) - seen}"


def test_days_are_in_the_engines_order_and_offsets_never_go_back(days):
    for day in days:
        b = day.batch
        assert np.array_equal(np.lexsort((b.offset, b.source, b.time)), np.arange(len(b)))
    for number in range(len(SOURCES)):
        offsets = np.concatenate([d.batch.offset[d.batch.source == number] for d in days])
        assert (np.diff(offsets) > 0).all()


def test_each_day_holds_its_own_local_day(world, days):
    for day in days:
        begin = world.epoch + day.number * 86_400_000
        assert ((day.batch.time >= begin) & (day.batch.time < begin + 86_400_000)).all()
    assert datetime.fromtimestamp(world.epoch / 1000, UTC).hour == 16, "midnight in China is 16:00 UTC"


def test_truth_is_in_order_and_its_money_is_in_the_records(world, days):
    complete = [c for c in world.cases if c.complete]
    assert complete
    end = world.epoch + SMALL.days * 86_400_000
    for case in complete:
        assert case.contact_at <= case.hooked_at <= case.leaves_at
        assert case.contact_at < case.leaves_at
        assert case.loss == sum(m for _, m in case.moved) > 0
        if case.moved[-1][0] < end:
            found = sum(int((abs(d.case) == case.number).sum()) for d in days)
            assert found >= 3
    assert all(c.hooked_at < 0 or c.contact_at <= c.hooked_at for c in world.cases if c.scam)
    assert all(c.leaves_at < 0 for c in world.cases if not c.scam)
    assert any(c.scam and not c.complete for c in world.cases), "some do not fall for it"


def test_fraud_is_well_under_a_thousandth_of_events():
    world = World(Settings(seed=1, residents=3_000, days=14, quiet_days=2))
    scams = [c.number for c in world.cases if c.scam]
    fraud = total = 0
    for day in itertools.islice(world.days(), 2, 14):
        total += len(day.batch)
        fraud += int(np.isin(np.abs(day.case), scams).sum())
    assert 0 < fraud / total < 0.001, f"{fraud} of {total}"


def test_money_goes_on_from_the_mule_within_the_hour(days, world):
    bank = next(i for i, s in enumerate(SOURCES) if s.code == "bank_transfer")
    columns = SOURCES[bank].names
    gang_side = [d.batch.take(np.flatnonzero((d.case < 0) & (d.batch.source == bank))) for d in days]
    mules = {int(v[columns.index("own_account")]) for b in gang_side for v in b.values}
    assert mules
    assert not mules & set(world.people.account.tolist()), "the residents' own accounts are no mules"


def test_tokens_do_not_collide_and_services_are_marked():
    many = np.concatenate([token(5, thing, np.arange(20_000)) for thing in Thing])
    assert len(np.unique(many)) == len(many)
    assert (token(5, Thing.MERCHANT, np.arange(100)) & SERVICE).all()
    assert not (token(5, Thing.PHONE, np.arange(100)) & SERVICE).any()
    assert token(5, Thing.PHONE, 3) == token(5, Thing.PHONE, 3) != token(6, Thing.PHONE, 3)


@given(st.integers(0, 10_000), st.integers(0, len(load()) - 1))
def test_any_story_is_sound_whoever_it_meets(seed, which):
    script = load()[which]
    people = Population.invent(1, 60, 3)
    rng = np.random.default_rng(seed)
    told = play(script, people, seed % 60, 5 * 86_400_000, Gang(1, 7) if script.scam else None, rng)
    assert told.contact_at == min(r.time for r in told.records) >= 5 * 86_400_000
    assert told.loss == sum(m for _, m in told.moved)
    if told.leaves_at >= 0:
        assert told.first_loss_at <= told.leaves_at
        assert told.hooked_at <= told.leaves_at
    for record in told.records:
        source = next(s for s in SOURCES if s.code == record.source)
        for name, value in record.values.items():
            low, high = source.column(name).limits
            assert low <= value <= high, f"{record.source}.{name} = {value}"


SCRIPT = """
code = "loan"
kind = "scam"
zh = "贷款"
en = "Loan"
weight = 1
loss = [100, 1000]
[[step]]
name = "pay"
source = "bank_transfer"
hook = true
money = 1.0
leaves = true
set = { direction = "out", channel = "mobile", other_kind = "personal" }
"""


def test_a_script_from_outside_is_played():
    script = read(SCRIPT, "mine.toml")
    world = World(SMALL, scripts=(script,))
    assert {c.script for c in world.cases} == {"loan"}
    assert world.digest != FROZEN


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('source = "bank_transfer"', 'source = "bank"', "no source 'bank'"),
        ('direction = "out"', 'direction = "sideways"', "direction knows no 'sideways'"),
        ('channel = "mobile"', "colour = 1", "has no column 'colour'"),
        ("hook = true", "", "needs a step with `hook = true`"),
        ("leaves = true", "", "needs a step with `leaves = true`"),
        ("loss = [100, 1000]", "", "needs `loss`"),
        ("money = 1.0", "money = 1.0\nspeed = 3", "unknown key 'speed'"),
        ("money = 1.0", 'money = 1.0\nwait = ["soon", "later"]', "wait is a pair of durations"),
        ("money = 1.0", 'money = 1.0\nafter = "call"', "no earlier step has this name"),
        ("money = 1.0", "money = 1.0\nrepeat = [0, 2]", "repeat is a pair"),
        ("weight = 1", "", "weight is missing"),
        ("weight = 1", "weight = 1\nsize = 3", "unknown key 'size'"),
        ('other_kind = "personal"', 'other_account = "bob"', "a token is one of"),
        ('code = "loan"', "code = ", "mine.toml"),
    ],
)
def test_a_wrong_script_is_refused_with_its_place(old, new, says):
    with pytest.raises(ScriptError) as caught:
        read(SCRIPT.replace(old, new), "mine.toml")
    assert says in str(caught.value)


def test_a_folder_without_a_scam_is_refused(tmp_path):
    with pytest.raises(ScriptError, match="no script of a scam"):
        load(tmp_path)


def test_impossible_settings_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        Settings(start=datetime(2026, 1, 1))  # noqa: DTZ001 - the fault that is refused
    with pytest.raises(ValueError, match="quiet days"):
        Settings(days=5, quiet_days=5)
    with pytest.raises(ValueError, match="cannot fill"):
        Population.invent(1, 5, 20)


def test_a_run_on_disk_is_the_run(world, days, tmp_path):
    records = write(world, tmp_path)
    assert records == sum(len(d.batch) for d in days)
    back = Recorded(tmp_path)
    assert back.cases == world.cases
    assert (back.epoch, back.length, back.digest) == (world.epoch, SMALL.days, world.digest)
    assert np.array_equal(back.person, world.people.person)
    for number in (0, 5, 11):
        made = back.day(number)
        for part in ("source", "time", "offset", "values"):
            assert np.array_equal(getattr(made.batch, part), getattr(days[number].batch, part)), part
        assert np.array_equal(made.lag, days[number].lag)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunError, match="holds no run"):
        Recorded(tmp_path)
