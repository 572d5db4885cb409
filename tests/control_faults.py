#!/usr/bin/env python3
"""karanictl beside a daemon whose card is full or cannot be written.

Usage: tests/control_faults.py PROGRAMS   (the directory of the built programs)

The cards are file systems in memory, mounted in a mount namespace of the test's own; where there can be none, nothing is tried.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from control import Device, expect

INSIDE = "KARANI_TEST_INSIDE"  # set within the namespace
CARD_SIZE = "1m"


def said(device, *arguments, env=None):
    """Exit status, and the one sentence on standard error."""
    status, _, error = device.ctl(*arguments, env=env)
    expect((error.startswith("karanictl: "), error.count("\n")), (True, 1), f"one sentence of {arguments}: {error!r}")
    return status, error


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def fill(directory):
    """Until not one byte more goes in."""
    with open(directory / "ballast", "ab", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass


def check_full_card(device):
    """The daemon finds no room for the lock's note at its first start, and none for another one later."""
    usual = {"RUNTIME_DIRECTORY": str(device.tree / "run")}
    device.state.mkdir()
    mount("-t", "tmpfs", "-o", f"size={CARD_SIZE}", "tmpfs", str(device.state))
    fill(device.state)
    device.start()
    expect((device.state / "lock").stat().st_size, 0, "the room that there is for a note")
    expect(device.ctl("clock", "set", "2026-05-01 21:40", env=usual)[0], 0, "clock set beside a full card")
    expect(json.loads(device.ctl("clock", "--json", env=usual)[1])["running"], True, "who told the clock")
    expect(json.loads(device.ctl("status", "--json", env=usual)[1])["running"], True, "who told the status")
    status, error = said(device, "add", "--night", "2026-05-01", "--minutes", "5", env=usual)
    expect((status, "storage is full" in error), (1, True), f"add beside a full card: {error}")
    expect(device.stop(), 0, "the daemon's end")
    expect((device.tree / "run" / "state").is_symlink(), False, "what the daemon has left")
    # The next time there is room.
    (device.state / "ballast").unlink()
    device.start()
    expect(device.ctl("clock", "set", "2026-05-01 21:40")[0], 0, "clock set by the note")
    device.stop("kill")
    fill(device.state)
    device.start()
    expect(device.ctl("clock", "set", "2026-05-01 21:41")[0], 0, "clock set by the note of a full card")


def check_readonly_card(device):
    """What karanictl cannot write, a daemon that could says where it listens."""
    view = device.tree / "view"
    view.mkdir()
    (device.state / "ballast").unlink()
    mount("--bind", str(device.state), str(view))
    mount("-o", "remount,bind,ro", str(view))
    there = ("--state", str(view))
    expect(device.ctl("clock", "set", "2026-05-01 22:15", *there)[0], 0, "clock set beside a card that is read-only")
    expect(device.ctl("away", "2026-05-03", *there)[1], "1 night newly marked away.\n", "away beside it")
    expect(device.stop(), 0, "the daemon's end")
    status, error = said(device, "away", "2026-05-04", *there)
    expect((status, "cannot be written: Read-only file system" in error), (1, True), error)
    subprocess.run(["umount", str(view)], check=True)
    subprocess.run(["umount", str(device.state)], check=True)
    device.state.rmdir()


def can_mount():
    for command in (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]):
        try:
            if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
                return command
        except FileNotFoundError:
            return None
    return None


def main():
    programs = Path(sys.argv[1]).resolve()
    cards = [check_full_card, check_readonly_card]
    if INSIDE not in os.environ:
        command = can_mount()
        if command is not None:
            os.environ[INSIDE] = "yes"
            os.execvp(command[0], [*command, sys.executable, *sys.argv])
        print("no mount namespace can be had here: the cards are left out")
        cards = []
    with tempfile.TemporaryDirectory(prefix="karani-control-", dir=programs.parent) as name:
        device = Device(programs, Path(name))
        try:
            for check in cards:
                check(device)
                print(f"{check.__name__}: ok")
        finally:
            if device.process is not None and device.process.poll() is None:
                device.process.kill()
                device.process.wait()
            device.log.close()
            for mounted in ("view", "state"):
                subprocess.run(["umount", "-l", str(device.tree / mounted)], capture_output=True, check=False)


if __name__ == "__main__":
    main()
