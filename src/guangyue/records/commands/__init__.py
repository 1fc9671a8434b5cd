"""One command, one transaction: lock, decide, write, commit (办理)."""

from guangyue.records.commands.execute import execute, execute_on
from guangyue.records.commands.order import Done, IdempotencyError, NoSuchMatterError, Order, Party

__all__ = ["Done", "IdempotencyError", "NoSuchMatterError", "Order", "Party", "execute", "execute_on"]
