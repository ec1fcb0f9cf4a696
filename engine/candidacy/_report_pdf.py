"""One case as a tagged PDF (PDF/UA-1), made by typst (the extra ``reports``). The same case gives the same bytes.

All content goes in as data, never as source: no id and no word of a ledger can be read as a command. Fonts are those that typst
brings along; nothing is asked of the machine, of the network, or of a clock.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from candidacy._markup import visible
from candidacy._phrases import spoken
from candidacy._report_told import TellingOf, content, kind, moved, name, told
from candidacy._words import MARKS, Reason
from candidacy.errors import InputError, Problem
from candidacy.strict import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from candidacy.decision import Json
    from candidacy.ledger import Ledger
    from candidacy.record import Record
    from candidacy.registry import Registry


def pdf_of_case(ledger: Ledger, registry: Registry, case: str) -> bytes:
    """The report of one case as PDF/UA-1: where it stands, its people, the way it took, every record with the reasons.

    Raises:
        InputError: the ledger has no such case, or the library that sets type is not installed.
    """
    try:
        import typst
    except ModuleNotFoundError:
        needed = "typst: install candidacy[reports]"
        raise InputError([Problem("pdf", "no library that sets type", needed)]) from None
    records = ledger.of_case(case)
    if not records:
        raise InputError([Problem("case", f"the case {shown(case)}", "a case in this ledger; `candidacy status` lists them")])
    given = _seen(_given(TellingOf(records, registry, ledger.zone), ledger.id))
    source = (files("candidacy") / "_report.typ").read_bytes()
    return typst.compile(
        source, format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs={"given": json.dumps(given)}
    )


def _seen(data: Any) -> Any:
    """The same data with no character that nobody sees."""
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, list):
        return [_seen(one) for one in data]
    return {key: value if key == "picture" else _seen(value) for key, value in data.items()} if isinstance(data, dict) else data


def _given(of: TellingOf, ledger: str) -> Json:
    become = of.become()
    return {
        "title": f"Case {of.case}",
        "head": [f"From the records of the ledger {ledger} alone, time zone {of.zone}. People stand by their ids."],
        "parts": [_stands(of), _people(of), *_way(of)],
        "timeline": {"title": "Timeline", "records": [_record(of, r, become) for r in of.records]},
    }


def _stands(of: TellingOf) -> Json:
    status, last, refused = of.status(), of.records[-1], [str(r.index) for r in of.records if not r.accepted]
    newest = f"Newest record: {last.index}, {name(last)}, {last.word}."
    lines = [f"{len(of.records)} records, of them refused: {', '.join(refused) or 'none'}. {newest}"]
    if status is None:
        return {"title": "Where it stands", "lines": ["Cannot be told: its records contradict each other.", *lines]}
    since = f", since {spoken(status.since)}" if status.since else ""
    said = [f"Stage: {status.state}{since}.", f"Program {status.program}, edition {status.edition}.", *lines]
    said += [f"Begun and not ended: {', '.join(f'{strand} {ident}' for strand, ident in status.open_strands)}."] * bool(
        status.open_strands
    )
    said += [f"Taken over on {spoken(status.taken_over)}; what lies before is attested."] if status.taken_over else []
    said += [f"Waits to be affirmed or taken back: version {', '.join(map(str, status.unsettled))}."] * bool(status.unsettled)
    return {"title": "Where it stands", "lines": said}


def _people(of: TellingOf) -> Json:
    held = of.people()
    if not held:
        return {"title": "People", "lines": ["No role is on record."]}
    rows = [
        [one.person, f"{one.role} ({one.capacity})" if one.capacity else one.role, str(one.since), str(one.until or "")]
        for one in held
    ]
    return {"title": "People", "lines": [], "table": _table(["Person", "Role", "From", "Until"], [3, 3, 0, 0], rows)}


def _way(of: TellingOf) -> list[Json]:
    rows = [[str(r.index), str(r.day), name(r), step[0], step[2]] for r, step in of.steps()]
    if not rows:
        return [{"title": "Way through the program", "lines": ["The case has not been moved."]}]
    table = _table(["Record", "Day", "Act", "From", "To"], [0, 0, 3, 3, 3], rows)
    found: list[Json] = [{"title": "Way through the program", "lines": [], "table": table}]
    drawing = of.drawing()
    if drawing is not None:
        lines = ["Thick lines and thick frames: the way the case took; the thickest frame: where it is now."]
        picture = drawing.svg("picture", alone=True).text
        found.append(
            {"title": "The lifecycle of the program", "lines": lines, "picture": picture, "alt": f"{drawing.title}. {drawing.told}"}
        )
    return found


def _table(names: list[str], columns: list[int], rows: list[list[str]]) -> Json:
    """*columns*: parts of the width; 0 for as wide as needed."""
    return {"names": names, "columns": columns, "rows": rows}


def _record(of: TellingOf, r: Record, become: Mapping[int, str]) -> Json:
    actor, edition = r.data["actor"], of.edition_of(r)
    whose = f" for {actor['on_behalf_of']}" if "on_behalf_of" in actor else ""
    about = (
        f"Record {r.index}, {kind(r)}; by {actor['person']}{whose} (identified: {actor['identified']}); "
        f"recorded {of.recorded(r).isoformat(' ', 'seconds')}; judged by {r.edition_id} revision {r.edition['revision']}"
    )
    said = [become[r.version]] if r.version in become else []
    said += [f"Moved: {'; '.join(moved(r))}"] if moved(r) else []
    fields = "; ".join(f"{field}: {value}" for field, value in content(r))
    said += [fields] * bool(fields)
    found = told(r.data["findings"], edition, r.type_name)
    return {
        "title": f"{r.day} {name(r)}: {MARKS['met'] if r.accepted else MARKS['unmet']} {r.word}",
        "about": [about],
        "said": said,
        "reasons": [_reason(one, _rests(of, r, one.rule)) for one in found if not one.outcome.good or str(one.outcome) == "waived"],
    }


def _rests(of: TellingOf, r: Record, rule: str) -> list[str]:
    """The records that a finding rests on."""
    by_version = {one.version: one.index for one in of.records}
    versions = next((f.get("rests_on", ()) for f in r.data["findings"] if f["rule"] == rule), ())
    known = [str(by_version[v]) for v in versions if v in by_version]
    return [f"Rests on record{'s' * (len(known) > 1)} {', '.join(known)}"] if known else []


def _reason(one: Reason, rests: list[str]) -> Json:
    mark, word = (MARKS[one.outcome], str(one.outcome)) if one.binding else ("i", f"advice, {one.outcome}")
    return {
        "head": f"{mark} {word}:",
        "requirement": one.requirement,
        "lines": [line.strip() for line in (one.told, *one.details) if line],
        "cited": [*rests, *_cited(one)],
    }


def _cited(one: Reason) -> list[str]:
    return [f"[{one.citation}] {one.rule}"] * bool(one.citation) + [f"Our reading: {one.reading}"] * bool(one.reading)
