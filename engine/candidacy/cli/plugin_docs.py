"""``candidacy plugin docs``: the handbook, the lifecycle, the forms and the coverage of a plugin, as pages of Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from candidacy.cli import YES
from candidacy.cli.shared import harmless, seconds_for
from candidacy.cli.whatif import is_folder


@click.command()
@click.argument("of", default=".", metavar="[PATH|PROGRAM]")
@click.option("-o", "folder", required=True, metavar="FOLDER", help="Where to write them, those of each program to a folder in it.")
@seconds_for("for the whole", 300)
def docs(of: str, folder: str, timeout: int) -> int:
    """Write the documents of the plugin in the folder PATH (this one, where none is named), or of an installed PROGRAM.

    A folder is written with ./ or / in front, and the code in it is then executed, in a process of its own. Pages that this has
    written before are written over; nothing else is.
    """
    from candidacy._plugin_docs import plugin_docs, write_docs

    if is_folder(of):
        click.echo(f"candidacy: this executes the code in {of}, in a process of its own", err=True)
    found = plugin_docs(Path(of) if is_folder(of) else of, seconds=timeout)
    for path in write_docs(found, folder):
        click.echo(harmless(str(path)))
    return YES
