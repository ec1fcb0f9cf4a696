"""Catalogues, coverage and confidentiality classes: what does not fit together is refused when the plugin loads."""

import csv
import json
import re
from datetime import date
from functools import partial
from typing import Any, Literal

import attrs
import pytest

import widgets
from candidacy import (
    SUSPENSIONS,
    Case,
    Check,
    Covered,
    DefinitionError,
    EngineGuard,
    Fact,
    Force,
    FormField,
    Id,
    LifecycleMove,
    NotModelled,
    Parameter,
    PlanApproved,
    ProgramCompleted,
    Registry,
    Sealed,
    StrandStep,
    Vocabulary,
    coverage,
    discover,
    fact,
    holds,
    sealed,
)
from candidacy._coverage import markdown
from candidacy.catalogue import By, named
from candidacy.reading import attributes_read
from candidacy.structure import check_fields
from support import ROOT, cli

OFFICE = ("office",)
SECRET = widgets.HANDBOOK.keeps("notes", readers=OFFICE, purposes=("advice",), never=("appraisal",), at="W-10", lines=(10, 10))


@fact("widgets.noted.1")
class Noted(Fact):
    note: Id
    kind: Literal["spoken", "written"]
    text: Sealed = sealed("notes")


def says(at: str, *by: By, force: Force = Force.MUST) -> Any:
    return widgets.HANDBOOK.says(at, force, 1, "Something is so.", *by)


def edition(*statements: Any, extra: Any = (), **more: Any) -> Any:
    by = {**widgets.edition().entered_by, Noted: OFFICE}
    return widgets.edition(extra, entered_by=by, **{"confidential": (SECRET,), "catalogue": statements, **more})


def test_tells_what_stands_for_each_statement() -> None:
    made = edition(
        says("W-1", widgets.ten_hours, widgets.HOURS),
        says("W-3", widgets.FIT),
        says("W-4", widgets.trains_little, force=Force.SHOULD),
        says("W-20", EngineGuard("role")),
        says("W-21", LifecycleMove(PlanApproved)),
        says("W-22", StrandStep(widgets.DETAILS), StrandStep(widgets.DETAILS, ends=True)),
        says("W-23", FormField(widgets.Trained, "hours")),
        says("W-24", Vocabulary(Noted, "kind")),
        says("W-10", SECRET),
        says("W-25", widgets.DeskRecorded),
        says("W-26", NotModelled("it is about rooms")),
    )
    rows = list(coverage([registry(made).programs["widgets"]]))
    assert [(r.id, r.force, r.kind, r.object, r.status, r.reason) for r in rows] == [
        ("W-1", "must", "rule", "widgets.ten_hours", "modelled", ""),
        ("W-3", "must", "judgement", "widgets.fit-for-widgets", "modelled", ""),
        ("W-4", "should", "advice", "widgets.trains_little", "modelled", ""),
        ("W-20", "must", "guard", "candidacy.role", "modelled", ""),
        ("W-21", "must", "lifecycle move", "candidacy.plan_approved.1", "modelled", ""),
        ("W-22", "must", "strand step", "widgets.detail_begun.1", "modelled", ""),
        ("W-23", "must", "form field", "widgets.trained.1.hours", "modelled", ""),
        ("W-24", "must", "vocabulary", "widgets.noted.1.kind", "modelled", ""),
        ("W-10", "must", "confidentiality class", "widgets.notes", "modelled", ""),
        ("W-25", "must", "event", "widgets.desk_recorded.1", "modelled", ""),
        ("W-26", "must", "not modelled", "", "not modelled", "it is about rooms"),
    ]
    assert rows[0].objects == (("rule", "widgets.ten_hours"), ("parameter", "widgets.hours_of_training"))
    assert "| W-26 | must | Something is so. | not modelled | it is about rooms | 1 |" in markdown(
        registry(made).programs["widgets"]
    )


def registry(made: Any) -> Registry:
    return widgets.registry(made)


def test_says_of_a_number_that_the_text_does_not_give_that_it_is_not_set() -> None:
    unset: Parameter[int] = Parameter("meetings in a year", "meetings", ())
    made = edition(says("W-30", unset), parameters=(widgets.HOURS, widgets.UNKNOWN_HOURS, unset))
    (row,) = coverage([registry(made).programs["widgets"]])
    assert (row.kind, row.status) == ("parameter", "not set")


@fact("widgets.elsewhere.1")
class Elsewhere(Fact):
    thing: Id


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        (says("W-1"), "statement W-1 has nothing that stands for it; needed what does, or why nothing does"),
        (says("W-2", widgets.ten_hours), "statement W-2 names widgets.ten_hours, which does not cite it"),
        (says("W-9", Elsewhere), "statement W-9 names widgets.elsewhere.1, which no role may enter"),
        (says("W-9", FormField(widgets.Trained, "days")), "widgets.trained.1.days, which is no field of it"),
        (says("W-9", Vocabulary(widgets.Trained, "hours")), "widgets.trained.1.hours, which has no closed vocabulary"),
        (says("W-9", LifecycleMove(PlanApproved, "completed")), "in completed, for which the lifecycle has no move"),
        (says("W-9", EngineGuard("luck")), "candidacy.luck, a guard that the engine does not have"),
        (says("W-9", NotModelled(" ")), "no reason why it is not modelled"),
    ],
    ids=lambda given: given[:40] if isinstance(given, str) else "",
)
def test_refuses_a_statement_for_which_nothing_stands(statement: Any, wrong: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        edition(statement)
    assert wrong in str(refused.value)


def test_refuses_what_the_edition_does_not_have_and_a_statement_twice() -> None:
    with pytest.raises(DefinitionError, match=r"widgets.is_fit, which the edition does not have.*|W-3"):
        edition(says("W-3", widgets.is_fit), rules=(widgets.ten_hours,))
    with pytest.raises(DefinitionError, match="statement W-26 stands twice"):
        edition(*[says("W-26", NotModelled("rooms"))] * 2)
    with pytest.raises(DefinitionError, match="found no words"):
        widgets.HANDBOOK.says("W-1", Force.MUST, 1, "  ", NotModelled("rooms"))


def test_names_nothing_where_nothing_stands_for_it() -> None:
    assert not named(NotModelled("rooms"), "widgets")
    assert named(StrandStep(SUSPENSIONS), "widgets") == "candidacy.suspended.1"


# --- confidentiality classes


@pytest.mark.parametrize(
    ("role", "purpose", "may"),
    [("office", "advice", True), ("office", "appraisal", False), ("office", "gossip", False), ("candidate", "advice", False)],
)
def test_lets_read_only_the_readers_and_only_for_the_purposes(role: str, purpose: str, may: bool) -> None:
    assert SECRET.may_read(role, purpose) is may


def test_refuses_a_class_that_allows_what_it_forbids_or_that_nobody_may_read() -> None:
    with pytest.raises(DefinitionError) as refused:
        attrs.evolve(SECRET, readers=(), purposes=("appraisal",))
    assert "both allowed and forbidden" in str(refused.value)
    assert "found no reader" in str(refused.value)


def test_refuses_a_sealed_field_without_its_class_and_a_reader_who_is_no_role() -> None:
    with pytest.raises(DefinitionError, match="the field text is of the confidentiality class 'notes', which it does not have"):
        edition(confidential=())
    with pytest.raises(DefinitionError, match="confidentiality class notes is read by 'king', which is no declared role"):
        edition(confidential=(attrs.evolve(SECRET, readers=("king",)),))


def seen(noted: Any) -> str:
    return str(noted.text)


def reads_itself(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """It reads the note."""
    return holds(any(n.text for _, n in case.all(Noted)), "a-note")


def reads_through_another(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """It reads the note in a function of its own."""
    return holds(any(map(seen, (n for _, n in case.all(Noted)))), "a-note")


def reads_by_pattern(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """It reads the note by its name in a pattern."""
    for _, noted in case.all(Noted):
        match noted:
            case Noted(text=str()):
                return holds(True, "a-note")
    return holds(False, "a-note")


def reads_by_word(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """It reads the note by a word."""
    return holds(any(getattr(n, "text") for _, n in case.all(Noted)), "a-note")  # noqa: B009 (the point of it)


def made_with(read: Any) -> Any:
    def reads_what_it_closes_over(case: Case, completion: ProgramCompleted, day: date) -> Check:
        """It reads the note in a function that it was made with."""
        return holds(any(map(read, (n for _, n in case.all(Noted)))), "a-note")

    return reads_what_it_closes_over


def with_a_default(case: Case, completion: ProgramCompleted, day: date, read: Any = seen) -> Check:
    """It reads the note in a function that is a default."""
    return holds(any(map(read, (n for _, n in case.all(Noted)))), "a-note")


def counts_them(case: Case, completion: ProgramCompleted, day: date) -> Check:
    """It asks whether there is one."""
    return holds(any(n.kind == "written" for _, n in case.all(Noted)), "a-note")


READING = [reads_itself, reads_through_another, reads_by_pattern, reads_by_word, made_with(seen), with_a_default]


@pytest.mark.parametrize("judge", READING)
def test_refuses_a_rule_that_reads_a_confidential_field(judge: Any) -> None:
    rule = widgets.HANDBOOK.requires(before=ProgramCompleted, at="W-11", lines=(11, 11))(judge)
    with pytest.raises(DefinitionError, match=f"rule widgets.{judge.__name__} reads the field text, which is confidential"):
        edition(extra=(rule,))


def test_refuses_a_judge_that_cannot_be_looked_into() -> None:
    rule = widgets.HANDBOOK.requires(before=ProgramCompleted, at="W-11", lines=(11, 11))(counts_them)
    with pytest.raises(DefinitionError, match="judged by no plain function"):
        edition(extra=(attrs.evolve(rule, judge=partial(counts_them)),))


@pytest.mark.parametrize(
    ("kind", "field", "of"),
    [
        (Id, sealed("notes"), "is not Sealed"),
        (Sealed, attrs.NOTHING, "is Sealed; needed"),
        (Sealed, Sealed("notes"), "is Sealed; needed"),
        (tuple[Sealed, ...], attrs.NOTHING, "is"),
    ],
)
def test_refuses_a_field_that_is_half_confidential(kind: Any, field: Any, of: str) -> None:
    """What is marked and not sealed would be taken with its content; what is sealed and not marked would be of no class."""
    body = {"__annotations__": {"text": kind}, **({} if field is attrs.NOTHING else {"text": field})}
    with pytest.raises(DefinitionError, match=f"field 'text' {of}"):
        check_fields(fact("widgets.half.1")(type("Half", (Fact,), body)))


def test_looks_at_every_field_of_a_name_that_several_events_have() -> None:
    @fact("widgets.noted_elsewhere.1")
    class NotedElsewhere(Fact):
        """Somebody noted something else."""

        text: Sealed = sealed("of no class")

    for events in ((Noted, NotedElsewhere), (NotedElsewhere, Noted)):
        by = {**widgets.edition().entered_by, **dict.fromkeys(events, ("office",))}
        with pytest.raises(DefinitionError, match="the field text is of the confidentiality class 'of no class'"):
            widgets.edition(entered_by=by, confidential=(SECRET,))


def test_lets_a_rule_see_that_there_is_confidential_content() -> None:
    rule = widgets.HANDBOOK.requires(before=ProgramCompleted, at="W-11", lines=(11, 11))(counts_them)
    assert rule in edition(extra=(rule,)).rules
    assert "text" not in attributes_read(counts_them)


# --- the command


def test_prints_the_coverage_and_writes_it(tmp_path: Any) -> None:
    done = cli("coverage", "--json")
    assert done.returncode == 0
    assert isinstance(json.loads(done.stdout), list)
    totals = cli("coverage", "hhs").stdout.splitlines()[-2:]
    assert [line.partition(" statements")[0] for line in totals] == ["hhs/2004: 162", "hhs/2009: 24"]
    assert cli("coverage", "nasa").returncode == 2
    assert cli("coverage", "-o", str(tmp_path / "made")).returncode == 0
    assert {p.name for p in (tmp_path / "made").iterdir()} >= {"commerce.md", "dol.md", "hhs.md"}


# --- the three agencies

STATEMENTS = {row["id"]: row for row in csv.DictReader((ROOT / "tests" / "statements.csv").open(encoding="utf-8"))}
"""What the documents of the three agencies say, by id: how strongly, and on which line."""
PENDING: set[str] = set()
"""Documents of which some statements are still to be accounted for."""


def of(prefix: str) -> list[Covered]:
    return [row for row in coverage(discover().programs.values()) if row.id.startswith(f"{prefix}-")]


@pytest.mark.parametrize("prefix", ["DOC", "DOL", "HHS"])
def test_accounts_for_every_statement_once_with_its_force_and_line(prefix: str) -> None:
    rows = of(prefix)
    wanted = {name: row for name, row in STATEMENTS.items() if name.startswith(f"{prefix}-")}
    assert len({row.id for row in rows}) == len(rows)
    assert {row.id for row in rows} <= set(wanted)
    assert prefix in PENDING or len(rows) == len(wanted)
    for row in rows:
        assert row.force == wanted[row.id]["force"], row.id
        places = re.findall(r"\d+(?:-\d+)?", row.citation.partition(", line")[2].partition(" (")[0])
        assert int(wanted[row.id]["line"]) in {n for part in places for n in _range(part)}, row.id


def _range(part: str) -> range:
    first, _, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


def test_has_at_most_25_judgements_each_at_a_line_and_no_reason_left_empty() -> None:
    rows = [row for prefix in ("DOC", "DOL", "HHS") for row in of(prefix)]
    assert sum(row.kind == "judgement" for row in rows) <= 25
    assert all(row.reason or row.status != "not modelled" for row in rows)
    assert all(row.says and row.citation for row in rows)


def test_is_what_the_documents_in_docs_show() -> None:
    for name, program in discover().programs.items():
        assert (ROOT / "docs" / "coverage" / f"{name}.md").read_text(encoding="utf-8") == markdown(program), name


# --- what is listed beside rules


def test_takes_a_clock_a_waiver_a_calendar_and_a_move_for_what_stands_for_a_statement() -> None:
    import gadgets as g
    from candidacy import WaiverGranted

    closed = g.MANUAL.observes("own", (), first=date(2005, 1, 1), last=date(2005, 12, 31), at="G-20", lines=(20, 20))
    (waiver, *_) = g.SECOND.waivers
    stands = {"G-2": g.YEAR, "G-6": waiver, "G-20": closed, "G-21": g.SECOND.takes[0], "G-22": WaiverGranted}
    made = g.edition(
        "2006", calendars=(closed,), catalogue=tuple(g.MANUAL.says(at, Force.INFO, 1, "So it is.", by) for at, by in stands.items())
    )
    rows = coverage([g.registry(g.FIRST, made).programs["gadgets"]])
    assert [(row.id, row.kind, row.object) for row in rows] == [
        ("G-2", "clock", "gadgets.a-year"),
        ("G-6", "waiver", "gadgets.enough_hours (waiver)"),
        ("G-20", "work calendar", "gadgets.own"),
        ("G-21", "move to another edition", "gadgets/2005"),
        ("G-22", "event", "candidacy.waiver_granted.1"),
    ]


@pytest.mark.parametrize(
    ("by", "wrong"),
    [
        ("HALF_YEAR", "statement G-2 names gadgets.half-a-year, which does not cite it"),
        ("OTHER", "statement G-2 names gadgets.other, which the edition does not have; needed it in clocks="),
        ("text", "statement G-2 names str 'a text'; needed a rule, a number, an event or another of its kinds"),
        ("function", "statement G-2 names type <class 'int'>; needed a rule, a number, an event or another of its kinds"),
    ],
)
def test_refuses_other_things_for_what_stands_for_a_statement(by: str, wrong: str) -> None:
    import gadgets as g

    given: dict[str, Any] = {"HALF_YEAR": g.HALF_YEAR, "text": "a text", "function": int}
    given["OTHER"] = g.MANUAL.runs("other", at="G-2", lines=(2, 2))
    with pytest.raises(DefinitionError) as refused:
        g.edition("2006", catalogue=(g.MANUAL.says("G-2", Force.MUST, 2, "A year.", given[by]),))
    assert wrong in str(refused.value)
