"""Numbers the state gives to people, vehicles, organisations: read, checked, in one normal form (证号校验)."""

from guangyue.city.identifiers.id_number import IdNumber, Sex, parse_id_number
from guangyue.city.identifiers.phone import Phone, PhoneKind, parse_phone
from guangyue.city.identifiers.plate import Plate, PlateKind, parse_plate
from guangyue.city.identifiers.uscc import parse_uscc

__all__ = [
    "IdNumber",
    "Phone",
    "PhoneKind",
    "Plate",
    "PlateKind",
    "Sex",
    "parse_id_number",
    "parse_phone",
    "parse_plate",
    "parse_uscc",
]
