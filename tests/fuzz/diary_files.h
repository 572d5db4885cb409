// The files of a diary for its fuzzing target: put there from an input, and good ones to begin with.
#ifndef KARANI_TESTS_FUZZ_DIARY_FILES_H
#define KARANI_TESTS_FUZZ_DIARY_FILES_H

#include "daemon/diary/diary.h"
#include "tests/fuzz/input.h"

#include <dirent.h>
#include <fcntl.h>

enum { DIARY_FILES_HEAD = 4, DIARY_FILES_MAX = 64 * 1024 };

static inline struct session_record diary_files_session(int number) {
    struct session_record session = {
        .night = number % 5 == 4 ? NIGHT_NONE : 20513 + number,
        .started_utc_s = INT64_C(1772397600) + number * INT64_C(86400),
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600,
        .held_s = 600,
        .outcome = (enum outcome)(number % (OUTCOME_NOT_MINE + 1)),
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)number);
    return session;
}

// Whatever an earlier input has left is taken away.
static inline int diary_files_open(void) {
    DIR *listing = opendir(input_dir());
    struct dirent *entry;
    if (listing == NULL) {
        abort();
    }
    while ((entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    int dir = dup(dirfd(listing));
    closedir(listing);
    return dir;
}

static inline void diary_files_write(int dir, const char *name, const uint8_t *data, size_t size) {
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size) {
        abort();
    }
    close(fd);
}

// The state directory in which the input's files lie now.
static inline const char *diary_files_put(const uint8_t *data, size_t size) {
    int dir = diary_files_open();
    size_t database = 0;
    for (size_t i = 0; i < DIARY_FILES_HEAD && i < size; i++) {
        database = database << 6 | ((data[i] - ' ') & 63);
    }
    size_t rest = size < DIARY_FILES_HEAD ? 0 : size - DIARY_FILES_HEAD;
    database = database < rest ? database : rest;
    if (size >= DIARY_FILES_HEAD) {
        diary_files_write(dir, "diary.db", data + DIARY_FILES_HEAD, database);
    }
    if (database < rest) {
        diary_files_write(dir, "diary.db-wal", data + DIARY_FILES_HEAD + database, rest - database);
    }
    close(dir);
    return input_dir();
}

#endif
