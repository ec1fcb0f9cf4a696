"""Cases over HTTP: a FastAPI application on a ledger file."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from itertools import islice
from typing import Annotated, Any

from attrs import asdict
from fastapi import APIRouter, FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from candidacy import (
    Actor,
    Answer,
    CommandIdReusedError,
    Engine,
    InputError,
    LedgerBusyError,
    OvertakenError,
    Record,
    SqliteLedger,
    UnknownCaseError,
    statuses,
)

MOST = 500
"""Records that one answer of the feed holds."""
LARGEST = 2**63 - 1
"""An index, as SQLite counts."""
WAIT = 2.0
"""Seconds for which the ledger waits for another process. Requests that queue behind one that waits wait longer."""
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}
api = APIRouter()


def make_app(path: str) -> FastAPI:
    """The application on the ledger in *path*, which is open from its start to its end.

    It is opened twice, so that who only reads does not queue behind a writer that waits.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with SqliteLedger(path, wait=WAIT) as ledger, SqliteLedger(path, read_only=True) as reader:
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
    answer: Answer = await asyncio.to_thread(engine.submit, await request.body(), actor=actor(request))
    told = {"repeated": answer.repeated, **as_data(engine, answer.record)}
    return JSONResponse(told, HTTPStatus.OK if answer.repeated else HTTPStatus.CREATED)


def actor(request: Request) -> Actor:
    """The person who asks, by the opaque id with which the host's proxy names them."""
    named = request.headers.getlist("x-person")
    if len(named) != 1:  # two: one may be the client's own, which a proxy let pass
        raise HTTPException(HTTPStatus.FORBIDDEN, "the proxy has named nobody in one header X-Person")
    return Actor(named[0], identified="token")


# --- cases


@api.get("/cases/{case}")
def standing(request: Request, case: str) -> dict[str, Any]:
    """Where a case stands. The number of its records is the version that a command may expect."""
    records: list[Record] = request.app.state.reader.of_case(case)
    if not records:
        raise HTTPException(HTTPStatus.NOT_FOUND, "no such case in this ledger")
    return {**next(statuses(records)).as_data(), "refusals": [r.index for r in records if not r.accepted]}


@api.get("/cases/{case}/refusals/{index}")
def refusal(request: Request, case: str, index: Annotated[int, Path(ge=0, le=LARGEST)]) -> dict[str, Any]:
    """Why a command was refused."""
    record: Record | None = request.app.state.reader.record(index)
    if record is None or record.case != case or record.accepted:
        raise HTTPException(HTTPStatus.NOT_FOUND, "no such refusal in this case")
    return as_data(request.app.state.engine, record)


@api.get("/feed")
def feed(request: Request, after: Annotated[int, Query(ge=-1, le=LARGEST)] = -1) -> Response:
    """The records that follow the one with that index, each exactly as it was hashed, a line each.

    Whoever reads remembers the newest index they have seen, and asks again after it; an empty answer is the end so far.
    """
    records = islice(request.app.state.reader.after(after), MOST)
    return Response(b"".join(record.raw + b"\n" for record in records), media_type="application/x-ndjson")


def as_data(engine: Engine, record: Record) -> dict[str, Any]:
    """An answer: the decision, and what speaks against it, each with its citation."""
    kept = {name: record.data[name] for name in ("index", "case", "version", "type", "day", "actor", "decision", "moved")}
    return {**kept, "reasons": [reason.as_data() for reason in engine.reasons(record)]}


# --- problems


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> JSONResponse:
    """A problem document (RFC 9457)."""
    said = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(said, status, media_type="application/problem+json")


async def input_error(_: Request, wrong: Any) -> Response:
    """Everything that is wrong with a command. Nothing was entered."""
    title, problems = "The command cannot be judged; nothing was entered", [asdict(p) for p in wrong.problems]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "input", title, str(wrong), problems=problems)


async def unknown_case(_: Request, wrong: Any) -> Response:
    """Nothing else is wrong with the command. Nothing was entered."""
    return problem(HTTPStatus.NOT_FOUND, "unknown-case", "The case has not begun; nothing was entered", str(wrong))


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
    UnknownCaseError: unknown_case,
    OvertakenError: overtaken,
    CommandIdReusedError: id_reused,
    LedgerBusyError: busy,
    HTTPException: http_problem,
    RequestValidationError: parameter,
}

app = make_app(os.environ.get("CASES_LEDGER", "cases.ledger"))
