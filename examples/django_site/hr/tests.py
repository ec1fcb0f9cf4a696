"""The site and the ledger in its database: together or not at all."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.test import TestCase, TransactionTestCase

from candidacy import Command, LedgerError, Withdrawn, audit, known_as, verify
from hr.entering import actor, select
from hr.ledger import engine
from hr.models import Candidate, Entry

DAY = date(2004, 8, 30)
PAIRED = {"type": "commerce.mentor_paired.1", "day": "2004-10-04", "content": '{"pairing": "m-1", "mentor": "p-9"}'}


def kept() -> list[tuple[int, bytes]]:
    """What is in the ledger: the index and leaf hash of every record."""
    return [(row.index, row.leaf) for row in engine().ledger.rows()]


class Site(TestCase):
    """Someone is logged in, and a candidate is selected. After each test Django rolls everything back, the ledger too."""

    def setUp(self) -> None:
        """Log in, and select."""
        self.user = get_user_model().objects.create_user("jordan", last_name="Quillfeather")
        self.client.force_login(self.user)
        self.selected = self.client.post("/", {"employee_id": "E-1042", "case": "c-7", "day": str(DAY)})

    def enter(self, **given: Any) -> HttpResponse:
        """Send the form on the page of the case."""
        return self.client.post("/cases/c-7/", {"id": uuid4().hex, **PAIRED, **given}, follow=True)


class TogetherTests(Site):
    """What is kept, and with what."""

    def test_keeps_the_site_s_row_and_the_record_and_finds_the_case_by_employee_id(self) -> None:
        self.assertRedirects(self.selected, "/cases/c-7/")
        page = self.client.get("/employees/", {"employee_id": "E-1042"}, follow=True)
        self.assertContains(page, "State: selected, since 2004-08-30.")
        self.assertContains(page, "Known to hr as E-1042: person c-7.candidate.")
        self.assertEqual(known_as(engine().ledger.records(), "hr", "E-1042"), [("c-7", "c-7.candidate")])
        page = self.enter(type="commerce.position_recorded.1", content='{"position": "deputy-director"}', note="by phone")
        self.assertContains(page, "by phone")
        self.assertEqual(Entry.objects.get(by=self.user).record, engine().ledger.of_case("c-7")[-1].index)

    def test_keeps_a_refusal_and_shows_its_reasons_with_their_citations(self) -> None:
        page = self.enter(note="asked twice")
        self.assertEqual(page.status_code, 200)
        self.assertContains(page, "<strong>undetermined</strong>: The mentor assigned is a member of the SES on that day.")
        self.assertContains(page, "<cite>Commerce SES CDP 2004-2006 mentoring and assignment guidance, line 8 (DOC-05)</cite>")
        record = engine().ledger.of_case("c-7")[-1]
        self.assertFalse(record.accepted)
        self.assertEqual(Entry.objects.get(record=record.index).note, "asked twice")
        self.assertContains(self.client.get("/cases/c-7/"), f"/cases/c-7/refusals/{record.index}/")

    def test_shows_as_refusals_only_refusals_of_the_case(self) -> None:
        self.enter()
        refused = engine().ledger.of_case("c-7")[-1].index
        self.client.post("/", {"employee_id": "E-1043", "case": "c-8", "day": str(DAY)})
        self.assertEqual(self.client.get(f"/cases/c-7/refusals/{refused}/").status_code, 200)
        for case, index in (("c-7", 1), ("c-7", 0), ("c-7", 2**63 - 1), ("c-7", 2**63), ("c-8", refused)):
            self.assertEqual(self.client.get(f"/cases/{case}/refusals/{index}/").status_code, 404)

    def test_keeps_one_record_of_a_form_that_is_sent_twice(self) -> None:
        before = len(kept())
        for _ in range(2):
            self.enter(id="once", expects="2")
        self.assertEqual(len(kept()), before + 1)
        self.assertEqual(Entry.objects.count(), 1)

    def test_says_who_acted_and_takes_it_from_nobody_else(self) -> None:
        self.enter(actor='{"person": "u-0", "identified": "token"}', case="c-0")
        record = engine().ledger.of_case("c-7")[-1]
        self.assertEqual(record.data["actor"], {"person": f"u-{self.user.pk}", "identified": "host"})

    def test_leaves_names_and_notes_out_of_the_ledger(self) -> None:
        self.enter(note="Quillfeather will call")
        everything = b"".join(row.raw for row in engine().ledger.rows())
        for word in ("jordan", "Quillfeather"):
            self.assertNotIn(word.encode(), everything)

    def test_keeps_a_ledger_that_is_sound_and_judged_the_same_again(self) -> None:
        self.enter()
        self.assertTrue(verify(engine().ledger).sound)
        self.assertEqual(audit(engine().ledger).answer, "identical")


class NothingEnteredTests(Site):
    """What leaves no row and no record."""

    def test_shows_everything_that_is_wrong_and_rolls_the_site_s_row_back(self) -> None:
        before = kept()
        page = self.client.post("/", {"employee_id": "no id", "case": "c-new", "day": str(DAY)})
        self.assertContains(page, "payload.reference: found 5 characters of text", status_code=422)
        self.assertFalse(Candidate.objects.filter(case="c-new").exists())
        page = self.enter(day="yesterday", content='{"mentor": "p-9", "mentor": "p-8"}', expects="some")
        for path in ("day", "payload", "expects"):
            self.assertContains(page, f"<li>{path}: found ", status_code=422)
        self.assertEqual(kept(), before)
        self.assertFalse(Entry.objects.exists())

    def test_leaves_the_ledger_as_it_was_where_the_site_s_own_table_refuses_after_the_record_was_made(self) -> None:
        before, size = kept(), engine().ledger.size()
        page = self.enter(id="long", note="x" * 201)
        self.assertContains(page, "note: Ensure this value has at most 200 characters", status_code=422)
        self.assertEqual((kept(), engine().ledger.size()), (before, size))
        self.enter(id="long", note="short")
        self.assertEqual(kept()[:-1], before)
        self.assertEqual(kept()[-1][0], size, "the index that the record would have had: no gap")

    def test_would_see_a_record_that_outlives_the_site_s_exception(self) -> None:
        """The test above can fail."""
        before = kept()
        with self.assertRaises(ValidationError), transaction.atomic():
            self.submit_and_fail()
        self.assertEqual(kept(), before)
        with self.assertRaises(ValidationError):  # in the transaction of the test, which goes on
            self.submit_and_fail()
        self.assertEqual(len(kept()), len(before) + 1)

    def submit_and_fail(self) -> None:
        """A record, then an exception of the site's own."""
        engine().submit(Command("out", "c-7", Withdrawn(), date(2004, 10, 4), actor(self.user)))
        raise ValidationError({"note": "something of the site's own"})

    def test_refuses_what_was_submitted_from_a_page_that_others_have_overtaken(self) -> None:
        self.enter(expects="2")
        before = kept()
        self.assertContains(self.enter(expects="2"), "the command expects version 2, found version 3", status_code=409)
        self.assertContains(self.enter(id="c-7:selected"), "needed a new id", status_code=409)
        self.assertEqual(kept(), before)

    def test_lets_in_only_those_who_are_logged_in(self) -> None:
        self.client.logout()
        self.assertRedirects(self.enter(), "/login/?next=/cases/c-7/")


class CommitTests(TransactionTestCase):
    """As in the running site, no transaction lies around those of the site.

    Django empties its own tables after each test, but not the ledger, from which nothing can be removed.
    """

    def setUp(self) -> None:
        """Someone who acts."""
        self.user = get_user_model().objects.create_user("jordan")

    def test_takes_the_record_back_with_the_site_s_row_and_leaves_no_gap(self) -> None:
        before, size = kept(), engine().ledger.size()
        with self.assertRaises(ValidationError), transaction.atomic():
            select(self.user, "E-1", "c-1", DAY)
            raise ValidationError("something of the site's own")
        self.assertEqual((kept(), engine().ledger.size()), (before, size))
        self.assertFalse(Candidate.objects.exists())
        select(self.user, "E-1", "c-1", DAY)
        self.assertEqual(kept()[: len(before)], before)
        self.assertEqual([index for index, _ in kept()[len(before) :]], [size, size + 1])

    def test_takes_no_record_outside_a_transaction(self) -> None:
        select(self.user, "E-2", "c-2", DAY)
        before = kept()
        withdrawn = Command("c-2:out", "c-2", Withdrawn(), date(2004, 10, 4), actor(self.user))
        with self.assertRaisesRegex(LedgerError, "no open transaction"):
            engine().submit(withdrawn)
        self.assertEqual(kept(), before)
        with transaction.atomic():
            engine().submit(withdrawn)
        self.assertEqual(len(kept()), len(before) + 1)
