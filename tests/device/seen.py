"""What a story can see of its machine and do to it: the bench's log, the daemon's own words, the button."""

import json

from machine import Failure

MAIN = 21
# BUSY is high after a reset as well, but not so long.
REFRESH_AT_LEAST_MS = 200
ASLEEP_WITHIN_MS = 3000
# How long something may take that has no time of its own.
PATIENCE_S = 30


def expect(condition, words):
    if not condition:
        raise Failure(words)


# --- what the bench saw

def of(events, name):
    return [event for event in events if event["event"] == name]


def after(events, boot_ms):
    return [event for event in events if event["boot_ms"] > boot_ms]


def is_asleep(device):
    return device.bench("status")["asleep"]


def is_driven(panel):
    return panel["busy"] and not panel["asleep"]


def no_violation(device):
    found = of(device.events(), "violation")
    expect(not found, f"the emulated chip saw a violation: {found}")


def refreshes(events):
    """When each refresh began and ended: BUSY was high for long, and not because the panel slept."""
    found, rose_ms = [], None
    for event in events:
        if event["event"] == "busy" and event["high"]:
            rose_ms = event["boot_ms"]
        elif event["event"] == "asleep":
            rose_ms = None
        elif event["event"] == "busy" and rose_ms is not None:
            if event["boot_ms"] - rose_ms >= REFRESH_AT_LEAST_MS:
                found.append((rose_ms, event["boot_ms"]))
            rose_ms = None
    return found


def asleep_after(device, since_ms, what):
    """The panel sleeps at `since_ms`, or within 3 s after it or after the end of a refresh that runs then."""
    before = [event["yes"] for event in of(device.events(), "asleep") if event["boot_ms"] <= since_ms]
    if before and before[-1]:
        return 0

    def slept():
        events = device.events()
        return [event["boot_ms"] for event in after(of(events, "asleep"), since_ms) if event["yes"]]
    asleep_ms = device.until(f"the panel asleep after {what}", slept, PATIENCE_S)[0]
    ended_ms = max([since_ms, *(end for begun, end in refreshes(device.events()) if begun <= since_ms < end)])
    expect(asleep_ms - ended_ms <= ASLEEP_WITHIN_MS, f"asleep {asleep_ms - ended_ms:.0f} ms after {what}")
    return asleep_ms - ended_ms


def every_refresh_ended_asleep(device):
    events = device.events()
    for _, end_ms in refreshes(events):
        slept = [event["boot_ms"] for event in after(of(events, "asleep"), end_ms) if event["yes"]]
        expect(slept and slept[0] - end_ms <= ASLEEP_WITHIN_MS, f"not asleep 3 s after the refresh until {end_ms}")


# --- the device under the hands of a story

def status(device):
    """What the daemon tells of itself; nothing while it does not run."""
    return json.loads(device.try_read("/run/karani/status.json") or "{}")


def until_page(device, page, limit_s=PATIENCE_S):
    def shown():
        return status(device).get("page") == page
    return device.until(f"page {page}", shown, limit_s)


def until_quiet(device, glasses_before, limit_s):
    """Another picture, and the panel asleep."""
    device.until("a new picture on the glass", lambda: len(of(device.events(), "glass")) > glasses_before, limit_s)


def press(device):
    """A press; returns when the button came up, which is when it counts."""
    presses = len(of(device.events(), "pull"))
    device.bench(f"press {MAIN} 120")
    device.until("the button up", lambda: len(of(device.events(), "pull")) == presses + 2, PATIENCE_S)
    return of(device.events(), "pull")[-1]["boot_ms"]


def sessions(device):
    said = device.shell("karanictl export --format jsonl")
    rows = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return [row for row in rows if "uuid" in row]
