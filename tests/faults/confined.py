"""Runs a Python program as on a full disk: no file may grow beyond so many bytes. Binds root too, as file modes do not.

python confined.py BYTES PROGRAM ARGUMENT...
"""

import os
import resource
import sys

if __name__ == "__main__":
    most = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])  # noqa: S606 (the same interpreter)
