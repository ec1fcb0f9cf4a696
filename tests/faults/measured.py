"""Runs a program as the only child of a small parent, and prints its exit code and the most memory it held, as JSON.

python measured.py PROGRAM ARGUMENT...
"""

import json
import resource
import subprocess
import sys

if __name__ == "__main__":
    done = subprocess.run(sys.argv[1:], capture_output=True, text=True, check=False)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps({"code": done.returncode, "peak MiB": peak, "out": done.stdout[-300:], "err": done.stderr[:300]}))
