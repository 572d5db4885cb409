#!/usr/bin/env python3
"""The control socket from outside: a client of its own against the built daemon, whose hardware is nowhere.

Usage: tests/control.py PROGRAMS   (the directory of the built programs)

Where systemd's varlinkctl is installed (Debian 13), it introspects and calls the daemon, too.
"""

import json
import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT_S = 300  # by the clock, for what hangs; tests/run counts the processor time
BOARD = """[Board]
Title=None
Panel=waveshare-2.13-v4
[Wire]
spidev=/dev/karani-has-no-such-bus
chip=karani-has-no-such-chip
dc=25
reset=17
busy=24
[Buttons]
main=21
"""
STANDARD = "org.varlink.service."
OURS = "io.karani."


class Device:
    """A tree of its own, so that the board is the test's, and the daemon that runs in it."""

    def __init__(self, programs, tree):
        self.tree = tree
        self.socket = str(tree / "run" / "io.karani")
        self.state = tree / "state"
        self.log = open(tree / "log", "w", encoding="utf-8")
        for name in ("bin", "run", "share/karani/boards"):
            (tree / name).mkdir(parents=True)
        for name in ("karanid", "karanictl"):
            shutil.copy(programs / name, tree / "bin")
        share = programs.parent / "share"
        (tree / "share/locale").symlink_to(share / "locale")
        for name in ("routines", "pictures"):
            (tree / "share/karani" / name).symlink_to(share / "karani" / name)
        (tree / "share/karani/boards/none.board").write_text(BOARD)
        (tree / "k.conf").write_text("[device]\nboard=none\nzone=Europe/Berlin\n")
        self.process = None

    def options(self, program):
        return [str(self.tree / "bin" / program), "--config", str(self.tree / "k.conf"), "--state", str(self.state)]

    def start(self):
        self.process = subprocess.Popen(self.options("karanid"), stderr=self.log,
                                        env=os.environ | {"RUNTIME_DIRECTORY": str(self.tree / "run")})
        wait_for(lambda: os.path.exists(self.socket), "the socket")
        wait_for(lambda: call(self, OURS + "GetStatus")["page"], "a page")

    def stop(self, signal_name="terminate"):
        getattr(self.process, signal_name)()
        return self.process.wait(LIMIT_S)

    def ctl(self, *arguments, env=None):
        done = subprocess.run(self.options("karanictl") + list(arguments), capture_output=True, text=True,
                              timeout=LIMIT_S, check=False, env=os.environ | (env or {}))
        return done.returncode, done.stdout, done.stderr

    def status(self):
        return json.loads((self.tree / "run" / "status.json").read_text())


def wait_for(condition, what, limit_s=LIMIT_S):
    """How long it took until the condition held."""
    begun = time.monotonic()
    while time.monotonic() - begun < limit_s:
        try:
            if condition():
                return time.monotonic() - begun
        except OSError:
            pass
        time.sleep(0.01)
    sys.exit(f"{what} did not come within {limit_s} s")


def expect(got, wanted, what):
    if got != wanted:
        sys.exit(f"{what}: expected {wanted!r}, got {got!r}")


class Connection:
    def __init__(self, device):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(LIMIT_S)
        self.socket.connect(device.socket)
        self.rest = b""

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # hung up: what it had to say can be read all the same

    def receive(self):
        """One message; None when there comes no more."""
        while b"\0" not in self.rest:
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                return None
            self.rest += data
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)


def message(method, parameters=None, **flags):
    return json.dumps({"method": method, "parameters": parameters or {}} | flags).encode() + b"\0"


def exchange(device, data):
    connection = Connection(device)
    connection.send(data)
    return connection.receive()


def call(device, method, parameters=None):
    """The parameters of a good answer."""
    answer = exchange(device, message(method, parameters))
    if answer is None or "error" in answer:
        sys.exit(f"{method} {parameters}: {answer}")
    return answer["parameters"]


def check_described(status, description):
    """GetStatus answers what its description says, member by member."""
    kinds = {"string": str, "int": int, "bool": bool}
    answer = re.search(r"method GetStatus\(\) -> \((.*?)\n\)", description, re.S)[1]
    members = re.findall(r"^  (\w+): (\??)([^,\n]+),?$", answer, re.M)
    expect(sorted(name for name, _, _ in members), sorted(status), "the members of GetStatus")
    for name, may_be_null, kind in members:
        value = status[name]
        fits = bool(may_be_null) if value is None else kind not in kinds or type(value) is kinds[kind]
        expect(fits, True, f"{name}: {may_be_null}{kind}, which is {value!r}")


def check_introspection(device):
    info = call(device, STANDARD + "GetInfo")
    expect(info["interfaces"], ["org.varlink.service", "io.karani"], "interfaces")
    for interface in info["interfaces"]:
        text = call(device, STANDARD + "GetInterfaceDescription", {"interface": interface})["description"]
        expect(f"interface {interface}\n" in text, True, f"the description of {interface}")
    for method in ("GetStatus", "GetClock", "SetClock", "GetLog", "Add", "Edit", "Delete", "SetAway", "Import"):
        expect(f"method {method}(" in text, True, f"the description of {method}")
    check_described(call(device, OURS + "GetStatus"), text)
    status = os.stat(device.socket)
    expect(stat.S_IMODE(status.st_mode), 0o660, "the socket's mode")
    expect(call(device, OURS + "GetStatus"), device.status(), "the status")


def check_doctor(device):
    """What the daemon says of itself, wherever its state directory is; nobody has told it the time yet."""
    clock = json.loads(device.ctl("doctor", "--json")[1])["clock"]
    if device.status()["clock"] in ("unset", "restored"):
        expect((clock["ok"], "karanictl clock set" in clock["text"]), (False, True), "the doctor on the clock")
    call(device, OURS + "SetClock", {"local": "2026-05-01 21:40"})
    expect(json.loads(device.ctl("doctor", "--json")[1])["clock"], {"ok": True, "text": device.status()["clock"]},
           "the doctor on a clock that was set")


def check_troubles(device):
    """Neither bus nor lines are there: each part tells of its own, whichever the worst is."""
    troubles = call(device, OURS + "GetStatus")["troubles"]
    expect(sorted(troubles), ["board", "panel"], "the parts in trouble")
    expect("karani-has-no-such-bus" in troubles["panel"], True, "the panel's trouble")
    expect("karani-has-no-such-chip" in troubles["board"], True, "the buttons' trouble")
    expect(device.status()["trouble"], troubles[device.status()["trouble_of"]], "the worst")
    said = json.loads(device.ctl("doctor", "--json")[1])
    for part in ("panel", "board"):
        expect(said[part], {"ok": False, "text": troubles[part]}, f"the doctor on the {part}")


def check_following(device):
    """What is corrected is on the page, and in status.json, within a second."""
    clock = call(device, OURS + "SetClock", {"local": "2026-05-01 21:40"})
    expect(clock["local"][:16], "2026-05-01 21:40", "the clock")
    expect(clock["utc"][:16], "2026-05-01T19:40", "the clock in UTC")
    wait_for(lambda: device.status()["clock"] == "set", "the clock's quality", 1)
    expect(device.status()["page"], "invite", "the page")
    if device.status()["clock"] == "set":
        expect(json.loads(device.ctl("summary", "--json")[1])["night"], device.status()["night"], "the summary's night")
    added = call(device, OURS + "Add", {"night": "2026-05-01", "held_s": 600, "note": "from outside"})
    wait_for(lambda: device.status()["page"] == "good-night", "the page of the session", 1)
    call(device, OURS + "Delete", {"id": added["uuid"][:8]})
    wait_for(lambda: device.status()["page"] == "invite", "the invitation again", 1)
    expect(call(device, OURS + "SetAway", {"first": "2026-05-02", "last": "2026-05-04"}), {"nights": 3}, "away")
    expect(call(device, OURS + "SetAway", {"first": "2026-05-03", "clear": True}), {"nights": 1}, "not away")
    lines = "".join(json.dumps({"away": f"2026-06-{day:02}"}) + "\n" for day in range(1, 31))
    expect(call(device, OURS + "Import", {"text": lines}), {"sessions": 0, "known": 0, "nights": 30}, "import")


# What is sent, the error, and whether the connection goes on.
MALFORMED = [
    (b"\0", OURS + "BadMessage", False),
    (b"hello\0", OURS + "BadMessage", False),
    (b"{\0", OURS + "BadMessage", False),
    (b"[]\0", OURS + "BadMessage", False),
    (b"{}\0", OURS + "BadMessage", False),
    (b'{"method":1}\0', OURS + "BadMessage", False),
    (b'{"method":"io.karani.GetStatus","parameters":[]}\0', OURS + "BadMessage", False),
    (b'{"method":"io.karani.GetStatus","oneway":"yes"}\0', OURS + "BadMessage", False),
    (b'{"method":"io.karani.GetStatus","method":"io.karani.GetLog"}\0', OURS + "BadMessage", False),
    (b'{"method":"io.karani.\xff"}\0', OURS + "BadMessage", False),
    (b'{"method":"io.karani.\\u0000"}\0', OURS + "BadMessage", False),
    (b'{"method":' + 100000 * b"[" + b"\0", OURS + "BadMessage", False),
    (b"x" * (4 << 20), OURS + "BadMessage", False),
    (message("io.karani.GetStatus", upgrade=True), STANDARD + "InvalidParameter", True),
    (message("io.karani.GetStatus", {"x": 1}), STANDARD + "InvalidParameter", True),
    (message("io.karani.Nothing"), STANDARD + "MethodNotFound", True),
    (message("org.varlink.service.Nothing"), STANDARD + "MethodNotFound", True),
    (message("io.other.Nothing"), STANDARD + "InterfaceNotFound", True),
    (message("io.karani"), STANDARD + "InterfaceNotFound", True),
    (message(""), STANDARD + "InterfaceNotFound", True),
    (message("x" * 10000), STANDARD + "InterfaceNotFound", True),
    (message("org.varlink.service.GetInterfaceDescription"), STANDARD + "InvalidParameter", True),
    (message("org.varlink.service.GetInterfaceDescription", {"interface": 1}), STANDARD + "InvalidParameter", True),
    (message("org.varlink.service.GetInterfaceDescription", {"interface": "x"}), STANDARD + "InterfaceNotFound", True),
    (message("io.karani.SetClock", {"local": "yesterday"}), STANDARD + "InvalidParameter", True),
    (message("io.karani.SetClock", {"local": "1999-01-01 12:00"}), STANDARD + "InvalidParameter", True),
    (message("io.karani.Add"), STANDARD + "InvalidParameter", True),
    (message("io.karani.Add", {"night": "2026-05-01", "held_s": "600"}), STANDARD + "InvalidParameter", True),
    (message("io.karani.Add", {"night": "2026-05-01", "held_s": -1}), STANDARD + "InvalidParameter", True),
    (message("io.karani.Add", {"night": "2026-05-01", "held_s": 1.5}), STANDARD + "InvalidParameter", True),
    (message("io.karani.Add", {"night": "2026-05-01", "held_s": 9223372036854775807}), STANDARD + "InvalidParameter", True),
    (message("io.karani.Add", {"night": "2026-05-01", "held_s": 10 ** 30}), STANDARD + "InvalidParameter", True),
    (message("io.karani.Add", {"night": "2026-05-01", "held_s": 10 ** 17}), OURS + "WrongValue", True),
    (message("io.karani.Add", {"night": "2026-05-01", "held_s": 600, "routine": "../x"}), OURS + "WrongValue", True),
    (message("io.karani.Add", {"night": "2026-05-01", "held_s": 600, "routine": ""}), OURS + "WrongValue", True),
    (message("io.karani.Add", {"night": "2026-05-32", "held_s": 600}), OURS + "WrongValue", True),
    (message("io.karani.Add", {"held_s": 600}), OURS + "WrongValue", True),
    (message("io.karani.Edit", {"id": "0123"}), OURS + "WrongValue", True),
    (message("io.karani.Edit", {"id": "0123", "note": "x"}), OURS + "NoSuchSession", True),
    (message("io.karani.Delete", {"id": "x"}), OURS + "WrongValue", True),
    (message("io.karani.SetAway", {"first": "2026-05-02", "last": "2026-05-01"}), OURS + "WrongValue", True),
    (message("io.karani.Import", {"text": "no,header\n"}), OURS + "BadRow", True),
]


def check_malformed(device):
    for data, error, goes_on in MALFORMED:
        connection = Connection(device)
        connection.send(data)
        answer = connection.receive()
        expect(answer and answer.get("error"), error, repr(data[:80]))
        if goes_on:
            connection.send(message(OURS + "GetClock"))
            expect("parameters" in connection.receive(), True, f"the next call after {data[:80]!r}")
        else:
            expect(connection.receive(), None, f"the end after {data[:80]!r}")
    row = exchange(device, message(OURS + "Import", {"text": '{"away":"2026-07-01"}\n{"away":1}\n'}))
    expect(row["parameters"]["line"], 2, "the bad row's line")


def check_manners(device):
    """Several calls at once are answered in their order; one that wants no answer gets none; who leaves, leaves."""
    connection = Connection(device)
    connection.send(message(OURS + "SetAway", {"first": "2026-08-01"}, oneway=True) + message(OURS + "GetClock")
                    + message(OURS + "GetStatus", more=True))
    expect("zone" in connection.receive()["parameters"], True, "the second call's answer")
    expect("page" in connection.receive()["parameters"], True, "the third call's answer")
    for byte in message(OURS + "GetClock"):
        connection.send(bytes([byte]))
    expect("zone" in connection.receive()["parameters"], True, "the answer to single bytes")
    half = Connection(device)
    half.send(b'{"method":"io.kar')
    half.socket.shutdown(socket.SHUT_WR)
    expect(half.receive(), None, "the answer to half a message")
    last = Connection(device)
    last.send(message(OURS + "GetClock"))
    last.socket.shutdown(socket.SHUT_WR)
    expect("zone" in last.receive()["parameters"], True, "the answer to who says nothing more")
    crowd = [Connection(device) for _ in range(40)]
    crowd[-1].send(message(OURS + "GetClock"))
    expect("zone" in crowd[-1].receive()["parameters"], True, "the last of a crowd")
    for other in crowd:
        other.socket.close()
    deaf = Connection(device)
    deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.socket.settimeout(0.2)
    try:
        for _ in range(5000):
            deaf.socket.sendall(message(STANDARD + "GetInterfaceDescription", {"interface": "io.karani"}))
    except OSError:
        pass  # it does not listen to who does not listen
    expect("zone" in call(device, OURS + "GetClock"), True, "the answer beside who does not listen")
    deaf.socket.close()


def check_karanictl(device):
    """The same through karanictl, which finds the daemon by the lock in its state directory."""
    status, said, _ = device.ctl("add", "--started", "2026-05-01 20:00", "--minutes", "7", "--note", "")
    expect(status, 0, "add")
    wait_for(lambda: device.status()["page"] == "good-night", "the page of the session", 1)
    uuid = said.split()[-1]
    expect(device.ctl("edit", uuid[:8], "--outcome", "not-mine")[0], 0, "edit")
    wait_for(lambda: device.status()["page"] == "invite", "the invitation", 1)
    expect(device.ctl("edit", uuid, "--outcome", "not-mine")[1], f"It was so already: {uuid}\n", "edit again")
    expect(device.ctl("away", "2026-05-01")[1], "1 night newly marked away.\n", "away")
    bad = device.tree / "bad.csv"
    bad.write_text("uuid\n")
    status, _, error = device.ctl("import", str(bad))
    expect((status, error.startswith(f"karanictl: {bad}:1: ")), (1, True), "the bad row")
    export = device.ctl("export", "--format", "jsonl")[1]
    again = device.tree / "again.jsonl"
    again.write_text(export)
    expect(device.ctl("import", str(again))[1],
           "0 sessions and 0 away nights came in; 1 session was known.\n", "import of the export")
    expect(device.ctl("clock", "set", "2026-05-01 22:15")[0], 0, "clock set")
    expect(json.loads(device.ctl("clock", "--json")[1])["local"][:16], "2026-05-01 22:15", "clock")
    expect(json.loads(device.ctl("clock", "--json")[1])["running"], True, "who told the clock")
    expect(device.ctl("log", "--json")[0], 0, "log")
    expect(json.loads(device.ctl("status", "--json")[1]), device.status(), "status")
    expect(device.ctl("delete", uuid)[1], f"Taken out: {uuid}\n", "delete")
    large = device.tree / "large.jsonl"
    large.write_text(200000 * '{"away":"2026-09-01"}\n')
    status, _, error = device.ctl("import", str(large))
    expect((status, "longer than 2 MiB" in error), (1, True), "a file that is too large")


def check_taking_turns(device):
    """After a crash the stale socket is replaced; without a daemon karanictl writes itself; the lock keeps them apart."""
    device.stop("kill")
    expect(os.path.exists(device.socket), True, "the socket of a dead daemon")
    expect(device.ctl("away", "2026-10-01")[1], "1 night newly marked away.\n", "away without the daemon")
    expect(json.loads(device.ctl("clock", "--json")[1])["running"], False, "who told the clock")
    device.start()
    expect(device.ctl("away", "--clear", "2026-10-01")[1], "1 night no longer marked away.\n", "away by the daemon")
    expect(device.stop(), 0, "the daemon's end")
    expect(os.path.exists(device.socket), False, "the socket after the end")


def check_countdown(device):
    """A session that runs is not to be corrected, and runs on through what is."""
    uuid = device.ctl("add", "--night", "2026-05-01", "--minutes", "10")[1].split()[-1]
    boot_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    boot_ms = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000000
    diary = sqlite3.connect(device.state / "diary.db")
    with diary:
        diary.execute("UPDATE session SET outcome = 'running', boot_id = ?, counted_from_boot_ms = ?, held_s = 60"
                      " WHERE uuid = ?", (boot_id, boot_ms - 90000, uuid))
    diary.close()
    device.start()
    expect((device.status()["page"], device.status()["minutes_left"]), ("countdown", 9), "the session that goes on")
    for method in ("Edit", "Delete"):
        answer = exchange(device, message(OURS + method, {"id": uuid} | ({"held_s": 1} if method == "Edit" else {})))
        expect(answer.get("error"), OURS + "SessionInUse", method)
    call(device, OURS + "Add", {"night": "2026-04-30", "held_s": 600})
    call(device, OURS + "SetAway", {"first": "2026-05-02"})
    call(device, OURS + "SetClock", {"local": "2026-05-01 23:10"})
    time.sleep(0.2)
    expect((device.status()["page"], device.status()["minutes_left"]), ("countdown", 9), "the countdown")
    device.stop()


def check_varlinkctl(device):
    program = shutil.which("varlinkctl")
    if program is None:
        print("varlinkctl is not installed (systemd 255 or later has it): only this test's own client has called")
        return
    for arguments, wanted in (
            (["info", device.socket], "io.karani"),
            (["introspect", device.socket, "io.karani"], "method GetStatus() -> ("),
            (["introspect", device.socket, "org.varlink.service"], "method GetInfo() -> ("),
            (["call", device.socket, "io.karani.GetClock", "{}"], '"zone"'),
            (["call", device.socket, "io.karani.SetAway", '{"first":"2026-11-01"}'], '"nights"')):
        said = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=LIMIT_S, check=False)
        expect((said.returncode, wanted in said.stdout), (0, True), f"varlinkctl {arguments}: {said.stderr}")
    said = subprocess.run([program, "call", device.socket, "io.karani.Delete", '{"id":"0000"}'], capture_output=True,
                          text=True, timeout=LIMIT_S, check=False)
    expect((said.returncode != 0, "io.karani.NoSuchSession" in said.stderr), (True, True), "varlinkctl's error")


def main():
    programs = Path(sys.argv[1]).resolve()
    # Beside the programs: of a diary in a /tmp that is memory the daemon says that it does not last.
    with tempfile.TemporaryDirectory(prefix="karani-control-", dir=programs.parent) as name:
        device = Device(programs, Path(name))
        try:
            device.start()
            for check in (check_introspection, check_doctor, check_troubles, check_following, check_malformed, check_manners,
                          check_karanictl, check_varlinkctl, check_taking_turns, check_countdown):
                check(device)
                print(f"{check.__name__}: ok")
        finally:
            if device.process is not None and device.process.poll() is None:
                device.process.kill()
                device.process.wait()
            device.log.close()


if __name__ == "__main__":
    main()
