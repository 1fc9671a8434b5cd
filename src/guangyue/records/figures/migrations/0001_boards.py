"""What a board reads: figures by block, time from opening to figure, and how much stands open where."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "boards.sql"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("records", "0004_matters")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), elidable=False)]
