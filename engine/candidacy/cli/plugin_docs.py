"""``candidacy plugin docs``: the documents that a plugin makes of itself."""

from __future__ import annotations

import click

from candidacy.cli import YES
from candidacy.cli.shared import answer, as_json


@click.command()
@click.argument("path", default=".", metavar="[PATH]")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Write them below this folder, a folder for each program.")
@click.option("--timeout", type=click.IntRange(1, 86_400), default=600, show_default=True, metavar="SECONDS", help="For the whole.")
@as_json
def docs(path: str, output: str, timeout: int, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Write the documents of the plugin in the folder PATH: its rules with lives that pass and fail, lifecycle, forms, coverage."""
    from candidacy._plugin_docs import plugin_documents, write_documents

    written = write_documents(plugin_documents(path, seconds=timeout), output)
    answer({"written": written}, [f"{output}/{name}" for name in written], as_json=as_json)
    return YES
