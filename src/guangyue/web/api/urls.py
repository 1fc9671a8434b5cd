"""The API with all its operations loaded."""

from __future__ import annotations

from guangyue.web.api import acts, catalogue, reads
from guangyue.web.api.site import api

__all__ = ["acts", "api", "catalogue", "reads"]
