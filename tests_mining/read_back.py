"""Reads FILE.xes and FILE.jsonocel with pm4py and prints as JSON what it understood.

A program of its own, run by an interpreter of its own: pm4py is under the AGPL and is nowhere imported by Candidacy.
It knows nothing of Candidacy but the names of attributes.
"""

import json
import sys
import warnings
from typing import Any

import pandas as pd
import pm4py

CASE, NAME, TIME = "case:concept:name", "concept:name", "time:timestamp"


def understood(log: pd.DataFrame) -> dict[str, Any]:
    """What pm4py makes of a log: its events in order of time, how cases begin and end, and the order of stages."""
    log = log.sort_values([CASE, TIME], kind="stable")  # format_dataframe would also make days of what looks like one
    moves = log[(log["decision"] == "accepted") & (log["stage"] != log["stage_from"])].copy()
    moves[NAME] = moves["stage"]
    return {
        "cases": log[CASE].nunique(),
        "events": [{k: plain(v) for k, v in event.items()} for event in log.to_dict("records")],
        "starts": pm4py.get_start_activities(log),
        "ends": pm4py.get_end_activities(log),
        "stages": {program: order(moves[moves["case:program"] == program]) for program in sorted(set(moves["case:program"]))},
    }


def order(moves: pd.DataFrame) -> dict[str, Any]:
    """The directly-follows graph of stages, as pm4py discovers it."""
    follows, starts, ends = pm4py.discover_dfg(moves)
    return {"follows": sorted([a, b, n] for (a, b), n in follows.items()), "starts": starts, "ends": ends}


def plain(value: object) -> object:
    """An instant as RFC 3339 in UTC; anything else as it is."""
    return value.tz_convert("UTC").isoformat(timespec="microseconds") if isinstance(value, pd.Timestamp) else value


def main() -> None:
    """Print what was read from the two files."""
    warnings.simplefilter("ignore")
    xes, ocel = pm4py.read_xes(sys.argv[1]), pm4py.read_ocel2_json(sys.argv[2])
    objects = ocel.objects[["ocel:oid", "ocel:type"]].itertuples(index=False)
    related = ocel.relations[["ocel:eid", "ocel:qualifier", "ocel:oid"]].itertuples(index=False)
    belongs = ocel.o2o[["ocel:oid", "ocel:qualifier", "ocel:oid_2"]].itertuples(index=False)
    found = {
        "pm4py": pm4py.__version__,
        "xes": understood(xes),
        "ocel": understood(pm4py.ocel_flattening(ocel, "case")),
        "objects": sorted(map(list, objects)),
        "related": sorted(map(list, related)),
        "belongs": sorted(map(list, belongs)),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
