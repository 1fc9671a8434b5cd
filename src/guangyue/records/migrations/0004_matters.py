"""How matters are found, what evidence they name, and what changed since."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql" / "0004_matters.sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0003_figure_order")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), elidable=False)]
