#!/usr/bin/env python3
"""A card that is full, or can only be read, under the running daemon, at its start, and under karanictl alone: ext4 of a
few MiB on a loop device.

Usage: tests/card.py PROGRAMS   (the directory of the built programs)

Small file systems have blocks of 1 KiB, where a mapped file may be full of holes; cards have blocks of 4 KiB. Whatever
is full, nobody breaks off, the daemon says what is wrong, and goes on once there is room. Needs root, mkfs.ext4 and a
loop device; what is mounted is seen by this process alone, and goes with it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from control import Device, expect, wait_for

SKIPPED = 77
ROUNDS = 4  # of filling a card
LONG_NOTE = 3000 * "x"
HEADER = ("uuid,night,started_utc,utc_offset,zone,clock,routine,variant,planned_s,held_s,overtime_s,outcome,note\r\n")
ROW = ("00000000-0000-4000-8000-{:012},2026-02-01,2026-02-01T20:40:00Z,+00:00,UTC,set,legs-up-the-wall,wall,600,600,0,"
       "finished,{}\r\n")


def mount(place, block_b):
    """A card with room for a diary; None where none can be had."""
    image, card = place / "image", place / "card"
    card.mkdir()
    with open(image, "wb") as file:
        file.truncate(12 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-b", str(block_b), image], check=True)
    done = subprocess.run(["mount", "-o", "loop", image, card], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"skipped: no loop device can be mounted here: {done.stderr.strip()}")
        sys.exit(SKIPPED)
    return card


def fill(card):
    """To the last block, and the last byte in it. Until it is written, the file system keeps some back for itself."""
    with open(card / "filler", "wb", buffering=0) as filler:
        for _ in range(ROUNDS):
            for size in (65536, 4096, 1024, 1):
                try:
                    while True:
                        filler.write(bytes(size))
                except OSError:
                    pass
            os.fsync(filler.fileno())


def empty(card):
    """What was deleted can be used again once the file system's journal says so."""
    (card / "filler").unlink()
    place = os.open(card, os.O_RDONLY)
    os.fsync(place)
    os.close(place)


def add(device, night, note=""):
    return device.ctl("add", "--night", night, "--minutes", "10", "--note", note)


def expect_refused(status, error):
    """Told in one sentence, and nobody broke off."""
    expect(status, 1, f"adding to a full card: {error!r}")
    expect(error.count("\n"), 1, f"the lines of {error!r}")
    if "full" not in error:
        sys.exit(f"the card is full, and karanictl says: {error!r}")


def expect_trouble(device, words):
    if words not in (device.status()["trouble"] or ""):
        sys.exit(f"the trouble is not {words!r}, but {device.status()['trouble']!r}")


def nights(device):
    return [line.split(",")[1] for line in device.ctl("export")[1].splitlines()[1:]]


def on_card(programs, place, card):
    (place / "tree").mkdir()
    device = Device(programs, place / "tree")
    device.state = card / "state"
    try:
        fill_and_empty(device, card)
        read_only(device, card)
    finally:
        if device.process is not None:
            device.process.kill()
            device.process.wait()


def close(device, night):
    """The daemon is killed, and the diary closed well by karanictl, which adds to it; that takes no panel along."""
    expect(device.stop("kill"), -9, "the daemon's end")
    expect(add(device, night)[0], 0, "adding to it")


def fill_and_empty(device, card):
    expect(add(device, "2026-03-01")[0], 0, "adding before")
    # By karanictl alone.
    fill(card)
    status, _, error = add(device, "2026-03-02", LONG_NOTE)
    expect_refused(status, error)
    # At the daemon's start.
    device.start()
    wait_for(lambda: device.status()["kept"] is False, "the word that nothing is kept")
    expect_trouble(device, "The storage is full")
    empty(card)
    wait_for(lambda: add(device, "2026-03-03")[0] == 0, "a session that is kept")
    wait_for(lambda: device.status()["kept"] is True, "the word that all is kept")
    # Under the running daemon, which has written nothing yet.
    close(device, "2026-03-04")
    device.start()
    fill(card)
    kept = ["2026-03-01", "2026-03-03", "2026-03-04"]
    for night in ("2026-03-05", "2026-03-06"):  # the log has its room
        expect(add(device, night)[0], 0, "adding to a card that is full by now")
        kept.append(night)
    rows = device.tree / "rows.csv"
    rows.write_text(HEADER + "".join(ROW.format(n, LONG_NOTE) for n in range(200)))  # which has no room for so many
    status, _, error = device.ctl("import", str(rows))
    expect_refused(status, error)
    expect(device.process.poll(), None, "the daemon's end")
    expect(nights(device), kept, "the nights in the diary")
    empty(card)
    close(device, "2026-03-07")
    expect(nights(device), [*kept, "2026-03-07"], "the nights in the diary")


def read_only(device, card):
    """At the daemon's start, with a diary that was closed well."""
    subprocess.run(["mount", "-o", "remount,ro", card], check=True)
    device.start()
    expect(device.status()["kept"], False, "whether anything is kept")
    expect_trouble(device, "cannot be written")
    status, _, error = add(device, "2026-03-31")
    expect(status, 1, f"adding to a card that can only be read: {error!r}")
    if "cannot be written" not in error:
        sys.exit(f"the card can only be read, and karanictl says: {error!r}")
    expect(device.stop("kill"), -9, "the daemon's end")
    subprocess.run(["mount", "-o", "remount,rw", card], check=True)


def main():
    programs = Path(sys.argv[1]).resolve()
    if os.geteuid() != 0:
        print("skipped: only root mounts a card of its own")
        return SKIPPED
    if shutil.which("mkfs.ext4") is None:
        print("skipped: there is no mkfs.ext4 (Debian package e2fsprogs)")
        return SKIPPED
    if "KARANI_OWN_MOUNTS" not in os.environ:
        os.execvpe("unshare", ["unshare", "--mount", sys.executable, *sys.argv], os.environ | {"KARANI_OWN_MOUNTS": "1"})
    for block_b in (1024, 4096):
        with tempfile.TemporaryDirectory(prefix="karani-card-") as place:
            card = mount(Path(place), block_b)
            try:
                on_card(programs, Path(place), card)
            finally:
                subprocess.run(["umount", card], check=True)
            print(f"a card with blocks of {block_b} bytes: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
