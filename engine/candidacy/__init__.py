"""Candidacy: cases decided by dated and cited rules, kept in a ledger that can be judged again.

Everything public is named in ``__all__``. Names are imported when first used, so that a command
which needs little starts fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any
from warnings import warn

if TYPE_CHECKING:
    from candidacy._audit import Audit, Total, audit
    from candidacy._calendar import calendar
    from candidacy._caseload import DayMoved, WhatIf
    from candidacy._cohort import Bar, Cited, Cohort, CohortRow, Doing, Finished, Risk, Untold, cohort
    from candidacy._coverage import Covered, coverage
    from candidacy._departures import Departure
    from candidacy._diff import Added, CaseDiff, Diff, Refusal, diff
    from candidacy._due import Due, LeftOut, Stated, due
    from candidacy._excepted import Excepted, Unlisted
    from candidacy._exceptions import exceptions
    from candidacy._fields import OpenField
    from candidacy._firstday import FirstDay
    from candidacy._golden import Change, Golden, GoldenLedger, Intent, golden
    from candidacy._interventions import Intervention
    from candidacy._judging import Divergence, JudgedBy
    from candidacy._letter import Letter, Rested, letter
    from candidacy._packet import Packet, packet
    from candidacy._path import Bound, Limit, Obstacle, Path, PlannedStep, path
    from candidacy._plugin_check import Checked, Looked, check_plugin
    from candidacy._points import Point
    from candidacy._rejudged import Rejudged, Turned
    from candidacy._remaining import Requirement, Told
    from candidacy._replay import replay
    from candidacy._sample import Drawn, Sample, Stratum, sample
    from candidacy._signing import sign_checkpoint
    from candidacy._status import Status, known_as, statuses
    from candidacy._trace import Ground, Trace, Traced, TracedFinding, trace
    from candidacy._transfer import Carried, Moving, Transfer, transfer
    from candidacy._trial import Trial, TriedCase, TriedCommand
    from candidacy._tryout import try_out
    from candidacy._verify import Verification, verify
    from candidacy._whatif import what_if
    from candidacy._words import Reason, explain, reasons
    from candidacy.api import API_VERSION, OLDEST_API
    from candidacy.asking import each_recorded, else_judged, recorded, since_first
    from candidacy.authority import Authority
    from candidacy.case import NOT_BEGUN, Case, Entry, Facts, Strand, once
    from candidacy.catalogue import (
        NOT_YET,
        EngineGuard,
        Force,
        FormField,
        LifecycleMove,
        NotModelled,
        Statement,
        StrandStep,
        Vocabulary,
    )
    from candidacy.check import (
        UNKNOWN,
        Check,
        Do,
        Either,
        Every,
        Outcome,
        Remedy,
        Step,
        all_of,
        any_of,
        at_least,
        does_not_apply,
        each,
        earliest,
        enter,
        holds,
        never,
        not_after,
        not_before,
        unless_met,
        wait_until,
    )
    from candidacy.citation import Citation
    from candidacy.clock import SUSPENSIONS, Clock, suspended_days
    from candidacy.confidential import Confidential
    from candidacy.deciding import decide
    from candidacy.decision import Actor, Command, Decision, Finding, How
    from candidacy.document import Document
    from candidacy.draft import Open
    from candidacy.engine import Engine
    from candidacy.errors import (
        CandidacyError,
        CommandIdReusedError,
        DamagedRecordError,
        DefinitionError,
        FailedPacketError,
        InconsistentLedgerError,
        InputError,
        LedgerBusyError,
        LedgerError,
        MissingValueError,
        NewerFormatError,
        OpenFieldError,
        OutputError,
        OvertakenError,
        Problem,
        UnknownCaseError,
    )
    from candidacy.events import (
        Act,
        Beginning,
        CaseTakenOver,
        Count,
        Event,
        Fact,
        Id,
        JudgementGiven,
        ReferenceRecorded,
        RoleEnded,
        RoleGiven,
        RoleName,
        RoleNamed,
        Sealed,
        Sha256,
        StateName,
        act,
        fact,
        partial,
        sealed,
    )
    from candidacy.folding import fold
    from candidacy.interventions import (
        CORRECTIONS,
        INTERVENTIONS,
        DecisionAffirmed,
        DecisionVoided,
        EditionMoved,
        ExtensionGranted,
        FactVoided,
        OverrideGranted,
        Resumed,
        Suspended,
        WaiverGranted,
    )
    from candidacy.keeping import Answer
    from candidacy.latitude import Takes, Waivable, by_role, corrected_by
    from candidacy.ledger import Ledger, MemoryLedger
    from candidacy.lifecycle import Lifecycle, Move
    from candidacy.names import NameBook
    from candidacy.packet_ledger import PacketLedger
    from candidacy.parameter import Parameter, Value
    from candidacy.program import Edition, Program
    from candidacy.record import Record
    from candidacy.registry import Registry, discover, hookimpl
    from candidacy.role import Role
    from candidacy.rule import TAKEN_OVER, Question, Rule, judged, unless_taken_over
    from candidacy.signer import FileSigner, Signer
    from candidacy.spans import DAY, Quantity, Sometime, Span, Window, calendar_days, days, exactly, months
    from candidacy.sqlite import SqliteLedger
    from candidacy.standard import (
        CERTIFYING,
        COMPLETING,
        CandidateAppointed,
        CandidateCertified,
        CandidateEnrolled,
        CandidateGraduated,
        CandidateSelected,
        CertificationDenied,
        CertificationRequested,
        Discontinued,
        JudgementNoted,
        OnPlan,
        PlanApproved,
        PlanReturned,
        PlanSubmitted,
        ProgramCompleted,
        Removed,
        RequestReturned,
        SesMembershipRecorded,
        Withdrawn,
        in_the_ses,
    )
    from candidacy.story import Story
    from candidacy.strands import Counted, Strands
    from candidacy.table import HostLedger
    from candidacy.workdays import WORK_DAYS, WorkCalendar

_HOMES = {
    "_coverage": "Covered coverage",
    "api": "API_VERSION OLDEST_API",
    "catalogue": "NOT_YET EngineGuard Force FormField LifecycleMove NotModelled Statement StrandStep Vocabulary",
    "confidential": "Confidential",
    "_excepted": "Excepted Unlisted",
    "_exceptions": "exceptions",
    "_fields": "OpenField",
    "_judging": "Divergence JudgedBy",
    "_letter": "letter Letter Rested",
    "_packet": "Packet packet",
    "packet_ledger": "PacketLedger",
    "_path": "Path path PlannedStep Limit Bound Obstacle",
    "_remaining": "Requirement Told",
    "_plugin_check": "Checked Looked check_plugin",
    "_points": "Point",
    "_due": "due Due Stated LeftOut",
    "_calendar": "calendar",
    "_cohort": "cohort Cohort CohortRow Finished Untold Bar Cited Doing Risk",
    "_transfer": "transfer Transfer Carried Moving",
    "_trial": "Trial TriedCase TriedCommand",
    "_tryout": "try_out",
    "_whatif": "what_if",
    "_caseload": "WhatIf DayMoved",
    "_firstday": "FirstDay",
    "_rejudged": "Rejudged Turned",
    "_departures": "Departure",
    "_diff": "Added CaseDiff Diff Refusal diff",
    "_golden": "Change Golden GoldenLedger Intent golden",
    "_signing": "sign_checkpoint",
    "signer": "FileSigner Signer",
    "_sample": "Drawn Sample Stratum sample",
    "_trace": "Ground Trace Traced TracedFinding trace",
    "_interventions": "Intervention",
    "draft": "Open",
    "_audit": "Audit Total audit",
    "_replay": "replay",
    "_status": "Status known_as statuses",
    "_verify": "Verification verify",
    "_words": "Reason explain reasons",
    "authority": "Authority",
    "case": "NOT_BEGUN Case Entry Facts Strand once",
    "check": "UNKNOWN Check Do Either Every Outcome Remedy Step all_of any_of at_least does_not_apply each enter holds never "
    "not_after not_before unless_met wait_until earliest",
    "citation": "Citation",
    "spans": "Quantity Sometime Span Window calendar_days days exactly months DAY",
    "deciding": "decide",
    "decision": "Actor Command Decision Finding How",
    "document": "Document",
    "engine": "Engine",
    "errors": "CandidacyError CommandIdReusedError DamagedRecordError DefinitionError FailedPacketError InconsistentLedgerError "
    "InputError LedgerBusyError LedgerError MissingValueError NewerFormatError OpenFieldError OutputError OvertakenError Problem "
    "UnknownCaseError",
    "events": "Act Beginning CaseTakenOver Count Event Fact Id JudgementGiven ReferenceRecorded RoleEnded RoleGiven RoleName "
    "RoleNamed Sealed Sha256 StateName act fact partial sealed",
    "folding": "fold",
    "keeping": "Answer",
    "ledger": "Ledger MemoryLedger",
    "lifecycle": "Lifecycle Move",
    "names": "NameBook",
    "parameter": "Parameter Value",
    "asking": "each_recorded else_judged recorded since_first",
    "program": "Edition Program",
    "role": "Role",
    "record": "Record",
    "registry": "Registry discover hookimpl",
    "rule": "TAKEN_OVER Question Rule judged unless_taken_over",
    "sqlite": "SqliteLedger",
    "clock": "SUSPENSIONS Clock suspended_days",
    "interventions": "CORRECTIONS INTERVENTIONS DecisionAffirmed DecisionVoided EditionMoved ExtensionGranted FactVoided "
    "OverrideGranted Resumed Suspended WaiverGranted",
    "latitude": "Takes Waivable by_role corrected_by",
    "standard": "CERTIFYING COMPLETING CandidateAppointed CandidateCertified CandidateEnrolled CandidateGraduated "
    "CandidateSelected CertificationDenied CertificationRequested Discontinued JudgementNoted OnPlan PlanApproved PlanReturned "
    "PlanSubmitted ProgramCompleted Removed RequestReturned SesMembershipRecorded Withdrawn in_the_ses",
    "story": "Story",
    "strands": "Counted Strands",
    "workdays": "WORK_DAYS WorkCalendar",
    "table": "HostLedger",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}
"""Where each public name lives; a test keeps this, the imports above and ``__all__`` equal."""

__all__ = [
    "API_VERSION",
    "CERTIFYING",
    "COMPLETING",
    "CORRECTIONS",
    "DAY",
    "INTERVENTIONS",
    "NOT_BEGUN",
    "NOT_YET",
    "OLDEST_API",
    "SUSPENSIONS",
    "TAKEN_OVER",
    "UNKNOWN",
    "WORK_DAYS",
    "Act",
    "Actor",
    "Added",
    "Answer",
    "Audit",
    "Authority",
    "Bar",
    "Beginning",
    "Bound",
    "CandidacyError",
    "CandidateAppointed",
    "CandidateCertified",
    "CandidateEnrolled",
    "CandidateGraduated",
    "CandidateSelected",
    "Carried",
    "Case",
    "CaseDiff",
    "CaseTakenOver",
    "CertificationDenied",
    "CertificationRequested",
    "Change",
    "Check",
    "Checked",
    "Citation",
    "Cited",
    "Clock",
    "Cohort",
    "CohortRow",
    "Command",
    "CommandIdReusedError",
    "Confidential",
    "Count",
    "Counted",
    "Covered",
    "DamagedRecordError",
    "DayMoved",
    "Decision",
    "DecisionAffirmed",
    "DecisionVoided",
    "DefinitionError",
    "Departure",
    "Diff",
    "Discontinued",
    "Divergence",
    "Do",
    "Document",
    "Doing",
    "Drawn",
    "Due",
    "Edition",
    "EditionMoved",
    "Either",
    "Engine",
    "EngineGuard",
    "Entry",
    "Event",
    "Every",
    "Excepted",
    "ExtensionGranted",
    "Fact",
    "FactVoided",
    "Facts",
    "FailedPacketError",
    "FileSigner",
    "Finding",
    "Finished",
    "FirstDay",
    "Force",
    "FormField",
    "Golden",
    "GoldenLedger",
    "Ground",
    "HostLedger",
    "How",
    "Id",
    "InconsistentLedgerError",
    "InputError",
    "Intent",
    "Intervention",
    "JudgedBy",
    "JudgementGiven",
    "JudgementNoted",
    "Ledger",
    "LedgerBusyError",
    "LedgerError",
    "LeftOut",
    "Letter",
    "Lifecycle",
    "LifecycleMove",
    "Limit",
    "Looked",
    "MemoryLedger",
    "MissingValueError",
    "Move",
    "Moving",
    "NameBook",
    "NewerFormatError",
    "NotModelled",
    "Obstacle",
    "OnPlan",
    "Open",
    "OpenField",
    "OpenFieldError",
    "Outcome",
    "OutputError",
    "OverrideGranted",
    "OvertakenError",
    "Packet",
    "PacketLedger",
    "Parameter",
    "Path",
    "PlanApproved",
    "PlanReturned",
    "PlanSubmitted",
    "PlannedStep",
    "Point",
    "Problem",
    "Program",
    "ProgramCompleted",
    "Quantity",
    "Question",
    "Reason",
    "Record",
    "ReferenceRecorded",
    "Refusal",
    "Registry",
    "Rejudged",
    "Remedy",
    "Removed",
    "RequestReturned",
    "Requirement",
    "Rested",
    "Resumed",
    "Risk",
    "Role",
    "RoleEnded",
    "RoleGiven",
    "RoleName",
    "RoleNamed",
    "Rule",
    "Sample",
    "Sealed",
    "SesMembershipRecorded",
    "Sha256",
    "Signer",
    "Sometime",
    "Span",
    "SqliteLedger",
    "StateName",
    "Stated",
    "Statement",
    "Status",
    "Step",
    "Story",
    "Strand",
    "StrandStep",
    "Strands",
    "Stratum",
    "Suspended",
    "Takes",
    "Told",
    "Total",
    "Trace",
    "Traced",
    "TracedFinding",
    "Transfer",
    "Trial",
    "TriedCase",
    "TriedCommand",
    "Turned",
    "UnknownCaseError",
    "Unlisted",
    "Untold",
    "Value",
    "Verification",
    "Vocabulary",
    "Waivable",
    "WaiverGranted",
    "WhatIf",
    "Window",
    "Withdrawn",
    "WorkCalendar",
    "act",
    "all_of",
    "any_of",
    "at_least",
    "audit",
    "by_role",
    "calendar",
    "calendar_days",
    "check_plugin",
    "cohort",
    "corrected_by",
    "coverage",
    "days",
    "decide",
    "diff",
    "discover",
    "does_not_apply",
    "due",
    "each",
    "each_recorded",
    "earliest",
    "else_judged",
    "enter",
    "exactly",
    "exceptions",
    "explain",
    "fact",
    "fold",
    "golden",
    "holds",
    "hookimpl",
    "in_the_ses",
    "judged",
    "known_as",
    "letter",
    "months",
    "never",
    "not_after",
    "not_before",
    "once",
    "packet",
    "partial",
    "path",
    "reasons",
    "recorded",
    "replay",
    "sample",
    "sealed",
    "sign_checkpoint",
    "since_first",
    "statuses",
    "suspended_days",
    "trace",
    "transfer",
    "try_out",
    "unless_met",
    "unless_taken_over",
    "verify",
    "wait_until",
    "what_if",
]


_GOING: dict[str, tuple[int, str]] = {}
"""Public names that will go: the version of the API that no longer has each, and what to use in its place."""


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'candidacy' has no attribute {name!r}")
    found = getattr(import_module(f"candidacy.{_HOME[name]}"), name)
    if name in _GOING:
        version, instead = _GOING[name]
        warn(f"candidacy.{name} goes with version {version} of the API; use {instead}", DeprecationWarning, stacklevel=2)
        return found
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
