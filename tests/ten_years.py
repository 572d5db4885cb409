#!/usr/bin/env python3
"""Ten years of nightly evenings in one script: under a minute of the processor, memory flat, the same trace twice.

Usage: ten_years.py KARANI-SIM [YEARS]
"""
import datetime
import hashlib
import os
import subprocess
import sys
import tempfile

LIMIT_S = 60  # of the processor
FACES = 10  # of the health page, asked when its last answer is a year old


def evenings(years):
    """The script: every night one practice of ten minutes, out five minutes later at most."""
    yield "zone Europe/Berlin"
    first = datetime.date(2026, 1, 1)
    answered = None
    for number in range(365 * years):
        day = first + datetime.timedelta(days=number)
        yield f"at {day} 21:40:00"
        yield "wait 10s"
        yield "press main"
        if answered is None or (day - answered).days > 365:
            answered = day
            for _ in range(FACES):
                yield "expect page health"
                yield "wait 3s"
                yield "press main"
        yield "expect page card:sit"
        yield "wait 14m"
        yield "expect page way-out"
        yield "press main"
        yield "expect page good-night"


def run(sim, years, folder, name):
    script = os.path.join(folder, f"{name}.karani")
    trace = os.path.join(folder, f"{name}.trace")
    with open(script, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in evenings(years))
    state = os.path.join(folder, f"{name}.state")
    process = subprocess.Popen(["timeout", "--foreground", str(10 * LIMIT_S), sim, "--script", script, "--trace", trace,
                                "--state", state])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    # What was synced to the simulated card, diary and backups, lies in memory as well: that is the card's growth.
    card_kib = sum(os.path.getsize(os.path.join(state, file)) for file in os.listdir(state)) // 1024
    memory_kib = usage.ru_maxrss - card_kib
    if process.returncode != 0:
        return process.returncode, seconds, memory_kib, None, 0
    with open(trace, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = os.path.getsize(trace)
    return process.returncode, seconds, memory_kib, digest, size


def main():
    sim = sys.argv[1]
    years = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory(prefix="karani-ten-years-") as folder:
        one = run(sim, 1, folder, "one")
        first = run(sim, years, folder, "first")
        second = run(sim, years, folder, "second")
    for what, result in (("1 year", one), (f"{years} years", first), (f"{years} years again", second)):
        print(f"{what}: exit {result[0]}, {result[1]:.1f} s, {result[2]} KiB at most beside the card, trace {result[4]} bytes")
    good = all(result[0] == 0 for result in (one, first, second))
    good = good and first[3] == second[3]
    good = good and max(first[1], second[1]) < LIMIT_S
    good = good and first[2] < one[2] * 1.25
    print("the same trace twice" if first[3] == second[3] else "the two traces differ")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
