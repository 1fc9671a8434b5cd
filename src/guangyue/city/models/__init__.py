"""The tables of the city. Other packages reach rows through `guangyue.city.access`, never directly."""

from guangyue.city.models.accounts import Account, AccountManager, PastPassword
from guangyue.city.models.acts import AdministrativeAct
from guangyue.city.models.agencies import Agency, Unit
from guangyue.city.models.devices import Device
from guangyue.city.models.keys import DataKey
from guangyue.city.models.people import Person, RoleHolding
from guangyue.city.models.places import Address, Block, BlockCell, Place
from guangyue.city.models.roster import Shift
from guangyue.city.models.sessions import ApiToken, BrowserSession

__all__ = [
    "Account",
    "AccountManager",
    "Address",
    "AdministrativeAct",
    "Agency",
    "ApiToken",
    "Block",
    "BlockCell",
    "BrowserSession",
    "DataKey",
    "Device",
    "PastPassword",
    "Person",
    "Place",
    "RoleHolding",
    "Shift",
    "Unit",
]
