"""A real headless Chromium, driven over its DevTools protocol, and the checks of a page."""

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from base64 import b64decode

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-pipe",
)
# Chromium reads commands from file 3 and answers on file 4.
EXEC = """
import os, sys
commands, answers, *program = sys.argv[1:]
os.dup2(int(commands), 3)
os.dup2(int(answers), 4)
os.execv(program[0], program)
"""
PATIENCE = 60  # seconds
WIDTHS = (400, 1400)
SCHEMES = ("light", "dark")

NOT_SHOWN = """
Promise.all([...document.images].map(async image => {
  const what = image.alt || image.src.slice(0, 60);
  try { await image.decode(); } catch { return what; }
  return image.complete && image.naturalWidth > 0 && image.clientWidth > 0 ? null : what;
})).then(all => all.filter(Boolean))
"""

# Texts with too little contrast to the background (WCAG 2.2, level AA).
FAINT = """
(() => {
  const channels = colour => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const seen = {};
  const rgba = colour => seen[colour] ??= channels(colour);
  const light = colour => {
    const [r, g, b] = rgba(colour).map(c => c / 255).map(
      c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (rgba(colour)[3] === 255) return colour;
    }
    return 'white';
  };
  const faint = new Set();
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(style.color), light(ground(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    if ((a + .05) / (b + .05) < needed) faint.add(element.textContent.trim().slice(0, 40));
  }
  return [...faint];
})()
"""

FOCUSED = """
(() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    body: element === document.body,
    name: element.className || element.getAttribute('aria-label') || element.textContent.trim(),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
})()
"""


class Chromium:
    """A running browser; use it as a context manager.

    Parameters
    ----------
    profile : pathlib.Path
        An empty folder for its files.
    """

    def __init__(self, profile):
        theirs_in, self.commands = os.pipe()
        self.answers, theirs_out = os.pipe()
        # Above the numbers that Chromium wants them at.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs_in, theirs_out)]
        command = [PROGRAM, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", EXEC, *map(str, ends), *command],
            pass_fds=ends,
            env={**os.environ, "HOME": str(profile)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (theirs_in, theirs_out, *ends):
            os.close(end)
        self.received, self.number = b"", 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()
            os.close(self.commands)
            os.close(self.answers)

    def call(self, method, session=None, events=None, **parameters):
        """Call a method of the protocol; return its result, and add other messages to `events`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            if events is not None and "method" in answer:
                events.append(answer)

    def receive(self, patience=PATIENCE):
        """Return the next message."""
        end = time.monotonic() + patience
        while b"\0" not in self.received:
            ready, _, _ = select.select([self.answers], [], [], max(0, end - time.monotonic()))
            part = os.read(self.answers, 1 << 20) if ready else b""
            if not part:
                raise TimeoutError("Chromium does not answer")
            self.received += part
        message, _, self.received = self.received.partition(b"\0")
        return json.loads(message)

    def open(self, path, width=1400, scheme="light"):
        """Open a file in a tab of its own, on a screen of `width` pixels."""
        return Tab(self, path, width, scheme)


class Tab:
    """An open page; `events` holds what the browser reports about it."""

    def __init__(self, browser, path, width, scheme):
        self.browser, self.width = browser, width
        self.url, self.events = path.resolve().as_uri(), []
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.call("Emulation.setEmulatedMedia", features=features)
        self.call("Page.navigate", url=self.url)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(browser.receive())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.call("Target.closeTarget", targetId=self.target)

    def call(self, method, **parameters):
        """Call a method of the protocol for this page."""
        return self.browser.call(method, self.session, self.events, **parameters)

    def evaluate(self, expression):
        """Return the value of a JavaScript expression, awaited."""
        options = {"returnByValue": True, "awaitPromise": True}
        answer = self.call("Runtime.evaluate", expression=expression, **options)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def press_tab(self):
        """Press the key Tab; return what has the focus then."""
        key = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
        self.call("Input.dispatchKeyEvent", type="keyDown", **key)
        self.call("Input.dispatchKeyEvent", type="keyUp", **key)
        return self.evaluate(FOCUSED)

    def screenshot(self, whole=True):
        """Return the page as a PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        return b64decode(shot["data"])

    def pdf(self):
        """Return the page as it is printed, a PDF."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return b64decode(printed["data"])

    def complaints(self):
        """Return the warnings and errors of the console and the log, and exceptions."""
        found = []
        for event in self.events:
            told = event.get("params", {})
            if event["method"] == "Runtime.exceptionThrown":
                found.append(f"exception: {told['exceptionDetails']['text']}")
            if event["method"] == "Runtime.consoleAPICalled" and told["type"] in (
                "error",
                "warning",
                "assert",
            ):
                words = [str(part.get("value", "")) for part in told["args"]]
                found.append(f"console: {' '.join(words)}")
            if event["method"] == "Log.entryAdded" and told["entry"]["level"] in (
                "error",
                "warning",
            ):
                found.append(f"log: {told['entry']['text']}")
        return found

    def requests(self):
        """Return the addresses that the page requested, other than its own and data URIs."""
        asked = [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in asked if url != self.url and not url.startswith("data:")]


def faults(tab):
    """Return what is wrong with an open page, a sentence each; an empty list if nothing is.

    Checks the console, the network, the images, the width and the contrast of texts.
    """
    not_shown = tab.evaluate(NOT_SHOWN)
    reach = tab.evaluate("document.documentElement.scrollWidth")
    found = [f"not shown: {image}" for image in not_shown]
    if reach > tab.width:
        found.append(f"wider than the screen: {reach} of {tab.width}")
    found += [f"too faint: {text}" for text in tab.evaluate(FAINT)]
    found += [f"asked for: {url}" for url in tab.requests()]
    return found + tab.complaints()
