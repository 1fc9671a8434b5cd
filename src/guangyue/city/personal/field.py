"""The Django field of a personal value: sealed on assignment, found by keyed hash, shown masked.

::

    class Person(models.Model):
        phone = PersonalField(Kind.PHONE, searchable=True, null=True)

        class Meta:
            indexes = (search_index("phone", name="city_person_phone"),)

    person.phone = "138 0013 8000"              # sealed here
    Person.objects.filter(phone="13800138000")  # by keyed hash; other lookups are refused
    str(person.phone)                           # '138****8000'
    person.phone.reveal(purpose)                # '138 0013 8000', after the access log has it

The column of a searchable field holds its search key in front of the sealed value, so that the two can never part.
"""

# ruff: noqa: ANN401 - Django's own signatures are open, and _meta is its public name for fields

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact, In, IsNull
from typing_extensions import override

from guangyue.city.personal.installed import vault
from guangyue.city.personal.kinds import Kind
from guangyue.city.personal.sealed import ERASED_TOKEN, Sealed
from guangyue.city.personal.vault import SEARCH_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper

    _BinaryField = models.BinaryField[Any, Any]
    _Exact = Exact[Any]
    _In = In[Any]
else:  # Django's own classes take no parameters at run time
    _BinaryField, _Exact, _In = models.BinaryField, Exact, In

__all__ = ["PersonalField", "SearchKey", "erase", "search_index"]


class SearchKey(models.Func):
    """The search key at the head of a column."""

    template = f"substring(%(expressions)s FROM 1 FOR {SEARCH_KEY})"
    output_field: models.Field[Any, Any] = models.BinaryField()


def search_index(field: str, *, name: str) -> models.Index:
    """The index by which a searchable field is found."""
    return models.Index(SearchKey(models.F(field)), name=name)


class PersonalField(_BinaryField):
    """A sealed personal value.

    Args:
        kind: what the value is; decides its mask and its normal form.
        searchable: whether equal values can be found; give the model a `search_index` then.
    """

    def __init__(self, kind: Kind = Kind.NOTE, *, searchable: bool = False, **options: Any) -> None:
        self.kind = Kind(kind)
        self.searchable = searchable
        super().__init__(**({"editable": True} | options))

    @property
    def label(self) -> str:
        """The name under which values are sealed; they open under no other."""
        return f"{self.model._meta.label_lower}.{self.name}"

    @override
    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        options.pop("editable", None)
        return name, path, list(args), options | {"kind": self.kind.value, "searchable": self.searchable}

    @override
    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Descriptor(self))

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        """A sealed value as the database holds it."""
        if value is None:
            return None
        held = bytes(value)
        if held == ERASED_TOKEN or not self.searchable:
            return Sealed(self.kind, self.label, held)
        return Sealed(self.kind, self.label, held[SEARCH_KEY:], search_key=held[:SEARCH_KEY])

    @override
    def to_python(self, value: Any) -> Any:
        return value

    @override
    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.label} takes text through an instance only: assign, then save")
        sealed = value if value.label == self.label else value.sealed_for(self.label, self.kind)
        if sealed.erased or not self.searchable:
            return sealed.token
        return sealed.search_key() + sealed.token

    @override
    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return super().get_db_prep_value(value if prepared else self.get_prep_value(value), connection, prepared=True)

    @override
    def value_to_string(self, obj: models.Model) -> str:
        prepared = self.get_prep_value(self.value_from_object(obj))
        return "" if prepared is None else base64.b64encode(prepared).decode("ascii")

    @override
    def get_lookup(self, lookup_name: str) -> Any:
        found = {"exact": _PersonalExact, "in": _PersonalIn, "isnull": IsNull}.get(lookup_name)
        if found is None:
            raise FieldError(f"{self.label} is sealed: only exact, in and isnull are possible, not {lookup_name}")
        return found

    @override
    def get_transform(self, lookup_name: str) -> Any:
        return None


class _Descriptor:
    """Seals what is assigned."""

    def __init__(self, field: PersonalField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, Sealed) and not value.owner and instance.pk is not None:
            value.owner = str(instance.pk)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        field = self.field
        match value:
            case None:
                sealed = None
            case Sealed():
                sealed = value if value.label == field.label else value.sealed_for(field.label, field.kind)
            case str():
                sealed = Sealed.of(field.kind, field.label, value)
            case _:
                raise TypeError(f"{field.label} takes text, not {type(value).__name__}")
        instance.__dict__[field.attname] = sealed


class _PersonalExact(_Exact):
    """Equality by keyed hash."""

    prepare_rhs = False

    @override
    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return _by_key(self.lhs, [self.rhs], compiler, connection)


class _PersonalIn(_In):
    """Membership by keyed hash."""

    prepare_rhs = False

    @override
    def get_prep_lookup(self) -> Any:
        return self.rhs

    @override
    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return _by_key(self.lhs, self.rhs, compiler, connection)


def _by_key(lhs: Any, values: Iterable[Any], compiler: Any, connection: Any) -> Any:
    field = lhs.target
    if not field.searchable:
        raise FieldError(f"{field.label} is not searchable")
    keys: list[bytes] = []
    for value in values:
        if isinstance(value, str):
            keys += vault().search_keys(field.kind, value)
        elif isinstance(value, Sealed) and not value.erased:
            keys.append(value.search_key())
        else:
            raise FieldError(f"{field.label} is compared with text, not {type(value).__name__}")
    return In(SearchKey(lhs), keys).as_sql(compiler, connection)


def erase(instance: models.Model, *names: str) -> dict[str, str]:
    """Erase personal values of a row: value, salt and search key go, "erased" stays (删除个人信息).

    Returns:
        Name of each field erased now → the digest the journal may hold for it, which proves nothing any more.
    """
    digests: dict[str, str] = {}
    for name in names:
        field = instance._meta.get_field(name)
        if not isinstance(field, PersonalField):
            raise TypeError(f"{name} is not a personal field")
        sealed: Sealed | None = getattr(instance, name)
        if sealed is not None and not sealed.erased:
            digests[name] = sealed.digest()
            setattr(instance, name, Sealed(field.kind, field.label, ERASED_TOKEN))
    if digests:
        instance.save(update_fields=list(digests))
    return digests
