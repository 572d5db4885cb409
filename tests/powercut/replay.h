// Replays a tale: a power cut after each of its operations, in several states each, and each of them judged.
#ifndef KARANI_TESTS_POWERCUT_REPLAY_H
#define KARANI_TESTS_POWERCUT_REPLAY_H

#include "tests/powercut/judge.h"

// What is written by one process and read by the one that waits for it.
struct tally {
    _Atomic int64_t states;
    _Atomic int64_t recoveries; // of these: cut again while the diary was recovering
    _Atomic int64_t faults[VERDICT_COUNT];
    _Atomic int64_t prefix; // the state that is looked at now
    _Atomic uint64_t seed;
};

struct replay {
    const struct tale *tale;
    const char *directory; // one's own, emptied all the time
    int64_t states;        // to look at, of all processes together
    int64_t jobs;          // processes
    int64_t job;           // this one's number
    bool whole_sectors;    // see tests/powercut/disk.h
    bool tells;            // what is wrong, on standard output
    struct tally *tally;
};

// At how many of its operations a cut can leave more than one state.
int64_t replay_count_cuts(const struct tale *tale);

// Spreads the states evenly over these, each of them once.
void replay_run(const struct replay *replay);

// One state alone, told at length. Its verdict.
enum verdict replay_one(const struct replay *replay, size_t prefix, uint64_t seed);

#endif
