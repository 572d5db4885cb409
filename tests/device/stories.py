"""What the device has to go through in a machine: each story is a function of a scene, told in the order of STORIES.

Times in a story are those of the machine itself (CLOCK_BOOTTIME): how fast the host is does not count.
"""

from statistics import median

from machine import Failure
from scene import CONFIG
from seen import (MAIN, PATIENCE_S, after, asleep_after, every_refresh_ended_asleep, expect, is_asleep, is_driven,
                  no_violation, of, press, refreshes, sessions, status, until_page, until_quiet)
from simulated import CARD_S, evening, health_faces, simulate

KILLS = 20
WATCHDOG_S = 30  # karani.service
# The chip's own waits after its reset take 40 ms; a card's picture is drawn from its SVG, here by a slow processor.
FIRST_BYTE_MEDIAN_MS = 60
FIRST_BYTE_MAX_MS = 500
KARANI = "/var/lib/karani"


def begin_session(device):
    """From the invitation to the countdown, by itself through the cards."""
    until_page(device, "invite")
    device.until("the first picture", lambda: of(device.events(), "glass"), PATIENCE_S)
    press(device)
    until_page(device, "countdown", 5 * CARD_S + PATIENCE_S)
    row, = sessions(device)
    expect(row["outcome"] == "running", f"the session in the countdown is {row}")
    return row["uuid"]


def sound(device):
    """What holds at the end of every story."""
    no_violation(device)
    every_refresh_ended_asleep(device)
    failed = device.shell("systemctl --failed --plain --no-legend")
    expect(not failed.strip(), f"failed units: {failed}")


def restarts(device):
    return int(device.shell("systemctl show --value -p NRestarts karani"))


def log(device):
    return device.shell("journalctl --no-pager -b -o cat -u karani")


# --- an evening as it should be

def the_whole_evening(scene):
    """Boot, the invitation, every page of an evening as the simulator has it, the session written down."""
    pictures = simulate(scene.stage, evening(health_faces(scene.stage)), "evening")
    device = scene.boot(minutes=1)
    shown = 0
    waits_ms = []
    for (action, wait_s), expected in zip(evening(health_faces(scene.stage)), pictures):
        up_ms = None
        if action:
            device.sleep(1.5)  # a press within a second after a page that came by itself is none
            up_ms = press(device)
        for number, picture in enumerate(expected):
            until_quiet(device, shown, wait_s + PATIENCE_S)
            shown += 1
            compare(scene, device, shown, picture)
            if shown == 1:
                scene.note(f"invitation on the glass after {of(device.events(), 'glass')[0]['boot_ms'] / 1000:.1f} s")
            if up_ms and number == 0:
                waits_ms.append(after(of(device.events(), "message"), up_ms)[0]["boot_ms"] - up_ms)
    row, = sessions(device)
    expect(row["outcome"] == "finished" and row["held_s"] >= 60 and row["night"] == "2031-03-29", f"the session: {row}")
    scene.note(f"{shown} pictures, each as in the simulator")
    scene.note(f"press to first byte: median {median(waits_ms):.0f} ms, at most {max(waits_ms):.0f} ms")
    expect(median(waits_ms) <= FIRST_BYTE_MEDIAN_MS and max(waits_ms) <= FIRST_BYTE_MAX_MS, f"presses: {waits_ms}")
    sound(device)


def compare(scene, device, number, picture):
    shown = device.read(f"/run/bench/glass-{number:04d}.png")
    if shown == picture:
        return
    for name, data in ((f"{number}-glass.png", shown), (f"{number}-simulator.png", picture)):
        (scene.place / name).write_bytes(data)
    raise Failure(f"picture {number} is not the simulator's: {scene.place}/{number}-*.png, status {status(device)}")


# --- the daemon ends

def ended_by_signals(scene):
    """SIGTERM while the glass is driven, then SIGKILL at twenty SPI messages spread over a start and a change of page:
    the panel sleeps within 3 s after the refresh, and the session goes on."""
    device = scene.wake()
    uuid = begin_session(device)
    stop_in_refresh(scene, device)
    messages = messages_of_start(device)
    # A press then brings another page: as many messages again, but for the three of the first sleep.
    points = [1 + round(index * (2 * messages - 6) / (KILLS - 1)) for index in range(KILLS)]
    device.shell("systemctl stop karani; systemctl start --no-block karani", 60)
    deaths_ms = [kill_once(device, point, messages) for point in points]
    device.until("the panel asleep", lambda: after(by_daemon(device.events()), deaths_ms[-1]) and is_asleep(device),
                 PATIENCE_S)
    expect(status(device).get("page") in ("countdown", "paused"), f"status {status(device)}")
    worst_ms = max(asleep_after(device, death_ms, "a death") for death_ms in deaths_ms)
    scene.note(f"killed at message {', '.join(map(str, points))}; {messages} bring a start's page")
    scene.note(f"asleep at most {worst_ms:.0f} ms later")
    helpers_left_it_asleep(device, deaths_ms)
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
    """Kills the daemon that systemd starts next; returns when."""
    # Three crashes in ten minutes would make it keep still; they are counted where it runs.
    device.shell("rm -f /run/karani/crashes")
    deaths = len(of(device.events(), "kill"))
    sent = len(by_daemon(device.events()))

    def died():
        return len(of(device.events(), "kill")) > deaths
    device.bench(f"kill {point} karanid")
    if point > messages:
        device.until("the start's page", lambda: len(by_daemon(device.events())) >= sent + messages and
                     is_asleep(device), PATIENCE_S)
        for _ in range(2):  # a press within a second after a minute's change is none
            device.sleep(1.5)
            press(device)
            device.until("a page, or its death", lambda: died() or is_asleep(device), PATIENCE_S)
            if died():
                break
    device.until(f"the death at message {point}", died, PATIENCE_S)
    return of(device.events(), "kill")[-1]["boot_ms"]


def by_daemon(events):
    return [event for event in of(events, "message") if event["comm"] == "karanid"]


def helpers_left_it_asleep(device, deaths_ms):
    """Whatever the helper did after a death, the panel slept when the next daemon began."""
    for death_ms in deaths_ms:
        begun_ms = after(by_daemon(device.events()), death_ms)[0]["boot_ms"]
        states = [event["yes"] for event in of(device.events(), "asleep") if event["boot_ms"] < begun_ms]
        # Its reset, which wakes, comes before its first message.
        expect(states[-2:] == [True, False], f"awake after the helper that followed the death at {death_ms:.0f} ms")


def daemon_hangs(scene):
    """The daemon hangs in the countdown: systemd's watchdog ends it, the session goes on, the panel sleeps."""
    device = scene.wake()
    uuid = begin_session(device)
    device.until("the countdown on the glass", lambda: is_asleep(device), PATIENCE_S)
    device.shell("kill -STOP $(systemctl show --value -p MainPID karani)")
    since_ms = device.sleep(0)
    device.until("the watchdog", lambda: restarts(device) == 1, WATCHDOG_S + PATIENCE_S)
    scene.note(f"restarted {(device.sleep(0) - since_ms) / 1000:.0f} s after it hung")
    until_page(device, "countdown")
    device.until("the countdown on the glass", lambda: is_asleep(device), PATIENCE_S)
    row, = sessions(device)
    expect((row["uuid"], row["outcome"]) == (uuid, "running"), f"the session: {row}")
    sound(device)


def crashes_too_often(scene):
    """Three crashes within ten minutes: one still page, the panel asleep, nothing written, and buttons that do nothing."""
    device = scene.wake()
    for crash in range(3):
        device.until("a daemon at rest", lambda: status(device).get("page") == "invite" and is_asleep(device),
                     PATIENCE_S)
        device.shell("systemctl kill --signal KILL --kill-who main karani")
        device.until("a restart", lambda count=crash + 1: restarts(device) == count, PATIENCE_S)
    shown = len(of(device.events(), "glass"))
    until_page(device, "trouble")
    until_quiet(device, shown, PATIENCE_S)
    sums = f"find {KARANI} -type f -exec sha256sum {{}} +"
    before = device.shell(sums), len(of(device.events(), "message"))
    press(device)
    device.sleep(120)
    after_it = device.shell(sums), len(of(device.events(), "message"))
    expect(before == after_it, f"something was written: {before}, {after_it}")
    expect("keeps still" in status(device).get("trouble", ""), f"status {status(device)}")
    expect(restarts(device) == 3, f"{restarts(device)} restarts")
    sound(device)


def power_cut_in_the_countdown(scene):
    """The power goes in the countdown: the session is kept as it was last written; the panel sleeps first of all."""
    device = scene.wake()
    uuid = begin_session(device)
    device.sleep(60)
    device.until("a whole minute", lambda: sessions(device)[0]["held_s"] >= 60, 60 + PATIENCE_S)
    no_violation(device)
    device.cut()
    device = scene.boot_again("2031-03-29T21:00:00")
    device.until("a picture", lambda: of(device.events(), "glass"), PATIENCE_S)
    row, = sessions(device)
    expect((row["uuid"], row["outcome"]) == (uuid, "interrupted") and row["held_s"] >= 60, f"the session: {row}")
    planes = [event for event in device.events() if event["event"] == "message" and event["bytes"] > 100]
    slept = [event for event in of(device.events(), "asleep") if event["yes"]]
    expect(slept[0]["boot_ms"] < planes[0]["boot_ms"], "the first act was not to put the panel to sleep")
    scene.note(f"kept {row['held_s']} s")
    sound(device)


# --- the hardware fails

def busy_sticks(scene):
    """BUSY sticks in the countdown: the evening goes on and is written down, the owner is told."""
    device = scene.wake()
    reload_settings(device)
    uuid = begin_session(device)
    device.until("the countdown on the glass", lambda: is_asleep(device), PATIENCE_S)
    expect(status(device).get("trouble") is None, "there was trouble before")
    device.bench("busy stuck")
    device.sleep(55)
    until_page(device, "way-out", 5 + PATIENCE_S)
    device.until("the owner told of the panel", lambda: status(device).get("trouble"), PATIENCE_S)
    told_ms = device.sleep(0)
    scene.note(f"told: {status(device)['trouble']}")
    took_ms = asleep_after(device, told_ms, "the panel was given up")
    scene.note(f"asleep {took_ms:.0f} ms after it was given up")
    row, = sessions(device)
    expect((row["uuid"], row["outcome"], row["held_s"]) == (uuid, "finished", 60), f"the session: {row}")
    expect(restarts(device) == 0, f"{restarts(device)} restarts")
    device.bench("busy ok")
    no_violation(device)


def reload_settings(device):
    """On SIGHUP a practice of one minute is taken over; then settings with a mistake are refused in one sentence."""
    for minutes, sentence in ((1, "The new settings are in force."), ("many", "those from before stay in force")):
        said = log(device).count(sentence)
        device.shell(f"printf '{CONFIG.format(minutes=minutes)}' >/etc/karani/karani.conf; systemctl reload karani", 60)
        device.until(f"the settings heard ({minutes} minutes)",
                     lambda said=said, sentence=sentence: log(device).count(sentence) > said, PATIENCE_S)
    until_page(device, "invite")
    device.until("the invitation on the glass", lambda: is_asleep(device), PATIENCE_S)
    device.sleep(2)


def line_is_taken(scene):
    """Another program has the panel's BUSY line: the owner is told who, the device lives on, and shows itself later."""
    device = scene.wake()
    device.shell("systemctl stop karani", 60)
    number = 'echo $(($(cat $(dirname $(grep -l pinctrl-bcm2711 /sys/class/gpio/gpiochip*/label))/base) + 24))'
    device.shell(f"{number} >/sys/class/gpio/export")
    device.shell("systemctl start karani", 60)
    told = device.until("the owner told", lambda: status(device).get("trouble"), PATIENCE_S)
    scene.note(f"told: {told}")
    expect("sysfs" in told, f"who has the line is not said: {told}")
    until_page(device, "invite")
    device.shell(f"{number} >/sys/class/gpio/unexport")
    device.until("no trouble any more", lambda: not status(device).get("trouble"), 120 + PATIENCE_S)
    scene.note("no trouble any more once it was given back")
    sound(device)


def wire_vanishes(scene):
    """The SPI device is gone in the cards: the session runs and is kept, the owner is told."""
    device = scene.wake()
    reload_settings(device)
    press(device)
    until_page(device, "card:lie", CARD_S + PATIENCE_S)
    device.until("a panel at rest", lambda: is_asleep(device), PATIENCE_S)
    no_violation(device)
    # Without the bench nothing moves BUSY: it shall read as the line of a panel that is ready.
    device.shell("systemctl stop karani-bench; echo pull-down >/sys/devices/platform/gpio-sim.0/gpiochip0/sim_gpio24/pull",
                 60)
    told = device.until("the owner told", lambda: status(device).get("trouble"), PATIENCE_S)
    scene.note(f"told: {told}")
    expect("/dev/spidev0.0" in told, f"what is gone is not said: {told}")
    until_page(device, "way-out", 5 * CARD_S + 60 + PATIENCE_S)
    row, = sessions(device)
    expect((row["outcome"], row["held_s"]) == ("finished", 60), f"the session: {row}")
    expect(restarts(device) == 0, f"{restarts(device)} restarts")


# --- the owner's tools

def owner_tries_the_hardware(scene):
    """karanictl's two tests: refused while the daemon has the panel, done when asked to take over; then it serves on."""
    device = scene.wake()
    refused = device.try_shell("karanictl panel test", 60)
    expect(refused["status"] == 1 and "--take-over" in refused["said"], f"panel test beside the daemon: {refused}")
    shown = len(of(device.events(), "glass"))
    said = device.shell("karanictl panel test --take-over", 120)
    shown = len(of(device.events(), "glass")) - shown
    scene.note(f"panel test: {len(said.splitlines())} lines, {shown} pictures")
    expect(shown >= 3 and is_asleep(device), f"panel test showed {shown} pictures: {said}")
    until_page(device, "invite")
    device.until("the invitation on the glass", lambda: is_asleep(device), PATIENCE_S)
    device.shell("karanictl buttons test --take-over --seconds 5 >/run/said 2>&1 &")
    device.until("the buttons taken over", lambda: device.try_read("/run/said"), PATIENCE_S)
    device.bench(f"press {MAIN} 800")
    device.until("the end of the test", lambda: device.try_shell("grep -qsx karanictl /proc/[0-9]*/comm")["status"] == 1,
                 PATIENCE_S)
    said = device.read("/run/said").decode()
    scene.note(f"buttons test: {said.splitlines()[1:]}")
    expect("main" in said and "hold" in said, f"buttons test saw no hold: {said}")
    until_page(device, "invite")
    device.until("the invitation on the glass", lambda: is_asleep(device), PATIENCE_S)
    sound(device)


# --- the eyes of these stories

def hasty_driver_is_caught(scene):
    """A driver that sends the panel to sleep in its refresh: these stories must see it."""
    device = scene.wake()
    device.shell("mount --bind /usr/lib/karani-bench/karanid-hasty /usr/bin/karanid; systemctl restart karani", 60)
    found = device.until("a violation", lambda: of(device.events(), "violation"), PATIENCE_S)
    scene.note(f"caught: {found[0]}")
    try:
        no_violation(device)
    except Failure:
        return
    raise Failure("a violation that the chip saw went unnoticed")


# The longest first.
STORIES = [the_whole_evening, ended_by_signals, power_cut_in_the_countdown, owner_tries_the_hardware, busy_sticks,
           wire_vanishes, crashes_too_often, line_is_taken, daemon_hangs, hasty_driver_is_caught]
