"""What must be true after a storm, whatever was killed in it: counted in the database, at the receivers, and on the disk."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from guangyue.records.seals.verify import verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.faults_clients import Ledger

__all__ = ["BENCHES", "Findings", "check"]

BENCHES = ()
ONCE = ("record", "reminder_accepted", "gone", "still_there", "hand_over_unreached", "approve")
"""Acts of the parking procedure that a matter sees at most once."""
UNANSWERED = ("broken off", "does not answer", "the line broke")
"""What a dead letter says whose message may have gone out: a person judges, and nothing goes out twice."""


@dataclass
class Findings:
    """Lists of what is wrong, and figures of what is right.

    Attributes:
        lost: acknowledged and not there. doubled: done twice. half: a command of whose effects some are missing.
        receivers: effects that a receiver saw other than once. bytes: evidence that is not whole.
        unknown: messages a crash left unanswered, shown to a person instead of sent again.
    """

    acknowledged: int = 0
    evidence: int = 0
    matters: int = 0
    entries: int = 0
    sent: int = 0
    uploaded: int = 0
    unknown: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    bytes: list[str] = field(default_factory=list)
    journal: bool = False

    @property
    def wrong(self) -> int:
        """How much is wrong altogether."""
        return sum(len(x) for x in (self.lost, self.doubled, self.half, self.receivers, self.bytes)) + (
            not self.journal
        )

    def summary(self) -> str:
        """In one line."""
        return (
            f"{self.acknowledged} commands and {self.evidence} uploads acknowledged, {self.matters} matters, {self.entries}"
            f" entries, {self.sent} SMS and {self.uploaded} records at the receivers: lost {len(self.lost)}, doubled"
            f" {len(self.doubled)}, half done {len(self.half)}, not once at a receiver {len(self.receivers)}, evidence not"
            f" whole {len(self.bytes)}, journal verifies: {self.journal}; {self.unknown} SMS shown to a person"
        )


def check(
    db: psycopg.Connection[tuple[object, ...]],
    ledger: Ledger,
    evidence: Path,
    submitted: Mapping[tuple[str, str], int],
    records: Sequence[str],
) -> Findings:
    """Check everything.

    Args:
        db: as superuser.
        ledger: what the clients were told.
        evidence: the folder of the evidence store.
        submitted: SMS the carrier took: (number, text) → how often.
        records: matters of the records the traffic platform keeps, one each.
    """
    found = Findings(acknowledged=len(ledger.commands), evidence=len(ledger.evidence))
    _commands(db, ledger, found)
    _halves(db, found)
    _receivers(db, found, submitted, records)
    _evidence(db, ledger, evidence, found)
    with db.transaction():
        db.execute("set transaction isolation level repeatable read read only")
        report = verify(db, None)
        found.journal = report.sound
    found.matters, found.entries = db.execute(
        "select (select count(*) from matter), (select count(*) from journal)"
    ).fetchone()  # type: ignore[assignment, misc]
    return found


def _commands(db: psycopg.Connection[tuple[object, ...]], ledger: Ledger, found: Findings) -> None:
    kept = {str(k): (str(m), a) for k, m, a in db.execute("select key, answer ->> 'matter', answer from command")}
    acts = {
        (str(ref), s): str(act)
        for ref, s, act in db.execute("select m.ref, j.seq, j.act from journal j join matter m on m.id = j.matter_id")
    }
    said = Counter(c.key for c in ledger.commands)
    for c in ledger.commands:
        if c.key not in kept or kept[c.key][0] != c.matter:
            found.lost.append(f"{c.key}: no command")
        elif acts.get((c.matter, c.seq)) != c.act:
            found.lost.append(f"{c.key}: entry {c.matter}#{c.seq} is {acts.get((c.matter, c.seq))}")
    found.doubled += [f"{key} acknowledged {n} times" for key, n in said.items() if n > 1]
    done = Counter(
        (str(ref), str(act))
        for ref, act in db.execute("select matter_id, act from journal where act = any(%s)", [list(ONCE)])
    )
    found.doubled += [f"matter {ref}: {act} × {n}" for (ref, act), n in done.items() if n > 1]
    opened = db.execute("select snapshot -> 'fields' ->> 'plate', count(*) from matter group by 1 having count(*) > 1")
    found.doubled += [f"{plate} opened {n} times" for plate, n in opened]
    fired = db.execute(
        "select deadline_id, count(*) from journal where deadline_id is not null group by 1 having count(*) > 1"
    )
    found.doubled += [f"deadline {one} fired {n} times" for one, n in fired]


HALVES = {
    "a matter whose last entry is not its state": "select m.ref from matter m left join lateral (select max(seq) as seq, count(*) as n"
    " from journal j where j.matter_id = m.id) j on true where m.seq is distinct from j.seq or j.n is distinct from m.seq",
    "a record without its deadline": "select m.ref from journal j join matter m on m.id = j.matter_id where j.act = 'record'"
    " and not exists (select 1 from deadline d where d.matter_id = m.id and d.key = 'reach')",
    "a reminder without its grace": "select m.ref from journal j join matter m on m.id = j.matter_id where j.act = 'reminder_accepted'"
    " and not exists (select 1 from deadline d where d.matter_id = m.id and d.key = 'grace')",
    "a record without its notice": "select m.ref from journal j join matter m on m.id = j.matter_id where j.act = 'record'"
    " and not exists (select 1 from outbox o where o.matter_id = m.id and o.seq = j.seq and o.channel = 'sms')",
    "an approval without its upload": "select m.ref from journal j join matter m on m.id = j.matter_id where j.act = 'approve'"
    " and not exists (select 1 from outbox o where o.matter_id = m.id and o.seq = j.seq and o.channel = 'traffic_platform')",
    "an outbox row without its entry": "select o.key from outbox o where o.matter_id is not null"
    " and not exists (select 1 from journal j where j.matter_id = o.matter_id and j.seq = o.seq)",
    "a command without its entry": "select c.key from command c where not exists (select 1 from journal j where j.matter_id = c.matter_id)",
    "a reminded matter without a running clock": "select m.ref from matter m where m.state = 'reminded'"
    " and not exists (select 1 from deadline d where d.matter_id = m.id and d.key = 'grace' and d.status = 'pending')",
}


def _halves(db: psycopg.Connection[tuple[object, ...]], found: Findings) -> None:
    for what, query in HALVES.items():
        found.half += [f"{what}: {ref}" for (ref,) in db.execute(query)]  # type: ignore[call-overload]


def _receivers(
    db: psycopg.Connection[tuple[object, ...]],
    found: Findings,
    submitted: Mapping[tuple[str, str], int],
    records: Sequence[str],
) -> None:
    found.sent, found.uploaded = sum(submitted.values()), len(records)
    found.receivers += [f"SMS to {to} × {n}" for (to, _), n in submitted.items() if n > 1]
    texts = {text for _, text in submitted}
    for key, text, sent, dead, error in db.execute(
        "select key, payload ->> 'zh', sent_at is not null, dead_at is not null, last_error from outbox where channel = 'sms'"
    ):
        if sent and text not in texts:
            found.receivers.append(f"{key}: sent, and the carrier never saw it")
        elif dead and any(mark in str(error) for mark in UNANSWERED):
            found.unknown += 1
        elif not sent:
            found.receivers.append(f"{key}: neither sent nor shown to a person: {error}")
    found.receivers += [f"platform: {ref} × {n}" for ref, n in Counter(records).items() if n > 1]
    approved = {
        str(ref)
        for (ref,) in db.execute(
            "select m.ref from journal j join matter m on m.id = j.matter_id where j.act = 'approve'"
        )
    }
    found.receivers += [f"platform: {ref} never arrived" for ref in approved - set(records)]
    found.receivers += [f"platform: {ref} was never approved" for ref in set(records) - approved]


def _evidence(db: psycopg.Connection[tuple[object, ...]], ledger: Ledger, folder: Path, found: Findings) -> None:
    named = {str(i): str(b) for i, b in db.execute("select id::text, blob_id from evidence_evidence")}
    for digest, evidence in ledger.evidence.items():
        path = folder / digest[:2] / digest[2:4] / digest
        if named.get(evidence) != digest:
            found.bytes.append(f"{digest[:12]}: no row")
        elif not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            found.bytes.append(f"{digest[:12]}: not whole")
