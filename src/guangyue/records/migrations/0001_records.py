"""The first tables: clock, matters, journal, deadlines, outbox, seals, figures."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parents[1] / "sql"
PARTS = ("0001_clock.sql", "0001_matter.sql", "0001_journal.sql", "0001_deadline.sql")


class Migration(migrations.Migration):
    """Everything at once, on an empty database."""

    initial = True
    operations = [migrations.RunSQL((HERE / part).read_text("utf-8"), elidable=False) for part in PARTS]
