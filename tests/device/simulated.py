"""What the simulator shows for the evening of a story."""

import json
import re
import shutil

import roots
from scene import CONFIG

SHORT = "short.routine"
CARD_S = 5  # the least that a routine may say


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
