"""A Chromium without a window, asked over two pipes in its own protocol: nothing is written into the pages that are read.

Needs Debian's chromium on the PATH.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe", "--force-color-profile=srgb")

AS_THREE_AND_FOUR = """
import fcntl, os, sys
for end, number in [(fcntl.fcntl(int(end), fcntl.F_DUPFD, 10), n) for n, end in enumerate(sys.argv[1:3], 3)]:
    os.dup2(end, number)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium reads at 3 and writes at 4."""


class Browser:
    """One tab."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = os.fdopen(to, "wb"), os.fdopen(back, "rb")
        self._count, self._session, self._read = 0, "", b""
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **given: Any) -> Any:
        """What one method of the protocol answers."""
        self._count += 1
        session = {"sessionId": self._session} if self._session else {}
        self._to.write(json.dumps({"id": self._count, "method": method, "params": given, **session}).encode() + b"\0")
        self._to.flush()
        while True:
            said = self._next()
            if said.get("id") == self._count:
                assert "error" not in said, said["error"]
                return said["result"]
            self.events.append(said)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            more = os.read(self._back.fileno(), 1 << 20)
            assert more, "chromium has ended"
            self._read += more
        one, _, self._read = self._read.partition(b"\0")
        return json.loads(one)  # type: ignore[no-any-return]

    def open(self, page: Path, *, width: int = 1280, height: int = 900) -> None:
        """Open a page from the file system in a window of that width, in pixels."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.events.clear()
        self.ask("Page.navigate", url=page.as_uri())
        while not any(said.get("method") == "Page.loadEventFired" for said in self.events):
            self.events.append(self._next())

    def run(self, script: str) -> Any:
        """What a script of ours gives on the page that is open; the page's own policy binds the page, not us."""
        done = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    @property
    def fetched(self) -> list[str]:
        """What was asked for since the page was opened."""
        return [said["params"]["request"]["url"] for said in self.events if said.get("method") == "Network.requestWillBeSent"]

    def picture(self, file: Path) -> None:
        """What can be seen, as PNG."""
        file.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]))


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A Chromium that ends with the block."""
    found = shutil.which("chromium")
    assert found, "needed chromium on the PATH: apt-get install chromium"
    (its_in, to), (back, its_out) = os.pipe(), os.pipe()
    started = subprocess.Popen(
        [sys.executable, "-c", AS_THREE_AND_FOUR, str(its_in), str(its_out), found, *FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(its_in, its_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in (its_in, its_out):
        os.close(end)
    browser = None
    try:
        browser = Browser(to, back)
        yield browser
    finally:
        if browser is not None:
            browser._session = ""  # noqa: SLF001 (the whole browser is asked, not its tab)
            browser._to.write(b'{"id": 0, "method": "Browser.close"}\0')  # noqa: SLF001
            browser._to.flush()  # noqa: SLF001
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
