// Random damage to the diary's files: it starts within 5 s all the same, what is damaged is put aside byte for byte,
// what the backup and the damaged file still tell is there, nothing comes twice, and it is told.
//
// KARANI_DAMAGES says how many (1000), KARANI_SEED where the dice begin (a number).
#include "daemon/diary/diary.h"
#include "daemon/sim/storage/storage.h"
#include "tests/support/diary/diary_evenings.h"
#include "tests/support/diary/random_damage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    EVENINGS = 90,
    IN_BACKUP = 60,    // of these, before the backup
    CHECKPOINTED = 70, // before the log was last put into the database
    DAMAGES_DEFAULT = 1000,
    SEED_DEFAULT = 20261,
    START_LIMIT_MS = 5000,
    FRAME_B = DAMAGE_PAGE_B + 24,
    FILE_MAX_B = 1024 * 1024,
};

// ---- files ----

struct file {
    unsigned char bytes[FILE_MAX_B];
    size_t size;
    bool is_there;
};

enum which { DATABASE, LOG, BACKUP, FILES };

static const char *const NAMES[FILES] = {"diary.db", "diary.db-wal", "diary.backup-1.db"};

struct desk {
    char state[64];
    struct file clean[FILES];   // closed well: no log
    struct file unclean[FILES]; // a log, and no index
    struct file now[FILES];
    char what[160]; // the damage that is looked at, told in the end
};

static struct desk desk;

static void path_of(const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", desk.state, name);
}

static void empty_directory(void) {
    DIR *listing = opendir(desk.state);
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    closedir(listing);
}

static void load(struct file *file, const char *name) {
    char path[PATH_MAX];
    path_of(name, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *file = (struct file){.is_there = fd >= 0};
    if (fd >= 0) {
        ssize_t size = read(fd, file->bytes, sizeof file->bytes);
        assert_true(size >= 0 && (size_t)size < sizeof file->bytes);
        file->size = (size_t)size;
        close(fd);
    }
}

static void store(const struct file *file, const char *name) {
    char path[PATH_MAX];
    path_of(name, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, file->bytes, file->size), (ssize_t)file->size);
    close(fd);
}

// ---- the diary before it is damaged ----

// Uuids far apart, as random ones are: no bit that flips makes one of another.
static struct session_record scattered(int n) {
    struct session_record session = evening(n);
    session.held_s = 540 + n;
    snprintf(session.uuid, sizeof session.uuid, "%08x-%04x-4777-8777-%012x", (unsigned)n * 0x9e3779b1U,
             ((unsigned)n * 40503U) & 0xffffU, (unsigned)n * 2246822519U);
    return session;
}

static struct diary *open_diary(const struct storage *storage) {
    struct diary *diary = NULL;
    char sentence[512];
    diary_open(&diary, desk.state, storage_vfs(storage), sentence, sizeof sentence);
    assert_non_null(diary);
    return diary;
}

static void write_evenings(struct diary *diary, int from, int until) {
    for (int n = from; n < until; n++) {
        struct session_record session = scattered(n);
        assert_int_equal(diary_save(diary, &session), 0);
        if (n % 10 == 9) {
            assert_int_equal(diary_set_away(diary, EVENING_NIGHT + 1000 + n, true, session.started_utc_s), 0);
        }
    }
}

static void load_all(struct file files[FILES]) {
    for (int i = 0; i < FILES; i++) {
        load(&files[i], NAMES[i]);
    }
}

// The log of a process that died holds the last evenings; put into the database it is one that was closed well.
static int make_base(void **state) {
    struct storage *storage;
    (void)state;
    snprintf(desk.state, sizeof desk.state, "/tmp/karani-damage-XXXXXX");
    if (mkdtemp(desk.state) == NULL || storage_new(&storage, "damage-base") != 0) {
        return -1;
    }
    const struct diary_care_time care = {.at_utc_s = EVENING_UTC_S, .boot_id = BOOT};
    struct diary *diary = open_diary(storage);
    write_evenings(diary, 0, IN_BACKUP);
    assert_int_equal(diary_care_backup(diary, 2, &care), 0);
    write_evenings(diary, IN_BACKUP, CHECKPOINTED);
    diary_close(diary);
    diary = open_diary(storage);
    write_evenings(diary, CHECKPOINTED, EVENINGS);
    storage_kill(storage);
    diary_abandon(diary);
    load_all(desk.unclean);
    diary = open_diary(storage);
    diary_close(diary);
    load_all(desk.clean);
    storage_free(storage);
    assert_true(desk.unclean[LOG].size > 20 * FRAME_B);
    assert_false(desk.clean[LOG].is_there);
    assert_true(desk.clean[BACKUP].is_there);
    return 0;
}

static int remove_base(void **state) {
    (void)state;
    printf("last: %s\n", desk.what);
    empty_directory();
    return rmdir(desk.state);
}

// ---- what must hold ----

struct found {
    bool seen[EVENINGS];
    int count;
    int strange; // of no evening that there was
    int twice;
};

static int take_row(void *context, const struct session_record *session) {
    struct found *found = context;
    found->count++;
    for (int n = 0; n < EVENINGS; n++) {
        struct session_record wanted = scattered(n);
        if (strcmp(wanted.uuid, session->uuid) == 0) {
            found->twice += found->seen[n];
            found->seen[n] = true;
            return 0;
        }
    }
    found->strange++;
    return 0;
}

static int count_night(void *context, int32_t night) {
    (void)night;
    ++*(int *)context;
    return 0;
}

struct tally {
    int quarantined, unnoticed, newer, complete;
    int64_t slowest_ms;
    int salvaged, kept, lost;
    const char *slowest;
};

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); // the processor may be others' for long
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int count_seen(const struct found *found, int from, int until) {
    int count = 0;
    for (int n = from; n < until; n++) {
        count += found->seen[n];
    }
    return count;
}

// It lies there as it was found.
static void assert_put_aside(const struct diary_restored *restored) {
    static struct file aside;
    load(&aside, restored->quarantine);
    assert_true(aside.is_there);
    assert_int_equal(aside.size, desk.now[DATABASE].size);
    assert_memory_equal(aside.bytes, desk.now[DATABASE].bytes, aside.size);
    if (desk.now[LOG].is_there && desk.now[LOG].size > 0) {
        char name[80];
        snprintf(name, sizeof name, "%s-wal", restored->quarantine);
        load(&aside, name);
        assert_true(aside.is_there);
        assert_int_equal(aside.size, desk.now[LOG].size);
        assert_memory_equal(aside.bytes, desk.now[LOG].bytes, aside.size);
    }
}

static void look_at_restored(struct diary *diary, const struct found *found, bool backup, enum kind kind,
                             struct tally *tally) {
    struct diary_restored restored;
    assert_int_equal(diary_last_restored(diary, &restored), 0);
    assert_int_equal(restored.kept, found->count);
    assert_put_aside(&restored);
    if (backup) {
        assert_string_equal(restored.backup, "diary.backup-1.db");
        assert_int_equal(count_seen(found, 0, IN_BACKUP), IN_BACKUP);
    }
    // A uuid that was spoilt, of a session that the backup does not have.
    assert_true(found->strange <= (kind == FLIPS ? 30 : 1));
    if (restored.complete) {
        assert_int_equal(count_seen(found, 0, EVENINGS) + found->strange, EVENINGS);
        int nights = 0;
        assert_int_equal(diary_each_away(diary, count_night, &nights), 0);
        assert_int_equal(nights, EVENINGS / 10);
    }
    tally->quarantined++;
    tally->complete += restored.complete;
    tally->salvaged += (int)restored.salvaged;
    tally->kept += found->count;
    tally->lost += EVENINGS - count_seen(found, 0, EVENINGS);
}

// No check can tell that the last commits of a log were not torn by a power cut, nor that a value is another one.
static void look_at_unnoticed(const struct found *found, enum which which, enum kind kind, struct tally *tally) {
    int seen = count_seen(found, 0, EVENINGS) + found->strange;
    assert_true(found->strange <= (kind == FLIPS ? 30 : 1));
    if (which == DATABASE) {
        assert_int_equal(seen, EVENINGS);
    } else if (kind != CUT && kind != NOTHING_LEFT && kind != ZEROS && kind != GARBAGE && kind != SWAP) {
        assert_true(seen >= EVENINGS - 2);
    } else {
        assert_true(seen >= CHECKPOINTED);
    }
    tally->unnoticed++;
}

static void start(const char *what, bool backup, enum which which, enum kind kind, struct tally *tally) {
    struct storage *storage;
    struct found found = {.count = 0};
    assert_int_equal(storage_new(&storage, "damage"), 0);
    int64_t begun_ms = now_ms();
    struct diary *diary = open_diary(storage);
    int64_t took_ms = now_ms() - begun_ms;
    assert_true(took_ms < START_LIMIT_MS);
    if (took_ms > tally->slowest_ms) {
        tally->slowest_ms = took_ms;
        tally->slowest = what;
    }
    assert_int_equal(diary_each_session(diary, take_row, &found), 0);
    assert_int_equal(found.twice, 0);
    if (diary_health(diary) == DIARY_NEWER) { // the version's own bits
        assert_int_equal(count_seen(&found, 0, EVENINGS), EVENINGS);
        tally->newer++;
    } else {
        assert_int_equal(diary_health(diary), DIARY_GOOD);
        if (diary_take_restored(diary)) {
            look_at_restored(diary, &found, backup, kind, tally);
        } else {
            look_at_unnoticed(&found, which, kind, tally);
        }
        struct session_record tonight = scattered(EVENINGS);
        assert_int_equal(diary_save(diary, &tonight), 0);
    }
    diary_close(diary);
    storage_free(storage);
}

static int number_of(const char *name, int otherwise) {
    const char *text = getenv(name);
    return text != NULL ? atoi(text) : otherwise;
}

static void random_damage(void **state) {
    (void)state;
    int damages = number_of("KARANI_DAMAGES", DAMAGES_DEFAULT);
    int seed = number_of("KARANI_SEED", SEED_DEFAULT);
    static struct tally tally;
    static char slowest[sizeof desk.what];
    printf("%d damages from seed %d\n", damages, seed);
    for (int i = 0; i < damages; i++) {
        begin_dice(seed + i);
        bool unclean = roll(2) == 0;
        bool backup = roll(4) != 0;
        enum which which = unclean && roll(2) == 0 ? LOG : DATABASE;
        enum kind kind = (enum kind)roll(KINDS);
        if (kind == NOTHING_LEFT && (which == DATABASE && !backup)) {
            kind = ZEROS; // a diary of no bytes, and nothing beside it, is a new one
        }
        memcpy(desk.now, unclean ? desk.unclean : desk.clean, sizeof desk.now);
        damage(desk.now[which].bytes, &desk.now[which].size, kind);
        desk.now[BACKUP].is_there = backup;
        empty_directory();
        for (int n = 0; n < FILES; n++) {
            if (desk.now[n].is_there) {
                store(&desk.now[n], NAMES[n]);
            }
        }
        snprintf(desk.what, sizeof desk.what, "KARANI_DAMAGES=1 KARANI_SEED=%d: %s of the %s%s%s", seed + i,
                 KIND_NAMES[kind], which == LOG ? "log" : "database", unclean ? ", unclean" : "",
                 backup ? "" : ", no backup");
        if (damages <= 5 || getenv("KARANI_VERBOSE") != NULL) {
            printf("%s, %zu of %zu bytes left\n", desk.what, desk.now[which].size,
                   (unclean ? desk.unclean : desk.clean)[which].size);
            fflush(stdout);
        }
        int64_t slowest_ms = tally.slowest_ms;
        start(desk.what, backup, which, kind, &tally);
        if (tally.slowest_ms > slowest_ms) {
            memcpy(slowest, desk.what, sizeof slowest);
        }
    }
    printf("%d put aside (%d read whole), %d unnoticed by any check, %d taken for newer\n", tally.quarantined,
           tally.complete, tally.unnoticed, tally.newer);
    printf("%d sessions salvaged, %d kept, %d lost; slowest start %" PRId64 " ms: %s\n", tally.salvaged, tally.kept,
           tally.lost, tally.slowest_ms, slowest);
    assert_true(damages < 100 || tally.quarantined > damages / 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_damage)};
    return cmocka_run_group_tests_name("damage", tests, make_base, remove_base);
}
