"""``candidacy plugin``: what an author of a plugin works with."""

from __future__ import annotations

import click

from candidacy.cli import plugin_new


@click.group()
def plugin() -> None:
    """For authors of an agency's plugin: begin one, check it, write its documents."""


plugin.add_command(plugin_new.new)
plugin.add_command(plugin_new.rules)
