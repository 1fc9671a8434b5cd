"""The city's standing facts: agencies, units, people, roles, places, blocks, devices, the duty roster."""
