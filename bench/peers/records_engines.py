"""The parking mix on three workflow engines; runs in their own environment, on a database with Guangyue's tables.

    python records_engines.py PEER SOCKET DATABASE MATTERS

Every step, in one transaction: lock the instance, let the engine move it, then write every row that Guangyue writes for
the same step (``keep``: the journal's link under its guards, the matter as lists show it, clocks, message, number, evidence,
figure, feed, the caller's key), commit to disk. The engines differ in how they keep an instance beside that: a model's row
(django-fsm-2), process and task rows (Viewflow), a serialised tree (SpiffWorkflow). SpiffWorkflow has the procedure whole,
with its clocks and the ways that are not taken here, as Guangyue has it; the other two know only the way that is walked,
which is in their favour. The last line printed is JSON: commands, seconds, rows found afterwards.
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
OWN_FIRST = "-c search_path=peer,public"  # what a peer makes for itself lies in a schema of its own
WRITTEN = ("journal", "matter", "deadline", "outbox", "command", "piece", "tally", "involvement", "change")


def keep(cursor, matter: int, seq: int, step: str) -> None:
    """The rows that every peer writes beside its own."""
    now = datetime.now(UTC)
    if seq == 1:
        prev = sha256(b"guangyue/1 matter %d\n" % matter).digest()
        cursor.execute(
            "insert into number_series as s (series, unit, period, last)"
            " values ('', 'urban-03', to_char(city_now() at time zone 'Asia/Shanghai', 'YYYYMMDD'), 1)"
            " on conflict (series, unit, period) do update set last = s.last + 1 returning period, last"
        )
        number = "urban-03-{}-{:04}".format(*cursor.fetchone())
    else:
        cursor.execute("select head from matter where id = %s for update", [matter])
        prev = bytes(cursor.fetchone()[0])
    said = {
        "act": step, "actor": "17", "after": step, "agency": "urban", "before": STEPS[seq - 2], "decided_at": now.isoformat(),
        "kind": "act", "matter": str(matter), "observed_at": now.isoformat(), "procedure": "parking", "seq": seq,
        "evidence": [{"set": "first", "sha256": f"{matter:064x}", "taken_at": now.isoformat()}],
        "values": {"plate": f"鲁P{matter % 100_000:05}", "street": "柳园路"}, "version": 1,
    }  # fmt: skip
    body = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    linked = sha256(prev + f"{seq}\n{body}".encode()).digest()
    due = now + timedelta(minutes=10) if seq < len(STEPS) else None
    cursor.execute(
        "insert into journal (matter_id, seq, body, hash, kind, act, actor, at) values (%s, %s, %s, %s, 'act', %s, '17', %s)",
        [matter, seq, body, linked, step, said["decided_at"]],
    )
    if seq == 1:
        cursor.execute(
            "insert into matter (id, ref, number, procedure, version, state, title, agency, holder, snapshot, place,"
            " opened_at, updated_at, due_at, seq, head)"
            " values (%s, %s, %s, 'parking', 1, %s, %s, 'urban', 'urban-03', %s, '柳园路', %s, %s, %s, 1, %s)",
            [matter, str(matter), number, step, said["values"]["plate"], body, now, now, due, linked],
        )
    else:
        cursor.execute(
            "update matter set state = %s, snapshot = %s, updated_at = %s, closed_at = %s, due_at = %s, seq = %s, head = %s"
            " where id = %s",
            [step, body, now, None if due else now, due, seq, linked, matter],
        )
        cursor.execute(
            "update deadline set status = 'met', ended_at = %s where matter_id = %s and status = 'pending'",
            [now, matter],
        )
    if due:
        basis = '{"rule": "S-GRACE", "calendar": 1, "inclusive": true}'
        cursor.execute(
            "insert into deadline (matter_id, key, status, started_at, due_at, armed_seq, basis)"
            " values (%s, %s, 'pending', %s, %s, %s, %s)",
            [matter, step, now, due, seq, basis],
        )
    cursor.execute("insert into change (matter_id, seq) values (%s, %s)", [matter, seq])
    if seq == 1:
        cursor.execute("insert into piece (matter_id, seq, sha256) values (%s, 1, %s)", [matter, f"{matter:064x}"])
        cursor.execute(
            "insert into involvement (unit, matter_id, since, opened_at) values ('urban-03', %s, %s, %s)",
            [matter, now, now],
        )
        cursor.execute(
            "insert into outbox (channel, key, matter_id, seq, payload, made_at, next_attempt_at)"
            " values ('sms', %s, %s, %s, %s, %s, %s)",
            [f"{matter}#{seq}", matter, seq, body, now, now],
        )
    if step == "reminder_accepted":
        cursor.execute(
            "insert into tally (procedure, figure, at, unit, amount, matter_id, seq)"
            " values ('parking', 'reminders', %s, 'urban-03', 1, %s, %s)",
            [now, matter, seq],
        )
    cursor.execute(
        "insert into command (actor, key, request, matter_id, answer) values ('17', %s, %s, %s, %s)",
        [f"{step}{matter}", linked, matter, '{"state": "x"}'],
    )


def django_setup(*apps: str) -> None:
    """Django on the bench's database."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *apps],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": SOCKET,
                "USER": "postgres",
                "NAME": DATABASE,
                "OPTIONS": {"options": OWN_FIRST},
            }
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


# The states of the procedure with what leads on from each: a clock that runs out, or what somebody does. Drawn as BPMN
# draws them: a gateway that waits for the first of several events.
STATES = {
    "noticed": {"timer PT2H": "unreached", "reminder_accepted": "reminded"},
    "reminded": {"timer PT10M": "overdue", "gone": "left"},
    "unreached": {"gone": "dropped", "still_there": "in_review"},
    "overdue": {"gone": "dropped", "still_there": "in_review"},
    "in_review": {"approve": "decided", "reject": "dropped"},
}


def bpmn() -> str:
    """The whole procedure as a BPMN document."""
    flows = [("start", "record"), ("record", "noticed")]
    drawn = {"start": "startEvent", "record": "manualTask"} | dict.fromkeys(("left", "dropped", "decided"), "endEvent")
    inner, messages = {}, set()
    for state, ways in STATES.items():
        drawn[state] = "eventBasedGateway"
        for number, (event, target) in enumerate(ways.items()):
            caught = f"{state}_{number}"
            drawn[caught] = "intermediateCatchEvent"
            flows += [(state, caught), (caught, target)]
            kind, _, lasts = event.partition(" ")
            if lasts:
                inner[caught] = (
                    f'<timerEventDefinition id="{caught}_event"><timeDuration>"{lasts}"</timeDuration>'
                    "</timerEventDefinition>"
                )
            else:
                inner[caught] = f'<messageEventDefinition id="{caught}_event" messageRef="{kind}"/>'
                messages.add(kind)
    shapes = []
    for name, tag in drawn.items():
        into = "".join(f"<incoming>{a}-{b}</incoming>" for a, b in flows if b == name)
        out = "".join(f"<outgoing>{a}-{b}</outgoing>" for a, b in flows if a == name)
        shapes.append(f'<{tag} id="{name}" name="{name}">{into}{out}{inner.get(name, "")}</{tag}>')
    arrows = "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    told = "".join(f'<message id="{m}" name="{m}"/>' for m in sorted(messages))
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench" id="d">'
        f'{told}<process id="parking" isExecutable="true">{"".join(shapes)}{arrows}</process></definitions>'
    )


def spiff():
    """SpiffWorkflow: a BPMN process kept as serialised JSON in a row."""
    import psycopg
    from lxml import etree
    from SpiffWorkflow.bpmn import BpmnEvent
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(bpmn().encode()))
    spec = parser.get_spec("parking")
    serializer = BpmnWorkflowSerializer()
    db = psycopg.connect(host=SOCKET, user="postgres", dbname=DATABASE, autocommit=True, options=OWN_FIRST)
    db.execute("create table instance (id bigint generated always as identity primary key, state text, tree jsonb)")

    def moved(workflow: BpmnWorkflow, step: str) -> str:
        """One step and what follows from it; clocks are looked at before, as whoever wakes an instance has to."""
        workflow.refresh_waiting_tasks()
        if step == "record":
            next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.name == step).run()
        else:
            workflow.catch(BpmnEvent(MessageEventDefinition(step), {}))
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
                cursor.execute("select tree::text from instance where id = %s for update", [matter])
                workflow = serializer.deserialize_json(cursor.fetchone()[0])
                tree = moved(workflow, step)
                assert workflow.completed == (step == STEPS[-1]), step
                cursor.execute("update instance set state = %s, tree = %s where id = %s", [step, tree, matter])
                keep(cursor, matter, seq, step)
        return len(STEPS)

    return run, db.cursor


def main() -> None:
    """Set one peer up, warm it, measure it, count what it left."""
    run, cursors = {"django-fsm-2": finite_state, "Viewflow": viewflow, "SpiffWorkflow": spiff}[PEER]()
    for number in range(WARM):
        run(number)
    with timed() as spent:
        commands = sum(run(WARM + number) for number in range(MATTERS))
    with cursors() as cursor:
        found = {}
        for table in WRITTEN:
            cursor.execute(f"select count(*) from {table}")  # noqa: S608 - one of those
            found[table] = cursor.fetchone()[0]
    print(json.dumps({"commands": commands, "seconds": spent[0], "rows": found}))


if __name__ == "__main__":
    main()
