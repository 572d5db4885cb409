"""A machine: QEMU without network, a Debian's root under systemd, the pins and the panel of the bench inside."""

import base64
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import roots

GUEST = Path(__file__).resolve().parent / "guest"
BOOT_LIMIT_S = 300
# An instruction takes 2^SHIFT ns, and idle time takes none: the machine's clock leaps to the next timer. So its times
# are its own, however busy the host is, and an evening takes the host as long as its work, not as long as its waits.
SHIFT = 2
REQUEST_LIMIT_S = 120
FREEZE_LIMIT_S = 60
# A machine's memory: for itself, then its root, then for itself again, for the firmware's tables lie at the end.
BELOW_MIB = 512
ABOVE_MIB = 128
ROOT_STEP_MIB = 128  # what the kernel takes memory of this kind in
MIB = 1 << 20
# A Saturday evening, the one before the clocks go forward, in Berlin. Later than any Debian's own epoch: systemd raises
# an older clock.
EVENING_UTC = "2031-03-29T20:40:00"
# The second line leaves out what would take a third of the boot and tells nothing about the device.
KERNEL_WORDS = ("console=ttyS0 rdinit=/init quiet panic=-1 audit=0 random.trust_cpu=on systemd.show_status=0 "
                "cryptomgr.notests init_on_alloc=0 lsm= mitigations=off no_timer_check")
LAYER_PROGRAMS = ["lines", "bench", "agent"]
LAYER_UNITS = ["karani-bench.service", "karani-agent.service"]
# They would do nothing for the device but take their time at every boot.
MASKED = ["apt-daily.timer", "apt-daily-upgrade.timer", "dbus.service", "dev-hugepages.mount", "dev-mqueue.mount",
          "dpkg-db-backup.timer", "e2scrub_all.timer", "e2scrub_reap.service", "fstrim.timer", "getty.target",
          "kmod-static-nodes.service", "ldconfig.service", "modprobe@configfs.service", "modprobe@dm_mod.service",
          "modprobe@drm.service", "modprobe@efi_pstore.service", "modprobe@fuse.service", "modprobe@loop.service",
          "sys-kernel-debug.mount", "systemd-binfmt.service", "systemd-boot-random-seed.service",
          "systemd-hwdb-update.service", "systemd-journal-catalog-update.service", "systemd-logind.service",
          "systemd-pcrphase.service", "systemd-pstore.service", "systemd-random-seed.service",
          "systemd-remount-fs.service", "systemd-timesyncd.service", "systemd-udev-trigger.service",
          "systemd-update-done.service", "systemd-update-utmp.service", "systemd-user-sessions.service"]


class Failure(Exception):
    """A machine or a story did not do what it should; the words say what."""


# --- what the kernel unpacks

def enable(layer, unit, target="multi-user.target"):
    wants = layer / "etc/systemd/system" / f"{target}.wants"
    wants.mkdir(parents=True, exist_ok=True)
    (wants / unit).symlink_to(f"/usr/lib/systemd/system/{unit}")


def merge_usr(layer):
    """Debian has /lib in /usr: what is laid over a root must not bring another one."""
    for name in ("bin", "lib", "sbin"):
        if (layer / name).is_dir():
            shutil.copytree(layer / name, layer / "usr" / name, dirs_exist_ok=True)
            shutil.rmtree(layer / name)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def lay(layer, builder, board, units):
    """What is under test and the bench, as it is laid over a root."""
    shutil.copytree(builder / "installed", layer, symlinks=True)
    merge_usr(layer)
    library = layer / "usr/lib/karani-bench"
    library.mkdir(parents=True)
    for program in LAYER_PROGRAMS:
        shutil.copy(GUEST / program, library)
    for program in roots.BENCH_PROGRAMS:
        shutil.copy(builder / "src/karani/build/release/device" / program, library)
    (layer / "usr/lib/systemd/system").mkdir(parents=True, exist_ok=True)
    for unit in LAYER_UNITS:
        shutil.copy(GUEST / unit, layer / "usr/lib/systemd/system")
    for unit in [*LAYER_UNITS, *units]:
        enable(layer, unit)
    (layer / "etc/udev/rules.d").mkdir(parents=True, exist_ok=True)
    shutil.copy(GUEST / "90-karani-bench.rules", layer / "etc/udev/rules.d")
    for unit in MASKED:
        (layer / "etc/systemd/system" / unit).symlink_to("/dev/null")
    write(layer / "etc/fstab", "")
    write(layer / "etc/hostname", "karani\n")
    write(layer / "etc/machine-id", "6b6172616e692d746573747300000000\n")
    write(layer / "etc/systemd/journald.conf.d/bench.conf", "[Journal]\nStorage=volatile\n")
    write(layer / "etc/karani-bench", "".join(f"{key}={value}\n" for key, value in board.items()))
    (layer / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Berlin")


def depends(module):
    """The modules that must be loaded before this one, as its own .modinfo names them."""
    found = re.search(rb"\0depends=([^\0]*)\0", module.read_bytes())
    return [name for name in found[1].decode().split(",") if name] if found else []


def load_order(kernel):
    order = []

    def add(name):
        module = kernel / f"{name}.ko"
        if name in order or not module.exists():
            return
        for needed in depends(module):
            add(needed.replace("-", "_"))
        order.append(name)

    for name in [*roots.MODULES, "karani-gpio-sim"]:
        add(name)
    return order


def pack(place, kernel, layer):
    """The initial file system: a shell, the modules, and what is laid over the root."""
    top = place / "initial"
    for name in ("below", "bin", "dev", "modules", "over", "root"):
        (top / name).mkdir(parents=True)
    shutil.copy(kernel / "busybox", top / "bin")
    shutil.copy(GUEST / "init", top / "init")
    order = load_order(kernel)
    for name in order:
        shutil.copy(kernel / f"{name}.ko", top / "modules")
    write(top / "modules/order", "\n".join(order) + "\n")
    layer.rename(top / "layer")
    archive = place / "initial.cpio"
    names = "\0".join(str(path.relative_to(top)) for path in sorted(top.rglob("*"))).encode()
    with archive.open("wb") as out:
        subprocess.run(["cpio", "--null", "--create", "--format=newc", "--owner=0:0", "--quiet"], cwd=top, input=names,
                       stdout=out, check=True)
    shutil.rmtree(top)
    return archive


def state_disk(path, files=None):
    """A disk for /var/lib/karani, empty or with these files."""
    roots.command("mke2fs", "-q", "-t", "ext4", *(["-d", files] if files else []), path, "16M")
    return path


# --- the machine

@dataclass
class Parts:
    """What a machine is put together from; the root is only read."""

    kernel: Path
    root: Path
    archive: Path
    state: Path
    clock: str = EVENING_UTC


class Machine:
    """One of them: from power on, or from where another was frozen, to the cut."""

    def __init__(self, place, parts, name, frozen=None):
        self.name = name
        self.parts = parts
        self.console = place / f"{name}.console"
        self.control = place / f"{name}.control"
        self.log = []
        self.log_read = 0
        self.log_rest = b""
        self.waiting = b""
        port = place / f"{name}.port"
        begun = time.monotonic()
        root_mib = -(-parts.root.stat().st_size // MIB // ROOT_STEP_MIB) * ROOT_STEP_MIB
        self.process = subprocess.Popen(
            # With the run, whatever ends it, the machines end.
            ["setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64",
             "-accel", "tcg,thread=single", "-icount", f"shift={SHIFT},sleep=off",
             "-machine", "pc", "-smp", "1", "-m", f"{BELOW_MIB + root_mib + ABOVE_MIB}", "-no-user-config", "-nodefaults",
             "-display", "none", "-nic", "none", "-no-reboot",
             "-rtc", f"base={parts.clock},clock=vm", "-kernel", parts.kernel / "vmlinux", "-initrd", parts.archive,
             "-append", f"{KERNEL_WORDS} memmap={root_mib}M!{BELOW_MIB}M",
             "-device", f"loader,file={parts.root},addr={BELOW_MIB * MIB:#x},force-raw=on",
             "-serial", f"file:{self.console}", "-qmp", f"unix:{self.control},server=on,wait=off",
             # What was written before a cut stays in the host's memory, flushed or not: flushing would only take time.
             "-drive", f"file={parts.state},format=raw,if=none,id=state,cache=unsafe",
             "-device", "virtio-blk-pci,drive=state",
             "-device", "virtio-rng-pci", "-device", "virtio-serial-pci",
             "-chardev", f"socket,id=agent,path={port},server=on,wait=off",
             "-device", "virtserialport,chardev=agent,name=karani.agent",
             *(["-incoming", f"exec:cat '{frozen}'"] if frozen else [])],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            self.port = self.connect(port)
            if frozen:
                self.sleep(0)
            else:
                self.answer(BOOT_LIMIT_S)
        except BaseException:
            self.cut()
            raise
        self.began_s = time.monotonic() - begun

    def connect(self, path):
        deadline = time.monotonic() + 10
        port = socket.socket(socket.AF_UNIX)
        while True:
            try:
                port.connect(str(path))
                return port
            except OSError:
                if self.process.poll() is not None:
                    raise Failure(f"QEMU ended: {self.process.stdout.read().decode()}") from None
                if time.monotonic() > deadline:
                    raise Failure("QEMU opens no port") from None
                time.sleep(0.02)

    def answer(self, limit_s):
        self.port.settimeout(limit_s)
        while b"\n" not in self.waiting:
            try:
                more = self.port.recv(1 << 16)
            except TimeoutError:
                raise Failure(f"{self.name}: no answer within {limit_s:.0f} s\n{self.last_words()}") from None
            if not more:
                raise Failure(f"{self.name}: the machine is gone\n{self.last_words()}")
            self.waiting += more
        line, _, self.waiting = self.waiting.partition(b"\n")
        return json.loads(line)

    def ask(self, request, limit_s=REQUEST_LIMIT_S):
        self.port.sendall(json.dumps(request).encode() + b"\n")
        return self.answer(limit_s)

    def last_words(self):
        return self.console.read_text(encoding="utf-8", errors="replace")[-3000:] if self.console.exists() else ""

    # What the stories use

    def try_shell(self, command, limit_s=30):
        return self.ask({"shell": command, "limit_s": limit_s}, limit_s * 3 + 60)

    def shell(self, command, limit_s=30):
        answer = self.try_shell(command, limit_s)
        if answer.get("status") != 0:
            raise Failure(f"{command}: {answer}")
        return answer["said"]

    def try_read(self, path, offset=0):
        answer = self.ask({"read": path, "from": offset})
        return base64.b64decode(answer["bytes"]) if "bytes" in answer else None

    def read(self, path, offset=0):
        found = self.try_read(path, offset)
        if found is None:
            raise Failure(f"{path} cannot be read")
        return found

    def bench(self, line):
        answer = self.ask({"bench": line})
        if "error" in answer:
            raise Failure(f"bench: {line}: {answer['error']}")
        return answer

    def events(self):
        """Everything in the bench's log so far."""
        lines = (self.log_rest + self.read("/run/bench/log.jsonl", self.log_read)).split(b"\n")
        self.log_read += sum(len(line) + 1 for line in lines) - 1 - len(self.log_rest)
        self.log_rest = lines.pop()
        self.log += [json.loads(line) for line in lines]
        return self.log

    def sleep(self, seconds):
        """Lets the machine's time go by; returns where it is, CLOCK_BOOTTIME in ms."""
        return self.ask({"sleep": seconds})["boot_ms"]

    def until(self, what, found, limit_s):
        """Waits, in the machine's time, until found() returns something true, and returns that."""
        deadline_ms = self.sleep(0) + limit_s * 1000
        pause_s = 0.1
        while True:
            value = found()
            if value:
                return value
            if self.sleep(pause_s) > deadline_ms:
                raise Failure(f"waited {limit_s} s for: {what}")
            pause_s = min(2 * pause_s, 1)  # looking costs the host more than waiting

    def freeze(self, memory):
        """Stops it for good and keeps its memory in a file: with it and the state disk another goes on from here."""
        control = self.connect(self.control).makefile("rw", encoding="utf-8")

        def command(name, **arguments):
            control.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
            control.flush()
            for line in control:
                said = json.loads(line)
                if "error" in said:
                    raise Failure(f"{self.name}: {name}: {said['error']['desc']}")
                if "return" in said:
                    return said["return"]
            raise Failure(f"{self.name}: the machine is gone while it is frozen")

        command("qmp_capabilities")
        command("migrate", uri=f"exec:cat >'{memory}'")
        deadline = time.monotonic() + FREEZE_LIMIT_S
        while (state := command("query-migrate").get("status")) != "completed":
            if state == "failed" or time.monotonic() > deadline:
                raise Failure(f"{self.name} cannot be frozen: {state}")
            time.sleep(0.1)
        self.cut()

    def cut(self):
        """The power goes: nothing is told to anybody inside."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
