"""Changing keys while the city works: master, data and search keys (密钥轮换).

- A new *master* re-wraps the data keys: a few rows, no value is touched.
- A new *data* key seals what is written from now on; `reseal_all` moves the rest over in small batches.
- A new *search* key is added beside the old one; `reseal_all` rewrites the keyed hashes; both are searched meanwhile.

Each row is replaced only if nobody changed it meanwhile; what was interrupted is simply run again. An old key is dropped
by `drop_unused` when nothing uses it any more and every process has surely seen its successor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from guangyue.city import clock
from guangyue.city.errors import CityError
from guangyue.city.models.keys import DataKey
from guangyue.city.personal import installed
from guangyue.city.personal.field import PersonalField
from guangyue.city.personal.keyring import Keyring, save
from guangyue.city.personal.suites import Suite
from guangyue.city.personal.vault import SEARCH_KEY, Vault, key_number, wrap

__all__ = ["Usage", "add_data_key", "add_master", "add_search_key", "drop_unused", "fields", "reseal_all", "usage"]

GRACE = timedelta(seconds=10 * installed.LIFE)
"""How long a retired key is kept whatever the count says: processes look for new keys every `installed.LIFE`."""
_BATCH = 500
_SECRET_LABEL = "mfa.secret"  # noqa: S105 - the name of a field


@dataclass(frozen=True, slots=True)
class Usage:
    """How many values each key still serves."""

    data: Counter[int]
    search: Counter[int]
    masters: Counter[str]


def fields() -> list[PersonalField]:
    """Every personal field of every installed model."""
    return [f for model in apps.get_models() for f in model._meta.local_fields if isinstance(f, PersonalField)]


def add_master(suite: Suite) -> str:
    """Put a new master key into use: into the keyring first, then re-wrap every data key. Returns its id."""
    ring = _writable().with_new_master(suite)
    save(ring, installed.keyring_path())
    old = installed.vault()
    with transaction.atomic():
        for row in DataKey.objects.select_for_update():
            key = installed.wrapped(row)
            again = wrap(ring, key.number, key.suite, old.unwrap(key))
            DataKey.objects.filter(pk=row.pk).update(master=again.master, wrapped=again.wrapped)
    installed.forget()
    return ring.master.id


@transaction.atomic
def add_data_key(suite: Suite) -> int:
    """Put a new data key into use; what it will seal is everything written from the commit on. Returns its number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guangyue.city.datakey'))")
    DataKey.objects.filter(current=True).update(current=False, retired_at=clock.now())
    row = installed.add_data_key(installed.vault().ring, suite)
    transaction.on_commit(installed.forget)
    return row.number


def add_search_key(suite: Suite) -> int:
    """Put a new search key into use beside the old ones. Returns its number."""
    ring = _writable().with_new_search(suite)
    save(ring, installed.keyring_path())
    installed.forget()
    return ring.search.number


def reseal_all(progress: Callable[[str, int], None] = lambda _label, _rows: None) -> int:
    """Bring every value under the keys in use. Returns how many were rewritten; zero means all are."""
    keyed = installed.vault()
    done = 0
    for field in fields():
        for rewritten in _batches(field, keyed):
            done += rewritten
            progress(field.label, rewritten)
    for factor in Authenticator.objects.iterator(chunk_size=_BATCH):
        data = dict(factor.data)
        changed = False
        for name in ("secret", "seed"):
            if isinstance(data.get(name), str):
                token = bytes.fromhex(data[name])
                if key_number(token) != keyed.keys.current().number:
                    data[name], changed = keyed.reseal(_SECRET_LABEL, token).hex(), True
        if changed:
            done += Authenticator.objects.filter(pk=factor.pk, data=factor.data).update(data=data)
    return done


def usage() -> Usage:
    """Count what each key serves; reads every sealed column once."""
    data: Counter[int] = Counter()
    search: Counter[int] = Counter()
    for field in fields():
        for _, held in _rows(field):
            token = held[SEARCH_KEY:] if field.searchable else held
            data[key_number(token)] += 1
            if field.searchable:
                search[int.from_bytes(held[:2], "big")] += 1
    for factor in Authenticator.objects.iterator(chunk_size=_BATCH):
        for name in ("secret", "seed"):
            if isinstance(factor.data.get(name), str):
                data[key_number(bytes.fromhex(factor.data[name]))] += 1
    masters = Counter(DataKey.objects.values_list("master", flat=True))
    return Usage(data, search, masters)


def drop_unused(grace: timedelta = GRACE) -> list[str]:
    """Remove keys that were retired longer than `grace` ago and serve nothing any more. Returns their names."""
    before = clock.now() - grace
    used = usage()
    dropped: list[str] = []
    for row in DataKey.objects.filter(current=False, retired_at__lte=before):
        if not used.data[row.number]:
            row.delete()
            dropped.append(f"data {row.number}")
    if not installed.from_environment():
        ring, wraps = _writable(), usage().masters
        limit = before.timestamp()
        masters = {k.id for k, after in pairwise(ring.masters) if after.made <= limit and not wraps[k.id]}
        searches = {
            k.number for k, after in pairwise(ring.searches) if after.made <= limit and not used.search[k.number]
        }
        if masters or searches:
            save(ring.without(masters=frozenset(masters), searches=frozenset(searches)), installed.keyring_path())
        dropped += [f"master {k}" for k in sorted(masters)] + [f"search {n}" for n in sorted(searches)]
    installed.forget()
    return dropped


def _writable() -> Keyring:
    """The keyring, when it is a file that can be rewritten.

    Raises:
        CityError: ``personal.keyring.environment``: it was given by the environment; change it where it is kept.
    """
    if installed.from_environment():
        raise CityError("personal.keyring.environment")
    installed.forget()
    return installed.vault().ring


def _rows(field: PersonalField) -> Iterator[tuple[int, bytes]]:
    """Primary key and stored bytes of every value of a field, in the order of keys, a batch at a time."""
    model: type[models.Model] = field.model
    raw = models.functions.Cast(models.F(field.attname), models.BinaryField())
    last: int | None = None
    while True:
        rows = model._base_manager.annotate(held=raw).exclude(**{f"{field.name}__isnull": True}).order_by("pk")  # noqa: SLF001 - Django's public name
        page = list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", "held")[:_BATCH])
        if not page:
            return
        last = page[-1][0]
        for key, held in page:
            stored = bytes(held)
            if len(stored) > 1:
                yield key, stored


def _batches(field: PersonalField, keyed: Vault) -> Iterator[int]:
    """Rewrite a field's values that stand under other keys than those in use; each yield is one value."""
    current = keyed.keys.current().number
    search = keyed.ring.search.number.to_bytes(2, "big")
    for key, held in _rows(field):
        token = held[SEARCH_KEY:] if field.searchable else held
        if key_number(token) == current and (not field.searchable or held[:2] == search):
            continue
        fresh = keyed.reseal(field.label, token)
        if field.searchable:
            fresh = keyed.search_key(field.kind, keyed.open(field.label, token).text) + fresh
        yield _replace(field, key, held, fresh)


def _replace(field: PersonalField, key: int, held: bytes, fresh: bytes) -> int:
    """Replace one value if it is still the one that was read."""
    names = connection.ops.quote_name
    meta = field.model._meta
    table, column, pk = (names(n or "") for n in (meta.db_table, field.column, meta.pk.column))
    with connection.cursor() as cursor:
        statement = f"UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {column} = %s"  # noqa: S608 - names of our own columns
        cursor.execute(statement, [fresh, key, held])
        return int(cursor.rowcount)
