"""A command is two calls: one locks and reads, the other writes."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql" / "0004_commands.sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0003_figure_order")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), elidable=False)]
