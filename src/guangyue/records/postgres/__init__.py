"""A private PostgreSQL, started without installing, configuring or being somebody else.

``make run`` and the tests need a real PostgreSQL on a machine where nobody has prepared one. :class:`Cluster` keeps one
in a folder of its own: no network port, a socket only its owner can reach, data checksums on. Production gives
``DATABASE_URL`` instead and never comes here.
"""

from guangyue.records.postgres.binaries import Binaries, BinariesMissingError, find
from guangyue.records.postgres.cluster import Cluster, ClusterError
from guangyue.records.postgres.private import APP_ROLE, DATABASE, OWNER_ROLE, home, private_cluster, running

__all__ = [
    "APP_ROLE",
    "DATABASE",
    "OWNER_ROLE",
    "Binaries",
    "BinariesMissingError",
    "Cluster",
    "ClusterError",
    "find",
    "home",
    "private_cluster",
    "running",
]
