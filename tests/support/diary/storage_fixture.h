// A database on a simulated card, for tests of what a power cut, the death of the process and faults leave of it.
#ifndef KARANI_TESTS_SUPPORT_DIARY_STORAGE_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DIARY_STORAGE_FIXTURE_H

#include "daemon/sim/storage/storage.h"

#include <limits.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct storage_fixture {
    char directory[PATH_MAX / 8];
    char path[PATH_MAX / 4];
    struct storage *storage;
    sqlite3 *db;
};

void file_path(const struct storage_fixture *desk, const char *ending, char path[PATH_MAX]);
bool file_exists(const struct storage_fixture *desk, const char *ending);
int storage_fixture_begin(void **state);
int storage_fixture_finish(void **state);
int run_sql(struct storage_fixture *desk, const char *sql);
int open_db(struct storage_fixture *desk);
void close_db(struct storage_fixture *desk);
void open_wal(struct storage_fixture *desk, const char *synchronous);
void begin_with_table(struct storage_fixture *desk, const char *synchronous);
int64_t ask_db(struct storage_fixture *desk, const char *sql);
int64_t count_table(struct storage_fixture *desk);
void assert_whole(struct storage_fixture *desk);
void cut_power(struct storage_fixture *desk);

#define STORY(test) cmocka_unit_test_setup_teardown(test, storage_fixture_begin, storage_fixture_finish)

#endif
