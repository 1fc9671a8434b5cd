"""The records' tables, step by step; the SQL of each step stands in ``records/sql``."""
