"""The application, asked as a client asks it."""

import json
import shutil
import sqlite3
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from app import WAIT, make_app
from fastapi.testclient import TestClient

from candidacy import SqliteLedger, audit, verify

ROLES = [{"person": "c-7.candidate", "role": "candidate"}, {"person": "u-1", "role": "program office"}]
BEGINS = {"program": "commerce", "announcement": "september-2004", "roles": ROLES}
PAIRS = {"pairing": "m-1", "mentor": "p-9"}


def command(number: int, kind: str, payload: Any, case: str = "c-7", **more: Any) -> dict[str, Any]:
    """A command as a client sends it: without an actor."""
    return {"id": f"{case}-{number}", "case": case, "type": kind, "day": "2004-10-04", "payload": payload, **more}


SELECTED = command(1, "candidacy.candidate_selected.1", BEGINS)
PAIRED = command(2, "commerce.mentor_paired.1", PAIRS)


class Served(unittest.TestCase):
    """An application on a new ledger, and a client of it."""

    def setUp(self) -> None:
        """Start it; it is stopped after the test."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "cases.ledger"
        SqliteLedger.create(self.path, "America/New_York").close()
        self.client = self.enterContext(TestClient(make_app(self.path)))

    def post(self, given: Any, *, person: str = "u-1", **headers: str) -> Any:
        """Send a command, or bytes that may be one."""
        body = given if isinstance(given, bytes) else json.dumps(given).encode()
        return self.client.post(
            "/commands", content=body, headers={"content-type": "application/json", "x-person": person, **headers}
        )

    def kept(self) -> list[bytes]:
        """The lines of the whole feed."""
        return self.client.get("/feed").content.splitlines()


class AnsweredTests(Served):
    """What was judged and kept."""

    def test_makes_a_record_of_what_is_accepted_and_of_what_is_refused(self) -> None:
        accepted, refused = self.post(SELECTED), self.post(PAIRED)
        self.assertEqual([a.status_code for a in (accepted, refused)], [201, 201])
        self.assertEqual([a.json()["decision"] for a in (accepted, refused)], ["accepted", "refused"])
        self.assertEqual(len(self.kept()), 3)
        again = self.post(PAIRED)
        self.assertEqual((again.status_code, again.json()["repeated"]), (200, True))
        self.assertEqual(len(self.kept()), 3)

    def test_tells_where_a_case_stands_and_why_a_command_was_refused(self) -> None:
        self.post(SELECTED)
        index = self.post(PAIRED).json()["index"]
        stands = self.client.get("/cases/c-7").json()
        self.assertEqual((stands["state"], stands["records"], stands["refusals"]), ("selected", 2, [index]))
        why = self.client.get(f"/cases/c-7/refusals/{index}").json()["reasons"][0]
        self.assertEqual((why["rule"], why["outcome"]), ("commerce.mentor_is_in_the_ses", "undetermined"))
        self.assertEqual(why["requirement"], "The mentor assigned is a member of the SES on that day.")
        self.assertIn("line 8 (DOC-05)", why["citation"])
        self.assertEqual(self.post({**PAIRED, "id": "c-7-3", "expects": stands["records"]}).status_code, 201)

    def test_says_itself_who_acted(self) -> None:
        self.assertEqual(self.post(SELECTED).json()["actor"], {"person": "u-1", "identified": "token"})

    def test_feeds_the_records_as_they_were_hashed(self) -> None:
        self.post(SELECTED)
        self.post(PAIRED)
        lines = self.kept()
        self.assertEqual([json.loads(line)["index"] for line in lines], [0, 1, 2])
        with SqliteLedger(self.path, read_only=True) as ledger:
            self.assertEqual([sha256(b"\0" + line).digest() for line in lines], [row.leaf for row in ledger.rows()])
        self.assertEqual(self.client.get("/feed?after=1").content.splitlines(), lines[2:])
        self.assertEqual(self.client.get("/feed?after=2").content, b"")

    def test_keeps_every_record_of_many_at_once(self) -> None:
        many = [command(1, "candidacy.candidate_selected.1", BEGINS, f"c-{n}") for n in range(40)]
        with ThreadPoolExecutor(8) as pool:
            self.assertEqual({a.status_code for a in pool.map(self.post, many)}, {201})
        with SqliteLedger(self.path, read_only=True) as ledger:
            self.assertEqual(verify(ledger).records, 41)
            self.assertEqual(audit(ledger).answer, "identical")


class StoppedTests(unittest.TestCase):
    """What an application leaves behind."""

    def test_closes_the_ledger_so_that_its_file_can_be_copied(self) -> None:
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "cases.ledger"
        SqliteLedger.create(path, "America/New_York").close()
        with TestClient(make_app(path)) as client:
            client.post("/commands", json=SELECTED, headers={"x-person": "u-1"})
            early = shutil.copy(path, path.with_name("early"))
        late = shutil.copy(path, path.with_name("late"))
        with SqliteLedger(early, read_only=True) as short, SqliteLedger(late, read_only=True) as whole:
            self.assertIn("records may be missing", short.short, "while it runs, a copy with cp may be short")
            self.assertEqual((whole.short, whole.size()), ("", 2))


class NothingEnteredTests(Served):
    """Problem documents."""

    def setUp(self) -> None:
        """A case has begun."""
        super().setUp()
        self.post(SELECTED)
        self.before = self.kept()

    def problem(self, answer: Any, status: int) -> Any:
        """The problem document of an answer, after which the ledger is as it was."""
        self.assertEqual((answer.status_code, answer.headers["content-type"]), (status, "application/problem+json"))
        self.assertEqual(answer.json()["status"], status)
        self.assertEqual(self.kept(), self.before)
        return answer.json()

    def paths(self, given: Any, **more: Any) -> list[str]:
        """Where the engine finds something wrong."""
        return [p["path"] for p in self.problem(self.post(given, **more), 422)["problems"]]

    def test_shows_everything_that_is_wrong(self) -> None:
        wrong = {**PAIRED, "day": "someday", "payload": {"pairing": 1.5, "mentor": "p 9", "extra": 0}}
        self.assertEqual(sorted(self.paths(wrong)), ["day", "payload.extra", "payload.mentor", "payload.pairing"])
        self.assertEqual(self.paths(PAIRED, person="u-2"), ["actor.person"])
        self.assertEqual(self.paths({**PAIRED, "case": "c-8", "day": "someday"}), ["day", "case"])

    def test_takes_no_actor_from_the_body(self) -> None:
        named = {"person": "u-1", "identified": "token"}
        self.assertEqual(self.paths({**PAIRED, "actor": named}), ["actor"])
        self.assertEqual(self.paths(json.dumps({**PAIRED, "actor": named}).replace("actor", "\\u0061ctor").encode()), ["actor"])
        self.assertIn("actor", self.paths({**PAIRED, "actor": named}, person="u-2"))

    def test_hands_the_bytes_to_the_strict_reader(self) -> None:
        twice = json.dumps(PAIRED).replace('"case": "c-7"', '"case": "c-8", "case": "c-7"').encode()
        self.assertEqual(self.paths(twice), ["case"])
        for body in (b"", b"[]", b"{", b"}{", b"{}{}", b'{"a": {"b": 1}', b"\xef\xbb\xbf{}", b"\xff", b'"actor"', b"[" * 99999):
            self.assertTrue(self.paths(body), body)
        self.assertIn("id", self.paths(b" {} "))

    def test_refuses_a_case_that_has_moved_on_and_an_id_that_is_spent(self) -> None:
        self.assertEqual(self.problem(self.post({**PAIRED, "expects": 0}), 409)["type"], "/problems/overtaken")
        self.assertEqual(self.problem(self.post({**PAIRED, "id": "c-7-1"}), 409)["type"], "/problems/id-reused")

    def test_says_when_others_hold_the_ledger_and_goes_on_reading(self) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other, ThreadPoolExecutor(1) as pool:
            other.execute("BEGIN IMMEDIATE")
            began, waiting, slowest = monotonic(), pool.submit(self.post, PAIRED), 0.0
            while not waiting.done():
                asked = monotonic()
                self.assertEqual(self.client.get("/cases/c-7").status_code, 200)
                slowest = max(slowest, monotonic() - asked)
            self.assertLess(slowest, WAIT / 2, "who reads does not queue behind the writer that waits")
            self.assertTrue(WAIT <= monotonic() - began < 2 * WAIT)
            answer = waiting.result()
        self.assertEqual(answer.headers["retry-after"], "1")
        self.assertEqual(self.problem(answer, 503)["type"], "/problems/busy")
        self.assertEqual(self.post(PAIRED).status_code, 201)

    def test_asks_for_json_and_for_one_person(self) -> None:
        self.problem(self.post(PAIRED, **{"content-type": "text/plain"}), 415)
        self.problem(self.client.post("/commands", json=PAIRED), 403)
        self.problem(self.client.post("/commands", json=PAIRED, headers=[("x-person", "u-1"), ("x-person", "u-2")]), 403)

    def test_tells_what_is_not_there(self) -> None:
        self.assertEqual(self.problem(self.post({**PAIRED, "case": "c-8"}), 404)["type"], "/problems/unknown-case")
        for path in ("/cases/c-8", "/cases/c-8/refusals/1", "/cases/c-7/refusals/0", "/cases/c-7/refusals/1", "/nothing"):
            self.problem(self.client.get(path), 404)
        for path in ("/feed?after=x", f"/feed?after={2**63}", f"/cases/c-7/refusals/{2**63}"):
            self.problem(self.client.get(path), 422)
        self.assertEqual(self.client.get(f"/feed?after={2**63 - 1}").content, b"")
        self.assertEqual(self.problem(self.client.put("/commands"), 405)["title"], "Method Not Allowed")


if __name__ == "__main__":
    unittest.main()
