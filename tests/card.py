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
from datetime import date, timedelta
from pathlib import Path

from control import Device, expect, wait_for

SKIPPED = 77
LONG_NOTE = 3000 * "x"
ROOM_MAX = 300  # nights; the log has room for some


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
    """To the last block, and the last byte in it."""
    with open(card / "filler", "wb", buffering=0) as filler:
        for size in (65536, 4096, 1024, 1):
            try:
                while True:
                    filler.write(bytes(size))
            except OSError:
                pass
        os.fsync(filler.fileno())


def add(device, night, note=""):
    return device.ctl("add", "--night", night, "--minutes", "10", "--note", note)


def expect_refused(device, night):
    """Told in one sentence, and nobody broke off."""
    status, _, error = add(device, night, LONG_NOTE)
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


def fill_and_empty(device, card):
    expect(add(device, "2026-03-01")[0], 0, "adding before")
    # By karanictl alone.
    fill(card)
    expect_refused(device, "2026-03-02")
    # At the daemon's start.
    device.start()
    wait_for(lambda: device.status()["kept"] is False, "the word that nothing is kept")
    expect_trouble(device, "The storage is full")
    (card / "filler").unlink()
    wait_for(lambda: add(device, "2026-03-03")[0] == 0, "a session that is kept")
    wait_for(lambda: device.status()["kept"] is True, "the word that all is kept")
    # Under the running daemon, which has written nothing yet.
    expect(device.stop(), 0, "the daemon's end")
    device.start()
    fill(card)
    kept = ["2026-03-01", "2026-03-03"]
    night = date(2026, 3, 4)
    while add(device, str(night), LONG_NOTE)[0] == 0:  # the log has its room: some go in
        kept.append(str(night))
        night += timedelta(days=1)
        if len(kept) > ROOM_MAX:
            sys.exit("a full card takes all that it is given")
    expect_refused(device, str(night))
    expect(device.process.poll(), None, "the daemon's end")
    expect(nights(device), kept, "the nights in the diary")
    (card / "filler").unlink()
    expect(add(device, str(night))[0], 0, "adding afterwards")
    expect(device.stop(), 0, "the daemon's end")
    expect(nights(device), [*kept, str(night)], "the nights in the diary")


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
    expect(device.stop(), 0, "the daemon's end")
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
