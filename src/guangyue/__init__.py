"""Guangyue (光岳): every matter on a clock, every step on record.

The layers, from the ground up: ``law``, ``kernel`` (and beside it the ``engines``), ``city``, ``records``, ``desks``,
``links``, ``web``, ``demo``, ``cli``. A package imports only those that come before it; ``docs/architecture.md`` tells why.
"""

__version__ = "0.1.0"
