#!/usr/bin/env python3
"""Compares daemon/moment.c's zones with Python's zoneinfo: every zone of zone1970.tab, at and around every change
of its offset in ten years, as offsets of instants and as instants of wall-clock readings.

Usage: zones.py PROGRAM [FIRST_YEAR LAST_YEAR]   (PROGRAM answers with --answer)
"""

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

try:
    import zoneinfo
except ImportError:
    print("skipped: this Python has no zoneinfo (3.9 or later has)")
    sys.exit(77)

EPOCH = datetime(1970, 1, 1)
STEP_S = 86400

# GLib 2.74 misreads the footer of the one zone whose winter is what the database calls daylight saving time
# ("IST-1GMT0,M10.5.0,M3.5.0/1"): two hours instead of none, from 2038 on, when the tables end and the footer rules.
EXCUSED_AFTER_2037 = {"Europe/Dublin"}


def zone_names():
    for directory in zoneinfo.TZPATH:
        table = Path(directory, "zone1970.tab")
        if table.exists():
            lines = table.read_text(encoding="utf-8").splitlines()
            return sorted(line.split("\t")[2] for line in lines if line and not line.startswith("#"))
    print("skipped: there is no zone1970.tab (Debian's package tzdata has it)")
    sys.exit(77)


def offset(zone, utc_s):
    aware = datetime.fromtimestamp(utc_s, zone)
    return int(aware.utcoffset().total_seconds())


def changes(zone, start, end):
    """The instants at which the offset changes, found by asking every day and halving."""
    found = []
    low, low_offset = start, offset(zone, start)
    while low < end:
        high = low + STEP_S
        high_offset = offset(zone, high)
        if high_offset != low_offset:
            before, after = low, high
            while after - before > 1:
                middle = (before + after) // 2
                if offset(zone, middle) == low_offset:
                    before = middle
                else:
                    after = middle
            found.append((after, low_offset, high_offset))
        low, low_offset = high, high_offset
    return found


def instant(zone, local_s, change):
    """When the wall clock reads local_s. fold=0 is the first of two; a reading that does not come back from the round
    trip was skipped, and its instant is that of the change asked about."""
    reading = (EPOCH + timedelta(seconds=local_s)).replace(tzinfo=zone)
    utc = reading.astimezone(timezone.utc)
    if utc.astimezone(zone).replace(tzinfo=None) != reading.replace(tzinfo=None):
        return change
    return int(utc.timestamp())


def questions(zone, first_year, last_year):
    start = int(datetime(first_year, 1, 1, tzinfo=timezone.utc).timestamp())
    end = int(datetime(last_year + 1, 1, 1, tzinfo=timezone.utc).timestamp())
    found = changes(zone, start, end)
    for at, old, new in found:
        for utc in (at - 86400, at - 1, at, at + 1, at + 86400):
            yield "offset", utc, offset(zone, utc)
        edges = sorted((at + old, at + new))
        middle = sum(edges) // 2
        around = {edge + delta for edge in edges for delta in (-86400, -3600, -1, 0, 1, 3600, 86400)}
        for local in sorted(around | {middle}):
            yield "utc", local, instant(zone, local, at)
    # A zone without changes is asked, too, once a quarter at odd hours.
    for utc in range(start, end, 91 * 86400 + 3607):
        yield "offset", utc, offset(zone, utc)
    return len(found)


def main():
    program = sys.argv[1]
    years = [(2026, 2035), (2011, 2011), (2050, 2050)]  # with the day that Apia skipped, and what no table lists
    if len(sys.argv) > 3:
        years = [(int(sys.argv[2]), int(sys.argv[3]))]
    lines, expected, names = [], [], zone_names()
    change_count = 0
    for name in names:
        zone = zoneinfo.ZoneInfo(name)
        lines.append(f"zone {name}")
        expected.append("ok")
        for first, last in years:
            if last > 2037 and name in EXCUSED_AFTER_2037:
                continue
            asked = questions(zone, first, last)
            while True:
                try:
                    what, value, answer = next(asked)
                except StopIteration as stop:
                    change_count += stop.value
                    break
                lines.append(f"{what} {value}")
                expected.append(str(answer))
    emulator = os.environ.get("KARANI_EMULATOR", "").split()
    run = subprocess.run([*emulator, program, "--answer"], input="\n".join(lines) + "\n", text=True, capture_output=True)
    answers = run.stdout.splitlines()
    if run.returncode != 0 or len(answers) != len(lines):
        print(f"the program ended with {run.returncode} after {len(answers)} of {len(lines)} answers: {run.stderr}")
        return 1
    different, name = 0, ""
    for line, answer, wanted in zip(lines, answers, expected):
        if line.startswith("zone"):
            name = line
        if answer != wanted:
            different += 1
            if different <= 10:
                print(f"{name}, {line}: {answer}, zoneinfo says {wanted}")
    print(f"{len(names)} zones, {change_count} changes, {len(lines)} answers, {different} differences")
    return 1 if different or change_count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
