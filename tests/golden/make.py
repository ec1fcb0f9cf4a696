"""Writes what a release leaves behind: its public names and the demonstration's ledger. Never over what is there.

    python tests/golden/make.py VERSION

Run by `make golden` when a release is made; no test run writes here.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click

import candidacy
from candidacy.cli.commands import candidacy as commands

HERE = Path(__file__).parent


def public_names() -> dict[str, Any]:
    """What others may depend on: names, commands with their options, event types with their fields, rules and parameters."""
    programs = candidacy.discover().programs
    return {
        "names": sorted(candidacy.__all__),
        "commands": {name: sorted(o for p in c.params for o in p.opts) for name, c in sorted(every_command(commands).items())},
        "programs": {name: program_names(program) for name, program in programs.items()},
    }


def every_command(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """The commands of a group, and of the groups in it: ``plugin new``."""
    found = {f"{before}{name}": command for name, command in group.commands.items()}
    inner = [(name, command) for name, command in found.items() if isinstance(command, click.Group)]
    return found | {n: c for name, group in inner for n, c in every_command(group, f"{name} ").items()}


def program_names(program: candidacy.Program) -> dict[str, Any]:
    """Of every edition: its events with their fields, its rules, parameters, questions, states and roles."""
    return {
        edition.id: {
            "events": {name: sorted(event["fields"]) for name, event in sorted(data["events"].items())},
            "rules": [rule["id"] for rule in data["rules"]],
            "parameters": sorted(data["parameters"]),
            "questions": sorted(data["questions"]),
            "states": [*edition.lifecycle.stages, *edition.lifecycle.exits],
            "roles": [role.name for role in edition.roles],
        }
        for edition in program.editions
        for data in [edition.as_data()]
    }


def main() -> None:
    folder = HERE / sys.argv[1]
    folder.mkdir()
    from candidacy.cli.demo import play

    if play(str(folder / "demo.ledger"), as_json=False):
        raise SystemExit("the demonstration's audit is not identical")
    with candidacy.SqliteLedger(folder / "demo.ledger", read_only=True) as ledger, (folder / "demo.jsonl").open("xb") as lines:
        lines.writelines(record.raw + b"\n" for record in ledger.records())
    for name, content in {"names.json": public_names(), "intended.json": {}}.items():
        (folder / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    click.echo(f"{folder}: {', '.join(sorted(p.name for p in folder.iterdir()))}")


if __name__ == "__main__":
    main()
