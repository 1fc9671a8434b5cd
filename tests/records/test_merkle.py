"""Merkle trees against the known vectors of RFC 6962 implementations and against forgeries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.records.seals.merkle import (
    Leaves,
    Range,
    consistency,
    consistent,
    included,
    inclusion,
    of_leaf,
    of_node,
    root,
    sha256,
    sm3,
)

LEAVES = [
    bytes.fromhex(x)
    for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
# The roots of the first n leaves, as certificate-transparency implementations publish them.
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
trees = st.lists(st.binary(max_size=6), min_size=1, max_size=70)


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size):
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing():
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_sm3_is_the_standards_sm3():
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@given(trees, st.sampled_from([sha256, sm3]), st.data())
def test_every_leaf_is_proven_and_no_other(leaves, hasher, data):
    position = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion(Leaves(leaves, hasher), position, len(leaves))
    top = root(leaves, hasher)
    good = of_leaf(leaves[position], hasher)
    assert included(good, position, len(leaves), path, top, hasher)
    assert not included(of_leaf(leaves[position] + b"x", hasher), position, len(leaves), path, top, hasher)
    assert not included(good, position, len(leaves), [*path, good], top, hasher)
    assert not path or not included(good, position, len(leaves), path[:-1], top, hasher)
    assert not included(good, len(leaves), len(leaves), path, top, hasher)


@given(trees, st.data())
def test_a_grown_tree_is_consistent_and_a_rewritten_one_is_not(leaves, data):
    old = data.draw(st.integers(1, len(leaves)))
    path = consistency(Leaves(leaves), old, len(leaves))
    before, after = root(leaves[:old]), root(leaves)
    assert consistent(old, len(leaves), before, after, path)
    rewritten = [b"forged", *leaves[1:]] if leaves[0] != b"forged" else [b"other", *leaves[1:]]
    assert not consistent(old, len(leaves), before, root(rewritten), consistency(Leaves(rewritten), old, len(leaves)))
    assert not consistent(old, len(leaves), before, after, [*path, before]) or old == len(leaves)


@given(trees)
def test_the_edge_grows_to_the_same_root(leaves):
    growing = Range()
    for leaf in leaves:
        growing.append(of_leaf(leaf))
    assert growing.root() == root(leaves)
    assert Range(sha256, growing.size, growing.edge).root() == growing.root()


def test_an_inner_node_is_no_leaf():
    """The second-preimage confusion that trees without prefixes allow."""
    left, right = of_leaf(b"a"), of_leaf(b"b")
    assert root([left + right]) != of_node(left, right)
    assert not included(of_node(left, right), 0, 1, [], root([b"a", b"b"])) or root([b"a", b"b"]) == of_node(
        left, right
    )
    assert not included(of_leaf(left + right), 0, 2, [right], root([b"a", b"b"]))


def test_an_edge_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="3 leaves has 2"):
        Range(sha256, 3, [b"x"])
