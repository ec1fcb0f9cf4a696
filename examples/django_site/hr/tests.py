"""The site and the ledger in its database: together or not at all.

`TransactionTestCase`, since a `TestCase` never commits; it empties the site's tables after each test but not the
ledger, from which nothing can be removed, so each test takes a case and commands of its own.
"""

import os
from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import TransactionTestCase

from candidacy import Command, Withdrawn, audit, verify
from hr import ledger
from hr.entering import actor
from hr.ledger import engine
from hr.models import Candidate, Entry

PAIRED = {"type": "commerce.mentor_paired.1", "day": "2004-10-04", "content": '{"pairing": "m-1", "mentor": "p-9"}'}
numbers = count(1)


def tearDownModule() -> None:
    """Before the test database is removed."""
    ledger.close()


def kept() -> list[tuple[int, bytes]]:
    """What is in the ledger: the index and leaf hash of every record."""
    return [(row.index, row.leaf) for row in engine().ledger.rows()]


class Site(TransactionTestCase):
    """Someone is logged in, and a candidate is selected."""

    def setUp(self) -> None:
        """A case of its own for each test."""
        self.user = get_user_model().objects.create_user(f"jordan{next(numbers)}", last_name="Quillfeather")
        self.client.force_login(self.user)
        self.case = f"c-{next(numbers)}"
        self.selected = self.client.post("/", {"employee_id": f"E-{self.case}", "case": self.case, "day": "2004-08-30"})

    def enter(self, **given: Any) -> HttpResponse:
        """Send the form on the page of the case."""
        return self.client.post(f"/cases/{self.case}/", {"id": f"{self.case}:{next(numbers)}", **PAIRED, **given}, follow=True)


class TogetherTests(Site):
    """What is kept, and with what."""

    def test_keeps_the_site_s_row_and_the_record_and_finds_the_case_by_employee_id(self) -> None:
        self.assertRedirects(self.selected, f"/cases/{self.case}/")
        self.assertContains(self.client.get("/employees/", {"employee_id": f"E-{self.case}"}, follow=True), f"Case {self.case}")
        (known,) = [r for r in engine().ledger.of_case(self.case) if r.type_name == "candidacy.reference_recorded.1"]
        said = {"system": "hr", "reference": f"E-{self.case}", "person": f"{self.case}.candidate"}
        self.assertEqual(known.data["payload"], said)
        page = self.enter(type="commerce.position_recorded.1", content='{"position": "deputy-director"}', note="by phone")
        self.assertContains(page, "by phone")
        self.assertEqual(Entry.objects.get(by=self.user).record, engine().ledger.of_case(self.case)[-1].index)

    def test_keeps_a_refusal_and_shows_its_reasons_with_their_citations(self) -> None:
        page = self.enter(note="asked twice")
        self.assertEqual(page.status_code, 200)
        self.assertContains(page, "? undetermined: The mentor assigned is a member of the SES on that day.")
        self.assertContains(page, "[Commerce SES CDP 2004-2006 mentoring and assignment guidance, line 8 (DOC-05)]")
        record = engine().ledger.of_case(self.case)[-1]
        self.assertFalse(record.accepted)
        self.assertEqual(Entry.objects.get(record=record.index).note, "asked twice")
        self.assertContains(self.client.get(f"/cases/{self.case}/"), f"/cases/{self.case}/refusals/{record.index}/")

    def test_keeps_one_record_of_a_form_that_is_sent_twice(self) -> None:
        before = len(kept())
        for _ in range(2):
            self.enter(id=f"{self.case}:once", expects="2")
        self.assertEqual(len(kept()), before + 1)
        self.assertEqual(Entry.objects.count(), 1)

    def test_says_who_acted_and_takes_it_from_nobody_else(self) -> None:
        self.enter(actor='{"person": "u-0", "identified": "token"}', case="c-0")
        record = engine().ledger.of_case(self.case)[-1]
        self.assertEqual(record.data["actor"], {"person": f"u-{self.user.pk}", "identified": "host"})

    def test_leaves_names_and_notes_out_of_the_ledger(self) -> None:
        self.enter(note="Quillfeather will call")
        everything = b"".join(row.raw for row in engine().ledger.rows())
        for word in (self.user.username, "Quillfeather"):
            self.assertNotIn(word.encode(), everything)

    def test_keeps_a_ledger_that_is_sound_and_judged_the_same_again(self) -> None:
        self.enter()
        self.assertTrue(verify(engine().ledger).sound)
        self.assertEqual(audit(engine().ledger).answer, "identical")


class NothingEnteredTests(Site):
    """What leaves no row and no record."""

    def test_shows_everything_that_is_wrong_and_rolls_the_site_s_row_back(self) -> None:
        before = kept()
        page = self.client.post("/", {"employee_id": "no id", "case": "c-new", "day": "2004-08-30"})
        self.assertContains(page, "payload.reference: found 5 characters of text", status_code=422)
        self.assertFalse(Candidate.objects.filter(case="c-new").exists())
        page = self.enter(day="yesterday", content='{"mentor": "p-9", "mentor": "p-8"}', expects="some")
        for path in ("day", "payload", "expects"):
            self.assertContains(page, f"<li>{path}: found ", status_code=422)
        self.assertEqual(kept(), before)
        self.assertFalse(Entry.objects.exists())

    def test_leaves_the_ledger_as_it_was_where_the_site_s_own_table_refuses_after_the_record_was_made(self) -> None:
        before, size = kept(), engine().ledger.size()
        page = self.enter(id=f"{self.case}:long", note="x" * 201)
        self.assertContains(page, "note: Ensure this value has at most 200 characters", status_code=422)
        self.assertEqual((kept(), engine().ledger.size()), (before, size))
        self.enter(id=f"{self.case}:long", note="short")
        self.assertEqual(kept()[:-1], before)
        self.assertEqual(kept()[-1][0], size, "the index that the record would have had: no gap")

    def test_would_see_a_record_made_outside_the_site_s_transaction(self) -> None:
        """The test above can fail."""
        before = kept()
        with self.assertRaises(ValidationError), transaction.atomic():
            self.submit_and_fail(connection.connection)
        self.assertEqual(kept(), before)
        with self.assertRaises(ValidationError):
            self.submit_and_fail(None)
        self.assertEqual(len(kept()), len(before) + 1)

    def submit_and_fail(self, on: Any) -> None:
        """A record, then an exception of the site's own."""
        engine().submit(Command(f"{self.case}:out", self.case, Withdrawn(), date(2004, 10, 4), actor(self.user)), connection=on)
        raise ValidationError({"note": "something of the site's own"})

    def test_refuses_what_was_submitted_from_a_page_that_others_have_overtaken(self) -> None:
        self.enter(expects="2")
        before = kept()
        self.assertContains(self.enter(expects="2"), "the command expects version 2, found version 3", status_code=409)
        self.assertContains(self.enter(id=f"{self.case}:selected"), "needed a new id", status_code=409)
        self.assertEqual(kept(), before)

    def test_lets_in_only_those_who_are_logged_in(self) -> None:
        self.client.logout()
        self.assertRedirects(self.enter(), f"/login/?next=/cases/{self.case}/")


class ProcessTests(Site):
    """One engine a process."""

    def test_is_opened_anew_after_a_fork(self) -> None:
        mine, size = engine(), engine().ledger.size()
        self.assertIs(engine(), mine)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = int(engine() is mine or engine().ledger.size() != size)
            finally:
                os._exit(code)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(mine.ledger.size(), size)
