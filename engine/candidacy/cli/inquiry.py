"""Commands by which an auditor finds the way: from an outcome to its grounds, to a sample, to what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from candidacy.cli.documents import authorities, copies_in, quoted, used
from candidacy.cli.shared import answer, as_json, ledger_argument, opened_ledger, registry_found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from candidacy._diff import CaseDiff, Diff
    from candidacy._sample import Drawn, Sample
    from candidacy._texts import Copies
    from candidacy._trace import Ground, Trace, Traced, TracedFinding
    from candidacy.decision import Json

DRAWN = ("index", "stratum", "case", "act", "day", "outcome", "person", "leaf hash")


@click.command()
@ledger_argument
@click.argument("case")
@click.option("--record", type=int, metavar="INDEX", help="Another record of the case, also a refused one.")
@click.option("--deep", is_flag=True, help="Go on with each act that it rests on.")
@click.option("--all", "everything", is_flag=True, help="Also requirements that do not apply.")
@authorities
@as_json
def trace(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    case: str,
    record: int | None,
    deep: bool,  # noqa: FBT001
    everything: bool,  # noqa: FBT001
    authorities: str | None,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Why CASE stands where it does: the act that put it there, each finding, the facts it rests on, and where it is required.

    Needs no plugin; with it, requirements and citations are shown.
    """
    from candidacy._trace import trace as trace_of

    registry = registry_found()
    with opened_ledger(ledger, read_only=True) as opened:
        found = trace_of(opened, case, record=record, deep=deep, registry=registry)
    copies = copies_in(authorities, registry)
    data = found.as_data()
    if copies is not None:
        cited = {str(f.citation): copies.cited(f.citation, f.authority) for t in found.all for f in t.findings if f.citation}
        data |= {"cited": [one.as_data() for one in cited.values()], "copies": copies.as_data()}
    return answer(data, traced(found, copies, everything=everything), as_json=as_json)


def traced(found: Trace, copies: Copies | None, *, everything: bool) -> Iterator[str]:
    """A trace as lines for an auditor."""
    why = f"why record {found.outcome.record.index} was answered so" if found.asked else "why it stands there"
    yield f"case {found.case}, {found.state}: {why}"
    for one in found.all:
        yield ""
        yield from _outcome(one, {t.record.index for t in found.all})
        left_out = 0
        for finding in one.findings:
            if finding.said.outcome == "not applicable" and not everything:
                left_out += 1
                continue
            yield ""
            yield from (f"  {line}" for line in _finding(finding, copies, {t.record.index for t in found.all}))
        if left_out:
            yield ""
            yield f"  {left_out} requirement{'s' * (left_out > 1)} that {_do(left_out)} not apply: --all shows them"
    if copies is not None:
        yield ""
        yield from used(copies)


def _do(many: int) -> str:
    return "do" if many > 1 else "does"


def _outcome(found: Traced, told: set[int]) -> Iterator[str]:
    """The record: what, when, by whom, known since when, under which edition; what has become of it, and what it stands on."""
    from candidacy._words import short

    record, moved, actor = found.record, found.record.moved, found.record.data["actor"]
    way = f", {moved['from']} -> {moved['to']}" if moved["from"] != moved["to"] else ""
    asked = " (asked for)" * record.is_request
    yield f"record {record.index}, {record.word}: {short(record.type_name)}{asked} on {record.day}{way}"
    whose = f" for {actor['on_behalf_of']}" if "on_behalf_of" in actor else ""
    yield f"  by {actor['person']}{whose} ({actor['identified']}), recorded {record.data['recorded_at']}"
    yield f"  judged by {record.edition_id} revision {record.edition['revision']}{_words_of(found)}"
    yield f"  leaf hash {record.leaf.hex()}"
    content = _content(record.data["payload"])
    yield from [f"  {content}"] if content else []
    yield from [f"  {found.since}"] if found.since else []
    yield from [
        "  unsettled: something that it rests on was voided or corrected; it waits to be affirmed or voided"
    ] * found.unsettled
    yield from ["  stands on"] if found.stands_on else []
    for ground in found.stands_on:
        yield from (f"  {line}" for line in _ground(ground, told))


def _words_of(found: Traced) -> str:
    if not found.installed:
        return "; it is not installed, so that requirements and citations cannot be shown"
    if found.installed != found.record.edition["revision"]:
        return f"; requirements and citations are those of revision {found.installed}"
    return ""


def _finding(finding: TracedFinding, copies: Copies | None, told: set[int]) -> Iterator[str]:
    yield from finding.said.lines()
    if copies is not None and finding.citation is not None:
        yield from quoted(copies.cited(finding.citation, finding.authority))
    yield "    rests on" if finding.rests_on or finding.missing else "    rests on no entry"
    for ground in finding.rests_on:
        yield from (f"  {line}" for line in _ground(ground, told))
    for version in finding.missing:
        yield f"      version {version}, which the case does not have: that cannot be; `candidacy audit` says more"


def _ground(ground: Ground, told: set[int]) -> Iterator[str]:
    """An entry that something rests on: what it is, who entered it, when, known since when."""
    from candidacy._words import short

    content = "" if ground.act else _content(ground.content)
    said = f" ({content})" if content else ""
    yield f"    record {ground.index}: {short(ground.type_name)}{said}, effective {ground.day}"
    whose = f" for {ground.on_behalf_of}" if ground.on_behalf_of else ""
    past = ", attested" * ground.attested
    yield f"      entered by {ground.person}{whose} ({ground.identified}){past}, known since {ground.recorded_at}"
    yield from (f"      {note}" for note in (ground.since, *ground.notes) if note)
    if ground.act:
        where = "told in this answer" if ground.index in told else "--deep goes on with it"
        yield f"      an act: see record {ground.index} ({where})"


def _content(payload: Json) -> str:
    from candidacy._words import words

    return ", ".join(f"{name.replace('_', ' ')} {words(value)}" for name, value in payload.items())


# --- sample


@click.command()
@ledger_argument
@click.option("--seed", type=int, required=True, help="A whole number of your own; the same one draws the same records.")
@click.option("-n", "count", type=int, default=25, show_default=True, metavar="N", help="How many.")
@click.option(
    "--strata", default="agency,outcome", show_default=True, help="Drawn from each: names out of agency, edition, outcome, type, "
    "month, person, with commas between them; none for no strata.",
)  # fmt: skip
@click.option("--of", type=click.Choice(["acts", "records"]), default="acts", show_default=True, help="Decisions, or facts too.")
@click.option("--to", type=int, metavar="INDEX", help="Only records up to this index; all by default.")
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@as_json
def sample(  # noqa: PLR0913, PLR0917 (click)
    ledger: str,
    seed: int,
    count: int,
    strata: str,
    of: str,
    to: int | None,
    form: str,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Draw records of LEDGER to look at, the same ones for whoever asks the same. Needs no plugin."""
    from candidacy._sample import sample as sample_of
    from candidacy.errors import InputError, Problem

    if form == "csv" and as_json:
        raise InputError([Problem("--format", "csv together with --json", "one of them")])
    with opened_ledger(ledger, read_only=True) as opened:
        by = () if strata == "none" else tuple(name.strip() for name in strata.split(","))
        found = sample_of(opened, seed=seed, n=count, strata=by, of=of, to=to)
    if form == "csv":
        from candidacy._exports import csv_lines

        rows = b"".join(csv_lines([DRAWN, *map(_row, found.drawn)])).decode().removesuffix("\n")
        return answer(None, rows.split("\n"), as_json=False)
    return answer(found.as_data(), drawn(found), as_json=as_json)


def drawn(found: Sample) -> Iterator[str]:
    """A sample as lines for an auditor."""
    from candidacy._columns import table

    many = sum(stratum.drawn for stratum in found.strata)
    yield f"ledger {found.ledger}, records 1 to {found.last}: {many} of {found.population} {found.of} drawn with seed {found.seed}"
    yield ""
    yield from table((*found.by, "there are", "drawn"), ((*s.key, s.population, s.drawn) for s in found.strata))
    yield ""
    yield from table(DRAWN, map(_row, found.drawn))


def _row(one: Drawn) -> tuple[object, ...]:
    return one.index, "/".join(one.stratum), one.case, one.type_name, one.day, one.outcome, one.person, one.leaf


# --- diff


@click.command()
@ledger_argument
@click.option(
    "--from", "since", type=int, required=True, metavar="INDEX", help="The newest record of then; what follows it is new."
)
@click.option("--to", type=int, metavar="INDEX", help="The newest record of now, itself among the new ones; the last by default.")
@click.option("--case", default="", help="One case alone.")
@as_json
def diff(ledger: str, since: int, to: int | None, case: str, as_json: bool) -> int:  # noqa: FBT001 (click)
    """What the records of LEDGER after one index, up to another, changed: case by case. Needs no plugin."""
    from candidacy._diff import diff as diff_of

    with opened_ledger(ledger, read_only=True) as opened:
        found = diff_of(opened, since, to, case=case)
    return answer(found.as_data(), changed(found), as_json=as_json)


def changed(found: Diff) -> Iterator[str]:
    """What changed, as lines for an auditor."""
    if found.to == found.since:
        yield f"ledger {found.ledger}: record {found.to} is the newest of then and of now, so that nothing is new"
        return
    yield f"ledger {found.ledger}: what records {found.since + 1} to {found.to} changed"
    for case in found.cases:
        yield ""
        yield from _case(case)
    yield ""
    yield "in all: " + ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in found.totals.items())


def _case(case: CaseDiff) -> Iterator[str]:
    from candidacy._status_told import intervention
    from candidacy._words import short

    yield f"case {case.case}: {_stages(case)}"
    for a in case.added:
        what = "act" if a.act else "fact"
        yield f"  record {a.index}: {short(a.type_name)} on {a.day}, {what}, {a.decision}; by {a.person}, recorded {a.recorded_at}"
    yield from (f"  intervention: {intervention(i)}" for i in case.interventions)
    yield from (f"  taken back since: {intervention(i)}" for i in case.taken_back)
    for r in case.refusing:
        yield f"  newly refuses {short(r.type_name)}: {r.rule}, {r.outcome} (record {r.index})"
    yield from _versions("unsettled since", case.unsettled)
    yield from _versions("settled since", case.settled)


def _stages(case: CaseDiff) -> str:
    stage = case.after if case.before == case.after else f"{case.before or 'no record'} -> {case.after}"
    other = case.edition_before and case.edition_before != case.edition_after
    return stage + (f", {case.edition_before} -> {case.edition_after}" if other else f", {case.edition_after}")


def _versions(what: str, versions: Iterable[int]) -> Iterator[str]:
    found = [str(version) for version in versions]
    many = "s" * (len(found) > 1)
    yield from [f"  {what}: the act{many} of version{many} {', '.join(found)}"] if found else []
