"""Which roles administer the system, and which of them exclude each other (三员分立).

System, security and audit administration are held by three people (GB/T 22239-2019 level 3, security management
centre). The database refuses a second one to the same person for the same time; see `RoleHolding`.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ADMINISTRATORS", "AUDITOR", "SECURITY_ADMIN", "SYSTEM_ADMIN"]

SYSTEM_ADMIN: Final = "system_admin"
"""系统管理员: accounts, devices, units, settings, backups. Grants no roles, reads no logs."""
SECURITY_ADMIN: Final = "security_admin"
"""安全管理员: roles, keys, lockouts, password rules. Makes no accounts, reads no logs."""
AUDITOR: Final = "auditor"
"""审计管理员: reads the logs and changes nothing."""

ADMINISTRATORS: Final = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR})
