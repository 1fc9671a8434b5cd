"""The next clocks of one state with a holder."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql" / "0005_due.sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0004_matters")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), elidable=False)]
