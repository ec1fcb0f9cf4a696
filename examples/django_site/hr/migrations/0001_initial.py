"""The site's own tables."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    """As `manage.py makemigrations` wrote it."""

    initial = True
    dependencies = (migrations.swappable_dependency(settings.AUTH_USER_MODEL),)
    operations = (
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("employee_id", models.CharField(max_length=40, unique=True)),
                ("case", models.SlugField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.PositiveBigIntegerField(unique=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("by", models.ForeignKey(on_delete=PROTECT, to=settings.AUTH_USER_MODEL)),
                ("candidate", models.ForeignKey(on_delete=PROTECT, to="hr.candidate")),
            ],
        ),
    )
