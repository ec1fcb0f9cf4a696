"""Print the history of a case from what `candidacy export` wrote: python read_export.py FILE.jsonl CASE."""

import json
import sys
from pathlib import Path

GOOD = {"met", "waived", "not applicable"}
file, case = sys.argv[1:]
with Path(file).open("rb") as lines:
    for record in filter(lambda record: record.get("case") == case, map(json.loads, lines)):
        event, moved = record["type"].split(".")[1].replace("_", " "), record["moved"]
        way, who = f"{moved['from']} -> {moved['to']}", record["actor"]["person"]
        print(record["day"], event, record["decision"], way, f"by {who}", sep="  ")
        for finding in record["findings"] if record["decision"] == "refused" else ():
            if finding["outcome"] not in GOOD and "advises" not in finding:
                print(f"    {finding['rule']}: {finding['outcome']}")
