// Brings an older diary to the present version: a backup first, then one transaction a step.
#include "daemon/diary/fields.h"
#include "daemon/diary/inside.h"

#include <stdio.h>

// What leads from the version before to each, but for the fields of a session that came with it. A step that has been
// released is never changed.
static const char *const STEPS[DIARY_VERSION + 1] = {
    [2] = "CREATE TABLE upkeep("
          " what TEXT PRIMARY KEY NOT NULL,"
          " at_utc INTEGER NOT NULL,"
          " boot_id TEXT NOT NULL,"
          " boot_ms INTEGER NOT NULL,"
          " facts TEXT NOT NULL"
          ") STRICT;",
};

// The version is set inside the transaction: after a crash the diary is of one version or of the other.
static int take_step(struct diary *diary, int64_t to) {
    char version[48], columns[FIELDS_SQL_SIZE];
    fields_sql_adding(to, columns);
    snprintf(version, sizeof version, "PRAGMA user_version = %d; COMMIT", (int)to);
    int error = diary_run(diary, "BEGIN IMMEDIATE");
    if (error != 0) {
        return error;
    }
    error = diary_run(diary, STEPS[to] != NULL ? STEPS[to] : "");
    if (error == 0) {
        error = diary_run(diary, columns);
    }
    if (error == 0) {
        error = diary_run(diary, version);
    }
    if (error != 0 && diary->db != NULL && !sqlite3_get_autocommit(diary->db)) {
        sqlite3_exec(diary->db, "ROLLBACK", NULL, NULL, NULL);
    }
    diary->version = error == 0 ? to : diary->version;
    return error;
}

int diary_migrate(struct diary *diary) {
    // All generations move on and none is removed: how many shall be kept is not known here.
    int error = diary->scratch ? 0 : diary_make_backup(diary, DIARY_BACKUPS_MAX);
    for (int64_t to = diary->version + 1; to <= DIARY_VERSION && error == 0; to++) {
        error = take_step(diary, to);
    }
    return error;
}
