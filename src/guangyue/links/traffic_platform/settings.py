"""Where the platform is and how we sign.

``GUANGYUE_TRAFFIC_PLATFORM``      its base address; empty: nothing is uploaded, messages wait in line
``GUANGYUE_TRAFFIC_PLATFORM_KEY``  file of our Ed25519 private key (PEM); without it one is made under ``GUANGYUE_HOME``
``GUANGYUE_TRAFFIC_PLATFORM_ID``   our name there
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

__all__ = ["address", "key_file", "our_id"]


def address() -> str:
    """The base address, with its final slash; empty when none is set."""
    given = os.environ.get("GUANGYUE_TRAFFIC_PLATFORM", "")
    return given if not given or given.endswith("/") else given + "/"


def key_file() -> Path:
    """The private key's file."""
    given = os.environ.get("GUANGYUE_TRAFFIC_PLATFORM_KEY")
    return Path(given) if given else Path(settings.GUANGYUE_HOME) / "keys" / "traffic-platform.pem"


def our_id() -> str:
    """Our name there."""
    return os.environ.get("GUANGYUE_TRAFFIC_PLATFORM_ID", "guangyue")
