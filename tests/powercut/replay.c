// Cuts after every operation of a tale, and cuts again while the diary recovers from some of them.
#include "tests/powercut/replay.h"

#include "tests/powercut/disk.h"
#include "tests/powercut/record.h"
#include "tests/powercut/seen.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum {
    RECOVERY_EVERY = 127,
    RECOVERY_CUTS = 24,
    RECOVERY_SEEDS = 2,
    SEEDS_MIXED = 16,
    TRIES_PER_STATE = 16, // for one that is new
    CUTS_TOGETHER = 8,
    TOLD_MAX = 5,
};

// What may be read after a cut at some operation: what was acknowledged by then, and what was being written.
struct expected {
    const struct model *models;
    size_t count;
};

static struct expected expected_after(const struct tale *tale, size_t acknowledged) {
    size_t left = tale->model_count - acknowledged;
    return (struct expected){&tale->models[acknowledged], left < 2 ? left : 2};
}

static void note(const struct replay *replay, enum verdict verdict, size_t prefix, uint64_t seed, const char *how,
                 const char *why) {
    int64_t before = replay->tally->faults[verdict]++;
    replay->tally->states++;
    if (verdict != VERDICT_GOOD && replay->tells && before < TOLD_MAX) {
        printf("%s, cut after operation %zu, seed %" PRIu64 "%s: %s\n", replay->tale->name, prefix, seed, how, why);
        fflush(stdout);
    }
}

// A state of the disk is another one, too, when something else must be read from it, or it is judged another way.
static bool is_new(const struct replay *replay, struct seen *seen, uint64_t state, struct expected expected,
                   uint64_t seed) {
    const uint64_t others[] = {(uint64_t)(expected.models - replay->tale->models), judge_way(seed)};
    return seen_add(seen, seen_mix(state, others, sizeof others));
}

// What the diary does to recover, cut after each of its own operations; of many, after some.
static void cut_recovery(const struct replay *replay, struct disk *disk, size_t prefix, uint64_t seed,
                         struct expected expected, struct seen *seen) {
    struct log log = {.ops = NULL};
    struct diary *diary = NULL;
    char sentence[256], why[MODEL_WHY_SIZE];
    disk_write_state(disk, replay->directory);
    record_start(replay->directory, &log);
    size_t at_first = log.count;
    diary_open(&diary, replay->directory, RECORD_VFS, sentence, sizeof sentence);
    diary_close(diary);
    record_stop();
    struct disk *again = disk_new(&log, replay->whole_sectors);
    size_t stride = (log.count - at_first) / RECOVERY_CUTS + 1;
    for (size_t i = 0; i < log.count; i++) {
        disk_step(again);
        bool cut = i >= at_first && (i + seed + prefix) % stride == 0;
        for (uint64_t twist = 0; cut && twist < RECOVERY_SEEDS; twist++) {
            if (is_new(replay, seen, disk_make_state(again, seed + twist), expected, seed + twist)) {
                disk_write_state(again, replay->directory);
                enum verdict verdict =
                    judge_state(replay->directory, seed + twist, replay->tale, expected.models, expected.count, why);
                note(replay, verdict, prefix, seed, " and again while recovering", why);
                replay->tally->recoveries++;
            }
        }
    }
    disk_free(again);
    log_clear(&log);
}

static void cut_once(const struct replay *replay, const struct disk *disk, size_t prefix, uint64_t seed,
                     struct expected expected) {
    char why[MODEL_WHY_SIZE];
    replay->tally->prefix = (int64_t)prefix;
    replay->tally->seed = seed;
    disk_write_state(disk, replay->directory);
    note(replay, judge_state(replay->directory, seed, replay->tale, expected.models, expected.count, why), prefix, seed,
         "", why);
}

int64_t replay_count_cuts(const struct tale *tale) {
    struct disk *disk = disk_new(&tale->log, false);
    int64_t count = 0;
    for (size_t i = 0; i < tale->log.count; i++) {
        disk_step(disk);
        count += i >= tale->first && disk_is_in_doubt(disk) ? 1 : 0;
    }
    disk_free(disk);
    return count;
}

// What a process goes on with from cut to cut.
struct progress {
    struct seen cuts;
    struct seen recoveries;
    int64_t judged;
    int64_t wanted;
};

// Cuts at one operation until as many states have been judged as are wanted, or no new one is found.
static void cut_at(const struct replay *replay, struct disk *disk, size_t prefix, int64_t turn,
                   struct expected expected, struct progress *progress) {
    int64_t tries = TRIES_PER_STATE * (progress->wanted - progress->judged) + SEEDS_MIXED;
    for (int64_t try = 0; progress->judged < progress->wanted && try < tries; try++) {
        // Few states a cut: the extremes in turn. Many: each seed once.
        uint64_t seed = (uint64_t)(try < SEEDS_MIXED ? (try + turn) % SEEDS_MIXED : try);
        if (!is_new(replay, &progress->cuts, disk_make_state(disk, seed), expected, seed)) {
            continue;
        }
        cut_once(replay, disk, prefix, seed, expected);
        if (progress->judged++ % RECOVERY_EVERY == 0 && !replay->tale->not_ours) {
            cut_recovery(replay, disk, prefix, seed, expected, &progress->recoveries);
        }
    }
}

void replay_run(const struct replay *replay) {
    int64_t cuts = replay_count_cuts(replay->tale), cut = 0;
    size_t acknowledged = 0;
    struct progress progress = {.judged = 0};
    struct disk *disk = disk_new(&replay->tale->log, replay->whole_sectors);
    for (size_t i = 0; i < replay->tale->log.count; i++) {
        disk_step(disk);
        acknowledged += replay->tale->log.ops[i].kind == OP_ACKNOWLEDGE ? 1 : 0;
        if (i < replay->tale->first || !disk_is_in_doubt(disk)) {
            continue;
        }
        assert(cuts > 0 && replay->jobs > 0);
        // What neighbours leave is often the same: they go to one process. What one has no new states for, is left to
        // those after it.
        if (cut / CUTS_TOGETHER % replay->jobs == replay->job) {
            progress.wanted += (cut + 1) * replay->states / cuts - cut * replay->states / cuts;
            cut_at(replay, disk, i + 1, cut, expected_after(replay->tale, acknowledged), &progress);
        }
        cut++;
    }
    seen_clear(&progress.cuts);
    seen_clear(&progress.recoveries);
    disk_free(disk);
}

enum verdict replay_one(const struct replay *replay, size_t prefix, uint64_t seed) {
    struct disk *disk = disk_new(&replay->tale->log, replay->whole_sectors);
    size_t acknowledged = 0;
    for (size_t i = 0; i < prefix && i < replay->tale->log.count; i++) {
        disk_step(disk);
        acknowledged += replay->tale->log.ops[i].kind == OP_ACKNOWLEDGE ? 1 : 0;
    }
    disk_print(disk);
    (void)disk_make_state(disk, seed);
    disk_write_state(disk, replay->directory);
    struct expected expected = expected_after(replay->tale, acknowledged);
    char why[MODEL_WHY_SIZE] = "as it must be";
    enum verdict verdict = judge_state(replay->directory, seed, replay->tale, expected.models, expected.count, why);
    if (verdict == VERDICT_GOOD) {
        snprintf(why, sizeof why, "as it must be");
    }
    printf("after %zu acknowledgements: %s\n", acknowledged, why);
    disk_write_state(disk, replay->directory); // to be looked at, untouched
    disk_free(disk);
    return verdict;
}
