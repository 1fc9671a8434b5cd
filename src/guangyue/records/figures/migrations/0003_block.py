"""One block's figures by the block."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "block.sql"


class Migration(migrations.Migration):
    dependencies = [("figures", "0002_spans")]
    operations = [migrations.RunSQL(SQL.read_text("utf-8"), elidable=False)]
