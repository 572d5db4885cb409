// Reading what was kept, also of what was put aside.
#include "tests/fault/kept.h"

#include "tests/support/diary/diary_beside.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int find(void *context, const struct session_record *session) {
    struct found *found = context;
    char digit = session->uuid[0];
    if (digit >= '1' && digit < '1' + OLD_SESSIONS) {
        bool same = session->held_s == 60 * (digit - '0') && session->outcome == OUTCOME_FINISHED;
        found->old |= same ? 1 << (digit - '1') : 0;
    } else if (digit == '5') {
        found->held_s = session->held_s > found->held_s ? session->held_s : found->held_s;
    } else if (digit == '6') {
        found->undone = found->undone || session->outcome == OUTCOME_NOT_MINE;
    } else if (digit == '7') {
        found->doubtful = found->doubtful || session->held_s == 240;
        found->corrected = found->corrected || session->clock == CLOCK_SET;
    } else {
        found->others++;
    }
    return 0;
}

static int find_away(void *context, int32_t night) {
    int *nights = context;
    *nights |= night == NIGHT - 1 ? 1 : night == NIGHT + 1 ? 2 : 4;
    return 0;
}

void kept_read(struct diary *diary, struct kept *kept) {
    char *minutes = NULL;
    assert_int_equal(diary_each_session(diary, find, &kept->sessions), 0);
    assert_int_equal(diary_each_away(diary, find_away, &kept->nights), 0);
    assert_int_equal(diary_get(diary, "minutes", &minutes), 0);
    if (minutes != NULL) {
        snprintf(kept->minutes, sizeof kept->minutes, "%s", minutes);
    }
    free(minutes);
}

static void read_one_aside(const struct desk *desk, const char *quarantine, struct kept *kept) {
    static const char *const endings[] = {"", "-wal"};
    struct diary *aside;
    char from[640], to[640], error[256];
    evening_copy_state("/nowhere", desk->aside);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[304];
        snprintf(name, sizeof name, "%s%s", quarantine, endings[i]);
        evening_copy_file(desk->state, desk->aside, name);
        snprintf(from, sizeof from, "%s/%s", desk->aside, name);
        snprintf(to, sizeof to, "%s/diary.db%s", desk->aside, endings[i]);
        rename(from, to);
    }
    assert_int_equal(diary_open(&aside, desk->aside, NULL, error, sizeof error), 0);
    kept_read(aside, kept);
    diary_close(aside);
}

// Where reading lied for as long as the diary was looked at, it was put aside as damaged, and what took its place may
// have been, too: what was written is kept there, whole.
static void read_put_aside(const struct desk *desk, struct kept *kept) {
    static const char prefix[] = "diary.db.damaged-";
    DIR *directory = opendir(desk->state);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char base[300];
        snprintf(base, sizeof base, "%s", entry->d_name);
        char *ending = strrchr(base, '-');
        bool log = ending != NULL && strcmp(ending, "-wal") == 0;
        bool index = ending != NULL && (strcmp(ending, "-shm") == 0 || strcmp(ending, "-journal") == 0);
        if (log) {
            *ending = '\0';
        }
        if (strncmp(base, prefix, sizeof prefix - 1) == 0 && !index &&
            !(log && faccessat(dirfd(directory), base, F_OK, 0) == 0)) {
            read_one_aside(desk, base, kept);
        }
    }
    closedir(directory);
}

void kept_assert(const struct desk *desk, const struct fault_plan *plan, enum before before,
                 const struct evening *evening) {
    struct diary *diary;
    char sentence[256];
    struct kept kept = {.sessions = {.held_s = -1}};
    struct diary_restored restored;
    assert_int_equal(diary_open(&diary, desk->state, NULL, sentence, sizeof sentence), 0);
    kept_read(diary, &kept);
    if (plan->reads_lie) {
        read_put_aside(desk, &kept);
    } else {
        // What was not damaged stays where it is; what was is put aside once.
        assert_int_equal(diary_last_restored(diary, &restored), BEFORE[before].damaged ? 0 : -ENOENT);
        assert_int_equal(look_beside(desk->state).quarantined, BEFORE[before].damaged ? 1 : 0);
    }
    diary_close(diary);
    const struct found *found = &kept.sessions;
    bool had = before != BEFORE_NOTHING;
    assert_int_equal(found->old, had ? (1 << OLD_SESSIONS) - 1 : 0);
    assert_int_equal(found->others, 0);
    assert_true(found->held_s >= evening->held_s);
    assert_true(found->undone || !evening->undone);
    assert_true(found->doubtful || !evening->doubtful);
    assert_true(found->corrected || !evening->corrected || evening->corrected_rows == 0);
    assert_int_equal(kept.nights & 5, had ? 1 : 0);
    assert_true((kept.nights & 2) != 0 || !evening->away);
    assert_true(kept.minutes[0] != '\0' ? strcmp(kept.minutes, "12 of 10") == 0 : !evening->chosen);
}
