"""Where the stories play: what those of one Debian share, and what each has for itself."""

import shutil
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

import machine
import seen
from machine import Failure

BOARD = {"PANEL": "waveshare-2.13-v4", "DC": 25, "RESET": 17, "BUSY": 24, "POWER": 18}
CONFIG = "[device]\nlanguage=en\n[practice]\nroutine=short\nminutes={minutes}\n"
UNITS = ["karani.service"]
# What a machine that was frozen at the invitation was told.
MINUTES = 10


@dataclass
class Stage:
    """What the stories of one Debian share."""

    suite: str
    place: Path
    builder: Path
    kernel: Path
    root: Path
    answered: Path = None  # the state of a device whose owner has answered the questions of the first evening
    frozen: Future = None  # Frozen, once it stands at the invitation of such an evening

    def scene(self, name):
        place = self.place / name
        place.mkdir()
        return Scene(self, place)


@dataclass
class Frozen:
    """A machine that waits in files."""

    parts: machine.Parts
    memory: Path


@dataclass
class Scene:
    """One story's own: its files, its machines, what it has to tell."""

    stage: Stage
    place: Path
    machines: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def begin(self, parts, frozen=None):
        name = f"machine{len(self.machines) + 1}"
        made = machine.Machine(self.place, parts, name, frozen)
        self.machines.append(made)
        return made

    def boot(self, minutes, state_files=None):
        """Switches on a machine whose owner practises for so long."""
        layer = self.place / "layer"
        machine.lay(layer, self.stage.builder, BOARD, UNITS)
        machine.write(layer / "etc/karani/karani.conf", CONFIG.format(minutes=minutes))
        archive = machine.pack(self.place, self.stage.kernel, layer)
        state = machine.state_disk(self.place / "state.ext4", state_files)
        return self.begin(machine.Parts(self.stage.kernel, self.stage.root, archive, state))

    def wake(self):
        """A machine of this story's own that goes on where the stage's was frozen."""
        frozen = self.stage.frozen.result()
        state = self.place / "state.ext4"
        shutil.copy(frozen.parts.state, state)
        return self.begin(replace(frozen.parts, state=state), frozen.memory)

    def boot_again(self, clock):
        """Switches on again after a cut: a boot of its own, with what the state disk has kept."""
        return self.begin(replace(self.machines[-1].parts, clock=clock))

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


def freeze(stage):
    """Boots a machine to the invitation of an evening whose questions are answered, and puts it aside."""
    scene = stage.scene("frozen")
    try:
        device = scene.boot(MINUTES, stage.answered)
        seen.until_page(device, "invite")
        device.until("the invitation on the glass", lambda: seen.of(device.events(), "glass") and seen.is_asleep(device),
                     seen.PATIENCE_S)
        device.sleep(2)
        memory = scene.place / "memory"
        device.freeze(memory)
        return Frozen(device.parts, memory)
    finally:
        scene.close()
