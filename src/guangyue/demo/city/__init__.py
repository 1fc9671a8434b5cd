"""The demo city (演示城市): invented from a seed, the same on every machine, read by every simulator.

Guangyue City (光岳市) has the shape of a prefecture-level city of the North China plain: an old town with a tower in the
middle of a lake, a canal, eight counties. No boundary, street, person, plate or telephone number in it is anybody's.
"""

from __future__ import annotations

from guangyue.demo.city.model import Car, City, County, Habits, NightBlock, Resident, Spot, Street, Water
from guangyue.demo.city.whole import demo_city

__all__ = ["Car", "City", "County", "Habits", "NightBlock", "Resident", "Spot", "Street", "Water", "demo_city"]
