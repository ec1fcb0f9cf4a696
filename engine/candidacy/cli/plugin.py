"""``candidacy plugin``: what an author of a plugin works with."""

from __future__ import annotations

import click


@click.group()
def plugin() -> None:
    """For authors of an agency's plugin: begin one, check it, write its documents."""
