"""The forecast on cities whose truth is known: it finds it, says how sure it is, and never looks ahead."""

from __future__ import annotations

import numpy as np
import pytest

from guangyue.engines.patrol.backtest import backtest
from guangyue.engines.patrol.errors import PatrolError
from guangyue.engines.patrol.forecast import Factors, History, Scheduled, Settings, forecast
from guangyue.engines.patrol.forecast.level import fit_level
from guangyue.engines.patrol.forecast.predict import daily_rhythm, interval, pit
from guangyue.engines.patrol.forecast.share import NAMES, fit_mixture
from guangyue.engines.patrol.grid import hex_grid, square_grid
from guangyue.engines.patrol.scores import bootstrap, deviance, pei

DAYS = 1100


def city(seed=0, days=DAYS, side=24, per_day=40.0):
    """Squares with gamma rates on a plane; the first half of the day quiet, the second busy."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(0.4, 1.0, side * side)
    rate *= per_day / rate.sum()
    count = rng.poisson(np.broadcast_to(rate, (days, side * side)))
    day, cell = (np.repeat(index, count[count > 0]) for index in np.nonzero(count))
    slot = (rng.random(len(day)) < 0.75).astype(np.int64)
    x, y = cell % side, cell // side
    lon, lat = 116.0 + (x + 0.5) * 0.0017, 36.4 + (y + 0.5) * 0.00137
    grid, at = square_grid(lon, lat, side=152.0, areas=912.0)
    truth = np.zeros(len(grid))
    truth[at] = rate[cell]
    return History(grid=grid, day=day + 18_000, cell=at, slot=slot, slots=2), truth


@pytest.fixture(scope="module")
def known():
    history, truth = city()
    return history, truth, forecast(history, 18_000 + DAYS, Settings(horizon=7, dispersion_windows=8))


def test_the_total_and_the_map_come_close_to_the_truth(known):
    _, truth, made = known
    assert made.cells.sum() == pytest.approx(7 * truth.sum(), rel=0.06)
    assert np.corrcoef(made.cells, truth)[0, 1] > 0.98


def test_it_beats_counts_where_counts_are_noise(known):
    history, truth, made = known
    counts = history.counts(18_000 + DAYS - 90, 18_000 + DAYS) + 0.2
    scaled = counts / counts.sum() * made.cells.sum()
    assert deviance(made.cells, 7 * truth) < 0.6 * deviance(scaled, 7 * truth)


def test_the_rhythm_of_the_day_is_found_and_sums_to_one(known):
    history, _, made = known
    rhythm, _ = daily_rhythm(history, 18_000 + DAYS)
    assert np.allclose(rhythm.sum(axis=1), 1.0)
    assert made.expected[:, 1].sum() / made.expected.sum() == pytest.approx(0.75, abs=0.02)


def test_weights_are_shares_and_named(known):
    mixture = known[2].mixture
    assert mixture.weight.shape[1] == len(NAMES)
    assert np.allclose(mixture.weight.sum(axis=1), 1.0)
    assert (mixture.weight >= 0).all()


def test_what_happens_after_the_origin_changes_nothing():
    history, _ = city(seed=3, days=700)
    origin = 18_000 + 500
    past = History(
        grid=history.grid, slots=2, **{n: getattr(history, n)[history.day < origin] for n in ("day", "cell", "slot")}
    )
    settings = Settings(horizon=14, windows=4, dispersion_windows=4)
    assert np.array_equal(forecast(history, origin, settings).expected, forecast(past, origin, settings).expected)


def test_scheduled_demand_is_added_where_and_when_it_takes_place(known):
    history, _, plain = known
    origin = 18_000 + DAYS
    market = Scheduled(name="night market", cell=4, slot=1, days=(origin, origin + 6, origin + 7), calls=3.0)
    made = forecast(history, origin, Settings(horizon=7, dispersion_windows=2), scheduled=(market,))
    added = made.expected - plain.expected
    assert added[4, 1] == pytest.approx(6.0)
    assert np.abs(np.delete(added.ravel(), 9)).max() < 1e-9
    with pytest.raises(PatrolError, match="off the grid"):
        forecast(history, origin, scheduled=(Scheduled(name="x", cell=10**6, slot=0, days=(), calls=1.0),))


def test_too_little_history_is_refused_and_few_calls_are_warned_of():
    history, _ = city(seed=1, days=20)
    with pytest.raises(PatrolError) as refused:
        forecast(history, 18_020)
    assert refused.value.code == "patrol.forecast.short"
    sparse, _ = city(seed=1, days=200, per_day=0.3)
    assert any("noise" in w.en for w in forecast(sparse, 18_200, Settings(dispersion_windows=2)).warnings)


def test_a_holiday_factor_is_learned_and_a_constant_one_does_nothing():
    rng = np.random.default_rng(2)
    free = (rng.random(900) < 0.2).astype(float)
    day = np.repeat(np.arange(900), rng.poisson(np.where(free > 0, 60, 30)))
    grid, cell = square_grid(116 + rng.random(len(day)) * 0.01, 36 + rng.random(len(day)) * 0.01)
    history = History(grid=grid, day=day, cell=cell, slot=np.zeros(len(day), np.int64), slots=1)
    known = Factors({"holiday": (0, np.concatenate([free, [1.0, 0.0]])), "flat": (0, np.ones(902))})
    level = fit_level(history, 900, known)
    both = level.days(900, 902)
    assert both[0] / both[1] == pytest.approx(2.0, rel=0.2)
    assert level.effects()["holiday"] == (1.0, pytest.approx(2.0, rel=0.2))
    assert level.effects()["flat"] == (0.0, pytest.approx(1.0))
    with pytest.raises(PatrolError, match="not numbers"):
        fit_level(history, 900, Factors({"rain": (0, np.full(900, np.nan))}))


@pytest.mark.parametrize("phi", [0.0, 0.02, 0.5])
def test_intervals_and_their_check_agree_on_data_of_their_own(phi):
    rng = np.random.default_rng(0)
    expected = rng.gamma(2.0, 3.0, 4000)
    rate = expected * (rng.gamma(1 / phi, phi, 4000) if phi else 1.0)
    seen = rng.poisson(rate)
    inside = pit(seen, expected, phi, rng)
    assert ((inside > 0.05) & (inside < 0.95)).mean() == pytest.approx(0.9, abs=0.02)
    low, high = interval(expected, phi)
    assert ((low <= seen) & (seen <= high)).mean() >= 0.89


def test_the_back_test_measures_cover_near_ninety_percent_and_refuses_the_future():
    history, _ = city(seed=7)
    origins = list(range(18_000 + 800, 18_000 + DAYS - 7, 28))
    result = backtest(history, origins, horizon=7, cells=20)
    assert result.cover["cell"] == pytest.approx(0.9, abs=0.02)
    assert result.cover["area"] == pytest.approx(0.9, abs=0.05)
    assert set(result.pei) == set(result.deviance) == set(result.curve_pei)
    assert np.mean(result.pei["forecast"]) >= np.mean(result.pei["last 90 days"])
    assert all(0 <= v <= 1 for v in result.curve_pei["forecast"])
    with pytest.raises(PatrolError, match="beyond the last call"):
        backtest(history, [18_000 + DAYS], horizon=7, cells=20)
    with pytest.raises(PatrolError, match="No window"):
        backtest(history, [], horizon=7, cells=20)


def test_scores_know_the_perfect_map_and_the_empty_one():
    seen = np.array([5.0, 0.0, 3.0, 1.0, 0.0])
    assert pei(seen, seen, 2) == 1.0
    assert pei(-seen, seen, 2) == 0.0
    assert np.isnan(pei(seen, np.zeros(5), 2))
    assert deviance(np.maximum(seen, 1e-12), seen) == pytest.approx(0.0, abs=1e-6)
    assert deviance(np.zeros(5), seen) > 1000
    mean, low, high = bootstrap(np.array([1.0, 2.0, 3.0] * 10))
    assert low < mean == 2.0 < high


def test_grids_keep_every_event_and_kernels_lose_none():
    rng = np.random.default_rng(1)
    lon, lat = 116 + rng.random(300) * 0.03, 36.4 + rng.random(300) * 0.03
    for grid, cell in (hex_grid(lon, lat, resolution=9, rim=1), square_grid(lon, lat)):
        counts = np.bincount(cell, minlength=len(grid))
        assert counts.sum() == 300
        away = np.hypot((grid.longitude[cell] - lon) * 89_500, (grid.latitude[cell] - lat) * 111_195)
        assert away.max() < 260
        assert (grid.kernel(300.0) @ counts).sum() == pytest.approx(300)
    with pytest.raises(PatrolError):
        hex_grid(lon[:0], lat[:0])
    with pytest.raises(PatrolError):
        hex_grid(lon, lat, resolution=7, areas=9)


def test_the_mixture_prefers_the_cell_itself_where_rates_never_change():
    history, truth = city(seed=11)
    share = fit_mixture(history, 18_000 + DAYS).share(history, 18_000 + DAYS)
    assert share.sum() == pytest.approx(1.0)
    assert np.abs(share - truth / truth.sum()).sum() < 0.15
