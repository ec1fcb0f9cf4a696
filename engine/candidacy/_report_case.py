"""The page of one case: where it stands, its people, the way it took, and every record with its answer and the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from candidacy._markup import Markup, Part, element, together
from candidacy._phrases import spoken
from candidacy._picture import Drawing
from candidacy._report_frame import answered, code, frame, page_title, row, section, table_in_view, terms
from candidacy._report_told import Holding, TellingOf, content, kind, moved, name, told
from candidacy._words import MARKS, Reason

if TYPE_CHECKING:
    from candidacy._judging import Divergence, Untold
    from candidacy._status import Status
    from candidacy.decision import Json
    from candidacy.program import Edition
    from candidacy.record import Record

CONTENTS = (("stands", "Where it stands"), ("people", "People"), ("way", "Way through the program"), ("timeline", "Timeline"))


@attrs.frozen
class Judged:
    """What the audit says of single records, by their index."""

    divergent: Mapping[int, Divergence]
    untold: Mapping[int, Untold]


def case_page(of: TellingOf, judged: Judged, lifecycle: str | None) -> Markup:
    """The page of a case; *lifecycle* is the page that has the lifecycle of its program as a table and as sentences."""
    status, become = of.status(), of.become()
    n = len(of.records)
    records = [element("li", _record(of, r, become, judged), class_="row", id=f"r{r.index}") for r in of.records]
    return frame(
        f"Case {of.case}",
        page_title(["Case ", code(of.case)]),
        section("stands", "Where it stands", _stands(of, status)),
        section("people", "People", *_people(of)),
        section("way", "Way through the program", *_way(of, lifecycle)),
        section(
            "timeline",
            "Timeline",
            element("p", f"All {n} records of the case, in the order in which they were entered." if n > 1 else "Its one record."),
            element("ol", records, class_="timeline"),
        ),
        up="../",
        contents=CONTENTS,
    )  # fmt: skip


# --- where it stands


def _stands(of: TellingOf, status: Status | None) -> Markup:
    records = element("a", str(len(of.records)), class_="number", href="#timeline")
    refused = [r.index for r in of.records if not r.accepted]
    if status is None:
        return terms(
            [("Stage", "cannot be told: its records contradict each other"), ("Records", records), ("Refused", _places(refused))]
        )
    by_version = {r.version: r.index for r in of.records}
    return terms(
        [
            ("Stage", together(element("strong", status.state), f", since {spoken(status.since)}" if status.since else None)),
            ("Program and edition", [code(status.program), ", edition ", code(status.edition)]),
            ("Records", records),
            ("Refused", _places(refused)),
            ("Begun and not ended", list(_listed(map(_strand, status.open_strands))) or None),
            ("Taken over", f"on {spoken(status.taken_over)}; what lies before is attested" if status.taken_over else None),
            ("Waits to be affirmed or taken back", _places(by_version[v] for v in status.unsettled if v in by_version)),
            ("Asked for, waits for another person", _places(by_version[v] for v, _ in status.requests if v in by_version)),
            ("Known elsewhere as", list(_listed(map(_reference, status.references))) or None),
        ]
    )  # fmt: skip


def _strand(begun: tuple[str, str]) -> list[Part]:
    return [f"{begun[0]} ", code(begun[1])]


def _reference(known: tuple[str, str, str]) -> list[Part]:
    who, system, ident = known
    return [code(ident), " in ", code(system), together(", the person ", code(who)) if who else None]


def _places(indices: Iterable[int]) -> list[Part] | None:
    """Links to records of the page; None where there are none."""
    found = list(_listed([element("a", f"record {i}", href=f"#r{i}")] for i in indices))
    return found or None


def _listed(parts: Iterable[list[Part]]) -> Iterator[Part]:
    for n, part in enumerate(parts):
        yield from [", "] if n else []
        yield from part


# --- people


def _people(of: TellingOf) -> Iterator[Part]:
    held = of.people()
    rows = [_holding(one) for one in held]
    silent = dict.fromkeys(r.data["actor"]["person"] for r in of.records)
    others = [person for person in silent if person not in {one.person for one in held}]
    if rows:
        yield table_in_view(
            "People of the case, by their ids, with their roles",
            ("Person", "Role", "From", "Until", "Recorded in"),
            *rows,
            shown=False,
        )
    if others:
        yield element("p", "Entered something, and no role is on record: ", list(_listed([code(person)] for person in others)), ".")


def _holding(one: Holding) -> Markup:
    role = f"{one.role} ({one.capacity})" if one.capacity else one.role
    place = element("a", f"record {one.record}", href=f"#r{one.record}")
    return row(code(one.person), role, str(one.since), str(one.until or ""), place, class_=None)


# --- the way it took


def _way(of: TellingOf, lifecycle: str | None) -> Iterator[Part]:
    rows = [
        row(element("a", f"record {r.index}", href=f"#r{r.index}"), str(r.day), name(r), step[0], step[2], class_=None)
        for r, step in of.steps()
    ]
    if not rows:
        yield element("p", "The case has not been moved.")
        return
    yield table_in_view("The way the case took", ("Record", "Effective day", "Act", "From", "To"), *rows)
    drawing = of.drawing()
    if drawing is not None:
        yield picture(
            drawing,
            "The lifecycle of the program. Thick lines and frames: the way the case took; the thickest frame: where it is now.",
        )
    if lifecycle:
        yield element("p", element("a", "The whole lifecycle as a table and as sentences", href=f"../{lifecycle}"))


def picture(drawing: Drawing, caption: str, ident: str = "lifecycle") -> Markup:
    """A lifecycle as a figure, in a region that moves where the window is narrow."""
    scroll = element("div", drawing.svg(ident), class_="wide", role="region", aria_label=drawing.title, tabindex=0)
    return element("figure", scroll, element("figcaption", caption))


# --- records


def _record(of: TellingOf, r: Record, become: Mapping[int, str], judged: Judged) -> Markup:
    actor, edition = r.data["actor"], of.edition_of(r)
    for_whom = together(" for ", code(actor["on_behalf_of"])) if "on_behalf_of" in actor else None
    named = r.edition
    found = told(r.data["findings"], edition, r.type_name)
    unlike, untold = judged.divergent.get(r.index), judged.untold.get(r.index)
    fields = list(content(r))
    return element(
        "article",
        element("h3", element("time", str(r.day)), " ", name(r), " ", answered(r.word), id=f"h{r.index}"),
        element(
            "p",
            f"Record {r.index}, {kind(r)}; by ", code(actor["person"]), for_whom,
            " (identified: ", code(actor["identified"]), "); recorded ",
            element("time", of.recorded(r).isoformat(" ", "seconds"), datetime=r.data["recorded_at"]),
            "; judged by ", code(r.edition_id), f" revision {named['revision']}",
            None if edition else ", which is not installed: requirements stand by their ids",
            class_="about",
        ),
        element("p", element("strong", become[r.version], class_="become")) if r.version in become else None,
        terms([("Moved", "; ".join(moved(r)))]) if moved(r) else None,
        terms([(field, element("bdi", value)) for field, value in fields]) if fields else None,
        *_reasons(found, _rests(of, r)),
        divergence(unlike, edition) if unlike else None,
        element("p", element("strong", "? Cannot be judged again: "), untold.why, class_="unlike") if untold else None,
        aria_labelledby=f"h{r.index}",
    )  # fmt: skip


def _rests(of: TellingOf, r: Record) -> dict[str, list[Part]]:
    """By rule, links to the records that its finding rests on."""
    by_version = {one.version: one.index for one in of.records}
    return {
        finding["rule"]: list(_listed([element("a", f"record {by_version[v]}", href=f"#r{by_version[v]}")] for v in known))
        for finding in r.data["findings"]
        if (known := [v for v in finding.get("rests_on", ()) if v in by_version])
    }


def _reasons(found: list[Reason], rests: Mapping[str, list[Part]]) -> Iterator[Part]:
    opened = [one for one in found if (one.binding and not one.outcome.good) or str(one.outcome) == "waived"]
    advice = [one for one in found if one not in opened and not one.outcome.good]
    rest = [one for one in found if one.outcome.good and one not in opened]
    yield _list(opened, rests) if opened else None
    told = {"i Advice that is not followed, or not known to be": advice, "✓ Requirements that are met, or do not apply": rest}
    for what, some in told.items():
        yield element("details", element("summary", f"{what}: {len(some)}"), _list(some, rests)) if some else None


def _list(found: list[Reason], rests: Mapping[str, list[Part]]) -> Markup:
    return element("ul", [element("li", _reason(one, rests.get(one.rule, []))) for one in found], class_="reasons")


def _reason(one: Reason, rests: list[Part]) -> list[Part]:
    mark, word = (MARKS[one.outcome], str(one.outcome)) if one.binding else ("i", f"advice, {one.outcome}")
    lines: list[Part] = [element("p", element("strong", f"{mark} {word}: "), one.requirement)]
    lines += [element("p", one.told)] if one.told else []
    lines += [element("p", line.strip(), class_="part") for line in one.details]
    lines += [element("p", "Rests on ", rests, class_="cited")] if rests else []
    lines += [element("p", f"[{one.citation}] ", code(one.rule), class_="cited")] if one.citation else []
    lines += [element("p", f"Our reading: {one.reading}", class_="cited")] if one.reading else []
    return lines


# --- what is answered otherwise now


def divergence(found: Divergence, edition: Edition | None) -> Markup:
    """Both sides of a divergence, finding by finding."""
    changed = f" Changed since: {', '.join(found.changed)}." if found.changed else " Neither rules nor code have changed since."
    what = "Decided otherwise now" if found.decided_otherwise else "Other findings now, and the same decision"
    head = element("p", element("strong", f"✗ {what}."), changed)
    if "problems" in found.judged:
        why = element("ul", [element("li", str(problem)) for problem in found.judged["problems"]])
        return element("div", head, terms([("Recorded", answered(found.recorded["decision"])), ("Now", why)]), class_="unlike")
    sides = [{f["rule"]: f for f in side["findings"]} for side in (found.recorded, found.judged)]
    rules = dict.fromkeys(rule for side in sides for rule in side)
    rows: list[Part] = [row("the answer", answered(found.recorded["decision"]), answered(found.judged["decision"]), class_=None)]
    then, now = (
        ", ".join((f"{side['moved']['from']} → {side['moved']['to']}", *_gone(side["moved"])))
        for side in (found.recorded, found.judged)
    )
    rows += [row("what it moves", then, now, class_=None)] if found.recorded["moved"] != found.judged["moved"] else []
    rows += [
        row(_requirement(rule, sides, edition), *(_side(side.get(rule), edition) for side in sides), class_=None) for rule in rules
    ]
    caption = f"Record {found.index}, both answers; of the findings only those that differ"
    return element("div", head, table_in_view(caption, ("What was asked", "As recorded", "As judged now"), *rows), class_="unlike")


def _gone(way: Json) -> list[str]:
    strands = [f"{s['strand']} {s['id']}: {s['is']}" for s in way.get("strands", ())]
    return strands + [f"takes out version {version}" for version in way.get("gone", ())]


def _requirement(rule: str, sides: list[dict[str, Json]], edition: Edition | None) -> Part:
    said = [one for side in sides if rule in side for one in told([side[rule]], edition)]
    best = next((one for one in said if one.citation), said[0])
    cited: list[Part] = [f"[{best.citation}] "] if best.citation else []
    if best.requirement == rule:  # not installed: its id is all that is known
        return code(rule)
    return together(best.requirement, element("p", cited, code(rule), class_="cited"))


def _side(finding: Json | None, edition: Edition | None) -> Part:
    if finding is None:
        return "no such finding"
    return [line for one in told([finding], edition) for line in _outcome(one)]


def _outcome(one: Reason) -> list[Part]:
    mark, word = (MARKS[one.outcome], str(one.outcome)) if one.binding else ("i", f"advice, {one.outcome}")
    return [f"{mark} {word}", *(element("p", line.strip()) for line in (one.told, *one.details) if line)]
