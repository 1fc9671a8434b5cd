"""The two calls of a command with less work in each."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql" / "0006_hot_path.sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0005_matters")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), elidable=False)]
