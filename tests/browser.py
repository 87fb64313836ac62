"""A headless Chromium, driven over its debugging pipe: no port, no package, nothing installed.

Messages are JSON, a NUL byte after each: the browser reads file descriptor 3 and writes 4. The
protocol is at https://chromedevtools.github.io/devtools-protocol/.
"""

import base64
import contextlib
import fcntl
import itertools
import json
import os
import select
import shutil
import subprocess
import time

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WAIT = 60.0
"""Seconds for which an answer is waited for before the test fails."""
_SWITCHES = (
    "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-extensions", "--disable-sync", "--disable-dev-shm-usage", "--mute-audio",
    "--autoplay-policy=no-user-gesture-required", "--hide-scrollbars",
)  # fmt: skip


def _high(descriptor):
    """Move a file descriptor out of the way of those that the browser's are copied onto."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


def executable():
    """Return the browser's path, or skip the test and say why."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser is installed (looked for {', '.join(NAMES)})")
    return found


class Browser:
    """One browser process; pages come from :meth:`page`."""

    def __init__(self, profile):
        there, self._out = map(_high, os.pipe())
        self._in, back = map(_high, os.pipe())

        def wire():
            os.dup2(there, 3)
            os.dup2(back, 4)

        self._process = subprocess.Popen(
            [executable(), *_SWITCHES, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=wire,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(there)
        os.close(back)
        self._ids = itertools.count(1)
        self._rest = b""
        self.events = []

    def close(self):
        with contextlib.suppress(OSError):
            self.call("Browser.close")
        for end in (self._out, self._in):
            os.close(end)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def call(self, method, session=None, **params):
        """Send a command and return its result; what happens meanwhile is kept in ``events``."""
        number = next(self._ids)
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def read(self):
        """Return the next message; an event is kept as well."""
        deadline = time.monotonic() + WAIT
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"the browser said nothing for {WAIT:.0f} s"
            data = os.read(self._in, 2**20)
            assert data, "the browser has gone"
            self._rest += data
        text, self._rest = self._rest.split(b"\0", 1)
        message = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message

    def page(self, address, *, width=1280, height=900, dark=False, ready=True):
        """Open an address in a tab of its own."""
        return Page(self, address, width, height, dark, ready)


class Page:
    """A tab: scripts, keys, pointer, screenshots, and what it asked for and complained of."""

    def __init__(self, browser, address, width, height, dark, ready):
        self._browser = browser
        context = browser.call("Target.createBrowserContext")["browserContextId"]
        self._target = browser.call(
            "Target.createTarget", url="about:blank", browserContextId=context
        )["targetId"]
        self._session = browser.call(
            "Target.attachToTarget", targetId=self._target, flatten=True
        )["sessionId"]  # fmt: skip
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.resize(width, height)
        self.prefer(**{"prefers-color-scheme": "dark" if dark else "light"})
        self.call("Page.navigate", url=str(address))
        if ready:
            self.until("document.documentElement?.dataset.ready === 'true'")

    def call(self, method, **params):
        return self._browser.call(method, self._session, **params)

    def close(self):
        self._browser.call("Target.closeTarget", targetId=self._target)

    def events(self, *methods):
        """Return the parameters of this tab's events of those kinds, in order."""
        return [
            event["params"]
            for event in self._browser.events
            if event.get("sessionId") == self._session and event["method"] in methods
        ]

    def resize(self, width, height, *, mobile=False, scale=1):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=mobile,
        )  # fmt: skip

    def prefer(self, **features):
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": name, "value": value} for name, value in features.items()],
        )

    def run(self, script):
        """Return the JSON value of an expression; a promise is awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, (script, answer["exceptionDetails"])
        return answer["result"].get("value")

    def until(self, condition):
        """Wait until an expression holds, looking again at every picture the page draws."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            try:
                if self.run(f"new Promise(r => setTimeout(() => r(Boolean({condition})), 16))"):
                    return
            except AssertionError as error:
                if "navigated" not in str(error) and "context" not in str(error):
                    raise
        raise AssertionError(f"never came true within {WAIT:.0f} s: {condition}")

    def key(self, name, *, shift=False):
        """Press a key and let it go; ``name`` as in KeyboardEvent.key."""
        text = name if len(name) == 1 else None
        common = {"key": name, "modifiers": 8 if shift else 0}
        if name == "Tab":
            common |= {"code": "Tab", "windowsVirtualKeyCode": 9}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text or "", **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, x, y):
        self.drag((x, y))

    def drag(self, *places):
        """Press at the first place, move over the others, and let go at the last."""
        button = {"button": "left", "clickCount": 1}
        self.mouse("mouseMoved", *places[0])
        self.mouse("mousePressed", *places[0], **button)
        for place in places[1:]:
            self.mouse("mouseMoved", *place, button="left", buttons=1)
        self.mouse("mouseReleased", *places[-1], **button)

    def box(self, selector):
        """Return [left, top, width, height] of an element on the screen, scrolled into view."""
        return self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()"
        )

    def requests(self):
        """Return the addresses that the page asked for."""
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]

    def complaints(self):
        """Return errors, warnings and refusals: whatever a clean page does not have."""
        found = [
            json.dumps(event)[:600]
            for event in self.events("Runtime.exceptionThrown", "Log.entryAdded")
        ]
        said = self.events("Runtime.consoleAPICalled")
        return found + [json.dumps(e)[:600] for e in said if e["type"] in ("error", "warning")]

    def screenshot(self, path=None, *, whole=False):
        """Return the page as PNG bytes; ``whole`` for all of it and not just what is on screen."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        data = base64.b64decode(answer["data"])
        if path is not None:
            path.write_bytes(data)
        return data

    def accessible(self):
        """Return (role, name) of everything that a screen reader is told of."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [
            (node.get("role", {}).get("value", ""), node.get("name", {}).get("value", ""))
            for node in nodes
            if not node.get("ignored")
        ]
