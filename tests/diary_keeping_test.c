// Tests of what keeps the diary: backups, restoration, migration, each with the card failing at every step of it.
#include "daemon/diary.h"
#include "daemon/sim/storage.h"
#include "tests/beside.h"
#include "tests/diary_evenings.h"
#include "tests/points.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    FILE_MAX_B = 512 * 1024,
    STEPS_MAX = 400, // no sequence here takes so many calls of the card
};

struct desk {
    char state[PATH_MAX / 8];
    struct storage *storage;
    struct diary *diary;
};

struct bytes {
    unsigned char bytes[FILE_MAX_B];
    size_t size;
};

static void empty(const char *directory) {
    DIR *listing = opendir(directory);
    const struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

static int begin(void **state) {
    static struct desk desk;
    memset(&desk, 0, sizeof desk);
    snprintf(desk.state, sizeof desk.state, "/tmp/karani-keeping-XXXXXX");
    *state = &desk;
    return mkdtemp(desk.state) == NULL ? -1 : storage_new(&desk.storage, "keeping-test");
}

static int finish(void **state) {
    struct desk *desk = *state;
    diary_close(desk->diary);
    storage_free(desk->storage);
    empty(desk->state);
    return rmdir(desk->state);
}

static void path_of(const struct desk *desk, const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", desk->state, name);
}

static bool lies_there(const struct desk *desk, const char *name) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    return access(path, F_OK) == 0;
}

static void load(const struct desk *desk, const char *name, struct bytes *bytes) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t size = read(fd, bytes->bytes, FILE_MAX_B);
    assert_true(size >= 0 && size < FILE_MAX_B);
    bytes->size = (size_t)size;
    close(fd);
}

static void store(const struct desk *desk, const char *name, const struct bytes *bytes) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes->bytes, bytes->size), (ssize_t)bytes->size);
    close(fd);
}

// Another storage, which knows nothing of what was written past the last one.
static void renew_storage(struct desk *desk) {
    storage_free(desk->storage);
    assert_int_equal(storage_new(&desk->storage, "keeping-test"), 0);
}

static int open_diary(struct desk *desk) {
    char error[512];
    return diary_open(&desk->diary, desk->state, storage_vfs(desk->storage), error, sizeof error);
}

static void close_diary(struct desk *desk) {
    diary_close(desk->diary);
    desk->diary = NULL;
}

static void write_evenings(struct desk *desk, int from, int until) {
    for (int n = from; n < until; n++) {
        struct diary_session session = evening(n);
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
}

static int count_one(void *context, const struct diary_session *session) {
    (void)session;
    ++*(int *)context;
    return 0;
}

static int count_rows(struct diary *diary) {
    int count = 0;
    assert_int_equal(diary_each_session(diary, count_one, &count), 0);
    return count;
}

// The first column of the first row, as SQLite itself reads that file.
static int64_t ask(const struct desk *desk, const char *name, const char *sql) {
    char path[PATH_MAX];
    sqlite3 *db;
    sqlite3_stmt *statement;
    path_of(desk, name, path);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

static const struct diary_care_time CARE = {.at_utc_s = EVENING_UTC_S, .boot_id = BOOT, .boot_ms = 1};

static void back_up(struct desk *desk, int keep) {
    assert_int_equal(diary_care_backup(desk->diary, keep, &CARE), 0);
}

// ---- backups ----

static void generations(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_diary(desk), 0);
    for (int n = 1; n <= 4; n++) {
        write_evenings(desk, n - 1, n);
        back_up(desk, 3);
    }
    assert_int_equal(look_beside(desk->state).backups, 3);
    assert_int_equal(ask(desk, "diary.backup-1.db", "SELECT count(*) FROM session"), 4);
    assert_int_equal(ask(desk, "diary.backup-2.db", "SELECT count(*) FROM session"), 3);
    assert_int_equal(ask(desk, "diary.backup-3.db", "SELECT count(*) FROM session"), 2);
    back_up(desk, 2);
    assert_int_equal(look_beside(desk->state).backups, 2);
    back_up(desk, 0); // none is asked for: none is made, and none is taken away
    assert_int_equal(look_beside(desk->state).backups, 2);
    struct diary_care_time last;
    assert_int_equal(diary_care_last(desk->diary, DIARY_CARE_BACKUP, &last), 0);
    assert_int_equal(last.at_utc_s, CARE.at_utc_s);
    assert_string_equal(last.boot_id, BOOT);
    assert_int_equal(last.boot_ms, 1);
    assert_int_equal(diary_care_last(desk->diary, DIARY_CARE_CHECK, &last), -ENOENT);
}

static const enum storage_fault FAULTS[] = {STORAGE_FAULT_FULL, STORAGE_FAULT_READONLY, STORAGE_FAULT_SYNC};

enum { FAULT_COUNT = sizeof FAULTS / sizeof *FAULTS };

// The newest of those that are whole has this many evenings at least.
static int best_backup(const struct desk *desk) {
    int best = -1;
    for (int number = 1; number <= 2; number++) {
        char name[32];
        snprintf(name, sizeof name, "diary.backup-%d.db", number);
        if (lies_there(desk, name) && ask(desk, name, "SELECT count(*) FROM pragma_integrity_check") == 1) {
            int count = (int)ask(desk, name, "SELECT count(*) FROM session");
            best = count > best ? count : best;
        }
    }
    return best;
}

// The card fails at the n-th call, and then the power goes: a good backup is there whatever n is, and the diary whole.
static void a_backup_that_is_cut_off(void **state) {
    struct desk *desk = *state;
    int cuts = 0;
    for (int f = 0; f < FAULT_COUNT; f++) {
        bool done = false;
        for (int n = f % points_apart(); !done; n += points_apart(), cuts++) {
            assert_true(n < STEPS_MAX);
            empty(desk->state);
            renew_storage(desk);
            assert_int_equal(open_diary(desk), 0);
            write_evenings(desk, 0, 3);
            back_up(desk, 2);
            write_evenings(desk, 3, 6);
            storage_set_fault_after(desk->storage, FAULTS[f], n);
            done = diary_care_backup(desk->diary, 2, &CARE) == 0;
            storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
            assert_int_equal(storage_power_cut(desk->storage), 0);
            diary_abandon(desk->diary);
            assert_true(best_backup(desk) >= (done ? 6 : 3));
            assert_int_equal(open_diary(desk), 0);
            assert_false(diary_take_restored(desk->diary));
            assert_int_equal(count_rows(desk->diary), 6);
            close_diary(desk);
        }
    }
    print_message("%d cuts in a backup\n", cuts);
    assert_true(cuts * points_apart() > 20);
}

// ---- restoration ----

static void spoil(struct bytes *bytes, size_t from, size_t count) {
    assert_true(from + count <= bytes->size);
    memset(bytes->bytes + from, 0x5a, count);
}

// Ten evenings, of which the backup knows six; the page of the sessions is spoilt in the middle of the diary.
static void write_damaged(struct desk *desk, struct bytes *diary, struct bytes *backup) {
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 0, 6);
    back_up(desk, 2);
    write_evenings(desk, 6, 10);
    assert_int_equal(diary_set(desk->diary, "minutes", "7 10"), 0);
    close_diary(desk);
    load(desk, "diary.db", diary);
    load(desk, "diary.backup-1.db", backup);
    assert_false(lies_there(desk, "diary.db-wal"));
    spoil(diary, 100, 60); // the header of the schema's page
}

// The same files every time: written once, and put there again.
static void make_damaged(struct desk *desk) {
    static struct bytes diary, backup;
    if (diary.size == 0) {
        write_damaged(desk, &diary, &backup);
    }
    empty(desk->state);
    store(desk, "diary.db", &diary);
    store(desk, "diary.backup-1.db", &backup);
    renew_storage(desk);
}

static void assert_restored(struct desk *desk) {
    struct diary_restored restored;
    char *value = NULL;
    assert_int_equal(count_rows(desk->diary), 10);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_int_equal(restored.kept, 10);
    assert_int_equal(restored.salvaged, 4);
    assert_string_equal(restored.backup, "diary.backup-1.db");
    assert_false(restored.told);
    assert_true(lies_there(desk, restored.quarantine));
    assert_int_equal(look_beside(desk->state).quarantined, 1);
    assert_false(lies_there(desk, "diary.db.new"));
    assert_false(lies_there(desk, "diary.db.salvage"));
    assert_int_equal(diary_get(desk->diary, "minutes", &value), 0);
    assert_string_equal(value, "7 10");
    free(value);
}

static int64_t same_moment_ms(void *clock) {
    (void)clock;
    return EVENING_UTC_S * INT64_C(1000);
}

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

// Adds what a start begins with, which is all that lies on the card, and what befalls it. Whether no start before
// began so: the clock stands still, and one that began so would go the same way.
static bool is_new_start(const struct desk *desk, GHashTable *starts, const char *befalls) {
    static struct bytes bytes;
    struct dirent **entries = NULL;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)befalls, -1);
    int count = scandir(desk->state, &entries, is_visible, alphasort);
    assert_true(count >= 0);
    for (int i = 0; i < count; i++) {
        load(desk, entries[i]->d_name, &bytes);
        g_checksum_update(sum, (const guchar *)entries[i]->d_name, (gssize)strlen(entries[i]->d_name) + 1);
        g_checksum_update(sum, (const guchar *)&bytes.size, sizeof bytes.size);
        g_checksum_update(sum, bytes.bytes, (gssize)bytes.size);
        free(entries[i]);
    }
    free(entries);
    bool is_new = g_hash_table_add(starts, g_strdup(g_checksum_get_string(sum)));
    g_checksum_free(sum);
    return is_new;
}

// The card fails at the n-th call of a start, and then the power goes. Whether the start went well.
static bool start_and_cut(struct desk *desk, enum storage_fault fault, int n) {
    renew_storage(desk);
    storage_set_clock(desk->storage, same_moment_ms, NULL);
    storage_set_fault_after(desk->storage, fault, n);
    bool well = open_diary(desk) == 0;
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    desk->diary = NULL;
    return well;
}

static void assert_restored_by_next_start(struct desk *desk) {
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_int_equal(diary_health(desk->diary), DIARY_GOOD);
    assert_restored(desk);
    close_diary(desk);
}

// At every call, and once more in what the next start does about it; and the third time it is done.
static void a_restoration_that_is_cut_off(void **state) {
    struct desk *desk = *state;
    GHashTable *starts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int cuts = 0, ends = 0;
    for (int f = 0; f < FAULT_COUNT; f++) {
        bool done = false;
        for (int n = f % points_apart(); !done; n += points_apart(), cuts++) {
            char again[40];
            assert_true(n < STEPS_MAX);
            make_damaged(desk);
            done = start_and_cut(desk, FAULTS[f], n);
            snprintf(again, sizeof again, "fault %d at %d", f, n / 2);
            if (is_new_start(desk, starts, again)) {
                start_and_cut(desk, FAULTS[f], n / 2);
                if (is_new_start(desk, starts, "nothing")) {
                    assert_restored_by_next_start(desk);
                    ends++;
                }
            }
        }
    }
    print_message("%d cuts in a restoration, %d starts after two of them\n", cuts, ends);
    assert_true(cuts * points_apart() > 300);
    assert_true(ends >= (points_apart() == 1 ? 5 : 3)); // the card as each step of diary_restore.c leaves it
    g_hash_table_destroy(starts);
}

// A diary whose database is gone, then, in the same second, one that is damaged: neither takes the other's name.
static void two_in_one_second(void **state) {
    struct desk *desk = *state;
    static struct bytes bytes;
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 0, 3);
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    assert_int_equal(unlink(path), 0);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_int_equal(count_rows(desk->diary), 3);
    close_diary(desk);
    load(desk, "diary.db", &bytes);
    spoil(&bytes, 100, 60);
    store(desk, "diary.db", &bytes);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_int_equal(count_rows(desk->diary), 3);
    assert_int_equal(look_beside(desk->state).quarantined, 2);
    close_diary(desk);
}

static void it_is_told_until_it_has_been_read(void **state) {
    struct desk *desk = *state;
    struct diary_restored restored;
    make_damaged(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_true(diary_take_restored(desk->diary));
    close_diary(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_false(diary_take_restored(desk->diary));
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_false(restored.told);
    assert_int_equal(diary_restored_told(desk->diary), 0);
    close_diary(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_true(restored.told);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM change WHERE what = 'restored'"), 1);
}

static void a_missing_diary_comes_back(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    struct diary_restored restored;
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 0, 6);
    back_up(desk, 2);
    close_diary(desk);
    path_of(desk, "diary.db", path);
    assert_int_equal(unlink(path), 0);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_int_equal(count_rows(desk->diary), 6);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_string_equal(restored.quarantine, "");
    assert_false(restored.complete);
}

// Two good generations, and the newer one is spoilt, too.
static void a_spoilt_backup_is_passed_over(void **state) {
    struct desk *desk = *state;
    static struct bytes bytes;
    struct diary_restored restored;
    make_damaged(desk);
    load(desk, "diary.backup-1.db", &bytes);
    store(desk, "diary.backup-2.db", &bytes);
    spoil(&bytes, 0, 100);
    store(desk, "diary.backup-1.db", &bytes);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_int_equal(count_rows(desk->diary), 10);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_string_equal(restored.backup, "diary.backup-2.db");
}

static uint32_t page_of_frame(const struct bytes *log, size_t frame_b, size_t frame) {
    const unsigned char *at = log->bytes + 32 + frame * frame_b;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

// A frame from the tenth on whose page comes again: nothing is in it alone.
static size_t find_frame_that_comes_again(const struct bytes *log, size_t frame_b) {
    for (size_t frame = 10;; frame++) {
        for (size_t later = frame + 1; 32 + (later + 1) * frame_b <= log->size; later++)
            if (page_of_frame(log, frame_b, frame) == page_of_frame(log, frame_b, later))
                return frame;
    }
}

// A frame in the middle of the log: SQLite would take it for the log's end, and what came after for never written.
static void commits_behind_a_spoilt_frame(void **state) {
    struct desk *desk = *state;
    static struct bytes log;
    enum { PAGE_B = 512, FRAME_B = PAGE_B + 24, EVENINGS = 20 };
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 0, 2);
    close_diary(desk);
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 2, EVENINGS);
    storage_kill(desk->storage);
    diary_abandon(desk->diary);
    desk->diary = NULL;
    load(desk, "diary.db-wal", &log);
    spoil(&log, 32 + find_frame_that_comes_again(&log, FRAME_B) * FRAME_B + 24 + 200, 40);
    store(desk, "diary.db-wal", &log);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_true(diary_take_restored(desk->diary));
    assert_int_equal(count_rows(desk->diary), EVENINGS);
}

// What the monthly check finds, it mends; a backup that has gone bad is taken away.
static void the_monthly_check(void **state) {
    struct desk *desk = *state;
    static struct bytes bytes;
    struct diary_care_time last;
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 0, 6);
    back_up(desk, 2);
    assert_int_equal(diary_care_check(desk->diary, &CARE), 0);
    assert_int_equal(diary_care_last(desk->diary, DIARY_CARE_CHECK, &last), 0);
    load(desk, "diary.backup-1.db", &bytes);
    spoil(&bytes, 4096, 200);
    store(desk, "diary.backup-1.db", &bytes);
    assert_int_equal(diary_care_check(desk->diary, &CARE), -EUCLEAN);
    assert_int_equal(look_beside(desk->state).backups, 0);
    assert_int_equal(count_rows(desk->diary), 6);
}

// ---- migration ----

static void make_version_1(struct desk *desk) {
    char path[PATH_MAX];
    sqlite3 *db;
    static char sql[8192];
    FILE *file = fopen("tests/schemas/diary-1.sql", "re");
    assert_non_null(file);
    size_t size = fread(sql, 1, sizeof sql - 1, file);
    fclose(file);
    sql[size] = '\0';
    empty(desk->state);
    path_of(desk, "diary.db", path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    renew_storage(desk);
}

static int take_night(void *context, int32_t night) {
    *(int32_t *)context = night;
    return 0;
}

static void assert_version_1_is_there(struct desk *desk) {
    int32_t night = 0;
    struct diary_session last;
    char *value = NULL;
    assert_int_equal(count_rows(desk->diary), 3);
    assert_int_equal(diary_each_away(desk->diary, take_night, &night), 0);
    assert_int_equal(night, EVENING_NIGHT + 1);
    assert_int_equal(diary_last_session(desk->diary, &last), 0);
    assert_int_equal(last.outcome, OUTCOME_NOT_MINE);
    assert_int_equal(last.outcome_was, OUTCOME_FINISHED);
    assert_int_equal(diary_get(desk->diary, "minutes", &value), 0);
    assert_string_equal(value, "12 10");
    free(value);
}

static void from_version_1(void **state) {
    struct desk *desk = *state;
    make_version_1(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_version_1_is_there(desk);
    back_up(desk, 2);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "PRAGMA user_version"), DIARY_VERSION);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM change"), 1);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM session WHERE note = 'slept well'"), 1);
    assert_int_equal(ask(desk, "diary.backup-2.db", "PRAGMA user_version"), 1); // as it was before
    assert_int_equal(ask(desk, "diary.backup-2.db", "SELECT count(*) FROM session"), 3);
    // What has been migrated has the schema of what is made anew.
    char path[PATH_MAX];
    sqlite3_int64 columns = ask(desk, "diary.db", "SELECT count(*) FROM pragma_table_info('upkeep')");
    path_of(desk, "diary.db", path);
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM pragma_table_info('upkeep')"), columns);
}

static void a_migration_that_is_cut_off(void **state) {
    struct desk *desk = *state;
    int cuts = 0;
    for (int f = 0; f < FAULT_COUNT; f++) {
        bool done = false;
        for (int n = f % points_apart(); !done; n += points_apart(), cuts++) {
            assert_true(n < STEPS_MAX);
            make_version_1(desk);
            storage_set_fault_after(desk->storage, FAULTS[f], n);
            done = open_diary(desk) == 0;
            storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
            assert_int_equal(storage_power_cut(desk->storage), 0);
            diary_abandon(desk->diary);
            assert_int_equal(open_diary(desk), 0);
            assert_false(diary_take_restored(desk->diary));
            assert_version_1_is_there(desk);
            close_diary(desk);
        }
    }
    print_message("%d cuts in a migration\n", cuts);
    assert_true(cuts * points_apart() > 20);
}

// A backup of before a version is as good as any.
static void an_older_backup_is_migrated(void **state) {
    struct desk *desk = *state;
    char from[PATH_MAX], to[PATH_MAX];
    make_version_1(desk);
    path_of(desk, "diary.db", from);
    path_of(desk, "diary.backup-1.db", to);
    assert_int_equal(rename(from, to), 0);
    renew_storage(desk);
    assert_int_equal(open_diary(desk), 0);
    assert_version_1_is_there(desk);
    write_evenings(desk, 10, 11);
}

// ---- a copy for the owner ----

static void a_copy_for_the_owner(void **state) {
    struct desk *desk = *state;
    char copy[PATH_MAX], other[PATH_MAX], link[PATH_MAX];
    static struct bytes before, after;
    path_of(desk, "copy.db", copy);
    path_of(desk, "other.txt", other);
    path_of(desk, "link.db", link);
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 0, 3);
    load(desk, "diary.db", &before);
    assert_int_equal(diary_backup(desk->diary, copy), 0);
    load(desk, "diary.db", &after);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.bytes, after.bytes, before.size);
    assert_int_equal(ask(desk, "copy.db", "SELECT count(*) FROM session"), 3);
    write_evenings(desk, 3, 4);
    assert_int_equal(diary_backup(desk->diary, copy), 0); // an older backup gives way
    assert_int_equal(ask(desk, "copy.db", "SELECT count(*) FROM session"), 4);
    before = (struct bytes){.bytes = "a letter", .size = 8};
    store(desk, "other.txt", &before);
    assert_int_equal(diary_backup(desk->diary, other), -EEXIST);
    load(desk, "other.txt", &after);
    assert_int_equal(after.size, 8);
    assert_int_equal(symlink(copy, link), 0);
    assert_int_equal(diary_backup(desk->diary, link), -EEXIST);
    assert_int_equal(diary_backup(desk->diary, desk->state), -EEXIST);
    path_of(desk, "diary.db", other);
    assert_int_equal(diary_backup(desk->diary, other), -EEXIST);
    path_of(desk, "no/such/place.db", other);
    assert_int_equal(diary_backup(desk->diary, other), -ENOENT);
}

// ---- what waits ----

// Rows and change wait together; a sync that fails may have let the commit through: the change stands there once.
static void a_correction_waits(void **state) {
    struct desk *desk = *state;
    int results = 0;
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 0, 1);
    for (int f = 0; f < FAULT_COUNT; f++) {
        struct diary_session session = evening(0);
        session.outcome = f % 2 == 0 ? OUTCOME_NOT_MINE : OUTCOME_FINISHED;
        const struct diary_change change = {
            .at_utc_s = EVENING_UTC_S + f, .what = "undo", .before = "{}", .after = "{\"n\":1}"};
        storage_set_fault(desk->storage, FAULTS[f]);
        results += diary_correct(desk->diary, &session, 1, &change) < 0;
        assert_int_equal(diary_pending(desk->diary), 0);
        assert_int_equal(diary_correct_later(desk->diary, &session, 1, &change), 0);
        assert_int_equal(diary_pending(desk->diary), 1);
        assert_true(diary_retry(desk->diary) < 0);
        storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
        assert_int_equal(diary_retry(desk->diary), 0);
        assert_int_equal(diary_pending(desk->diary), 0);
    }
    assert_int_equal(results, FAULT_COUNT);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM change"), FAULT_COUNT);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(DISTINCT at_utc) FROM change"), FAULT_COUNT);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM session WHERE outcome = 'not-mine'"), 1);
}

// ---- the place ----

static void places(void **state) {
    struct statfs status;
    (void)state;
    enum { TMPFS = 0x01021994 };
    for (int place = DIARY_PLACE_MEMORY; place <= DIARY_PLACE_READONLY; place++) {
        assert_non_null(diary_place_sentence((enum diary_place)place));
    }
    assert_null(diary_place_sentence(DIARY_PLACE_LASTING));
    if (statfs("/dev/shm", &status) < 0 || status.f_type != TMPFS) {
        print_message("/dev/shm is no tmpfs here\n");
        return;
    }
    assert_int_equal(diary_place("/dev/shm"), DIARY_PLACE_MEMORY);
    assert_int_equal(diary_place("/dev/shm/not/made/yet"), DIARY_PLACE_MEMORY);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(generations),
        STORY(a_backup_that_is_cut_off),
        STORY(a_restoration_that_is_cut_off),
        STORY(two_in_one_second),
        STORY(it_is_told_until_it_has_been_read),
        STORY(a_missing_diary_comes_back),
        STORY(a_spoilt_backup_is_passed_over),
        STORY(commits_behind_a_spoilt_frame),
        STORY(the_monthly_check),
        STORY(from_version_1),
        STORY(a_migration_that_is_cut_off),
        STORY(an_older_backup_is_migrated),
        STORY(a_copy_for_the_owner),
        STORY(a_correction_waits),
        cmocka_unit_test(places),
    };
    return cmocka_run_group_tests_name("keeping", tests, NULL, NULL);
}
