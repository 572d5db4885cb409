// Puts a good diary into the place of one that is damaged, so that the power may go at any moment of it.
//
// The names in the state directory say how far it has come; each step leaves one of these, and the next start goes on
// from there:
//   1. diary.db (damaged)                        nothing has been done
//   2. diary.db.mending-DATE, no diary.db        set aside; the database first, then what belongs to it: a WAL under
//                                                its old name is then known to be that one's
//   3. the same, diary.db.new                    in the making: thrown away and begun anew
//   4. diary.db and diary.db.mending-DATE        done; what is left is to give the damaged files their last name
//   5. diary.db and diary.db.damaged-DATE
// The diary in the making is one file without a journal, synced before it takes its name: there is no moment in which
// diary.db is half of one. The directory is synced after each step, so that no later one reaches the card before it.
#include "daemon/diary/file.h"
#include "daemon/diary/inside.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char diary_name[] = "diary.db";
static const char making[] = "diary.db.new";

enum { STAMP_SIZE = 32, STAMPS_MAX = 64 };

// The database, and what SQLite keeps beside it.
static const char *const ENDINGS[] = {"", "-journal", "-wal", "-shm"};

enum { ENDING_COUNT = sizeof ENDINGS / sizeof *ENDINGS };

static bool lies_there(const struct diary *diary, const char *name) {
    char path[DIARY_PATH_SIZE];
    diary_path_beside(diary, name, path);
    return diary_file_exists(path);
}

// ---- names ----

// The date in a name that begins so, without what SQLite appends; false when it begins otherwise.
static bool take_stamp(const char *name, const char *beginning, char stamp[STAMP_SIZE]) {
    size_t length = strlen(beginning);
    if (strncmp(name, beginning, length) != 0) {
        return false;
    }
    snprintf(stamp, STAMP_SIZE, "%s", name + length);
    for (int i = 1; i < ENDING_COUNT; i++) {
        char *end = strstr(stamp, ENDINGS[i]);
        if (end != NULL && strcmp(end, ENDINGS[i]) == 0) {
            *end = '\0';
        }
    }
    return true;
}

// The dates after a beginning.
struct stamps {
    char each[STAMPS_MAX][STAMP_SIZE];
    int count;
};

static bool has_stamp(const struct stamps *stamps, const char *stamp) {
    for (int i = 0; i < stamps->count; i++) {
        if (strcmp(stamps->each[i], stamp) == 0) {
            return true;
        }
    }
    return false;
}

// 0 or -errno, and the health set.
static int find_stamps(struct diary *diary, const char *beginning, struct stamps *stamps) {
    stamps->count = 0;
    DIR *listing = opendir(diary->state_dir);
    if (listing == NULL) {
        // A directory that is still to be made has nothing in it; what is wrong with it, making the diary says.
        return errno == ENOENT ? 0 : diary_refuse(diary, errno == ENOMEM ? DIARY_NO_MEMORY : DIARY_IO_ERROR);
    }
    const struct dirent *entry;
    while (stamps->count < STAMPS_MAX && (entry = readdir(listing)) != NULL) {
        char stamp[STAMP_SIZE];
        if (take_stamp(entry->d_name, beginning, stamp) && !has_stamp(stamps, stamp)) {
            memcpy(stamps->each[stamps->count++], stamp, STAMP_SIZE);
        }
    }
    closedir(listing);
    return 0;
}

// The oldest but one (or NULL); NULL when there is none.
static const char *oldest_stamp(const struct stamps *stamps, const char *but) {
    const char *oldest = NULL;
    for (int i = 0; i < stamps->count; i++) {
        const char *stamp = stamps->each[i];
        if ((but == NULL || strcmp(stamp, but) != 0) && (oldest == NULL || strcmp(stamp, oldest) < 0)) {
            oldest = stamp;
        }
    }
    return oldest;
}

// A date that no damaged diary bears yet: none of its files, for a log can be all that is left of one. 0 or -errno.
static int make_stamp(struct diary *diary, char stamp[STAMP_SIZE]) {
    struct stamps taken;
    time_t now = (time_t)diary_file_now_utc_s(diary->vfs);
    struct tm date = {0};
    gmtime_r(&now, &date);
    char begin[20];
    strftime(begin, sizeof begin, "%Y%m%d-%H%M%S", &date);
    snprintf(stamp, STAMP_SIZE, "%s", begin);
    int error = find_stamps(diary, DIARY_DAMAGED_NAME "-", &taken);
    for (int n = 2; error == 0 && has_stamp(&taken, stamp); n++) {
        snprintf(stamp, STAMP_SIZE, "%s-%d", begin, n);
    }
    return error;
}

// ---- steps ----

static int move_synced(struct diary *diary, const char *from, const char *to) {
    int error = diary_move_beside(diary, from, to);
    return error == 0 ? diary_sync_beside(diary, to) : error;
}

// Moves a database with all that belongs to it, as far as it is there.
static int move_family(struct diary *diary, const char *from, const char *to) {
    int error = 0;
    for (int i = 0; i < ENDING_COUNT && error == 0; i++) {
        char old[DIARY_NAME_BESIDE_SIZE], new[DIARY_NAME_BESIDE_SIZE];
        snprintf(old, sizeof old, "%s%s", from, ENDINGS[i]);
        snprintf(new, sizeof new, "%s%s", to, ENDINGS[i]);
        error = lies_there(diary, old) ? move_synced(diary, old, new) : 0;
    }
    return error;
}

static int remove_family(struct diary *diary, const char *name) {
    int error = 0;
    for (int i = 0; i < ENDING_COUNT && error == 0; i++) {
        char each[DIARY_NAME_BESIDE_SIZE];
        snprintf(each, sizeof each, "%s%s", name, ENDINGS[i]);
        error = lies_there(diary, each) ? diary_remove_beside(diary, each) : 0;
    }
    return error;
}

// The oldest damaged diaries give way, but never the one that was just put aside: the clock may have been set back.
static void remove_oldest(struct diary *diary, const char *but) {
    struct stamps stamps;
    while (find_stamps(diary, DIARY_DAMAGED_NAME "-", &stamps) == 0 && stamps.count > DIARY_QUARANTINE_MAX) {
        char name[DIARY_NAME_BESIDE_SIZE];
        snprintf(name, sizeof name, DIARY_DAMAGED_NAME "-%s", oldest_stamp(&stamps, but));
        if (remove_family(diary, name) != 0) {
            return;
        }
    }
}

// Step 5. Where it fails, the next start does it.
static int finish(struct diary *diary) {
    char from[DIARY_NAME_BESIDE_SIZE], to[DIARY_NAME_BESIDE_SIZE];
    struct stamps stamps;
    int error = find_stamps(diary, DIARY_MENDING_NAME "-", &stamps);
    if (error != 0 || stamps.count == 0) {
        return error;
    }
    const char *stamp = oldest_stamp(&stamps, NULL);
    snprintf(from, sizeof from, DIARY_MENDING_NAME "-%s", stamp);
    snprintf(to, sizeof to, DIARY_DAMAGED_NAME "-%s", stamp);
    error = move_family(diary, from, to);
    if (error == 0) {
        remove_oldest(diary, stamp);
    }
    return error;
}

// ---- the diary in the making ----

// It begins as the newest backup that is whole, or empty.
static int copy_backup(struct diary *diary, struct diary_restored *restored) {
    char from[DIARY_PATH_SIZE], to[DIARY_PATH_SIZE];
    int number = 1;
    int error = diary_find_backup(diary, &number);
    if (error != 0) {
        return error == -ENOENT ? 0 : diary_refuse(diary, DIARY_NO_MEMORY);
    }
    diary_backup_name(number, restored->backup);
    diary_path_beside(diary, restored->backup, from);
    diary_path_beside(diary, making, to);
    int result = diary_file_copy(diary->vfs, from, to, NULL);
    return result == SQLITE_OK ? 0 : diary_fail(diary, result);
}

// NULL, and the health of `diary` set, when it cannot be.
static struct diary *begin_making(struct diary *diary) {
    struct diary *made = diary_scratch_new(diary, making, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (made == NULL) {
        return NULL;
    }
    bool is_new = false;
    int error = diary_run(made, "PRAGMA journal_mode = MEMORY");
    if (error == 0) {
        error = diary_identify(made, &is_new);
    }
    if (error == 0) {
        error = is_new ? diary_make_schema(made) : diary_migrate(made);
    }
    if (error != 0) {
        diary_refuse(diary, made->health);
        diary_scratch_free(made);
        made = NULL;
    }
    return made;
}

static int tell_change(struct diary *made, const struct diary_restored *restored) {
    char after[320];
    snprintf(after, sizeof after,
             "{\"quarantine\":\"%s\",\"backup\":\"%s\",\"kept\":%" PRId64 ",\"salvaged\":%" PRId64 ",\"lost\":%" PRId64
             ",\"complete\":%s}",
             restored->quarantine, restored->backup, restored->kept, restored->salvaged, restored->lost,
             restored->complete ? "true" : "false");
    const struct diary_change change = {
        .at_utc_s = restored->at_utc_s, .what = "restored", .before = NULL, .after = after};
    int error = diary_put_change(made, &change);
    return error == 0 ? diary_put_restored(made, restored) : error;
}

// All in one transaction: what is told of it belongs to it. Its date is the latest time that the diary knows: that of
// the system clock may lie ahead, and the diary's time would never come back from there.
static int fill(struct diary *diary, struct diary *made, const char *damaged, struct diary_restored *restored) {
    int error = diary_run(made, "BEGIN IMMEDIATE");
    if (error == 0 && damaged != NULL) {
        error = diary_salvage(diary, damaged, made, restored);
    }
    if (error == 0) {
        error = diary_last_time(made, &restored->at_utc_s);
    }
    if (error == 0) {
        error = diary_ask_number(made, "SELECT count(*) FROM session", &restored->kept);
    }
    if (error == 0) {
        error = tell_change(made, restored);
    }
    if (error == 0) {
        error = diary_run(made, "COMMIT");
    }
    return error == 0 ? diary_check_whole(made, INT64_MAX) : error;
}

// Step 3.
static int make(struct diary *diary, const char *damaged, struct diary_restored *restored) {
    int error = remove_family(diary, making);
    if (error == 0) {
        error = copy_backup(diary, restored);
    }
    struct diary *made = error == 0 ? begin_making(diary) : NULL;
    if (made == NULL) {
        return error != 0 ? error : diary_health_error(diary->health);
    }
    error = fill(diary, made, damaged, restored);
    if (error != 0) {
        diary_refuse(diary, made->health != DIARY_GOOD    ? made->health
                            : diary->health != DIARY_GOOD ? diary->health
                                                          : DIARY_IO_ERROR);
    }
    diary_scratch_free(made);
    char path[DIARY_PATH_SIZE];
    diary_path_beside(diary, making, path);
    int result = error == 0 ? diary_file_sync(diary->vfs, path) : SQLITE_OK;
    return error != 0 ? error : result == SQLITE_OK ? 0 : diary_fail(diary, result);
}

// What tells that there is, or was, a diary.
struct traces {
    bool diary;         // the file itself
    bool log;           // without it, its log, with something in it
    int backups;        // beside it
    struct stamps left; // of a restoration that did not come to its end
};

static int look_for_traces(struct diary *diary, struct traces *traces) {
    struct diary_beside beside = {0};
    int64_t log_b = 0;
    traces->diary = lies_there(diary, diary_name);
    int error = find_stamps(diary, DIARY_MENDING_NAME "-", &traces->left);
    if (error == 0 && !traces->diary) {
        error = diary_size_beside(diary, "diary.db-wal", &log_b);
    }
    if (error == 0) {
        error = diary_look_beside(diary->state_dir, &beside);
        error = error == 0 || error == -ENOENT ? 0 : diary_refuse(diary, DIARY_IO_ERROR);
    }
    traces->log = log_b > 0;
    traces->backups = beside.backups;
    return error;
}

static int restore(struct diary *diary, const struct traces *traces) {
    char stamp[STAMP_SIZE], damaged[DIARY_NAME_BESIDE_SIZE];
    struct diary_restored restored = {0};
    int error = 0;
    if (traces->left.count > 0) {
        snprintf(stamp, sizeof stamp, "%s", oldest_stamp(&traces->left, NULL));
    } else {
        error = make_stamp(diary, stamp);
    }
    if (error != 0) {
        return error;
    }
    bool something = traces->left.count > 0 || traces->diary || traces->log;
    snprintf(damaged, sizeof damaged, DIARY_MENDING_NAME "-%s", stamp);
    if (something) {
        snprintf(restored.quarantine, sizeof restored.quarantine, DIARY_DAMAGED_NAME "-%s", stamp);
    }
    diary->health = DIARY_GOOD;
    error = move_family(diary, diary_name, damaged);
    if (error == 0) {
        error = make(diary, something ? damaged : NULL, &restored);
    }
    if (error == 0) {
        error = move_synced(diary, making, diary_name);
    }
    if (error == 0) {
        diary->restored = true;
        finish(diary);
    }
    return error;
}

int diary_restore(struct diary *diary, bool is_damaged) {
    struct traces traces;
    int error = look_for_traces(diary, &traces);
    if (error != 0) {
        return error;
    }
    if (traces.diary && traces.left.count > 0) {
        error = finish(diary);
        traces.left.count = 0;
    }
    if (error != 0) {
        return is_damaged ? error : 0; // its name is still taken; else the next start does it
    }
    bool was_one = traces.left.count > 0 || traces.log || traces.backups > 0;
    return (traces.diary ? is_damaged : was_one) ? restore(diary, &traces) : 0;
}

bool diary_take_restored(struct diary *diary) {
    bool restored = diary->restored;
    diary->restored = false;
    return restored;
}
