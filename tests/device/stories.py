"""What the device has to go through in a machine: each story is a function of a scene, told in the order of STORIES.

Times in a story are those of the machine itself (CLOCK_BOOTTIME): how fast the host is does not count.
"""

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import machine
import roots
from machine import Failure

BOARD = {"PANEL": "waveshare-2.13-v4", "DC": 25, "RESET": 17, "BUSY": 24, "POWER": 18}
MAIN = 21
# BUSY is high after a reset as well, but not so long.
REFRESH_AT_LEAST_MS = 200
ASLEEP_WITHIN_MS = 3000
KILLS = 20
# How long something may take that has no time of its own.
PATIENCE_S = 30
CONFIG = "[device]\nlanguage=en\n[practice]\nroutine=short\nminutes={minutes}\n"
CARD_S = 5  # the least that a routine may say
UNITS = ["karani.service"]


@dataclass
class Stage:
    """What the stories of one Debian share."""

    suite: str
    place: Path
    builder: Path
    kernel: Path
    root: Path
    answered: Path = None  # the state of a device whose owner has answered the questions of the first evening

    def scene(self, name):
        place = self.place / name
        place.mkdir()
        return Scene(self, place)


@dataclass
class Scene:
    """One story's own: its files, its machines, what it has to tell."""

    stage: Stage
    place: Path
    machines: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def disk(self, files=None):
        return machine.state_disk(self.place / "state.ext4", files)

    def boot(self, minutes, state, clock=machine.EVENING_UTC):
        """A machine whose owner practises for so long."""
        name = f"boot{len(self.machines) + 1}"
        work = self.place / name
        work.mkdir()
        layer = work / "layer"
        machine.lay(layer, self.stage.builder, BOARD, UNITS)
        machine.write(layer / "etc/karani/karani.conf", CONFIG.format(minutes=minutes))
        archive = machine.pack(work, self.stage.kernel, layer)
        made = machine.Machine(work, self.stage.kernel, self.stage.root, archive, state, name, clock)
        self.machines.append(made)
        return made

    def note(self, words):
        self.notes.append(words)

    def witness(self):
        """What the last machine has to say after a failure."""
        if not self.machines:
            return ""
        device = self.machines[-1]
        try:
            said = device.try_shell("journalctl --no-pager -b -o short-monotonic -u karani -u karani-bench; "
                                    "cat /run/karani/status.json; tail -n 30 /run/bench/log.jsonl; "
                                    "karanictl export --format jsonl", 60)["said"]
        except (Failure, OSError, ValueError) as failure:
            return f"{failure}"
        return said

    def close(self):
        for device in self.machines:
            device.cut()


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


# --- what the simulator shows for the same evening

SHORT = "short.routine"


def shorten(routine):
    return re.sub(r"^Seconds=\d+$", f"Seconds={CARD_S}", routine, flags=re.M)


def health_faces(stage):
    routine = (stage.builder / "installed/usr/share/karani/routines" / SHORT).read_text(encoding="utf-8")
    return len(re.findall(r"^\[Health ", routine, re.M))


# A step: a press, or nothing; then so many seconds.
def evening(faces):
    return [("", 10), *[("press main", 8)] * (1 + faces), ("", 5 * CARD_S + 60 + 12), ("press main", 10)]


def simulate(stage, steps, name, minutes=1):
    """The pictures of each step, as the simulator's chip drove them: [[PNG, …], …]."""
    home = stage.builder / "simulated" / name
    home.mkdir(parents=True, exist_ok=True)
    inside = f"/simulated/{name}"
    (home / "karani.conf").write_text(CONFIG.format(minutes=minutes), encoding="utf-8")
    program = ["/installed/usr/bin/karani-sim", "--config", f"{inside}/karani.conf", "--script", f"{inside}/script",
               "--out", inside]
    start = ["zone Europe/Berlin", "at 2031-03-29 21:40:00"]
    script = start + [line for press, wait_s in steps for line in ([press] if press else []) + [f"wait {wait_s}s"]]
    (home / "script").write_text("\n".join(script) + "\n", encoding="utf-8")
    roots.in_root(stage.builder, *program, "--trace", f"{inside}/trace")
    trace = [json.loads(line) for line in (home / "trace").read_text(encoding="utf-8").splitlines()]
    ends = [event["boot_ms"] for event in trace if event["event"] == "refresh"]
    # The same once more, with a look at the glass after each refresh.
    script, shots, at_ms = list(start), [], 0
    for press, wait_s in steps:
        shots.append([])
        if press:
            script.append(press)
            at_ms += 120
        until_ms = at_ms + wait_s * 1000
        for end_ms in [end for end in ends if at_ms <= end < until_ms]:
            shot = f"{len(shots)}-{end_ms}"
            script += [f"wait {end_ms + 1 - at_ms}ms", f"snapshot {shot}"]
            at_ms = end_ms + 1
            shots[-1].append(home / f"{shot}.png")
        script.append(f"wait {until_ms - at_ms}ms")
        at_ms = until_ms
    (home / "script").write_text("\n".join(script) + "\n", encoding="utf-8")
    roots.in_root(stage.builder, *program)
    pictures, last = [], None
    for step in shots:
        pictures.append([])
        for picture in (path.read_bytes() for path in step):
            if picture != last:
                pictures[-1].append(picture)
            last = picture
    return pictures


def answer_questions(stage):
    """The evening before: the questions about health are answered, and no session begun."""
    home = stage.builder / "simulated/answered"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    script = ["zone Europe/Berlin", "at 2031-03-28 21:40:00", "wait 10s",
              *["press main", "wait 8s"] * (1 + health_faces(stage)), "expect page card:sit", "hold main", "wait 10s"]
    (home / "script").write_text("\n".join(script) + "\n", encoding="utf-8")
    roots.in_root(stage.builder, "/installed/usr/bin/karani-sim", "--script", "/simulated/answered/script", "--state",
                  "/simulated/answered/state")
    stage.answered = home / "state"


# --- the device under the hands of a story

def status(device):
    """What the daemon tells of itself; nothing while it does not run."""
    return json.loads(device.try_read("/run/karani/status.json") or "{}")


def until_page(device, page, limit_s):
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


def begin_session(device):
    """From the invitation to the countdown, by itself through the cards."""
    until_page(device, "invite", PATIENCE_S)
    device.until("the first picture", lambda: of(device.events(), "glass"), PATIENCE_S)
    press(device)
    until_page(device, "countdown", 5 * CARD_S + PATIENCE_S)
    row, = sessions(device)
    expect(row["outcome"] == "running", f"the session in the countdown is {row}")
    return row["uuid"]


# --- the stories

def the_whole_evening(scene):
    """Boot, the invitation, every page of an evening as the simulator has it, the session written down."""
    pictures = simulate(scene.stage, evening(health_faces(scene.stage)), "evening")
    device = scene.boot(1, scene.disk())
    scene.note(f"agent after {device.boot_s:.1f} s")
    seen = 0
    for (action, wait_s), expected in zip(evening(health_faces(scene.stage)), pictures):
        up_ms = None
        if action:
            device.sleep(1.5)  # a press within a second after a page that came by itself is none
            up_ms = press(device)
        for number, picture in enumerate(expected):
            until_quiet(device, seen, wait_s + PATIENCE_S)
            seen += 1
            compare(scene, device, seen, picture)
            if seen == 1:
                scene.note(f"invitation on the glass after {of(device.events(), 'glass')[0]['boot_ms'] / 1000:.1f} s")
            if up_ms and number == 0:
                first_byte = after(of(device.events(), "message"), up_ms)[0]["boot_ms"]
                scene.note(f"press to first byte {first_byte - up_ms:.0f} ms")
    row, = sessions(device)
    expect(row["outcome"] == "finished" and row["held_s"] >= 60 and row["night"] == "2031-03-29", f"the session: {row}")
    scene.note(f"{seen} pictures, each as in the simulator")
    sound(device)


def compare(scene, device, number, picture):
    shown = device.read(f"/run/bench/glass-{number:04d}.png")
    if shown == picture:
        return
    for name, data in ((f"{number}-glass.png", shown), (f"{number}-simulator.png", picture)):
        (scene.place / name).write_bytes(data)
    raise Failure(f"picture {number} is not the simulator's: {scene.place}/{number}-*.png, status {status(device)}")


def sound(device):
    """What holds at the end of every story."""
    no_violation(device)
    every_refresh_ended_asleep(device)
    failed = device.shell("systemctl --failed --plain --no-legend")
    expect(not failed.strip(), f"failed units: {failed}")


def is_driven(panel):
    return panel["busy"] and not panel["asleep"]


def ended_by_signals(scene):
    """SIGTERM while the glass is driven, then SIGKILL at twenty SPI messages spread over a start and a change of page:
    the panel sleeps within 3 s after the refresh, and the session goes on."""
    device = scene.boot(10, scene.disk(scene.stage.answered))
    uuid = begin_session(device)
    stop_in_refresh(scene, device)
    messages = messages_of_start(device)
    # A press then brings another page: as many messages again, but for the three of the first sleep.
    points = [1 + round(index * (2 * messages - 6) / (KILLS - 1)) for index in range(KILLS)]
    worst_ms = max(kill_once(device, point, messages) for point in points)
    scene.note(f"killed at message {', '.join(map(str, points))}; {messages} bring a start's page")
    scene.note(f"asleep at most {worst_ms:.0f} ms later")
    device.shell("systemctl start karani", 60)
    device.until("a page of the session", lambda: status(device).get("page") in ("countdown", "paused"), PATIENCE_S)
    expect([row["uuid"] for row in sessions(device)] == [uuid], "the session was not taken up again")
    sound(device)


def stop_in_refresh(scene, device):
    device.until("a refresh", lambda: is_driven(device.bench("status")), PATIENCE_S)
    since_ms = device.bench("status")["boot_ms"]
    device.shell("systemctl stop karani", 60)
    took_ms = asleep_after(device, since_ms, "SIGTERM")
    result = device.shell("systemctl show --value -p Result karani").strip()
    expect(result == "success", f"the unit ended with {result}")
    scene.note(f"stopped in a refresh: asleep {took_ms:.0f} ms after its end")


def messages_of_start(device):
    """How many messages a start sends: it takes the session up and shows its page."""
    refreshed = len(refreshes(device.events()))
    device.shell("systemctl start karani", 60)
    pid = int(device.shell("systemctl show --value -p MainPID karani"))
    device.until("the start's page", lambda: len(refreshes(device.events())) > refreshed, PATIENCE_S)
    device.until("the panel asleep", lambda: is_asleep(device), PATIENCE_S)
    device.sleep(1)
    return max(event["nth"] for event in of(device.events(), "message") if event["pid"] == pid)


def kill_once(device, point, messages):
    # Three crashes in ten minutes would make it keep still; they are counted where it runs.
    device.shell("systemctl stop karani; find /run/karani -type f -delete 2>/dev/null || true", 60)
    kills = len(of(device.events(), "kill"))
    device.bench(f"kill {point} karanid")
    device.shell("systemctl start --no-block karani")

    def killed():
        return len(of(device.events(), "kill")) > kills
    if point > messages:
        sent = len(of(device.events(), "message"))
        device.until("the start's page", lambda: len(of(device.events(), "message")) >= sent + messages and
                     is_asleep(device), PATIENCE_S)
        device.sleep(1.5)
        press(device)
    device.until(f"the death at message {point}", killed, PATIENCE_S)
    death_ms = of(device.events(), "kill")[-1]["boot_ms"]
    device.until("the helper's end", lambda: device.shell("systemctl show --value -p ControlPID karani").strip() == "0",
                 PATIENCE_S)
    took_ms = asleep_after(device, death_ms, f"the death at message {point}")
    expect(is_asleep(device), f"awake after the helper that followed the death at message {point}")
    return took_ms


def busy_sticks(scene):
    """BUSY sticks in the countdown: the evening goes on and is written down, the owner is told."""
    device = scene.boot(1, scene.disk(scene.stage.answered))
    uuid = begin_session(device)
    device.until("the countdown on the glass", lambda: is_asleep(device), PATIENCE_S)
    expect(status(device).get("trouble") is None, "there was trouble before")
    device.bench("busy stuck")
    device.sleep(55)
    until_page(device, "way-out", 5 + PATIENCE_S)
    device.until("the owner told of the panel", lambda: status(device).get("trouble"), PATIENCE_S)
    device.until("the panel asleep", lambda: is_asleep(device), PATIENCE_S)
    row, = sessions(device)
    expect((row["uuid"], row["outcome"], row["held_s"]) == (uuid, "finished", 60), f"the session: {row}")
    restarts = device.shell("systemctl show --value -p NRestarts karani").strip()
    expect(restarts == "0", f"{restarts} restarts")
    scene.note(f"told: {status(device)['trouble']}")
    device.bench("busy ok")
    no_violation(device)


def power_cut_in_the_countdown(scene):
    """The power goes in the countdown: the session is kept as it was last written; the panel sleeps first of all."""
    state = scene.disk(scene.stage.answered)
    device = scene.boot(10, state)
    uuid = begin_session(device)
    device.sleep(60)
    device.until("a whole minute", lambda: sessions(device)[0]["held_s"] >= 60, 60 + PATIENCE_S)
    no_violation(device)
    device.cut()
    device = scene.boot(10, state, "2031-03-29T21:00:00")
    device.until("a picture", lambda: of(device.events(), "glass"), PATIENCE_S)
    row, = sessions(device)
    expect((row["uuid"], row["outcome"]) == (uuid, "interrupted") and row["held_s"] >= 60, f"the session: {row}")
    planes = [event for event in device.events() if event["event"] == "message" and event["bytes"] > 100]
    slept = [event for event in of(device.events(), "asleep") if event["yes"]]
    expect(slept[0]["boot_ms"] < planes[0]["boot_ms"], "the first act was not to put the panel to sleep")
    scene.note(f"kept {row['held_s']} s")
    sound(device)


STORIES = [ended_by_signals, the_whole_evening, power_cut_in_the_countdown, busy_sticks]
