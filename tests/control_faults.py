#!/usr/bin/env python3
"""karanictl beside a daemon whose card is full or cannot be written, whose socket is gone, or which goes away.

Usage: tests/control_faults.py PROGRAMS   (the directory of the built programs)

The cards are file systems in memory, mounted in a mount namespace of the test's own; where there can be none, only the
rest is tried.
"""

import datetime
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from control import Device, expect

INSIDE = "KARANI_TEST_INSIDE"  # set within the namespace
CARD_SIZE = "1m"
NIGHTS = 2000
HOLE_BYTES = 64 * 1024  # not less than a page of memory


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


def years_of_nights(count):
    """JSON Lines of so many evenings, one a night."""
    for number in range(count):
        night = datetime.date(2020, 1, 1) + datetime.timedelta(days=number)
        yield json.dumps({
            "uuid": f"{number:08x}-0000-4000-8000-000000000000", "night": str(night), "utc_offset": "+00:00", "zone": "UTC",
            "started_utc": f"{night}T21:00:00Z", "clock": "set", "routine": "legs-up-the-wall", "variant": "wall",
            "planned_s": 600, "held_s": 600, "overtime_s": 0, "outcome": "finished", "note": None,
        }) + "\n"


def check_page_lost(device):
    """A page that the card does not give, of the diary that summary has mapped: a hole in a file in memory that is full
    raises the same signal as an I/O error of a card."""
    device.state.mkdir()
    mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(device.state))
    rows = device.tree / "rows.jsonl"
    rows.write_text("".join(years_of_nights(NIGHTS)), encoding="utf-8")
    expect(device.ctl("import", str(rows))[0], 0, "import")
    expect(json.loads(device.ctl("summary", "--json", "--tonight", "2026-05-01")[1])["nights"], NIGHTS, "nights before")
    diary = device.state / "diary.db"
    middle = diary.stat().st_size // 2 // HOLE_BYTES * HOLE_BYTES
    subprocess.run(["fallocate", "--punch-hole", "--offset", str(middle), "--length", str(HOLE_BYTES), str(diary)], check=True)
    fill(device.state)
    expect(said(device, "summary", "--json"),
           (1, "karanictl: The diary could not be read to its end: it may be damaged.\n"), "summary without a page")
    subprocess.run(["umount", str(device.state)], check=True)
    device.state.rmdir()


def check_socket_gone(device):
    """The daemon is there and its socket is not."""
    device.start()
    os.unlink(device.socket)
    for command in (("add", "--night", "2026-05-01", "--minutes", "5"), ("clock",), ("clock", "set", "2026-05-01 22:00"),
                    ("status",), ("log",)):
        status, error = said(device, *command)
        expect((status, "socket is gone" in error, "restart karani.service" in error, "sudo" in error),
               (1, True, True, False), f"{command}: {error}")
    expect(device.stop(), 0, "the daemon's end")


def answer(server, how):
    """Takes one call and hangs up in place of an answer."""
    connection = server.accept()[0]
    connection.recv(65536)
    if how == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif how == "nonsense":
        connection.sendall(b"hello\0")
    connection.close()


def check_going_away(device):
    """A daemon that ends, or says what nobody understands, while its answer is waited for."""
    state = device.tree / "other"
    state.mkdir()
    path = str(device.tree / "other-socket")
    lock = open(state / "lock", "w", encoding="utf-8")
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.write(path)
    lock.flush()
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    for how, words in (("end", "went away"), ("reset", "went away"), ("nonsense", "cannot be understood")):
        for command, look in ((("add", "--night", "2026-05-01", "--minutes", "5"), "karanictl history"),
                              (("away", "2026-05-01"), "karanictl export"),
                              (("clock", "set", "2026-05-01 22:00"), "karanictl clock"),
                              (("clock",), None), (("status",), None), (("log",), None)):
            thread = threading.Thread(target=answer, args=(server, how))
            thread.start()
            status, error = said(device, *command, "--state", str(state))
            thread.join()
            expect((status, words in error, "is not known" in error, (look or "") in error),
                   (1, True, look is not None, True), f"{command}, {how}: {error}")
    lock.close()


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
    cards = [check_page_lost, check_full_card, check_readonly_card]
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
            for check in (*cards, check_socket_gone, check_going_away):
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
