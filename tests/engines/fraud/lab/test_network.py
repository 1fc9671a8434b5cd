"""Caller numbers: no label of a held-out row ever reaches a feature, and the graph's storage tells nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import roc_auc_score

from guangyue.engines.fraud.network import RATIOS, NumberScorer, neighbour_share, undirected, with_ratios


def graph(seed: int, n: int = 60, links: int = 150) -> sparse.csr_matrix:
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, n, links), rng.integers(0, n, links)
    return sparse.csr_matrix((np.ones(links), (np.minimum(a, b), np.maximum(a, b))), shape=(n, n))


@given(st.integers(0, 1_000))
def test_hidden_labels_change_nothing(seed):
    rng = np.random.default_rng(seed)
    labels, known = rng.integers(0, 2, 60), rng.random(60) < 0.6
    other = np.where(known, labels, rng.integers(0, 2, 60))
    linked = undirected(graph(seed))
    assert np.array_equal(neighbour_share(linked, labels, known), neighbour_share(linked, other, known))


@given(st.integers(0, 1_000))
def test_a_nodes_own_label_never_reaches_its_own_features(seed):
    rng = np.random.default_rng(seed)
    labels, known = rng.integers(0, 2, 60), np.ones(60, bool)
    linked = undirected(graph(seed))
    before = neighbour_share(linked, labels, known)
    flipped = labels.copy()
    flipped[7] = 1 - flipped[7]
    # only the base rate used as a prior may move, by one in sixty at a hundredth of a neighbour's weight
    assert np.abs(neighbour_share(linked, flipped, known)[7] - before[7]).max() <= 1 / 60 + 1e-12
    if linked[7].nnz:
        assert np.abs(neighbour_share(linked, flipped, known)[7] - before[7]).max() < 0.01


def test_a_triangle_and_its_mirror_are_the_same_graph():
    upper = graph(3)
    assert (undirected(upper) != undirected(upper.T)).nnz == 0
    assert undirected(upper).diagonal().sum() == 0
    assert set(undirected(upper + upper).data) == {1.0}


def test_shares_by_hand():
    path = sparse.csr_matrix((np.ones(3), ([0, 1, 0], [1, 2, 3])), shape=(5, 5))  # 3-0-1-2, 4 alone
    found = neighbour_share(undirected(path), np.array([1, 0, 1, 0, 1]), np.array([True, True, True, False, False]))
    assert found[:, 0].tolist() == [2, 2, 1, 1, 0]
    base = 2 / 3
    assert found[1, 1] == pytest.approx((2 + base * 0.01) / 2.01)
    assert found[3, 1] == pytest.approx((1 + base * 0.01) / 1.01)
    assert found[4, 1] == pytest.approx(base)


def test_ratios_skip_what_a_table_lacks_and_keep_missing_values_missing():
    values = np.array([[10.0, 5.0], [np.nan, 5.0], [0.0, 0.0]])
    table, names = with_ratios(values, ["opposite_count", "opposite_unique"])
    assert names == ("opposite_count", "opposite_unique", "fresh_callees", "missing")
    assert table[0, 2] == pytest.approx(5 / 10.001)
    assert np.isnan(table[1, 2])
    assert table[:, 3].tolist() == [0, 1, 0]
    assert len({r.name for r in RATIOS}) == len(RATIOS)


def test_the_blend_learns_and_repeats_itself():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(400, 4))
    labels = (values[:, 0] + 0.5 * values[:, 1] + 0.3 * rng.normal(size=400) > 0).astype(np.int64)
    known = np.arange(400) < 300
    scores = []
    for _ in range(2):
        scorer = NumberScorer(rounds=30, trees=30)
        table = scorer.table(values, ["a", "b", "c", "d"], labels, known)
        scores.append(scorer.fit(table, labels, known).probability(table[~known]))
    assert np.array_equal(scores[0], scores[1])
    assert roc_auc_score(labels[~known], scores[0]) > 0.95


def test_an_untrained_scorer_says_so():
    with pytest.raises(RuntimeError, match="train the scorer first"):
        NumberScorer().probability(np.zeros((1, 1)))
