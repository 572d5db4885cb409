#!/usr/bin/env python3
"""An independent model of the habit, written from the rules of "What counts", and its comparison with daemon/core/habit.c,
or with `karanictl summary --json` over diaries.

It keeps whole histories and asks the rules' questions anew each night ("how many of the 6 nights before it were rests
of the same chain?") where the C remembers bits, and it sums the steadiness up where the C goes step by step.

Usage: habit_model.py PROGRAM [--json] [--histories N] [--seed N]   (PROGRAM answers with --answer)
"""

import argparse
import datetime
import itertools
import json
import os
import random
import subprocess
import sys
from collections import Counter

LETTER = {"before": "-", "practised": "P", "rest": "r", "away": "A", "missed": "m", "pending": "?"}
M = 0.5 ** (1 / 13)
HISTORIES = 6000
DIARIES = 2000
DIARIES_EMULATED = 200  # an emulator takes some twenty times as long to write and to read one
SEED = 20260301
FIRST_NIGHT = 20000


class History:
    def __init__(self, sittings, away, tonight, last_night, rest_nights, counts_from, undated):
        self.sittings = sittings  # (night, held seconds), in any order, several a night
        self.away = away
        self.tonight = tonight
        self.last_night = last_night
        self.rest_nights = rest_nights
        self.counts_from = counts_from
        self.undated = undated

    def question(self):
        sittings = " ".join(f"{night}:{held}" for night, held in self.sittings)
        away = " ".join(str(night) for night in self.away)
        return (
            f"{self.tonight} {self.last_night} {self.rest_nights} {self.counts_from} {self.undated}"
            f" | {sittings} | {away}"
        )


class Model:
    """The states of all nights up to tonight, and of which chain each one is."""

    def __init__(self, history):
        self.h = history
        self.held = Counter()
        for night, held in history.sittings:
            if night <= history.tonight:
                self.held[night] += held
        self.practised = {night for night, held in self.held.items() if held >= history.counts_from}
        self.away = {night for night in history.away if night <= history.tonight} - self.practised
        self.first = min(self.practised, default=None)
        self.state = {}
        self.chain = {}  # night → number of the chain that it is part of
        self.chains = 0
        self.living = None
        if self.first is not None:
            for night in range(self.first, history.tonight):
                self.finish(night)
        self.open_tonight()

    def before(self, night, how_many):
        """The nights before one that are not away, nearest first."""
        found = []
        while len(found) < how_many and night > self.first:
            night -= 1
            if self.state[night] != "away":
                found.append(night)
        return found

    def spent(self, night):
        if self.living is None:
            return 0
        return sum(self.state[n] == "rest" and self.chain.get(n) == self.living for n in self.before(night, 6))

    def practise(self, night):
        if self.living is None:
            self.chains += 1
            self.living = self.chains
        self.state[night] = "practised"
        self.chain[night] = self.living

    def finish(self, night):
        if night in self.practised:
            self.practise(night)
        elif night in self.away:
            self.state[night] = "away"
        elif self.living is not None and self.spent(night) < self.h.rest_nights:
            self.state[night] = "rest"
            self.chain[night] = self.living
        else:
            self.state[night] = "missed"
            self.living = None

    def open_tonight(self):
        tonight = self.h.tonight
        if tonight in self.practised:
            self.practise(tonight)
        elif tonight in self.away:
            self.state[tonight] = "away"
        else:
            self.state[tonight] = "pending"

    def shown(self, night):
        return LETTER[self.state.get(night, "before")]

    def streaks(self):
        return Counter(self.chain[night] for night in self.practised)

    def rests_left(self):
        # "of the living chain": the one that lives with tonight counted in
        return self.h.rest_nights - (self.spent(self.h.tonight) if self.first is not None else 0)

    def steadiness(self):
        counted = [n for n in sorted(self.state) if self.state[n] not in ("away", "pending")]
        return sum((1 - M) * M**later for later, n in enumerate(reversed(counted)) if n in self.practised)

    def among(self, how_many):
        end = self.h.tonight if self.h.tonight in self.practised else self.h.tonight - 1
        return len(self.practised & set(range(end - how_many + 1, end + 1)))

    def answer(self):
        h = self.h
        streaks = self.streaks()
        return [
            str(h.tonight),
            str(h.last_night),
            str(self.held[h.last_night]),
            self.shown(h.last_night),
            str(self.among(7)),
            str(self.among(28)),
            str(streaks[self.living] if self.living else 0),
            str(max(streaks.values(), default=0)),
            str(self.rests_left()),
            str(int(self.living is not None)),
            str(len(self.practised)),
            str((sum(self.held.values()) + h.undated) // 60),
            self.steadiness(),
            "".join(self.shown(night) for night in range(h.tonight - 27, h.tonight + 1)),
        ]


FIELDS = (
    "night last_night last_held_s last_state last7 last28 streak best rests_left chain_lives"
    " nights minutes steadiness grid"
).split()


def sitting(chance, night, counts_from):
    """A practised night in one sitting or in two that only together count."""
    held = counts_from + chance.choice([0, 1, 37, 420, 3000])
    if counts_from > 1 and chance.random() < 0.2:
        part = chance.randrange(1, counts_from)
        return [(night, part), (night, held - part)]
    return [(night, held)]


def random_history(chance):
    length = int(1000 ** chance.random())
    counts_from = chance.choice([180, 180, 180, 1, 600, 0])
    sittings, away = [], []
    night = FIRST_NIGHT
    while night < FIRST_NIGHT + length:
        practises, leaves, short = chance.choice(
            [(0.95, 0.02, 0), (0.7, 0.1, 0.1), (0.4, 0.1, 0.2), (0.1, 0.3, 0.3), (0.75, 0, 0), (0, 0.9, 0), (1, 0.2, 0)]
        )
        for _ in range(chance.randrange(1, 40)):
            if chance.random() < practises:
                sittings += sitting(chance, night, counts_from)
            elif counts_from > 0 and chance.random() < short:
                sittings.append((night, chance.randrange(counts_from)))
            if chance.random() < leaves:
                away.append(night)
            night += 1
    # tonight: the end of it all, a while after, or somewhere within (what is later must be left out)
    tonight = FIRST_NIGHT + length - 1
    tonight += chance.choice([0, 0, 0, 0, 1, 2, chance.randrange(1, 60), -chance.randrange(1, 1 + length)])
    chance.shuffle(sittings)
    chance.shuffle(away)
    rest_nights = chance.choice([2, 2, 2, 0, 1, 3, 4, 5, 6])
    last_night = tonight - chance.randrange(2)
    return History(sittings, away, tonight, last_night, rest_nights, counts_from, chance.choice([0, 59, 100000]))


def perfect_runs():
    """Every night practised, one to four hundred."""
    for length in range(1, 401):
        sittings = [(FIRST_NIGHT + i, 180) for i in range(length)]
        tonight = FIRST_NIGHT + length - 1
        yield History(sittings, [], tonight, tonight - length % 2, 2, 180, 0)


def small_histories():
    """Every history of up to six nights: practised, nothing, away, practised and away."""
    for length in range(1, 7):
        for number, nights in enumerate(itertools.product("P.AX", repeat=length)):
            sittings = [(FIRST_NIGHT + i, 180) for i, night in enumerate(nights) if night in "PX"]
            away = [FIRST_NIGHT + i for i, night in enumerate(nights) if night in "AX"]
            tonight = FIRST_NIGHT + length - 1
            yield History(sittings, away, tonight, tonight - number % 2, number % 7, 180, 0)


def fields_of_words(line):
    return dict(zip(FIELDS, line.split(), strict=True))


def number_of(night):
    return str(datetime.date.fromisoformat(night).toordinal() - datetime.date(1970, 1, 1).toordinal())


def fields_of_json(line):
    """The fields of `summary --json` by the names of FIELDS."""
    given = json.loads(line)
    last = given.pop("last_night")
    nights = {"night": number_of(given.pop("night")), "last_night": number_of(last.pop("night")),
              "last_state": LETTER[last.pop("state")], "grid": "".join(LETTER[state] for state in given.pop("grid"))}
    return nights | {f"last_{name}": str(value) for name, value in last.items()} | {
        name: str(value) for name, value in given.items()}


def differences(given, expected):
    if set(given) - set(expected):
        return [f"unknown: {set(given) - set(expected)}"]
    found = []
    for field, wanted in expected.items():
        got = given.get(field)
        same = got is not None and abs(float(got) - wanted) < 1e-9 if field == "steadiness" else got == wanted
        if not same:
            found.append(f"{field}: {got}, the model says {wanted}")
    return found


def check_closed_form():
    """The model against the rule's own words: a perfect run of n nights gives 1 - 2^(-n/13)."""
    for length, history in enumerate(perfect_runs(), 1):
        assert abs(Model(history).steadiness() - (1 - 2 ** (-length / 13))) < 1e-9, length


def main():
    parser = argparse.ArgumentParser(description="Compares the habit with an independent model.")
    parser.add_argument("program")
    parser.add_argument("--json", action="store_true", help="the program sums up diaries")
    parser.add_argument("--histories", type=int, help=f"random ones ({HISTORIES}; {DIARIES} as diaries, of those "
                                                      f"{DIARIES_EMULATED} under an emulator)")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    diaries = DIARIES_EMULATED if "KARANI_EMULATOR" in os.environ else DIARIES
    count = arguments.histories or (diaries if arguments.json else HISTORIES)
    chance = random.Random(arguments.seed)
    fixed = [*perfect_runs(), *([] if arguments.json else small_histories())]
    histories = fixed + [random_history(chance) for _ in range(count)]
    fields_of, left_out = fields_of_words, set()
    if arguments.json:
        fields_of, left_out = fields_of_json, {"chain_lives"}
        for history in histories:
            history.last_night = history.tonight - 1  # what --tonight says
    check_closed_form()
    questions = "".join(history.question() + "\n" for history in histories)
    emulator = os.environ.get("KARANI_EMULATOR", "").split()
    run = subprocess.run([*emulator, arguments.program, "--answer"], input=questions, text=True, capture_output=True)
    answers = run.stdout.splitlines()
    if run.returncode != 0 or len(answers) != len(histories):
        print(f"the program ended with {run.returncode} after {len(answers)} of {len(histories)} answers: {run.stderr}")
        return 1
    different = 0
    for history, answer in zip(histories, answers):
        expected = dict(zip(FIELDS, Model(history).answer()))
        found = differences(fields_of(answer), {name: expected[name] for name in FIELDS if name not in left_out})
        if found:
            different += 1
            if different <= 3:
                print(f"{history.question()}\n  " + "\n  ".join(found))
    print(f"{len(histories)} histories ({count} random), {different} with differences")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
