"""Tallies know their transaction, so that a rollup never steps over one still in flight."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql" / "0003_figure_order.sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0002_models")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), elidable=False)]
