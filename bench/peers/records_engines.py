"""The parking mix on three workflow engines; runs in their own environment, knows nothing of Guangyue.

    python records_engines.py PEER SOCKET DATABASE MATTERS

Every step, in one transaction: lock the instance, let the engine move it, append a journal entry linked by SHA-256 under
the same kind of guard, start or stop a clock, write a message, keep the caller's key, commit to disk. The engines differ
in how they keep an instance: a model's row (django-fsm-2), process and task rows (Viewflow), a serialised tree
(SpiffWorkflow). The last line printed is JSON: commands, seconds, rows found afterwards.
"""

from __future__ import annotations

import json
import sys
import time
import types
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256

PEER, SOCKET, DATABASE, MATTERS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
STEPS = ("record", "reminder_accepted", "gone")
WARM = 20
DDL = """
    create table chain (matter_id bigint primary key, seq int not null, head bytea not null, snapshot jsonb);
    create table journal (matter_id bigint, seq int, body text not null, hash bytea not null,
        at timestamptz default clock_timestamp(), primary key (matter_id, seq));
    create table deadline (id bigint generated always as identity primary key, matter_id bigint not null references chain,
        key text not null, status text not null, started_at timestamptz not null, due_at timestamptz not null,
        unique (matter_id, key));
    create index deadline_pending on deadline (due_at) where status = 'pending';
    create table outbox (id bigint generated always as identity primary key, channel text, key text, matter_id bigint,
        payload jsonb, made_at timestamptz default now(), unique (channel, key));
    create table command (actor text, key text, answer jsonb, primary key (actor, key));
    create function guard() returns trigger language plpgsql as $$
    declare prev bytea;
    begin
        select hash into prev from journal where matter_id = new.matter_id and seq = new.seq - 1;
        if new.hash <> sha256(coalesce(prev, ''::bytea) || convert_to(new.seq || E'\\n' || new.body, 'UTF8')) then
            raise exception 'broken link';
        end if;
        return new;
    end $$;
    create trigger guard before insert on journal for each row execute function guard();
"""


def keep(cursor, matter: int, seq: int, step: str) -> None:
    """The rows that every peer writes beside its own."""
    now = datetime.now(UTC)
    if seq == 1:
        cursor.execute("insert into chain (matter_id, seq, head) values (%s, 0, '')", [matter])
    cursor.execute("select head from chain where matter_id = %s for update", [matter])
    prev = bytes(cursor.fetchone()[0])
    said = {
        "act": step, "actor": "17", "after": step, "agency": "urban", "before": STEPS[seq - 2], "decided_at": now.isoformat(),
        "kind": "act", "matter": str(matter), "observed_at": now.isoformat(), "procedure": "parking", "seq": seq,
        "evidence": [{"set": "first", "sha256": f"{matter:064x}", "taken_at": now.isoformat()}],
        "values": {"plate": f"鲁P{matter % 100_000:05}", "street": "柳园路"}, "version": 1,
    }  # fmt: skip
    body = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    linked = sha256(prev + f"{seq}\n{body}".encode()).digest()
    cursor.execute(
        "insert into journal (matter_id, seq, body, hash) values (%s, %s, %s, %s)", [matter, seq, body, linked]
    )
    cursor.execute(
        "update chain set seq = %s, head = %s, snapshot = %s where matter_id = %s", [seq, linked, body, matter]
    )
    if seq > 1:
        cursor.execute("update deadline set status = 'met' where matter_id = %s and status = 'pending'", [matter])
    if seq < len(STEPS):
        cursor.execute(
            "insert into deadline (matter_id, key, status, started_at, due_at) values (%s, %s, 'pending', %s, %s)",
            [matter, step, now, now + timedelta(minutes=10)],
        )
    if seq == 1:
        cursor.execute(
            "insert into outbox (channel, key, matter_id, payload) values ('sms', %s, %s, %s)",
            [f"{matter}#{seq}", matter, body],
        )
    cursor.execute(
        "insert into command (actor, key, answer) values ('17', %s, %s)", [f"{step}{matter}", '{"state": "x"}']
    )


def django_setup(*apps: str) -> None:
    """Django on the bench's database."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *apps],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.postgresql", "HOST": SOCKET, "USER": "postgres", "NAME": DATABASE}
        },
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SECRET_KEY="bench",  # noqa: S106 - nothing to keep secret
    )
    django.setup()


@contextmanager
def timed():
    """Seconds of a block."""
    spent = []
    began = time.perf_counter()
    yield spent
    spent.append(time.perf_counter() - began)


def finite_state():
    """django-fsm-2: a model with a guarded state field."""
    django_setup()
    from django.db import connection, models, transaction
    from django_fsm import FSMField, transition

    class Parking(models.Model):
        state = FSMField(default="new", protected=True)
        plate = models.TextField()
        updated_at = models.DateTimeField(auto_now=True)

        class Meta:
            app_label = "bench"

        @transition(field=state, source="new", target="noticed")
        def record(self):
            """Photographed."""

        @transition(field=state, source="noticed", target="reminded")
        def reminder_accepted(self):
            """The owner was reminded."""

        @transition(field=state, source=["reminded", "overdue"], target="left")
        def gone(self):
            """The car has left."""

    with connection.schema_editor() as editor:
        editor.create_model(Parking)

    def run(number: int) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            matter = Parking(plate=f"鲁P{number:05}")
            matter.record()
            matter.save()
            keep(cursor, matter.pk, 1, "record")
        for seq, step in enumerate(STEPS[1:], 2):
            with transaction.atomic(), connection.cursor() as cursor:
                own = Parking.objects.select_for_update().get(pk=matter.pk)
                getattr(own, step)()
                own.save()
                keep(cursor, own.pk, seq, step)
        return len(STEPS)

    return run, connection.cursor


def viewflow():
    """Viewflow: a flow of handles, process and task rows, its own row lock."""
    # Its tables name a flow by the application it lives in, so the flow gets one: modules of its own, empty but for it.
    home = types.ModuleType("parking")
    home.__path__ = [f"{__file__}.none"]
    flows = types.ModuleType("parking.flows")
    sys.modules |= {"parking": home, "parking.flows": flows}
    django_setup("viewflow", "viewflow.workflow", "parking")
    from django.core.management import call_command
    from django.db import connection, transaction
    from viewflow import this
    from viewflow.workflow import flow, lock
    from viewflow.workflow.models import Process, Task

    call_command("migrate", verbosity=0)

    class Parking(flow.Flow):
        __module__ = "parking.flows"
        process_class = Process
        task_class = Task
        lock_impl = lock.select_for_update_lock
        start = flow.StartHandle(this.opened).Next(this.reminder_accepted)
        reminder_accepted = flow.Handle(this.moved).Next(this.gone)
        gone = flow.Handle(this.moved).Next(this.end)
        end = flow.End()

        def opened(self, activation, plate):
            activation.process.data = {"plate": plate}
            return activation.process

        def moved(self, activation):
            return activation.process

    flows.Parking = Parking

    def run(number: int) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            process = Parking.start.run(plate=f"鲁P{number:05}")
            keep(cursor, process.pk, 1, "record")
        for seq, step in enumerate(STEPS[1:], 2):
            with transaction.atomic(), connection.cursor() as cursor:
                node = getattr(Parking, step)
                task = Task.objects.select_related("process").get(process_id=process.pk, flow_task=node, status="NEW")
                node.run(task)
                keep(cursor, process.pk, seq, step)
        return len(STEPS)

    return run, connection.cursor


BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench" id="d">
<process id="parking" isExecutable="true"><startEvent id="start"><outgoing>a</outgoing></startEvent>
<sequenceFlow id="a" sourceRef="start" targetRef="record"/>
<manualTask id="record"><incoming>a</incoming><outgoing>b</outgoing></manualTask>
<sequenceFlow id="b" sourceRef="record" targetRef="reminder_accepted"/>
<manualTask id="reminder_accepted"><incoming>b</incoming><outgoing>c</outgoing></manualTask>
<sequenceFlow id="c" sourceRef="reminder_accepted" targetRef="gone"/>
<manualTask id="gone"><incoming>c</incoming><outgoing>e</outgoing></manualTask>
<sequenceFlow id="e" sourceRef="gone" targetRef="end"/><endEvent id="end"><incoming>e</incoming></endEvent>
</process></definitions>"""


def spiff():
    """SpiffWorkflow: a BPMN process kept as serialised JSON in a row."""
    import psycopg
    from lxml import etree
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(BPMN.encode()))
    spec = parser.get_spec("parking")
    serializer = BpmnWorkflowSerializer()
    db = psycopg.connect(host=SOCKET, user="postgres", dbname=DATABASE, autocommit=True)
    db.execute("create table instance (id bigint generated always as identity primary key, state text, tree jsonb)")

    def moved(workflow: BpmnWorkflow, step: str) -> str:
        task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.name == step)
        task.run()
        workflow.refresh_waiting_tasks()
        workflow.do_engine_steps()
        return serializer.serialize_json(workflow)

    def run(number: int) -> int:
        with db.transaction(), db.cursor() as cursor:
            workflow = BpmnWorkflow(spec)
            workflow.data["plate"] = f"鲁P{number:05}"
            workflow.do_engine_steps()
            tree = moved(workflow, "record")
            matter = cursor.execute(
                "insert into instance (state, tree) values ('record', %s) returning id", [tree]
            ).fetchone()[0]
            keep(cursor, matter, 1, "record")
        for seq, step in enumerate(STEPS[1:], 2):
            with db.transaction(), db.cursor() as cursor:
                kept = cursor.execute("select tree::text from instance where id = %s for update", [matter]).fetchone()[
                    0
                ]
                tree = moved(serializer.deserialize_json(kept), step)
                cursor.execute("update instance set state = %s, tree = %s where id = %s", [step, tree, matter])
                keep(cursor, matter, seq, step)
        return len(STEPS)

    return run, db.cursor


def main() -> None:
    """Set one peer up, warm it, measure it, count what it left."""
    run, cursors = {"django-fsm-2": finite_state, "Viewflow": viewflow, "SpiffWorkflow": spiff}[PEER]()
    with cursors() as cursor:
        cursor.execute(DDL)
    for number in range(WARM):
        run(number)
    with timed() as spent:
        commands = sum(run(WARM + number) for number in range(MATTERS))
    with cursors() as cursor:
        found = {}
        for table in ("journal", "deadline", "outbox"):
            cursor.execute(f"select count(*) from {table}")  # noqa: S608 - one of three
            found[table] = cursor.fetchone()[0]
    print(json.dumps({
        "commands": commands, "seconds": spent[0], "journal": found["journal"] - WARM * len(STEPS),
        "deadlines": found["deadline"], "outbox": found["outbox"],
    }))  # fmt: skip


if __name__ == "__main__":
    main()
