"""The models that desks may point at; the tables themselves were made by SQL."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('records', '0001_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('viewer', models.TextField()),
                ('purpose', models.TextField()),
                ('what', models.TextField()),
                ('matter_id', models.BigIntegerField(null=True)),
                ('body', models.TextField()),
                ('day', models.DateField(null=True)),
                ('seq', models.IntegerField(null=True)),
            ],
            options={
                'db_table': 'access_log',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('kind', models.TextField(primary_key=True, serialize=False)),
                ('count', models.BigIntegerField()),
                ('detail', models.TextField()),
                ('since', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'alarm',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('name', models.TextField(primary_key=True, serialize=False)),
                ('per_second', models.FloatField()),
                ('burst', models.FloatField()),
                ('tokens', models.FloatField()),
                ('refilled_at', models.DateTimeField()),
                ('max_attempts', models.IntegerField()),
                ('paused', models.BooleanField()),
            ],
            options={
                'db_table': 'channel',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.TextField()),
                ('occurrence', models.IntegerField()),
                ('status', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('armed_seq', models.IntegerField()),
                ('basis', models.JSONField()),
                ('provisional', models.BooleanField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('attempts', models.IntegerField()),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(null=True)),
            ],
            options={
                'db_table': 'deadline',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('seq', models.IntegerField()),
                ('code', models.TextField()),
                ('number', models.TextField(null=True)),
                ('facts', models.JSONField()),
                ('issued_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'document',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('matter_id', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                ('seq', models.IntegerField()),
                ('body', models.TextField()),
                ('hash', models.BinaryField()),
                ('written_at', models.DateTimeField()),
                ('kind', models.TextField()),
                ('act', models.TextField()),
                ('actor', models.TextField()),
                ('at', models.DateTimeField()),
                ('deadline_id', models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                'db_table': 'journal',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('number', models.TextField(null=True, unique=True)),
                ('procedure', models.TextField()),
                ('version', models.IntegerField()),
                ('state', models.TextField()),
                ('title', models.TextField()),
                ('agency', models.TextField()),
                ('holder', models.TextField()),
                ('assignee', models.TextField()),
                ('subject', models.BinaryField(null=True)),
                ('cell', models.BigIntegerField(null=True)),
                ('lon', models.IntegerField(null=True)),
                ('lat', models.IntegerField(null=True)),
                ('place', models.TextField()),
                ('snapshot', models.JSONField()),
                ('opened_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('seq', models.IntegerField()),
                ('head', models.BinaryField()),
            ],
            options={
                'db_table': 'matter',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('channel', models.TextField()),
                ('key', models.TextField()),
                ('matter_id', models.BigIntegerField(null=True)),
                ('seq', models.IntegerField(null=True)),
                ('payload', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('next_attempt_at', models.DateTimeField()),
                ('attempts', models.IntegerField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('dead_at', models.DateTimeField(null=True)),
                ('receipt', models.JSONField(null=True)),
                ('last_error', models.TextField(null=True)),
            ],
            options={
                'db_table': 'outbox',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('role', models.TextField()),
                ('account', models.TextField()),
                ('search', models.BinaryField(null=True)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'party',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('pk', models.CompositePrimaryKey('matter_id', 'kind', 'other_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'relation',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('n', models.IntegerField(primary_key=True, serialize=False)),
                ('size', models.BigIntegerField()),
                ('root', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('checkpoint', models.TextField()),
            ],
            options={
                'db_table': 'seal',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('procedure', models.TextField()),
                ('figure', models.TextField()),
                ('at', models.DateTimeField()),
                ('unit', models.TextField()),
                ('amount', models.BigIntegerField()),
                ('seq', models.IntegerField()),
            ],
            options={
                'db_table': 'tally',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('pk', models.CompositePrimaryKey('matter_id', 'code', 'number', 'hop', blank=True, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('number', models.IntegerField()),
                ('hop', models.IntegerField()),
                ('unit', models.TextField()),
                ('status', models.TextField()),
                ('since', models.DateTimeField(null=True)),
                ('by', models.TextField()),
                ('note', models.TextField()),
            ],
            options={
                'db_table': 'task',
                'managed': False,
            },
        ),
    ]
