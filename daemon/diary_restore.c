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
#include "daemon/diary_file.h"
#include "daemon/diary_inside.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MENDING_NAME "diary.db.mending-"

static const char diary_name[] = "diary.db";
static const char making[] = "diary.db.new";

enum { NAME_SIZE = 80, STAMP_SIZE = 32 };

// The database, and what SQLite keeps beside it.
static const char *const ENDINGS[] = {"", "-journal", "-wal", "-shm"};

enum { ENDING_COUNT = sizeof ENDINGS / sizeof *ENDINGS };

// Without memory of its own: a diary, or its log, must not be taken for missing because memory is short.
static bool lies_there(const struct diary *diary, const char *name) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", diary->state_dir, name);
    return length > 0 && (size_t)length < sizeof path && diary_file_exists(path);
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

// The oldest date after this beginning but one (or NULL), and how many there are.
static int find_stamps(const struct diary *diary, const char *beginning, const char *but, char found[STAMP_SIZE]) {
    int count = 0;
    bool any = false;
    char seen[64][STAMP_SIZE];
    DIR *listing = opendir(diary->state_dir);
    const struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        char stamp[STAMP_SIZE];
        bool known = !take_stamp(entry->d_name, beginning, stamp);
        for (int i = 0; i < count && !known; i++) {
            known = strcmp(seen[i], stamp) == 0;
        }
        if (known || count == sizeof seen / sizeof seen[0]) {
            continue;
        }
        memcpy(seen[count], stamp, STAMP_SIZE);
        if ((but == NULL || strcmp(stamp, but) != 0) && (!any || strcmp(stamp, found) < 0)) {
            memcpy(found, stamp, STAMP_SIZE);
            any = true;
        }
        count++;
    }
    if (listing != NULL) {
        closedir(listing);
    }
    return count;
}

// A date that no damaged diary bears yet.
static void make_stamp(const struct diary *diary, char stamp[STAMP_SIZE]) {
    time_t now = (time_t)diary_file_now_utc_s(diary->vfs);
    struct tm date = {0};
    gmtime_r(&now, &date);
    char begin[20];
    strftime(begin, sizeof begin, "%Y%m%d-%H%M%S", &date);
    snprintf(stamp, STAMP_SIZE, "%s", begin);
    for (int n = 2;; n++) {
        char name[NAME_SIZE];
        snprintf(name, sizeof name, DIARY_DAMAGED_NAME "-%s", stamp);
        if (!lies_there(diary, name)) {
            return;
        }
        snprintf(stamp, STAMP_SIZE, "%s-%d", begin, n);
    }
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
        char old[NAME_SIZE], new[NAME_SIZE];
        snprintf(old, sizeof old, "%s%s", from, ENDINGS[i]);
        snprintf(new, sizeof new, "%s%s", to, ENDINGS[i]);
        error = lies_there(diary, old) ? move_synced(diary, old, new) : 0;
    }
    return error;
}

static int remove_family(struct diary *diary, const char *name) {
    int error = 0;
    for (int i = 0; i < ENDING_COUNT && error == 0; i++) {
        char each[NAME_SIZE];
        snprintf(each, sizeof each, "%s%s", name, ENDINGS[i]);
        error = lies_there(diary, each) ? diary_remove_beside(diary, each) : 0;
    }
    return error;
}

// The oldest damaged diaries give way, but never the one that was just put aside: the clock may have been set back.
static void remove_oldest(struct diary *diary, const char *but) {
    char stamp[STAMP_SIZE], name[NAME_SIZE];
    while (find_stamps(diary, DIARY_DAMAGED_NAME "-", but, stamp) > DIARY_QUARANTINE_MAX) {
        snprintf(name, sizeof name, DIARY_DAMAGED_NAME "-%s", stamp);
        if (remove_family(diary, name) != 0) {
            return;
        }
    }
}

// Step 5. Where it fails, the next start does it.
static void finish(struct diary *diary) {
    char stamp[STAMP_SIZE], from[NAME_SIZE], to[NAME_SIZE];
    if (find_stamps(diary, MENDING_NAME, NULL, stamp) == 0) {
        return;
    }
    snprintf(from, sizeof from, MENDING_NAME "%s", stamp);
    snprintf(to, sizeof to, DIARY_DAMAGED_NAME "-%s", stamp);
    if (move_family(diary, from, to) == 0) {
        remove_oldest(diary, stamp);
    }
}

// ---- the diary in the making ----

// It begins as the newest backup that is whole, or empty.
static struct diary *begin_making(struct diary *diary, struct diary_restored *restored) {
    int number = 1;
    int result = SQLITE_OK;
    if (diary_find_backup(diary, &number) == 0) {
        diary_backup_name(number, restored->backup);
        char *from = diary_path_beside(diary, restored->backup);
        char *to = diary_path_beside(diary, making);
        result = from == NULL || to == NULL ? SQLITE_NOMEM : diary_file_copy(diary->vfs, from, to, NULL);
        free(from);
        free(to);
    }
    if (result != SQLITE_OK) {
        diary_fail(diary, result);
        return NULL;
    }
    struct diary *made = diary_scratch_new(diary, making, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    bool is_new = false;
    int64_t version = 0;
    int error = made == NULL ? -1 : diary_run(made, "PRAGMA journal_mode = MEMORY");
    if (error == 0) {
        error = diary_identify(made, &is_new, &version);
    }
    if (error == 0) {
        error = is_new ? diary_make_schema(made) : diary_migrate(made, version);
    }
    if (error != 0 && made != NULL) {
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
    struct diary *made = error == 0 ? begin_making(diary, restored) : NULL;
    if (made == NULL) {
        return error != 0 ? error : diary_health_error(diary->health);
    }
    error = fill(diary, made, damaged, restored);
    if (error != 0) {
        diary_refuse(diary, made->health == DIARY_GOOD ? DIARY_IO_ERROR : made->health);
    }
    diary_scratch_free(made);
    char *path = diary_path_beside(diary, making);
    int result = path == NULL ? SQLITE_NOMEM : error == 0 ? diary_file_sync(diary->vfs, path) : SQLITE_OK;
    free(path);
    return error != 0 ? error : result == SQLITE_OK ? 0 : diary_fail(diary, result);
}

// A log with something in it and without its database.
static bool has_orphan(const struct diary *diary) {
    int64_t size = 0;
    char *wal = diary_path_beside(diary, "diary.db-wal");
    bool has =
        wal != NULL && diary_file_exists(wal) && diary_file_size(diary->vfs, wal, &size) == SQLITE_OK && size > 0;
    free(wal);
    return has;
}

// Of a diary that is missing: whether there was one.
static bool was_one(const struct diary *diary) {
    char stamp[STAMP_SIZE];
    return find_stamps(diary, MENDING_NAME, NULL, stamp) > 0 || has_orphan(diary) ||
           diary_look_beside(diary->state_dir).backups > 0;
}

int diary_restore(struct diary *diary, bool is_damaged) {
    if (lies_there(diary, diary_name)) {
        finish(diary);
        if (!is_damaged) {
            return 0;
        }
    } else if (!was_one(diary)) {
        return 0;
    }
    char stamp[STAMP_SIZE], damaged[NAME_SIZE];
    struct diary_restored restored = {0};
    bool goes_on = find_stamps(diary, MENDING_NAME, NULL, stamp) > 0;
    if (!goes_on) {
        make_stamp(diary, stamp);
    }
    bool something = goes_on || lies_there(diary, diary_name) || has_orphan(diary);
    snprintf(damaged, sizeof damaged, MENDING_NAME "%s", stamp);
    if (something) {
        snprintf(restored.quarantine, sizeof restored.quarantine, DIARY_DAMAGED_NAME "-%s", stamp);
    }
    int error = move_family(diary, diary_name, damaged);
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

bool diary_take_restored(struct diary *diary) {
    bool restored = diary->restored;
    diary->restored = false;
    return restored;
}
