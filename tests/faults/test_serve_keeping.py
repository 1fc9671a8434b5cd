"""The supervisor's decisions on a simulated clock: no process is started here."""

from __future__ import annotations

import signal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guangyue.serve.house import MISCONFIGURED, House
from guangyue.serve.keeping import Go, Keeper, Patience, Phase, Program, Said, Signal, Start

QUICK = Patience(ready=10, silent=5, end=8, first=0.1, longest=30, healthy=60)


def program(name="web", **more) -> Program:
    return Program(name=name, command=("true",), **{"pulse": True, "patience": QUICK, **more})


def starts(actions) -> list[str]:
    return [a.key for a in actions if isinstance(a, Start)]


def signals(actions) -> list[tuple[str, int]]:
    return [(a.key, a.number) for a in actions if isinstance(a, Signal)]


class Play:
    """A house whose processes live as the test says."""

    def __init__(self, *programs: Program) -> None:
        self.house = House(programs, Random(1))
        self.now = 0.0
        self.pids = 100
        self.living: set[str] = set()
        self.told: list[tuple[str, int]] = []
        self.log: list[Said] = []

    def take(self, actions) -> list[str]:
        began = []
        todo = list(actions)
        while todo:
            match todo.pop(0):
                case Start(key):
                    self.pids += 1
                    self.living.add(key)
                    began.append(key)
                    todo += self.house.started(key, self.pids, self.now)
                case Signal(key, number):
                    self.told.append((key, number))
                case Said() as line:
                    self.log.append(line)
        return began

    def go(self, seconds=0.0) -> list[str]:
        self.now += seconds
        return self.take(self.house.tick(self.now))

    def ready(self, key) -> list[str]:
        self.take(self.house.beat(key, {}, self.now))
        return self.go()

    def dies(self, key, code=-9) -> list[str]:
        self.living.discard(key)
        self.take(self.house.ended(key, code, self.now))
        return self.go()

    def phase(self, key) -> Phase:
        return self.house.keepers[key].phase


def test_nobody_starts_before_what_it_needs_is_ready():
    play = Play(program("db"), program("web", needs=("db", "tables")), program("tables", step=True, needs=("db",)))
    assert play.go() == ["db"]
    assert play.ready("db") == ["tables"]
    assert play.go(3) == []
    assert play.dies("tables", 0) == ["web"]
    assert not play.house.up
    play.ready("web")
    assert play.house.up


def test_one_that_loads_early_gets_the_word_only_then():
    slow = program("db", patience=Patience(ready=300))
    house = House([slow, program("web", needs=("db",), early=True)], Random(1))
    first = house.tick(0)
    assert starts(first) == ["db", "web"]
    assert not [a for a in first if isinstance(a, Go)]
    assert signals(house.tick(99)) == [], "waiting is no lateness"
    house.beat("db", {}, 100)
    assert [a.key for a in house.tick(100) if isinstance(a, Go)] == ["web"]
    assert not [a for a in house.tick(100) if isinstance(a, Go)], "once"


def test_one_that_lets_others_first_holds_back_while_they_start_and_not_for_ever():
    play = Play(program("web", patience=Patience(ready=60)), program("runner", lets_first=("web",)))
    assert play.go() == ["web"]
    assert play.go(4) == []
    assert play.ready("web") == ["runner"]
    play.dies("web")
    play.dies("runner")
    assert play.go(1) == ["web"]
    assert play.go(9) == []
    assert play.go(2) == ["runner"], "a web worker that does not come up keeps nobody from work"


def test_one_that_loads_early_lets_others_first_as_well():
    slow = program("db", patience=Patience(ready=300))
    first, second = (
        program("web-1", needs=("db",), early=True),
        program("web-2", needs=("db",), early=True, lets_first=("web-1",)),
    )
    house = House([slow, first, second], Random(1))
    assert starts(house.tick(0)) == ["db", "web-1"]
    assert starts(house.tick(9)) == []
    assert starts(house.tick(11)) == ["web-2"], "a slow database is no reason to load later"
    house = House([slow, first, second], Random(1))
    house.tick(0)
    house.beat("db", {}, 1)
    house.tick(1)
    house.beat("web-1", {}, 2)
    assert starts(house.tick(2)) == ["web-2"]


def test_a_crash_loop_backs_off_and_is_never_given_up():
    play = Play(program())
    play.go()
    pauses = []
    for _ in range(40):
        play.ready("web")
        assert play.dies("web", 1) == []
        due = play.house.due()
        pauses.append(due - play.now)
        assert play.go(due - play.now - 1e-6) == []
        assert play.go(2e-6) == ["web"], "it starts again when the pause is over, and not before"
    for n, pause in enumerate(pauses):
        whole = min(30.0, 0.1 * 2**n)
        assert whole / 2 <= pause <= whole
    assert len({round(p / 30, 6) for p in pauses[-10:]}) == 10, "the jitter varies"
    loud = [line for line in play.log if line.level == "error"]
    assert len(loud) == 36
    assert {line.event for line in loud} == {"program.will_not_stay_up"}


def test_a_while_in_health_forgets_earlier_failures():
    play = Play(program())
    play.go()
    for _ in range(6):
        play.ready("web")
        play.dies("web")
        play.go(60)
    assert play.house.keepers["web"].failures == 6
    play.ready("web")
    for _ in range(13):
        play.go(4.9)
        play.ready("web")
    play.dies("web")
    assert play.house.keepers["web"].failures == 1
    assert play.house.due() - play.now <= 0.1


def test_one_that_falls_silent_is_killed_and_replaced():
    play = Play(program())
    play.go()
    play.ready("web")
    play.go(4.9)
    assert play.told == []
    play.go(0.2)
    assert play.told == [("web", signal.SIGKILL)]
    play.dies("web")
    assert "silent" in play.house.keepers["web"].last_end
    assert play.go(1) == ["web"]


def test_one_that_never_gets_ready_is_killed_and_tried_again():
    play = Play(program())
    play.go()
    play.go(10)
    assert play.told == [("web", signal.SIGKILL)]
    play.dies("web")
    assert play.go(1) == ["web"]


def test_the_database_ends_last_and_a_second_signal_ends_all_at_once():
    db = program("db", end=signal.SIGINT, at_once=signal.SIGQUIT)
    play = Play(db, program("web", needs=("db",)))
    play.go()
    play.ready("db")
    play.ready("web")
    play.take(play.house.end(play.now))
    assert play.told == [("web", signal.SIGTERM)]
    play.take(play.house.kill(play.now))
    assert play.told[1:] == [("db", signal.SIGQUIT), ("web", signal.SIGKILL)]
    play.dies("web")
    play.go(5)
    assert play.told[-1] == ("db", signal.SIGKILL), "what does not end at once is killed"
    play.dies("db")
    assert play.house.over


def test_what_is_needed_by_way_of_a_step_ends_after_all_who_rely_on_it():
    play = Play(
        program("db", pulse=False), program("tables", step=True, needs=("db",)), program("web", needs=("tables",))
    )
    play.go()
    play.dies("tables", 0)
    play.ready("web")
    play.take(play.house.end(play.now))
    assert play.told == [("web", signal.SIGTERM)]
    play.dies("web", 0)
    assert play.told[-1] == ("db", signal.SIGTERM)


def test_who_does_not_end_within_the_deadline_is_killed():
    play = Play(program("db", pulse=False), program("web", needs=("db",)))
    play.go()
    play.ready("web")
    play.take(play.house.end(play.now))
    play.go(7.9)
    assert play.told == [("web", signal.SIGTERM)]
    play.go(0.2)
    assert play.told[-1] == ("web", signal.SIGKILL)
    play.dies("web")
    assert play.told[-1] == ("db", signal.SIGTERM)
    play.dies("db", 0)
    assert play.house.over
    assert play.go(100) == [], "nothing comes back"


def test_a_reload_replaces_one_after_another_and_only_by_what_is_ready():
    play = Play(*(program(f"web-{n}", reloads=True) for n in (1, 2)), program("db"))
    play.go()
    for key in ("web-1", "web-2", "db"):
        play.ready(key)
    assert play.take(play.house.reload(play.now)) == ["web-1~2"]
    assert play.go(4) == []
    assert play.told == [], "the old one serves on"
    assert play.ready("web-1~2") == ["web-2~2"]
    assert play.told == [("web-1", signal.SIGTERM)]
    assert play.dies("web-1", 0) == []
    play.ready("web-2~2")
    assert play.told[-1] == ("web-2", signal.SIGTERM)
    play.dies("web-2", 0)
    play.go()
    assert set(play.house.keepers) == {"web-1~2", "web-2~2", "db"}
    play.dies("web-1~2")
    assert play.go(1) == ["web-1~2"], "a replacement is kept as what it replaced was"


def test_a_reload_that_does_not_come_up_changes_nothing():
    play = Play(*(program(f"web-{n}", reloads=True) for n in (1, 2)))
    play.go()
    for key in ("web-1", "web-2"):
        play.ready(key)
    play.take(play.house.reload(play.now))
    play.dies("web-1~2", 1)
    assert play.go(4) == []
    assert play.told == [], "both serve on"
    assert "house.reload_given_up" in [line.event for line in play.log]
    assert set(play.house.keepers) == {"web-1", "web-2"}


def test_a_step_that_no_repetition_helps_ends_everything_and_says_who_refused():
    play = Play(program("db"), program("tables", step=True, needs=("db",)), program("web", needs=("tables",)))
    play.go()
    play.ready("db")
    play.dies("tables", MISCONFIGURED)
    assert play.house.refused == "tables"
    assert play.told == [("db", signal.SIGTERM)]
    play.dies("db", 0)
    assert play.house.over


def test_a_step_that_fails_otherwise_is_tried_again():
    play = Play(program("tables", step=True), program("web", needs=("tables",)))
    play.go()
    play.dies("tables", 1)
    assert play.go(1) == ["tables"]
    assert play.dies("tables", 0) == ["web"]


def test_needs_that_nobody_answers_or_in_a_circle_are_refused():
    with pytest.raises(ValueError, match="nobody is called db"):
        House([program(needs=("db",))], Random(1))
    with pytest.raises(ValueError, match="circle"):
        House([program("a", needs=("b",)), program("b", needs=("a",))], Random(1))
    with pytest.raises(ValueError, match="two programs"):
        House([program(), program()], Random(1))


def test_one_that_is_not_wanted_again_stays_ended():
    play = Play(program("extra", wanted=False, pulse=False), program("web"))
    play.go()
    assert play.phase("extra") is Phase.READY, "without a pulse it is ready as soon as it runs"
    play.dies("extra", 0)
    play.ready("web")
    assert play.go(4) == []
    assert play.house.up


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.floats(0.01, 40)),
        st.tuples(st.just("ready"), st.integers(0, 5)),
        st.tuples(st.just("die"), st.integers(0, 5)),
        st.tuples(st.sampled_from(["reload", "end", "kill"]), st.just(0)),
    ),
    max_size=60,
)


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_whatever_happens_no_program_runs_twice_and_an_end_is_an_end(steps):
    play = Play(
        program("db"), *(program(f"web-{n}", needs=("db",), reloads=True, early=n == 1) for n in (1, 2)),
        program("runner", needs=("db",), reloads=True),
    )  # fmt: skip
    play.go()
    for what, which in steps:
        if what == "wait":
            play.go(which)
        elif what in ("ready", "die"):
            key = sorted(play.living)[int(which) % len(play.living)] if play.living else None
            if key is not None:
                play.ready(key) if what == "ready" else play.dies(key)
        else:
            play.take(getattr(play.house, what)(play.now))
        assert play.living == {k.key for k in play.house.keepers.values() if k.runs}, "what runs is known, and once"
        for name in ("web-1", "web-2", "runner"):
            assert (
                sum(
                    k.runs and k.phase is not Phase.ENDING
                    for k in play.house.keepers.values()
                    if k.program.name == name
                )
                <= 2
            )
    play.take(play.house.end(play.now))
    for _ in range(20):
        play.go(40)
        for key in sorted(play.living):
            if any(key == told for told, _ in play.told):
                play.dies(key)
    assert play.house.over, {k.key: k.phase for k in play.house.keepers.values()}
    assert not play.living


def test_a_keeper_tells_the_signal_that_ended_it():
    keeper = Keeper(program(), Random(1))
    keeper.start(0)
    keeper.ended(-signal.SIGSEGV, 1)
    assert keeper.last_end == "signal SIGSEGV"
