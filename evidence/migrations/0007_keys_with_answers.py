from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_settling")]

    operations = [
        # A key without an answer was never kept: its call may be sent again.
        migrations.RunSQL(
            "DELETE FROM evidence_postkey WHERE answer IS NULL",
            migrations.RunSQL.noop,
            elidable=True,
        ),
        migrations.RemoveField(model_name="postkey", name="joined"),
        migrations.AlterField(
            model_name="postkey", name="answer", field=models.BinaryField()
        ),
    ]
