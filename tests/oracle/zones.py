#!/usr/bin/env python3
"""Compares daemon/core/clock.c and night.c with Python's zoneinfo: every zone of zone1970.tab, ten years of nights.

Each day is asked for the instant, the offset and the night of sessions before, at and after midnight and noon; each
change of a zone's offset for readings and instants around it and all through the hour that is skipped or comes twice.

Usage: zones.py PROGRAM [--whole] [--jobs N]

PROGRAM answers with --answer. All changes are asked; of the days every twentieth, in each zone others, or all of them.
"""

import argparse
import os
import resource
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

try:
    import zoneinfo
except ImportError:
    print("skipped: this Python has no zoneinfo (3.9 or later has)")
    sys.exit(77)

EPOCH = datetime(1970, 1, 1)
EPOCH_DAY = date(1970, 1, 1).toordinal()
DAY_S = 86400
STRIDE_DAYS = 20
ZONES_AT_ONCE = 20  # of one start of the program, which under an emulator takes longer than the answers
READINGS = [time(0, 0, 0), time(0, 0, 1), time(11, 59, 59), time(12, 0, 0), time(12, 0, 1), time(23, 59, 59)]
NIGHTS = (2026, 2035)
# The day that Apia skipped, and what no table lists any more: only around their changes.
CHANGES = [NIGHTS, (2011, 2011), (2050, 2050)]

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


def offset_of(aware):
    offset = aware.utcoffset()
    return offset.days * DAY_S + offset.seconds


def night_of(aware):
    """Noon to noon, by the date of the evening."""
    return (aware.date() if aware.hour >= 12 else aware.date() - timedelta(days=1)).isoformat()


def told(aware):
    """What the program says of an instant: its offset and its night."""
    return f"{offset_of(aware)} {night_of(aware)}"


def changes_of(zone, first_year, last_year):
    """The instants at which the offset changes, with both offsets: found by asking every day and halving."""
    def offset(utc_s):
        return offset_of(datetime.fromtimestamp(utc_s, zone))

    found = []
    low = int(datetime(first_year, 1, 1, tzinfo=timezone.utc).timestamp())
    end = int(datetime(last_year + 1, 1, 1, tzinfo=timezone.utc).timestamp())
    low_offset = offset(low)
    while low < end:
        high = low + DAY_S
        high_offset = offset(high)
        if high_offset != low_offset:
            before, after = low, high
            while after - before > 1:
                middle = (before + after) // 2
                if offset(middle) == low_offset:
                    before = middle
                else:
                    after = middle
            found.append((after, low_offset, high_offset))
        low, low_offset = high, high_offset
    return found


def instant_of(reading, changes):
    """When the wall clock reads that, as seconds and as a date: fold=0 is the first of two. What does not come back
    from the round trip was skipped, and its instant is that of the jump over it."""
    utc_s = int(reading.timestamp())
    aware = datetime.fromtimestamp(utc_s, reading.tzinfo)
    if aware == reading:  # of one zone: the wall clock's readings are compared
        return utc_s, aware
    local_s = int((reading.replace(tzinfo=None) - EPOCH).total_seconds())
    utc_s = next(at for at, old, new in changes if at + old <= local_s < at + new)
    return utc_s, datetime.fromtimestamp(utc_s, reading.tzinfo)


def ask_change(zone, change, changes):
    """Questions around one change and inside of it, with their answers."""
    at, old, new = change
    edges = sorted((at + old, at + new))
    inside = [edges[0] + (edges[1] - edges[0]) * sixth // 6 for sixth in range(1, 6)]
    around = [edge + delta for edge in edges for delta in (-DAY_S, -DAY_S // 2, -3600, -1, 0, 1, 3600, DAY_S // 2, DAY_S)]
    for local_s in sorted({*around, *inside}):
        utc_s, aware = instant_of((EPOCH + timedelta(seconds=local_s)).replace(tzinfo=zone), changes)
        yield f"utc {local_s}", str(utc_s)
        yield f"at {utc_s}", told(aware)
    seam = [at + (new - old) * sixth // 6 for sixth in range(-6, 7)]  # an hour that comes twice, both times
    for utc_s in sorted({*seam, at - DAY_S, at - 1, at + 1, at + DAY_S}):
        yield f"at {utc_s}", told(datetime.fromtimestamp(utc_s, zone))


def ask_day(zone, day, changes):
    """The sessions of one calendar day."""
    answers = []
    for clock in READINGS:
        utc_s, aware = instant_of(datetime.combine(day, clock, zone), changes)
        answers.append(f"{utc_s} {told(aware)}")
    return f"day {day.toordinal() - EPOCH_DAY}", " ".join(answers)


def ask_zone(name, number, stride):
    """All questions about a zone, with their answers, and how many changes and nights were among them."""
    zone = zoneinfo.ZoneInfo(name)
    asked, change_count = [(f"zone {name}", "ok")], 0
    for years in CHANGES:
        if years[1] > 2037 and name in EXCUSED_AFTER_2037:
            continue
        changes = changes_of(zone, *years)
        change_count += len(changes)
        for change in changes:
            asked += ask_change(zone, change, changes)
        if years == NIGHTS:
            first, last = (date(years[0], 1, 1).toordinal(), date(years[1], 12, 31).toordinal())
            days = range(first + number % stride, last + 1, stride)
            asked += [ask_day(zone, date.fromordinal(day), changes) for day in days]
    return asked, change_count, len(days)


def compare(program, asked):
    """How many of the program's answers differ."""
    emulator = os.environ.get("KARANI_EMULATOR", "").split()
    questions = "".join(question + "\n" for question, _ in asked)
    run = subprocess.run([*emulator, program, "--answer"], input=questions, text=True, capture_output=True)
    answers = run.stdout.splitlines()
    if run.returncode != 0 or len(answers) != len(asked):
        sys.exit(f"after {asked[0][0]}: the program ended with {run.returncode} after {len(answers)} of {len(asked)} "
                 f"answers: {run.stderr}")
    zone, told_of, wrong = "", Counter(), 0
    for answer, (question, wanted) in zip(answers, asked):
        zone = question if question.startswith("zone ") else zone
        if answer != wanted:
            wrong += 1
            told_of[zone] += 1
            if told_of[zone] <= 3:
                print(f"{zone}, {question}: {answer}, zoneinfo says {wanted}")
    return wrong


def work(arguments, part):
    """Every jobs-th zone; the sums as zones, changes, nights, answers, differences."""
    names = list(enumerate(zone_names()))[part::arguments.jobs]
    sums = [len(names), 0, 0, 0, 0]
    for at in range(0, len(names), ZONES_AT_ONCE):
        asked = []
        for number, name in names[at:at + ZONES_AT_ONCE]:
            questions, changes, nights = ask_zone(name, number, arguments.stride)
            asked += questions
            sums = [one + other for one, other in zip(sums, (0, changes, nights, len(questions), 0))]
        sums[4] += compare(arguments.program, asked)
    return sums


def share(arguments):
    """The same by several processes: this program again, a part each."""
    parts = [subprocess.Popen([sys.executable, *sys.argv, "--part", str(part)], stdout=subprocess.PIPE, text=True)
             for part in range(arguments.jobs)]
    sums = [0] * 5
    for process in parts:
        *words, last = process.communicate()[0].splitlines() or [""]
        print("\n".join(words), end="\n" if words else "")
        if process.returncode != 0:
            sys.exit(last or process.returncode)
        sums = [one + int(other) for one, other in zip(sums, last.split())]
    return sums


def processor_s():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main():
    parser = argparse.ArgumentParser(description="Compares zones and nights with Python's zoneinfo.")
    parser.add_argument("program")
    parser.add_argument("--whole", dest="stride", action="store_const", const=1, default=STRIDE_DAYS)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    zone_names()  # skips here, if at all
    if arguments.part is not None:
        print(*work(arguments, arguments.part))
        return 0
    zones, changes, nights, answers, wrong = share(arguments) if arguments.jobs > 1 else work(arguments, 0)
    print(f"{zones} zones, {nights} days, {changes} changes, {answers} answers, {wrong} differences, "
          f"{processor_s():.0f} s of processor time")
    return 1 if wrong or changes == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
