// The diary's connection: opening it, whose file it is, its settings. Reading alone is in diary_connect_read.c.
// The settings and their reasons: https://sqlite.org/pragma.html, https://sqlite.org/wal.html,
// https://sqlite.org/security.html section 1.2.
#include "daemon/diary/file.h"
#include "daemon/diary/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUSY_TIMEOUT_MS = 250,
    VERSION_BELIEVED_MAX = 999, // beyond that it is no newer Karani, but damage
};

// A log that grows costs the file system's own journal at every commit, several times as much as the rows. So it is
// given its room at once, and starts over before that is full: 450 of the 489 frames that it holds.
enum { WAL_ROOM_B = 256 * 1024 };
static const char LOG[] = "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 450";

void diary_disconnect(struct diary *diary) {
    diary_forget_statements(diary);
    if (diary->db != NULL) {
        sqlite3_db_config(diary->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_close(diary->db);
    }
    diary->db = NULL;
    diary->writable = false;
}

int diary_run(struct diary *diary, const char *sql) {
    int result = sqlite3_exec(diary->db, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? 0 : diary_fail(diary, result);
}

int diary_ask_text(struct diary *diary, const char *sql, char *text, size_t text_size) {
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(diary->db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
    }
    if (result == SQLITE_ROW) {
        const unsigned char *answer = sqlite3_column_text(statement, 0);
        if (answer != NULL) {
            snprintf(text, text_size, "%s", (const char *)answer);
        } else {
            result = SQLITE_NOMEM; // none of the questions has NULL for an answer
        }
    }
    sqlite3_finalize(statement);
    return result == SQLITE_ROW ? 0 : diary_fail(diary, result == SQLITE_DONE ? SQLITE_ERROR : result);
}

int diary_ask_number(struct diary *diary, const char *sql, int64_t *number) {
    char text[32];
    int error = diary_ask_text(diary, sql, text, sizeof text);
    if (error == 0) {
        *number = strtoll(text, NULL, 10);
    }
    return error;
}

int diary_refuse(struct diary *diary, enum diary_health health) {
    diary->health = health;
    return diary_health_error(health);
}

int diary_identify(struct diary *diary, bool *is_new) {
    int64_t application, user_version, tables;
    int error = diary_ask_number(diary, "PRAGMA application_id", &application);
    if (error == 0) {
        error = diary_ask_number(diary, "PRAGMA user_version", &user_version);
    }
    if (error == 0) {
        error = diary_ask_number(diary, "SELECT count(*) FROM sqlite_schema", &tables);
    }
    if (error != 0) {
        return error;
    }
    // A file of no bytes, or a creation that a power cut ended before its one transaction.
    *is_new = application == 0 && user_version == 0 && tables == 0;
    diary->version = user_version;
    if (*is_new) {
        return 0;
    }
    if (application != DIARY_APPLICATION_ID || user_version < 1 || user_version > VERSION_BELIEVED_MAX) {
        return diary_refuse(diary, DIARY_DAMAGED);
    }
    return user_version > DIARY_VERSION ? diary_refuse(diary, DIARY_NEWER) : 0;
}

int diary_open_file(struct diary *diary, const char *name, int flags, const char *vfs) {
    int result = sqlite3_open_v2(name, &diary->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
    if (diary->db == NULL) {
        return diary_refuse(diary, DIARY_NO_MEMORY);
    }
    if (result != SQLITE_OK) {
        return diary_fail(diary, result);
    }
    // Until the file has proved to be ours and whole, closing moves nothing into it.
    sqlite3_db_config(diary->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_db_config(diary->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(diary->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(diary->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_busy_timeout(diary->db, BUSY_TIMEOUT_MS);
    return diary_run(diary, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                            "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON");
}

// WAL and synchronous=FULL are set and read back: a commit that returned is on the card. FULL is never inherited, since
// builds of SQLite may default to NORMAL.
static int set_durability(struct diary *diary) {
    char mode[16];
    int64_t level;
    int error = diary_ask_text(diary, "PRAGMA journal_mode = WAL", mode, sizeof mode);
    if (error == 0) {
        error = diary_run(diary, LOG);
    }
    if (error == 0) {
        error = diary_ask_number(diary, "PRAGMA synchronous", &level);
    }
    if (error != 0) {
        return error;
    }
    return strcmp(mode, "wal") == 0 && level == 2 ? 0 : diary_refuse(diary, DIARY_IO_ERROR);
}

// Writes what a file holds from a place on over itself, and zeros behind its end up to a size; syncs it.
static int rewrite_file(sqlite3_file *file, sqlite3_int64 from, sqlite3_int64 room) {
    enum { CHUNK = 64 * 1024 };
    sqlite3_int64 size;
    int result = file->pMethods->xFileSize(file, &size);
    if (result != SQLITE_OK) {
        return result;
    }
    void *bytes = malloc(CHUNK);
    if (bytes == NULL) {
        return SQLITE_NOMEM;
    }
    for (sqlite3_int64 at = from < size ? from : size, end; (at < size || at < room) && result == SQLITE_OK; at = end) {
        sqlite3_int64 whole = at < size ? size : room;
        end = whole - at < CHUNK ? whole : at + CHUNK;
        int count = (int)(end - at);
        memset(bytes, 0, CHUNK);
        if (at < size) {
            result = file->pMethods->xRead(file, bytes, count, at);
        }
        if (result == SQLITE_OK) {
            result = file->pMethods->xWrite(file, bytes, count, at);
        }
    }
    free(bytes);
    return result == SQLITE_OK ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) : result;
}

// After a sync that failed Linux takes the pages for clean although they are in memory alone, and no later sync writes
// them. Frames appended behind them would be acknowledged and yet be cut off with them, and a checkpoint would make the
// database newer than its WAL. Whoever opens the diary next, in this process or in one after it, has to know; but not
// after a power cut, which takes the memory with it: so the mark is a file that nobody syncs.
void diary_distrust(struct diary *diary) {
    if (diary->scratch) {
        return; // thrown away
    }
    diary->distrusted = true;
    int fd = open(diary->mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0) {
        close(fd); // where it could not be made, this process still knows
    }
}

static bool is_distrusted(const struct diary *diary) {
    return diary->distrusted || access(diary->mark, F_OK) == 0;
}

// Makes sure that the diary can be written (a WAL that could only be opened for reading says so now, not at the first
// save), that the WAL which can be read is the one on the card, and that it has its room. Written anew, the pages are
// dirty again, and the sync tells the truth: that only where it is in doubt, for what is being written can be spoilt by
// a power cut. The transaction keeps others from appending meanwhile.
static int settle_wal(struct diary *diary) {
    int error = diary_run(diary, "BEGIN IMMEDIATE");
    if (error != 0) {
        return error;
    }
    bool distrusted = is_distrusted(diary);
    sqlite3_file *wal = NULL;
    int result = sqlite3_file_control(diary->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    // On a card that has just been put to read-only there may be none, although the mode is said to be WAL.
    if (result == SQLITE_OK && (wal == NULL || wal->pMethods == NULL)) {
        result = SQLITE_CANTOPEN;
    }
    sqlite3_int64 size = 0;
    if (result == SQLITE_OK) {
        result = wal->pMethods->xFileSize(wal, &size);
    }
    if (result == SQLITE_OK && (distrusted || size < WAL_ROOM_B)) {
        result = rewrite_file(wal, distrusted ? 0 : size, WAL_ROOM_B);
    }
    error = result == SQLITE_OK ? diary_run(diary, "COMMIT") : diary_fail(diary, result);
    if (error == 0 && distrusted) {
        diary->distrusted = false;
        unlink(diary->mark);
    }
    return error;
}

// What an evening writes is minutes: rows of 200 bytes that change. The smaller the page, the less each takes with it:
// a frame of the log is a page and 24 bytes, so with 512 bytes one block of the card holds what a minute writes, where
// pages of 4096 bytes would straddle two or three.
static int set_page_size(struct diary *diary) {
    char sql[40];
    snprintf(sql, sizeof sql, "PRAGMA page_size = %d", DIARY_PAGE_B);
    return diary_run(diary, sql);
}

// A diary without anything in it beside backups is none that has just been made.
static int set_up_new(struct diary *diary) {
    struct diary_beside beside;
    int error = diary_look_beside(diary->state_dir, &beside);
    if (error != 0) {
        return diary_refuse(diary, error == -ENOMEM ? DIARY_NO_MEMORY : DIARY_IO_ERROR);
    }
    if (beside.backups > 0) {
        return diary_refuse(diary, DIARY_DAMAGED);
    }
    error = set_page_size(diary);
    if (error == 0) {
        error = set_durability(diary);
    }
    if (error == 0) {
        error = diary_make_schema(diary);
    }
    return error == 0 ? settle_wal(diary) : error;
}

// `unclean`: the process before this one did not close it.
static int set_up(struct diary *diary, bool unclean) {
    bool is_new;
    int error = diary_identify(diary, &is_new);
    if (error != 0) {
        return error;
    }
    if (is_new) {
        return set_up_new(diary);
    }
    error = diary_check_whole(diary, unclean ? DIARY_THOROUGH_AT_START_B : 0);
    if (error == 0) {
        error = set_durability(diary);
    }
    if (error == 0) {
        error = settle_wal(diary);
    }
    if (error == 0 && diary->version < DIARY_VERSION) {
        error = diary_migrate(diary);
    }
    return error == 0 ? diary_prepare_all(diary) : error;
}

// Whether a diary that cannot be written may still be worth reading.
static bool is_worth_reading(enum diary_health health) {
    return health == DIARY_READONLY || health == DIARY_FULL || health == DIARY_NEWER || health == DIARY_IO_ERROR;
}

// Before SQLite opens it, which would take some damage for something else (https://sqlite.org/fileformat.html 1.3).
// *unclean: there is a log with something in it; whoever wrote the diary last did not come to close it.
static int check_header(struct diary *diary, bool *unclean) {
    enum { HEADER_B = 100, PAGE_SIZE_AT = 16, VERSIONS_AT = 18, VERSION_MAX = 2, PAGE_MAX_B = 65536 };
    unsigned char bytes[HEADER_B] = {0};
    int64_t size, wal_size, journal_size;
    struct diary_wal_look log = {.damaged = false};
    int error = diary_size_beside(diary, "diary.db", &size);
    if (error == 0) {
        error = diary_size_beside(diary, "diary.db-wal", &wal_size);
    }
    if (error == 0) {
        error = diary_size_beside(diary, "diary.db-journal", &journal_size);
    }
    if (error != 0) {
        return error;
    }
    *unclean = wal_size > 0;
    int result = size > 0 ? diary_file_read(diary->vfs, diary->path, bytes, sizeof bytes, 0) : SQLITE_OK;
    if (result == SQLITE_OK && wal_size > 0) {
        char wal[DIARY_PATH_SIZE];
        int64_t page_b = bytes[PAGE_SIZE_AT] << 8 | bytes[PAGE_SIZE_AT + 1];
        diary_path_beside(diary, "diary.db-wal", wal);
        result = diary_wal_look(diary->vfs, wal, page_b == 1 ? PAGE_MAX_B : page_b, diary->path, &log);
    }
    if (result != SQLITE_OK) {
        return diary_fail(diary, result);
    }
    // A log with acknowledged commits behind a spoilt frame is cut off there. The log of an empty database is taken for
    // a leftover and deleted; no diary begins so: its first page is on the card before it has a log.
    bool damaged = log.damaged || (wal_size > 0 && size == 0);
    // A higher version of the format, which is none of ours, is taken for a file that may only be read. Where a power
    // cut met the page while it was moved out of the log, the log still has it; where it met the making of the file,
    // the journal of that knows what was there before.
    bool elsewhere = log.holds_first_page || journal_size > 0;
    damaged = damaged ||
              (size > 0 && !elsewhere && (bytes[VERSIONS_AT] > VERSION_MAX || bytes[VERSIONS_AT + 1] > VERSION_MAX));
    return damaged ? diary_refuse(diary, DIARY_DAMAGED) : 0;
}

static int connect_once(struct diary *diary) {
    bool unclean = false;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW;
    diary->health = DIARY_GOOD;
    int error = check_header(diary, &unclean);
    if (error == 0) {
        error = diary_open_file(diary, diary->path, flags, diary->vfs);
    }
    if (error == 0) {
        error = set_up(diary, unclean);
    }
    if (error == 0) {
        sqlite3_db_config(diary->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
        diary->writable = true;
        return 0;
    }
    enum diary_health health = diary->health;
    diary_disconnect(diary);
    diary->health = health;
    return error;
}

// A sector that the card does not give, attempt after attempt, is lost, and the diary damaged; a bus that is disturbed
// for a while is not. It is tried once a minute.
static bool is_unreadable(struct diary *diary, int error) {
    diary->unreadable = error == -EIO && diary->read_failed ? diary->unreadable + 1 : 0;
    return diary->unreadable >= DIARY_PATIENCE;
}

int diary_connect(struct diary *diary) {
    diary_disconnect(diary);
    int error = diary_check_kinds(diary);
    if (error == 0) {
        error = diary_restore(diary, false);
    }
    if (error == 0) {
        error = connect_once(diary);
    }
    // A read that failed once may look like damage, also to SQLite's checks, which tell of it in words alone. What is
    // damaged is so a second time, too.
    if (error == -EUCLEAN) {
        error = connect_once(diary);
    }
    // Put aside once: a card that reads wrong whatever is written to it would have one diary after the other put aside,
    // until the one that was whole gives way to those.
    if ((error == -EUCLEAN || is_unreadable(diary, error)) && !diary->mended) {
        error = diary_restore(diary, true);
        if (error == 0) {
            diary->mended = true;
            error = connect_once(diary);
        }
    }
    if (error == 0) {
        return 0;
    }
    enum diary_health health = diary->health;
    // Reading a newer diary fails with that health, and leaves the connection: the evening goes on with what it tells.
    if (is_worth_reading(health) && diary_connect_read(diary) != 0 && diary->health != DIARY_NEWER) {
        diary_disconnect(diary);
    }
    diary->health = health;
    return error;
}
