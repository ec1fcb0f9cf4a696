"""The ledger, in the site's own database. There is no way back: records are never removed."""

from typing import Any

from django.db import migrations

from candidacy import HostLedger

ZONE = "America/New_York"
"""Says what day it is when a command is entered. It is written into the ledger and never changed."""


def create(_: Any, schema_editor: Any) -> None:
    """Make the ledger in the transaction of this migration."""
    HostLedger.create(schema_editor.connection.connection, ZONE)


class Migration(migrations.Migration):
    """Runs in a transaction of its own, as every migration on SQLite does."""

    dependencies = (("hr", "0001_initial"),)
    operations = (migrations.RunPython(create),)
