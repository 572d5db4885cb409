// Tests with faults at every point: each allocation, VFS call and system call of opening, saving, reading again and
// stopping fails, once and for ever, also while the diary recovers from a crash. Nothing breaks, nothing acknowledged
// is lost, and once the fault has passed, what waited is saved. Likewise while a damaged diary is restored.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/keeper.h"
#include "tests/beside.h"
#include "tests/emulator.h"
#include "tests/fault/fault.h"

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOOT       "11111111-1111-5111-8111-111111111111"
#define OTHER_BOOT "22222222-2222-5222-8222-222222222222"

enum { NIGHT = 20540, DAY_S = 86400, EVENING_S = 74400, MINUTE_MS = 60 * 1000, POINTS_MAX = 100000 };

static const struct fault_plan PLANS[] = {
    {.name = "SQLite's memory", .answers = {[FAULT_SQLITE_MEMORY] = 1}, .times = 1},
    {.name = "our own memory", .answers = {[FAULT_OWN_MEMORY] = 1}, .times = 1},
    {.name = "VFS: I/O errors",
     .answers =
         {
             [FAULT_VFS_OPEN] = SQLITE_CANTOPEN,
             [FAULT_VFS_DELETE] = SQLITE_IOERR_DELETE,
             [FAULT_VFS_ACCESS] = SQLITE_IOERR_ACCESS,
             [FAULT_VFS_READ] = SQLITE_IOERR_READ,
             [FAULT_VFS_WRITE] = SQLITE_IOERR_WRITE,
             [FAULT_VFS_TRUNCATE] = SQLITE_IOERR_TRUNCATE,
             [FAULT_VFS_SYNC] = SQLITE_IOERR_FSYNC,
             [FAULT_VFS_SIZE] = SQLITE_IOERR_FSTAT,
             [FAULT_VFS_LOCK] = SQLITE_IOERR_LOCK,
             [FAULT_VFS_SHM_MAP] = SQLITE_IOERR_SHMMAP,
             [FAULT_VFS_SHM_LOCK] = SQLITE_IOERR_SHMLOCK,
         },
     .times = 1},
    {.name = "VFS: no memory",
     .answers =
         {
             [FAULT_VFS_OPEN] = SQLITE_NOMEM,
             [FAULT_VFS_ACCESS] = SQLITE_IOERR_NOMEM,
             [FAULT_VFS_READ] = SQLITE_IOERR_NOMEM,
             [FAULT_VFS_WRITE] = SQLITE_IOERR_NOMEM,
             [FAULT_VFS_SHM_MAP] = SQLITE_IOERR_NOMEM,
         },
     .times = 1},
    {.name = "VFS: full", .answers = {[FAULT_VFS_WRITE] = SQLITE_FULL, [FAULT_VFS_OPEN] = SQLITE_FULL}, .times = 1},
    {.name = "VFS: read-only",
     .answers =
         {
             [FAULT_VFS_OPEN] = SQLITE_READONLY,
             [FAULT_VFS_WRITE] = SQLITE_READONLY,
             [FAULT_VFS_DELETE] = SQLITE_READONLY,
             [FAULT_VFS_TRUNCATE] = SQLITE_READONLY,
         },
     .times = 1},
    {.name = "VFS: busy", .answers = {[FAULT_VFS_LOCK] = SQLITE_BUSY, [FAULT_VFS_SHM_LOCK] = SQLITE_BUSY}, .times = 1},
    {.name = "VFS: short reads",
     .answers = {[FAULT_VFS_READ] = SQLITE_IOERR_SHORT_READ},
     .times = 1,
     .reads_lie = true},
    {.name = "system: EIO",
     .answers =
         {
             [FAULT_SYSTEM_OPEN] = EIO,
             [FAULT_SYSTEM_OPEN_DIRECTORY] = EIO,
             [FAULT_SYSTEM_STAT] = EIO,
             [FAULT_SYSTEM_READ] = EIO,
             [FAULT_SYSTEM_WRITE] = EIO,
             [FAULT_SYSTEM_TRUNCATE] = EIO,
             [FAULT_SYSTEM_SYNC] = EIO,
             [FAULT_SYSTEM_LOCK] = EIO,
             [FAULT_SYSTEM_MAP] = EIO,
             [FAULT_SYSTEM_UNLINK] = EIO,
         },
     .times = 1},
    {.name = "system: ENOSPC",
     .answers =
         {
             [FAULT_SYSTEM_OPEN] = ENOSPC,
             [FAULT_SYSTEM_WRITE] = ENOSPC,
             [FAULT_SYSTEM_TRUNCATE] = ENOSPC,
             [FAULT_SYSTEM_SYNC] = ENOSPC,
         },
     .times = 1},
    {.name = "system: EROFS",
     .answers =
         {
             [FAULT_SYSTEM_OPEN] = EROFS,
             [FAULT_SYSTEM_WRITE] = EROFS,
             [FAULT_SYSTEM_TRUNCATE] = EROFS,
             [FAULT_SYSTEM_UNLINK] = EROFS,
         },
     .times = 1},
    // A call that is interrupted is made again: for ever it would be made for ever.
    {.name = "system: EINTR",
     .answers =
         {
             [FAULT_SYSTEM_OPEN] = EINTR,
             [FAULT_SYSTEM_READ] = EINTR,
             [FAULT_SYSTEM_WRITE] = EINTR,
             [FAULT_SYSTEM_TRUNCATE] = EINTR,
             [FAULT_SYSTEM_SYNC] = EINTR,
             [FAULT_SYSTEM_LOCK] = EINTR,
         },
     .times = 3,
     .only_once = true},
    {.name = "system: short writes", .answers = {[FAULT_SYSTEM_WRITE] = FAULT_SHORT}, .times = 1},
};

// How the diary was left before.
enum before {
    BEFORE_NOTHING,
    BEFORE_STOPPED,
    BEFORE_KILLED,
    BEFORE_KILLED_IN_DISTRUST,
    BEFORE_DAMAGED,
    BEFORE_DAMAGED_WITH_BACKUP,
    BEFORE_LOG_ALONE,
    BEFORE_COUNT,
};
static const struct {
    const char *words;
    bool allocations; // SQLite's, over a thousand: they differ little between the others
    bool damaged;     // to be restored, with all that was in it: ten times as many points, each of them slower
} BEFORE[] = {
    {"no diary yet", true, false},     {"stopped", false, false},
    {"killed", true, false},           {"killed after a failed sync", false, false},
    {"damaged", true, true},           {"damaged, with a backup", true, true},
    {"a log left of it", false, true},
};

struct desk {
    char state[64];
    char saved[64]; // a state directory of each kind, to be copied
    char aside[64]; // one with what was put aside
    struct keeper *keeper;
    struct device_start start;
    enum before before;
    char where[128]; // the fault that is looked at, told when the test fails
};

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_all(const char *path) {
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void copy_file(const char *from_dir, const char *to_dir, const char *name) {
    static unsigned char bytes[4 * 1024 * 1024];
    char path[256];
    snprintf(path, sizeof path, "%s/%s", from_dir, name);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    snprintf(path, sizeof path, "%s/%s", to_dir, name);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void copy_state(const char *from, const char *to) {
    remove_all(to);
    assert_int_equal(mkdir(to, 0700), 0);
    copy_file(from, to, "diary.db");
    copy_file(from, to, "diary.db-wal");
    copy_file(from, to, "diary.db-distrusted");
    copy_file(from, to, "diary.backup-1.db");
}

static struct diary_session a_session(char digit, int32_t night, int64_t held_s) {
    struct diary_session session = {
        .night = night,
        .started_utc_s = (int64_t)night * DAY_S + EVENING_S + digit,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600,
        .held_s = held_s,
        .outcome = OUTCOME_FINISHED,
        .outcome_was = OUTCOME_FINISHED,
        .boot_id = BOOT,
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%c0000000-0000-4000-8000-000000000000", digit);
    return session;
}

// ---- the diary as it was before ----

enum { OLD_SESSIONS = 3 };

static void mark_distrusted(const char *state) {
    char path[256];
    snprintf(path, sizeof path, "%s/diary.db-distrusted", state);
    FILE *mark = fopen(path, "we");
    assert_non_null(mark);
    fclose(mark);
}

// The first page, which says what the tables are, reads as zeros.
static void spoil_first_page(const char *state) {
    static const unsigned char nothing[512];
    char path[256];
    snprintf(path, sizeof path, "%s/diary.db", state);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, nothing, sizeof nothing, 0), sizeof nothing);
    close(fd);
}

static void lose_database(const char *state) {
    char path[256];
    snprintf(path, sizeof path, "%s/diary.db", state);
    assert_int_equal(unlink(path), 0);
}

static void save_before(struct desk *desk, enum before before) {
    copy_state("/nowhere", desk->state);
    copy_state("/nowhere", desk->saved);
    if (before == BEFORE_NOTHING) {
        return;
    }
    struct keeper *keeper;
    assert_int_equal(keeper_open(&keeper, desk->state, NULL, OTHER_BOOT, 0), 0);
    for (int i = 0; i < OLD_SESSIONS; i++) {
        struct diary_session old = a_session((char)('1' + i), NIGHT - 10 + i, 60 * (i + 1));
        assert_true(keeper_save(keeper, &old, 0));
        if (before == BEFORE_DAMAGED_WITH_BACKUP && i == 0) {
            const struct diary_care_time now = {.at_utc_s = (int64_t)NIGHT * DAY_S, .boot_id = OTHER_BOOT};
            assert_int_equal(diary_care_backup(keeper_diary(keeper), 1, &now), 0);
        }
    }
    assert_true(keeper_set_away(keeper, NIGHT - 1, true, (int64_t)NIGHT * DAY_S, 0));
    if (before == BEFORE_STOPPED || before == BEFORE_DAMAGED || before == BEFORE_DAMAGED_WITH_BACKUP) {
        keeper_close(keeper);
        keeper = NULL;
    }
    copy_state(desk->state, desk->saved);
    if (before == BEFORE_KILLED_IN_DISTRUST) {
        mark_distrusted(desk->saved);
    } else if (before == BEFORE_LOG_ALONE) {
        lose_database(desk->saved);
    } else if (BEFORE[before].damaged) {
        spoil_first_page(desk->saved);
    }
    keeper_abandon(keeper);
}

// ---- an evening, and what was acknowledged in it ----

struct evening {
    int64_t held_s; // of the session '5'; −1: no row of it was acknowledged
    bool away, chosen, undone, doubtful, corrected;
    size_t corrected_rows;
};

static void keep_running(struct desk *desk, struct evening *evening, int64_t held_s, enum outcome outcome) {
    struct diary_session session = a_session('5', NIGHT, held_s);
    session.outcome = session.outcome_was = outcome;
    if (keeper_save(desk->keeper, &session, held_s * 1000)) {
        evening->held_s = held_s;
    }
}

static struct evening live(struct desk *desk, const struct zone *zone) {
    struct evening evening = {.held_s = -1};
    memset(&desk->start, 0, sizeof desk->start);
    desk->keeper = NULL;
    if (keeper_open(&desk->keeper, desk->state, FAULT_VFS, BOOT, 0) != 0) {
        desk->keeper = NULL;
        return evening;
    }
    if (keeper_read(desk->keeper, &desk->start) == 0) {
        habit_log_clear(&desk->start.diary.log);
    }
    keep_running(desk, &evening, 0, OUTCOME_RUNNING);
    keep_running(desk, &evening, 60, OUTCOME_RUNNING);
    evening.away = keeper_set_away(desk->keeper, NIGHT + 1, true, (int64_t)NIGHT * DAY_S, 0);
    evening.chosen = keeper_set(desk->keeper, DEVICE_SETTING_MINUTES, "12 of 10", 0);
    keep_running(desk, &evening, 120, OUTCOME_FINISHED);
    struct diary_session undone = a_session('6', NIGHT, 30);
    keeper_save(desk->keeper, &undone, 0);
    undone.outcome = OUTCOME_NOT_MINE;
    evening.undone = keeper_undo(desk->keeper, &undone, (int64_t)NIGHT * DAY_S, 0);
    struct diary_session doubtful = a_session('7', NIGHT, 240);
    doubtful.clock = CLOCK_RESTORED;
    evening.doubtful = keeper_save(desk->keeper, &doubtful, 0);
    evening.corrected =
        keeper_correct(desk->keeper, 3600, CLOCK_SET, zone, (int64_t)NIGHT * DAY_S, 0, &evening.corrected_rows);
    struct device_diary known = {.undated_s = 0};
    if (keeper_read_diary(desk->keeper, &known) == 0) { // as after a correction
        habit_log_clear(&known.log);
    }
    return evening;
}

// The fault has passed: what waits is saved when it is due. A diary that looked damaged or newer is left alone until
// the daemon is started anew.
static void retry(struct desk *desk, struct evening *evening) {
    keeper_tick(desk->keeper, INT64_MAX / 2);
    enum diary_health health = diary_health(keeper_diary(desk->keeper));
    if (health == DIARY_DAMAGED || health == DIARY_NEWER) {
        return;
    }
    assert_true(keeper_is_kept(desk->keeper));
    evening->held_s = 120;
    evening->away = evening->chosen = evening->undone = evening->doubtful = true;
    evening->corrected = evening->corrected || evening->corrected_rows > 0;
}

// ---- what is read afterwards ----

struct found {
    int old; // a bit each
    int others;
    int64_t held_s;
    bool undone, doubtful, corrected;
};

static int find(void *context, const struct diary_session *session) {
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

struct kept {
    struct found sessions;
    int nights;
    char minutes[DEVICE_SETTING_SIZE];
};

static void read_kept(struct diary *diary, struct kept *kept) {
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
    copy_state("/nowhere", desk->aside);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[300];
        snprintf(name, sizeof name, "%s%s", quarantine, endings[i]);
        copy_file(desk->state, desk->aside, name);
        snprintf(from, sizeof from, "%s/%s", desk->aside, name);
        snprintf(to, sizeof to, "%s/diary.db%s", desk->aside, endings[i]);
        rename(from, to);
    }
    assert_int_equal(diary_open(&aside, desk->aside, NULL, error, sizeof error), 0);
    read_kept(aside, kept);
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

static void assert_kept(const struct desk *desk, const struct fault_plan *plan, enum before before,
                        const struct evening *evening) {
    struct diary *diary;
    char error[256];
    struct kept kept = {.sessions = {.held_s = -1}};
    struct diary_restored restored;
    assert_int_equal(diary_open(&diary, desk->state, NULL, error, sizeof error), 0);
    read_kept(diary, &kept);
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

// One evening with a fault at one point. False when there are not so many points. The daemon ends in one of three ways:
// the fault passes and what waits is saved; it stops with the fault still there; it is killed with it.
static bool one_evening(struct desk *desk, const struct zone *zone, const struct fault_plan *plan, enum before before,
                        int64_t skip, int64_t times) {
    copy_state(desk->saved, desk->state);
    fault_begin(plan, skip, times);
    struct evening evening = live(desk, zone);
    if (skip % 3 == 0) {
        keeper_close(desk->keeper);
        desk->keeper = NULL;
    }
    bool failed = fault_end() > 0;
    snprintf(desk->where, sizeof desk->where, "%s, %s, point %" PRId64 "%s", BEFORE[before].words, plan->name, skip,
             times == INT64_MAX ? " for ever" : "");
    if (desk->keeper != NULL && skip % 3 == 1) {
        retry(desk, &evening);
        keeper_close(desk->keeper);
    } else if (desk->keeper != NULL) {
        keeper_abandon(desk->keeper);
    }
    assert_kept(desk, plan, before, &evening);
    return failed;
}

// Every so many-th point is tried, from another one at each start, so that daemons end in each of the three ways.
// KARANI_FAULTS says how many: "all" (make check-faults; of SQLite's allocations while a damaged diary is searched page
// by page, which are thousands of the same, each 16th), "some" (where nothing is said), "few".
static int64_t points_apart(enum before before, size_t plan) {
    const char *wanted = getenv("KARANI_FAULTS");
    bool many = BEFORE[before].damaged && plan == 0;
    int64_t some = many ? 31 * 32 : plan == 0 ? 31 : BEFORE[before].damaged ? 4 * 4 : 4;
    return wanted == NULL || strcmp(wanted, "some") == 0 ? some : strcmp(wanted, "few") == 0 ? 7 * some : many ? 16 : 1;
}

static void faults_anywhere(void **state) {
    struct desk *desk = *state;
    struct zone *zone = zone_open("Europe/Berlin");
    const enum before before = desk->before;
    int64_t sum = 0;
    assert_non_null(zone);
    save_before(desk, before);
    for (size_t i = BEFORE[before].allocations ? 0 : 1; i < sizeof PLANS / sizeof *PLANS; i++) {
        const int64_t apart = points_apart(before, i);
        int64_t points[2] = {before % apart, before % apart};
        for (int for_ever = 0; for_ever <= (PLANS[i].only_once ? 0 : 1); for_ever++) {
            int64_t times = for_ever ? INT64_MAX : PLANS[i].times;
            for (; one_evening(desk, zone, &PLANS[i], before, points[for_ever], times); sum++) {
                points[for_ever] += apart;
                assert_true(points[for_ever] < POINTS_MAX);
            }
        }
        print_message("%s, %s: up to point %" PRId64 " once, %" PRId64 " for ever, %" PRId64 " apart\n",
                      BEFORE[before].words, PLANS[i].name, points[0], points[1], apart);
        assert_true(points[0] >= 8);
    }
    print_message("%" PRId64 " faults\n", sum);
    assert_true(sum >= 50);
    zone_unref(zone);
}

// Block by block of a diary that was stopped: the card does not give it any more. Within minutes the diary is brought
// back without it, the session of the evening is kept, and the owner told.
static void a_block_that_the_card_does_not_give(void **state) {
    enum { BLOCK_B = 4096 };
    struct desk *desk = *state;
    struct zone *zone = zone_open("Europe/Berlin");
    char path[256];
    struct stat status;
    int lost = 0;
    save_before(desk, BEFORE_STOPPED);
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    copy_state(desk->saved, desk->state);
    assert_int_equal(stat(path, &status), 0);
    for (int64_t at = 0; at < status.st_size; at += BLOCK_B) {
        copy_state(desk->saved, desk->state);
        fault_lose(path, at, at + BLOCK_B);
        struct evening evening = live(desk, zone);
        assert_non_null(desk->keeper);
        for (int minute = 1; minute <= 3; minute++) {
            keeper_tick(desk->keeper, minute * INT64_C(61000) + MINUTE_MS);
        }
        assert_true(keeper_is_kept(desk->keeper));
        assert_true(evening.held_s == 120 || keeper_has_trouble(desk->keeper, PAGE_TROUBLE_LOST) ||
                    keeper_has_trouble(desk->keeper, PAGE_TROUBLE_RESTORED));
        keeper_close(desk->keeper);
        fault_lose(NULL, 0, 0);
        struct diary *diary;
        struct kept kept = {.sessions = {.held_s = -1}};
        char error[256];
        assert_int_equal(diary_open(&diary, desk->state, NULL, error, sizeof error), 0);
        read_kept(diary, &kept);
        diary_close(diary);
        assert_int_equal(kept.sessions.held_s, 120);
        lost += kept.sessions.old != (1 << OLD_SESSIONS) - 1;
    }
    print_message("%d of %d blocks cost a session\n", lost, (int)(status.st_size / BLOCK_B) + 1);
    assert_true(lost <= 1); // that which the sessions are in
    zone_unref(zone);
}

static int begin(void **state) {
    static struct desk desk;
    const char *base = getenv("TMPDIR");
    base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : base != NULL ? base : "/tmp";
    snprintf(desk.state, sizeof desk.state, "%s/karani-fault-XXXXXX", base);
    snprintf(desk.saved, sizeof desk.saved, "%s/karani-fault-XXXXXX", base);
    snprintf(desk.aside, sizeof desk.aside, "%s/karani-fault-XXXXXX", base);
    desk.before = *(const enum before *)*state;
    *state = &desk;
    return mkdtemp(desk.state) != NULL && mkdtemp(desk.saved) != NULL && mkdtemp(desk.aside) != NULL ? 0 : -1;
}

static int finish(void **state) {
    struct desk *desk = *state;
    print_message("last: %s\n", desk->where);
    remove_all(desk->state);
    remove_all(desk->saved);
    remove_all(desk->aside);
    return 0;
}

// With an argument, only the start so called, for as long as it takes.
int main(int argc, char **argv) {
    static enum before starts[BEFORE_COUNT + 1];
    struct CMUnitTest tests[BEFORE_COUNT + 1];
    alarm(argc > 1 ? 0 : emulator_limit_s(900));
    if (fault_install() != 0) {
        return EXIT_FAILURE;
    }
    for (enum before before = BEFORE_NOTHING; before < BEFORE_COUNT; before++) {
        starts[before] = before;
        tests[before] =
            (struct CMUnitTest){BEFORE[before].words, faults_anywhere, begin, finish, .initial_state = &starts[before]};
    }
    starts[BEFORE_COUNT] = BEFORE_STOPPED;
    tests[BEFORE_COUNT] =
        (struct CMUnitTest){"a block that the card does not give", a_block_that_the_card_does_not_give, begin, finish,
                            .initial_state = &starts[BEFORE_COUNT]};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
