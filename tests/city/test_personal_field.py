"""Sealed values in the database: the field, the access log, erasure, rotation."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import timedelta

import pytest
from django.core.exceptions import FieldError
from django.core.serializers import serialize
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from guangyue.city.errors import CityError
from guangyue.city.models import DataKey, Person
from guangyue.city.personal import Purpose, record_reads_with
from guangyue.city.personal.field import erase
from guangyue.city.personal.installed import forget, keyring_path, vault
from guangyue.city.personal.kinds import ERASED
from guangyue.city.personal.rotation import add_data_key, add_master, add_search_key, drop_unused, reseal_all, usage
from guangyue.city.personal.suites import Suite

PURPOSE = Purpose(reader="account:1", reason="test", matter="M-1")
NAME, PHONE, ID = "张三丰", "138 0013 8000", "11010519491231002X"


@pytest.fixture
def person(city):
    return city.person(name=NAME, phone=PHONE, id_number=ID, address="聊城市东昌府区柳园路12号")


def stored_bytes() -> bytes:
    """Everything the table holds, as text of the database itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '|') FROM city_person t")
        return str(cursor.fetchone()[0]).encode()


def test_the_table_holds_no_plain_value_in_any_encoding(person):
    held = stored_bytes()
    for plain in (NAME, PHONE, ID, "柳园路"):
        assert plain.encode() not in held
        assert plain.encode().hex().encode() not in held


@pytest.mark.parametrize(
    "show",
    [str, repr, "{}".format, "{0!s:>30}".format, lambda v: f"{v}", lambda v: " ".join([f"{v}"])],
    ids=["str", "repr", "format", "format-spec", "f-string", "percent"],
)
def test_no_way_of_showing_tells_more_than_the_mask(person, show):
    person = Person.objects.get(pk=person.pk)
    for value in (person.name, person.phone, person.id_number):
        shown = show(value)
        assert NAME not in shown
        assert "0013" not in shown
        assert "1949" not in shown


def test_serialisers_and_copies_tell_nothing(person):
    with pytest.raises(TypeError):
        json.dumps({"name": person.name}, cls=DjangoJSONEncoder)
    with pytest.raises(TypeError):
        len(person.name)
    with pytest.raises(TypeError):
        iter(person.name)
    assert NAME not in serialize("json", [person])
    assert NAME.encode() not in pickle.dumps(person.name)
    assert copy.deepcopy(person.name) == person.name


def test_reading_asks_for_a_purpose_and_is_on_record_first(person, reads):
    person = Person.objects.get(pk=person.pk)
    assert person.name.reveal(PURPOSE) == NAME
    [read] = reads
    assert (read.purpose, read.label, read.owner) == (PURPOSE, "city.person.name", str(person.pk))
    with pytest.raises(TypeError):
        person.name.reveal()


def test_without_an_access_log_nothing_is_read(person):
    before = record_reads_with(None)
    try:
        with pytest.raises(CityError, match=r"personal\.no_log"):
            person.name.reveal(PURPOSE)
        with pytest.raises(CityError, match=r"personal\.no_log"):
            person.name.proof(PURPOSE)
    finally:
        record_reads_with(before)


def test_a_failing_access_log_shows_nothing(person):
    def full(_read):
        raise OSError("disk full")

    before = record_reads_with(full)
    try:
        with pytest.raises(OSError, match="disk full"):
            person.name.reveal(PURPOSE)
    finally:
        record_reads_with(before)


def test_equal_values_are_found_by_their_hash_and_the_index_serves_it(person, city):
    city.person(name="李四", phone="13900139000")
    for written in ("13800138000", "+86 138-0013-8000", PHONE):
        assert Person.objects.get(phone=written) == person
    assert set(Person.objects.filter(name__in=[NAME, "李四", "王五"])) == set(Person.objects.all())
    assert not Person.objects.filter(phone="13800138001").exists()
    assert Person.objects.get(phone=person.phone) == person, "a sealed value finds its equals"
    assert person.phone.matches("+8613800138000")
    assert not person.phone.matches("13900139000")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "city_person_phone" in Person.objects.filter(phone=PHONE).explain()


@pytest.mark.parametrize("lookup", ["contains", "startswith", "gt", "regex", "iexact"])
def test_other_lookups_are_refused_rather_than_wrong(city, lookup):
    with pytest.raises(FieldError):
        Person.objects.filter(**{f"name__{lookup}": "张"})


def test_a_field_without_search_says_so_and_text_goes_through_an_instance_only(person):
    with pytest.raises(FieldError):
        list(Person.objects.filter(address="聊城市"))
    with pytest.raises(TypeError):
        Person.objects.filter(pk=person.pk).update(name="明文")
    with pytest.raises(TypeError):
        person.name = 17


def test_a_changed_value_is_found_by_the_new_one_only(person):
    person.phone = "13900139000"
    person.save(update_fields=["phone"])
    assert Person.objects.filter(phone="13900139000").exists()
    assert not Person.objects.filter(phone=PHONE).exists()


def test_a_value_given_to_another_field_is_sealed_for_it(person, city, reads):
    other = city.person()
    other.address = person.name
    other.save()
    assert Person.objects.get(pk=other.pk).address.reveal(PURPOSE) == NAME
    assert other.address.label == "city.person.address"


def test_erasing_leaves_the_digest_and_nothing_else(person, reads):
    digest = person.name.digest()
    phone = person.phone.digest()
    assert erase(person, "name", "phone") == {"name": digest, "phone": phone}
    fresh = Person.objects.get(pk=person.pk)
    assert fresh.name.erased
    assert str(fresh.name) == ERASED
    assert not Person.objects.filter(phone=PHONE).exists()
    with pytest.raises(CityError, match=r"personal\.erased"):
        fresh.name.reveal(PURPOSE)
    with pytest.raises(CityError, match=r"personal\.erased"):
        fresh.name.digest()
    assert str(fresh.id_number) != ERASED, "only what was named is erased"
    assert erase(fresh, "name") == {}, "twice is once"


def test_the_proof_opens_the_digest(person, reads):
    from guangyue.city.personal.vault import commitment

    opened = person.name.proof(PURPOSE)
    assert commitment("city.person.name", opened.salt, opened.text) == person.name.digest()
    assert len(reads) == 1


def test_rotating_all_keys_keeps_every_value_findable_and_drops_the_old(person, city, reads):
    city.person(name="李四", phone="13900139000")
    digests = {p.pk: p.name.digest() for p in Person.objects.all()}
    old = usage()
    master, data, search = add_master(Suite.SM), add_data_key(Suite.SM), add_search_key(Suite.SM)
    forget()
    assert Person.objects.get(phone=PHONE) == person, "both search keys are searched meanwhile"
    seen: list[str] = []
    assert reseal_all(lambda label, _rows: seen.append(label)) == 6
    assert set(seen) == {"city.person.name", "city.person.phone", "city.person.id_number", "city.person.address"}
    assert reseal_all() == 0, "a second run has nothing to do"
    now = usage()
    assert set(now.data) == {data}
    assert set(now.search) == {search}
    assert set(now.masters) == {master}
    assert drop_unused() == [], "a process elsewhere may not have seen the new keys yet"
    assert len(drop_unused(timedelta(0))) == 3
    forget()
    assert not set(old.data) & set(DataKey.objects.values_list("number", flat=True))
    assert Person.objects.get(phone=PHONE).name.reveal(PURPOSE) == NAME
    assert {p.pk: p.name.digest() for p in Person.objects.all()} == digests, "the journal's digests stay valid"


def test_a_value_written_during_rotation_is_not_overwritten(person, monkeypatch):
    from guangyue.city.personal import rotation

    add_data_key(Suite.AES)
    forget()
    replace = rotation._replace

    def somebody_else_first(field, key, held, fresh):
        if field.name == "name":
            row = Person.objects.get(pk=key)
            row.name = "改名"
            row.save()
        return replace(field, key, held, fresh)

    monkeypatch.setattr(rotation, "_replace", somebody_else_first)
    reseal_all()
    assert Person.objects.get(name="改名") == person


@pytest.mark.django_db(transaction=True)
def test_a_data_key_from_a_rolled_back_transaction_is_never_used_again(reads):
    with transaction.atomic():
        Person.objects.create(number="gone", name="张三")
        transaction.set_rollback(True)
    assert DataKey.objects.count() == 0
    Person.objects.create(number="kept", name=NAME)
    forget()
    assert Person.objects.get(number="kept").name.reveal(PURPOSE) == NAME


def test_the_keyring_given_by_the_environment_is_not_rewritten(city, settings):
    settings.GUANGYUE_KEYRING = keyring_path().read_text() if keyring_path().exists() else vault().ring.dumps()
    forget()
    with pytest.raises(CityError, match=r"personal\.keyring\.environment"):
        add_master(Suite.AES)


def test_production_never_makes_a_keyring(settings, tmp_path, city):
    settings.GUANGYUE_ENV = "production"
    settings.GUANGYUE_KEYRING_FILE = str(tmp_path / "none.json")
    forget()
    with pytest.raises(CityError, match=r"personal\.keyring\.missing"):
        city.person(name=NAME)
