"""The commands. Each imports what it needs when it runs, so that the others start fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from candidacy.cli import (
    CANNOT_BE_TOLD,
    NO,
    YES,
    auditing,
    checkpoints,
    cohorts,
    deadlines,
    documents,
    exceptions,
    exchange,
    golden,
    inquiry,
    packets,
    plugin,
    plugin_check,
    plugin_docs,
    remaining,
    trying,
    whatif,
)
from candidacy.cli.shared import (
    answer,
    as_json,
    by_rules,
    days_asked,
    document,
    engine_on,
    instant_asked,
    known_at,
    ledger_argument,
    nothing_then,
    of_case,
    opened_ledger,
    registry_found,
)

if TYPE_CHECKING:
    from candidacy.decision import Decision
    from candidacy.program import Program
    from candidacy.registry import Registry


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="candidacy", prog_name="candidacy")
def candidacy() -> None:
    """Cases decided by dated and cited rules, that can be judged again.

    Exit codes: 0 yes, 1 no, 2 the input is wrong, 3 it cannot be told, 70 our own fault.
    """


@candidacy.command()
@click.option("--ledger", "path", help="Keep the ledger in this new file.")
@as_json
def demo(path: str | None, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Play the caseloads of the installed agencies, and audit the result."""
    from candidacy.cli.demo import play

    return play(path, as_json=as_json)


@candidacy.command()
@ledger_argument
@click.option("--zone", required=True, help="IANA time zone that says what day it is, such as America/New_York.")
def new(ledger: str, zone: str) -> int:
    """Make a new, empty LEDGER."""
    from candidacy.sqlite import SqliteLedger

    with SqliteLedger.create(ledger, zone) as made:
        click.echo(f"{ledger}: a new ledger, id {made.id}, time zone {zone}")
    return YES


@candidacy.command()
@click.argument("program", required=False)
@click.option("--sources", is_flag=True, help="The documents they are taken from, and how to obtain each.")
@documents.authorities
@as_json
def programs(program: str | None, sources: bool, authorities: str | None, as_json: bool) -> int:  # noqa: FBT001 (click)
    """List the installed programs; of one PROGRAM its editions, parameters and rules in reading order."""
    from candidacy._rules_text import rules_text

    registry = registry_found()
    if sources or authorities is not None:
        chosen = [_program(registry, program)] if program is not None else list(registry.programs.values())
        return documents.programs(registry, chosen, authorities, sources=sources, as_json=as_json)
    if program is None:
        data = [{"program": p.name, "title": p.title, "editions": _names(p)} for p in registry.programs.values()]
        faults = [{"plugin": f.plugin, "why": f.why} for f in registry.faults]
        lines = [f"{d['program']:<10} {d['title']}; editions {', '.join(d['editions'])}" for d in data] or [
            "no program is installed"
        ]
        return answer({"programs": data, "faults": faults}, lines, as_json=as_json)
    found = _program(registry, program)
    return answer([e.as_data() for e in found.editions], rules_text(found), as_json=as_json)


@candidacy.command()
@click.argument("program", required=False)
@click.option("-o", "--output", metavar="FOLDER", help="Write one document in Markdown for each program into this folder.")
@as_json
def coverage(program: str | None, output: str | None, as_json: bool) -> int:  # noqa: FBT001 (click)
    """What becomes of each statement of the documents of every program, or of one PROGRAM."""
    from candidacy._coverage import coverage as coverage_of
    from candidacy._coverage import markdown
    from candidacy.cli import show
    from candidacy.cli.exchange import written_into

    registry = registry_found()
    chosen = [_program(registry, program)] if program is not None else list(registry.programs.values())
    if output is not None:
        made = {f"{p.name}.md": markdown(p) for p in chosen}
        written_into(output, made)
        return answer(sorted(made), [f"{output}: {', '.join(sorted(made))}"], as_json=as_json)
    rows = list(coverage_of(chosen))
    return answer([row.as_data() for row in rows], show.coverage(rows), as_json=as_json)


@candidacy.command()
@ledger_argument
@click.argument("file")
@as_json
def submit(ledger: str, file: str, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Judge the command in FILE (or - for standard input) and keep the answer in LEDGER."""
    from candidacy.cli import show

    with opened_ledger(ledger) as opened:
        engine = engine_on(opened)
        given = engine.submit(document(file))
        edition = engine.registry.edition(given.record.edition)
        data = {"repeated": given.repeated, **given.record.data}
        lines = show.answer(given, edition[0] if edition else None)
        return answer(data, lines, as_json=as_json, code=YES if given.accepted else NO)


@candidacy.command()
@ledger_argument
@click.argument("case", required=False)
@click.option(
    "--reference", metavar="SYSTEM=ID", help="Only cases that another system knows by this id, or a person of whom it does."
)
@click.option("--as-of", "as_of", metavar="DAY", help="As it stood at the end of that day; all that is recorded by default.")
@known_at
@by_rules
@as_json
def status(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    case: str | None,
    reference: str | None,
    as_of: str | None,
    known: str | None,
    rules: str,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Where every case of LEDGER stands, or one CASE. Needs no plugin, but for --rules."""
    from candidacy._replay import replay
    from candidacy._status import statuses
    from candidacy._status_told import told
    from candidacy.cli import show

    with opened_ledger(ledger, read_only=True) as opened:
        instant, (on,) = instant_asked(opened.zone, known), days_asked({"--as-of": as_of})
        if case is None and instant is None and on is None:
            found = list(replay(opened))
        else:
            records = opened.records() if case is None else of_case(opened, case)
            found = list(statuses((r for r in records if instant is None or r.recorded_at <= instant), as_of=on))
        if case is not None and not found:
            raise nothing_then(case, as_of, known)
        if reference is not None:
            found = [s for s in found if any(f"{system}={name}" == reference for _, system, name in s.references)]
        if reference is not None and not found and case is None:
            return answer([], ["no case is known so"], as_json=as_json, code=NO)
        if rules:
            from candidacy.cli import under_rules

            return under_rules.status(opened, found, rules, instant, on, one=case is not None, as_json=as_json)
    data = [s.as_data() for s in found]
    if case is None or not found:
        return answer(data, show.cohort(found), as_json=as_json, code=YES if found or case is None else NO)
    return answer(data[0], told(found[0]), as_json=as_json)


@candidacy.command()
@ledger_argument
@click.argument("case")
@click.argument("what", metavar="ACT|FILE|-")
@click.option("--with", "content", multiple=True, metavar="FIELD=VALUE", help="Content of a field of the act.")
@click.option("--day", help="The day the act would take effect, YYYY-MM-DD; today by default.")
@known_at
@by_rules
@as_json
def why(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    case: str,
    what: str,
    content: tuple[str, ...],
    day: str | None,
    known: str | None,
    rules: str,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Would an act be accepted in CASE, and why. Nothing is kept.

    ACT is an event's name, such as certification_requested; FILE holds a whole command.
    """
    from candidacy._words import explain
    from candidacy.cli import considered

    with opened_ledger(ledger, read_only=True) as opened:
        engine = engine_on(opened)
        found = considered.consider(engine, case, what, content, day, document, instant_asked(opened.zone, known), rules)
    decision, spent = found.decision, found.spent
    code = _code(decision)
    word = {YES: "would be accepted", NO: "would be refused", CANNOT_BE_TOLD: "cannot be accepted as things are known"}[code]
    data: dict[str, Any] = {"answer": word, "decision": decision.word, "findings": [f.as_data() for f in decision.findings]}
    lines = [word]
    if spent is not None:
        data["spent_in_record"] = spent.index
        lines.append(f"but the command's id is spent: record {spent.index} answered it, {spent.word}; to ask again, use a new id")
    reasons = explain(decision.findings, found.edition, all_of_them=True, type_name=found.type_name)
    return answer(data, [*lines, *reasons], as_json=as_json, code=code)


@candidacy.command()
@ledger_argument
@click.argument("case")
@click.option("--as-of", "as_of", metavar="DAY", help="Only what took effect until that day.")
@known_at
@by_rules
@as_json
def history(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    case: str,
    as_of: str | None,
    known: str | None,
    rules: str,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Every record of CASE, oldest first. Needs no plugin; with it, refusals are shown with their citations.

    With --rules, what each record would have been answered under another edition stands below it.
    """
    from candidacy._interventions import marks
    from candidacy.cli import show

    with opened_ledger(ledger, read_only=True) as opened:
        instant, (on,) = instant_asked(opened.zone, known), days_asked({"--as-of": as_of})
        records = [r for r in of_case(opened, case) if instant is None or r.recorded_at <= instant]
        if not any(on is None or r.day <= on for r in records):
            raise nothing_then(case, as_of, known)
        if rules:
            from candidacy.cli import under_rules

            return under_rules.history(opened, records, rules, on, as_json=as_json)
    become = marks(records)
    records = [r for r in records if on is None or r.day <= on]
    if as_json:
        return answer([r.data for r in records], [], as_json=True)
    return answer(None, show.history(records, registry_found(), become), as_json=False)


@candidacy.command()
@click.argument("program")
@as_json
def diagram(program: str, as_json: bool) -> int:  # noqa: FBT001 (click)
    """Draw the lifecycle of PROGRAM's newest edition (Mermaid), with the same content as a table."""
    from candidacy._picture import moves
    from candidacy.cli import show

    found = _program(registry_found(), program)
    edition = max(found.editions, key=lambda e: (e.in_force, e.revision))
    return answer(moves(edition), show.diagram(edition), as_json=as_json)


for command in (
    auditing.verify,
    auditing.audit,
    checkpoints.checkpoint,
    checkpoints.prove,
    exchange.export,
    exchange.copy,
    exchange.restore,
    exchange.import_,
    exchange.names,
    exchange.schemas,
    remaining.path,
    remaining.transfer,
    remaining.letter,
    deadlines.due,
    deadlines.calendar,
    cohorts.cohort,
    exceptions.exceptions,
    inquiry.trace,
    inquiry.sample,
    inquiry.diff,
    golden.golden,
    whatif.whatif,
    packets.packet,
    packets.open_,
    plugin.plugin,
    trying.try_,
):
    candidacy.add_command(command)
for command in (plugin_check.check, plugin_docs.docs):
    plugin.plugin.add_command(command)


# --- inside


def _code(decision: Decision) -> int:
    from candidacy.check import Outcome

    if decision.accepted:
        return YES
    return NO if any(f.outcome is Outcome.UNMET for f in decision.findings if f.refuses) else CANNOT_BE_TOLD


def _program(registry: Registry, name: str) -> Program:
    from candidacy.errors import InputError, Problem
    from candidacy.strict import shown

    found = registry.programs.get(name)
    if found is None:
        known = ", ".join(registry.programs) or "none is installed"
        raise InputError([Problem("PROGRAM", f"the program {shown(name)}", f"an installed one: {known}")])
    return found


def _names(program: Program) -> list[str]:
    return [f"{e.name} r{e.revision}" for e in program.editions]
