"""Cases over HTTP: a FastAPI application on a ledger file."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from candidacy import (
    Answer,
    CommandIdReusedError,
    Engine,
    InputError,
    LedgerBusyError,
    OvertakenError,
    Record,
    ReferenceRecorded,
    SqliteLedger,
    explain,
)

MOST = 500
"""Records that one answer of the feed holds."""
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}
api = APIRouter()


def make_app(path: Path) -> FastAPI:
    """The application on the ledger in *path*, which is open from its start to its end.

    It is opened twice: one that writes serves one thread at a time, and what only reads need not wait for it.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with SqliteLedger(path) as ledger, SqliteLedger(path, read_only=True) as reader:
            app.state.engine, app.state.reader = Engine(ledger), reader
            yield

    # The pages of documentation would load their scripts from elsewhere; /openapi.json stays.
    app = FastAPI(title="Cases", lifespan=lifespan, docs_url=None, redoc_url=None, exception_handlers=PROBLEMS)
    app.include_router(api)
    return app


# --- commands


@api.post("/commands", status_code=HTTPStatus.CREATED, openapi_extra=BODY)
async def submit(request: Request) -> Response:
    """Judge the command in the body, which names no actor, and keep the answer.

    201 where a record was made, whether it accepts or refuses; 200 where the same command was answered before.
    """
    engine: Engine = request.app.state.engine
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a command is application/json")
    body = with_actor(await request.body(), person(request))
    answer: Answer = await asyncio.to_thread(engine.submit, body)
    told = {"repeated": answer.repeated, **as_data(engine, answer.record)}
    return JSONResponse(told, HTTPStatus.OK if answer.repeated else HTTPStatus.CREATED)


def person(request: Request) -> str:
    """The opaque id of the person who asks, as the host's proxy names them."""
    named = request.headers.getlist("x-person")
    if len(named) != 1:  # two: one may be the client's own, which a proxy let pass
        raise HTTPException(HTTPStatus.FORBIDDEN, "the proxy has named nobody in one header X-Person")
    return str(named[0])


def with_actor(body: bytes, person: str) -> bytes:
    """The document in *body* with the actor as its last member.

    The engine reads these bytes as strictly as any. It refuses a key that stands twice, and so a body that names an
    actor of its own. What is no object is left for the engine to say what is wrong with it.
    """
    start, end = body.find(b"{"), body.rfind(b"}")
    inside = body[start + 1 : end]
    if start < 0 or end < start or body[:start].strip() or body[end + 1 :].strip():
        return body
    actor = json.dumps({"person": person, "identified": "token"})
    return b'%b{%b%b"actor": %b}' % (body[:start], inside, b", " if inside.strip() else b"", actor.encode())


# --- cases


@api.get("/cases/{case}")
async def standing(request: Request, case: str) -> dict[str, Any]:
    """Where a case stands, told from its records alone."""
    records = await of_case(request, case)
    return {
        "case": case,
        "program": records[-1].edition["program"],
        "state": records[-1].moved["to"],
        "version": records[-1].version,
        "references": [r.data["payload"] for r in records if r.type_name == ReferenceRecorded.type_name],
        "refusals": [r.index for r in records if not r.accepted],
    }


@api.get("/cases/{case}/refusals/{index}")
async def refusal(request: Request, case: str, index: int) -> dict[str, Any]:
    """Why a command was refused."""
    found = next((r for r in await of_case(request, case) if r.index == index and not r.accepted), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "no such refusal in this case")
    return as_data(request.app.state.engine, found)


@api.get("/feed")
async def feed(request: Request, after: Annotated[int, Query(ge=-1)] = -1) -> Response:
    """The records that follow the one with that index, each exactly as it was hashed, a line each.

    Whoever reads remembers the newest index they have seen, and asks again after it; an empty answer is the end so far.
    """
    reader = request.app.state.reader
    lines = await asyncio.to_thread(lambda: b"".join(r.raw + b"\n" for r in islice(reader.after(after), MOST)))
    return Response(lines, media_type="application/x-ndjson")


async def of_case(request: Request, case: str) -> list[Record]:
    """The records of a case that is there."""
    records: list[Record] = await asyncio.to_thread(request.app.state.reader.of_case, case)
    if not records:
        raise HTTPException(HTTPStatus.NOT_FOUND, "no such case in this ledger")
    return records


def as_data(engine: Engine, record: Record) -> dict[str, Any]:
    """An answer: the decision, and what speaks against it in words, each with its citation."""
    found = engine.registry.edition(record.edition)  # the edition, and whether in the very revision
    reasons = explain(record.findings, found[0] if found else None, type_name=record.type_name)
    kept = {name: record.data[name] for name in ("index", "case", "version", "type", "day", "actor", "decision", "moved")}
    return {**kept, "reasons": list(reasons)}


# --- problems


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> JSONResponse:
    """A problem document (RFC 9457)."""
    said = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(said, status, media_type="application/problem+json")


async def input_error(_: Request, wrong: Any) -> Response:
    """Everything that is wrong with a command. Nothing was entered."""
    problems = [{"path": p.path, "found": p.found, "needed": p.needed} for p in wrong.problems]
    title = "The command cannot be judged; nothing was entered"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "input", title, str(wrong), problems=problems)


async def overtaken(_: Request, wrong: Any) -> Response:
    """The case has moved on. Nothing was entered; whoever asks looks again, and decides again."""
    more = {"case": wrong.case, "expected": wrong.expected, "found": wrong.found, "between": list(wrong.between)}
    return problem(HTTPStatus.CONFLICT, "overtaken", "The case has moved on; nothing was entered", str(wrong), **more)


async def id_reused(_: Request, wrong: Any) -> Response:
    """The command's id was used with other content. Nothing was entered."""
    title = "The id of the command is spent; nothing was entered"
    return problem(HTTPStatus.CONFLICT, "id-reused", title, str(wrong), command=wrong.command, index=wrong.index)


async def busy(_: Request, __: Any) -> Response:
    """Others held the ledger for too long. Nothing was entered; the same command may be sent again."""
    title = "Others are writing to the ledger; nothing was entered"
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", title, "send the same command again")
    answer.headers["retry-after"] = "1"
    return answer


async def http_problem(_: Request, wrong: Any) -> Response:
    """What this application says itself."""
    answer = problem(wrong.status_code, "http", HTTPStatus(wrong.status_code).phrase, str(wrong.detail))
    answer.headers.update(wrong.headers or {})
    return answer


async def parameter(_: Request, wrong: Any) -> Response:
    """A path or query that cannot be read."""
    problems = [{"path": ".".join(map(str, e["loc"])), "found": "something else", "needed": e["msg"]} for e in wrong.errors()]
    detail = "; ".join(f"{p['path']}: {p['needed']}" for p in problems)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "input", "The request cannot be read", detail, problems=problems)


PROBLEMS: dict[Any, Any] = {
    InputError: input_error,
    OvertakenError: overtaken,
    CommandIdReusedError: id_reused,
    LedgerBusyError: busy,
    HTTPException: http_problem,
    RequestValidationError: parameter,
}

app = make_app(Path(os.environ.get("CASES_LEDGER", "cases.ledger")))
