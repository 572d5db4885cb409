// What SQLite's results mean for the diary: its health, the error to return, the words for the owner.
// The codes: https://sqlite.org/rescode.html.
#include "daemon/diary/inside.h"

#include <errno.h>

// What a result code means. Extended codes stand before their primary one: the first that matches decides.
static const struct {
    int result;
    enum diary_health health;
} RESULTS[] = {
    {SQLITE_IOERR_NOMEM, DIARY_NO_MEMORY}, {SQLITE_NOMEM, DIARY_NO_MEMORY},  {SQLITE_FULL, DIARY_FULL},
    {SQLITE_READONLY, DIARY_READONLY},     {SQLITE_PERM, DIARY_READONLY},    {SQLITE_BUSY, DIARY_BUSY},
    {SQLITE_LOCKED, DIARY_BUSY},           {SQLITE_PROTOCOL, DIARY_BUSY},    {SQLITE_CORRUPT, DIARY_DAMAGED},
    {SQLITE_NOTADB, DIARY_DAMAGED},        {SQLITE_FORMAT, DIARY_DAMAGED},   {SQLITE_CONSTRAINT, DIARY_DAMAGED},
    {SQLITE_ERROR, DIARY_DAMAGED},         {SQLITE_MISMATCH, DIARY_DAMAGED},
};

// A table, a column or a type that should be there and is not comes as SQLITE_ERROR, CONSTRAINT or MISMATCH.
static enum diary_health health_of_result(int result, int system_error) {
    int primary = result & 0xff;
    if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) {
        // A card that ext4 has put to read-only answers EROFS, which SQLite tells as SQLITE_IOERR_WRITE.
        if (system_error == EROFS || system_error == EACCES || system_error == EPERM) {
            return DIARY_READONLY;
        }
        if (system_error == ENOSPC || system_error == EDQUOT) {
            return DIARY_FULL;
        }
    }
    for (size_t i = 0; i < sizeof RESULTS / sizeof *RESULTS; i++) {
        if (RESULTS[i].result == result || RESULTS[i].result == primary) {
            return RESULTS[i].health;
        }
    }
    return DIARY_IO_ERROR;
}

int diary_health_error(enum diary_health health) {
    switch (health) {
    case DIARY_GOOD:
        return 0;
    case DIARY_FULL:
        return -ENOSPC;
    case DIARY_READONLY:
        return -EROFS;
    case DIARY_IO_ERROR:
        return -EIO;
    case DIARY_DAMAGED:
        return -EUCLEAN;
    case DIARY_NEWER:
        return -ENOTSUP;
    case DIARY_NO_MEMORY:
        return -ENOMEM;
    case DIARY_BUSY:
        return -EBUSY;
    }
    return -EIO;
}

// The system's error behind an I/O error; 0 when unknown. sqlite3_system_errno() knows those of opening; of a commit
// only the file that failed knows: the WAL.
static int system_error_of(sqlite3 *db, int result) {
    if ((result & 0xff) != SQLITE_IOERR) {
        return sqlite3_system_errno(db);
    }
    sqlite3_file *wal = NULL;
    int error = 0;
    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK && wal != NULL &&
        wal->pMethods != NULL && wal->pMethods->xFileControl != NULL) {
        wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &error);
    }
    // A diary in the making has its journal in memory: the database itself failed.
    if (error == 0) {
        sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
    }
    return error;
}

bool diary_card_has_failed(const struct diary *diary) {
    int error = 0;
    sqlite3_file_control(diary->db, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
    return error == EIO;
}

int diary_fail(struct diary *diary, int result) {
    // The second is what SQLite makes of EIO (https://sqlite.org/rescode.html#ioerr_corruptfs).
    diary->read_failed = result == SQLITE_IOERR_READ || result == SQLITE_IOERR_CORRUPTFS;
    int system_error = diary->db != NULL ? system_error_of(diary->db, result) : 0;
    diary->health = health_of_result(result, system_error);
    // Of the log's index nobody knows the system's error; of a file that could not be opened for writing SQLite tells
    // that it could not be opened for reading either, since there is none.
    bool untold = system_error == 0 || (result & 0xff) == SQLITE_CANTOPEN;
    if (diary->health == DIARY_IO_ERROR && untold && diary->state_dir != NULL) {
        diary->health = diary_place_health(diary->state_dir);
    }
    if (diary->health == DIARY_NO_MEMORY && diary->db != NULL) {
        sqlite3_db_release_memory(diary->db);
    }
    // After a sync that failed the kernel may call the same pages clean: nothing that this connection believes
    // about the card is worth anything. The next use connects anew.
    if (result == SQLITE_IOERR_FSYNC || result == SQLITE_IOERR_DIR_FSYNC) {
        diary_distrust(diary);
        diary_disconnect(diary);
    }
    // A log that could only be opened for reading stays so for this connection, however well the card does again.
    if ((result & 0xff) == SQLITE_READONLY) {
        diary->writable = false;
    }
    return diary_health_error(diary->health);
}

const char *diary_health_sentence(enum diary_health health) {
    switch (health) {
    case DIARY_GOOD:
        return NULL;
    case DIARY_FULL:
        return "The storage is full: what is new is lost when the power goes; make room on the card.";
    case DIARY_READONLY:
        return "The diary cannot be written: what is new is lost when the power goes; check the card and who may "
               "write there.";
    case DIARY_IO_ERROR:
        return "The storage reports errors: what is new is lost when the power goes; replace the card.";
    case DIARY_DAMAGED:
        return "The diary is damaged or not one of Karani's: it is left as it is, and what is new is lost when the "
               "power goes; put a good copy in its place.";
    case DIARY_NEWER:
        return "The diary was written by a newer Karani: it is left as it is, and what is new is lost when the power "
               "goes; install that Karani again.";
    case DIARY_NO_MEMORY:
        return "Memory is short: what is new is lost when the power goes; restart the device.";
    case DIARY_BUSY:
        return "Another program holds the diary: what is new waits until it lets go; close that program.";
    }
    return NULL;
}
