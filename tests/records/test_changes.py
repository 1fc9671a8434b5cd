"""The feed of changes: nothing stepped over, nothing told twice, nothing told to whom it does not concern."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection
from tests.records.parking import LIBRARY, START, set_clock
from tests.records.town import Town

from guangyue.city.personal.installed import forget
from guangyue.records import matters
from guangyue.records.database import db as django_db

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db):
    forget()
    set_clock(django_db(), START)
    yield Town.built()
    forget()


def told(viewer, cursor):
    answer = matters.changes_for(viewer, cursor, library=LIBRARY)
    return [(c.line.id, c.line.state, c.seq) for c in answer.changes], answer.cursor, answer.reset


def test_each_change_comes_once_and_to_whom_it_concerns(town):
    viewer, stranger = town.viewer(("urban_officer", "urban-03")), town.viewer(("urban_officer", "urban-04"))
    town.park()
    cursor = matters.cursor_now()
    assert told(viewer, cursor)[0] == []
    done = town.park()
    town.act(done.matter, "reminder_accepted")
    assert told(stranger, cursor)[0] == []
    changes, later, reset = told(viewer, cursor)
    assert (changes, reset) == ([(done.matter, "reminded", 2)], False)
    assert told(viewer, later)[0] == []
    assert told(viewer, cursor)[0] == changes, "a browser that lost the answer asks again"


def test_a_transaction_in_flight_is_not_stepped_over(town):
    """It began first and commits last: a cursor made of numbers alone would have passed it by."""
    viewer = town.viewer(("urban_officer", "urban-03"))
    early, late = town.park(), town.park()
    cursor = matters.cursor_now()
    with psycopg.connect(connection.connection.info.dsn, dbname=connection.settings_dict["NAME"]) as slow:
        slow.execute("insert into change (matter_id, seq) values (%s, 9)", [early.id])
        town.act(late.matter, "reminder_accepted")
        changes, cursor, _ = told(viewer, cursor)
        assert [c[0] for c in changes] == [late.matter]
        slow.commit()
    changes, cursor, _ = told(viewer, cursor)
    assert changes == [(early.matter, "noticed", 9)]
    assert told(viewer, cursor)[0] == []


def test_nothing_new_is_no_new_beginning(town):
    viewer = town.viewer(("urban_officer", "urban-03"))
    town.park()
    assert not matters.changes_for(viewer, matters.cursor_now(), most=0, library=LIBRARY).reset


def test_old_and_foreign_cursors_begin_anew(town):
    viewer = town.viewer(("urban_officer", "urban-03"))
    cursor = matters.cursor_now()
    epoch, _, snapshot = cursor.partition("~")
    for strange in ("", "x", f"{epoch}~", f"{epoch}~x", f"other~{snapshot}", f"{epoch}~99999999:99999999:"):
        changes, fresh, reset = told(viewer, strange)
        assert (changes, reset) == ([], True), strange
        assert told(viewer, fresh)[2] is False
    town.park()
    django_db().execute("update change set at = at - interval '3 days'")
    assert matters.forget_changes(django_db()) == 1
    assert told(viewer, cursor)[2], "what was let go cannot be caught up with"
