"""Figures by block for any window of days, from a few rows each."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "spans.sql"


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_boards")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), elidable=False)]
