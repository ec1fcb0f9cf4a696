"""The pages."""

import json
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from candidacy import CommandIdReusedError, InputError, OvertakenError, Record, statuses
from hr.entering import enter, select
from hr.ledger import engine
from hr.models import Candidate, Entry

NOTHING_ENTERED = (ValidationError, InputError, OvertakenError, CommandIdReusedError)


class Selection(forms.Form):
    """An employee who becomes a candidate."""

    employee_id = forms.CharField(label="Employee id")
    case = forms.CharField(label="Case")
    day = forms.DateField(label="Day")


@require_http_methods(["GET", "POST"])
def candidates(request: HttpRequest) -> HttpResponse:
    """All candidates; the form to select one."""
    form = Selection(request.POST or None)
    status, problems = 200, list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("case", select(request.user, **form.cleaned_data).case)
        except NOTHING_ENTERED as wrong:
            status, problems = told(wrong)
    elif request.method == "POST":
        status = 422
    page = {"form": form, "problems": problems, "candidates": Candidate.objects.order_by("case")}
    return render(request, "hr/candidates.html", page, status=status)


@require_GET
def employee(request: HttpRequest) -> HttpResponseRedirect:
    """To the case of an employee."""
    return redirect("case", get_object_or_404(Candidate, employee_id=request.GET.get("employee_id", "")).case)


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, case: str) -> HttpResponse:
    """Where a case stands and how it came there; the form to submit a command.

    The page names the version it shows: what is submitted from it is not judged on a case that has moved on meanwhile.
    Each page that is shown gives a command its id: the same form sent twice is one command.
    """
    candidate = get_object_or_404(Candidate, case=case)
    status, problems, given = 200, list[str](), request.POST
    if request.method == "POST":
        command = {name: given.get(name, "") for name in ("id", "type", "day")}
        command |= {"payload": read(given.get("content") or "{}"), "expects": read(given.get("expects") or "null")}
        try:
            answer = enter(request.user, candidate, command, given.get("note", ""))
        except NOTHING_ENTERED as wrong:
            status, problems = told(wrong)
        else:
            return redirect("case", case) if answer.accepted else redirect("refusal", case, answer.record.index)
    records = engine().ledger.of_case(case)
    entries = {entry.record: entry for entry in Entry.objects.filter(candidate=candidate)}
    page = {
        "candidate": candidate,
        "standing": next(statuses(records)),
        "rows": [(record, short(record), entries.get(record.index)) for record in records],
        "problems": problems,
        "given": given,
        "id": uuid4().hex,
    }
    return render(request, "hr/case.html", page, status=status)


@require_GET
def refusal(request: HttpRequest, case: str, index: int) -> HttpResponse:
    """Why a command was refused: each finding that refuses, the requirement, and where it stands."""
    get_object_or_404(Candidate, case=case)
    record = engine().ledger.record(index)
    if record is None or record.case != case or record.accepted:
        raise Http404
    page = {"case": case, "record": record, "event": short(record), "reasons": engine().reasons(record)}
    return render(request, "hr/refusal.html", page)


def told(wrong: Exception) -> tuple[int, list[str]]:
    """The status and everything that is wrong, where nothing was entered."""
    if isinstance(wrong, InputError):
        return 422, [str(problem) for problem in wrong.problems]
    if isinstance(wrong, ValidationError):
        return 422, [f"{field}: {said}" for field, all_said in wrong.message_dict.items() for said in all_said]
    return 409, [str(wrong)]


def read(text: str) -> Any:
    """What the text of a field holds as JSON; where it is none, the text itself, for the engine to say so at its path."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return text


def short(record: Record) -> str:
    """An event's name without owner and version, in words."""
    return record.type_name.split(".")[1].replace("_", " ")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)
