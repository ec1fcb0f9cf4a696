"""`candidacy plugin new` and `candidacy plugin rules`: the beginning of a plugin, and of its rules."""

from __future__ import annotations

import click

from candidacy.cli import YES


@click.command()
@click.argument("name")
@click.option("-o", "folder", metavar="FOLDER", help="The new folder; candidacy-PROGRAM here by default.")
@click.option(
    "--program", default="", metavar="NAME", help="What the program is called: small letters and digits; of NAME by default."
)
def new(name: str, folder: str | None, program: str) -> int:
    """Begin a plugin for the agency called NAME: a small package with one rule, one life and its tests, sound as it stands."""
    from candidacy._starter import starter
    from candidacy.cli.shared import harmless

    made = starter(name, program)
    place = made.folder if folder is None else folder
    written = made.write(place)
    click.echo(harmless(f"{place}: a plugin for {made.agency}, program {made.program}, {len(written)} files"))
    click.echo("Read its README.md; then change the rules, a row of requirements.csv at a time.")
    return YES


@click.command()
@click.argument("file")
@click.option("-o", "output", metavar="FILE.py", help="Write it to this new file; to standard output by default.")
@click.option("--authority", default="Guidelines", show_default=True, metavar="TITLE", help="The document, where a row names none.")
@click.option("--program", default="agency", metavar="NAME", help="What the program is called, in front of the names of its rules.")
def rules(file: str, output: str | None, authority: str, program: str) -> int:
    """Turn a table of requirements into a skeleton: a stub for each that asks, and the catalogue of all, none of them modelled yet.

    FILE is a CSV file in UTF-8 (or a workbook with one sheet; - for standard input), its columns named in the first row: id,
    force (must, should, may or info), lines (38, or 34-36, or 34, 38-40) or section, says (the statement in your own words);
    and if you like document and reading. Where a row has lines, its section is passed over.
    """
    from candidacy._requirements import requirements
    from candidacy._skeleton import skeleton
    from candidacy._starter import owner
    from candidacy.cli.shared import stream
    from candidacy.placing import in_place

    named = owner(program)
    with stream(file) as opened:
        found = requirements(opened, authority)
    source = skeleton(found, named)
    if output is None:
        click.echo(source, nl=False)
        return YES
    with in_place(output) as making:
        making.write_bytes(source.encode())
    asked = sum(requirement.asks for requirement in found)
    click.echo(f"{output}: {len(found)} statements, none of them modelled yet; {asked} stubs")
    return YES
