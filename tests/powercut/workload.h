// What is done while the recorder listens. Each starts in an empty directory.
#ifndef KARANI_TESTS_POWERCUT_WORKLOAD_H
#define KARANI_TESTS_POWERCUT_WORKLOAD_H

#include "tests/powercut/model.h"

// The product's own code, through the outbox.
void workload_month(struct tale *tale, const char *directory);

// The same month where the WAL is moved into the database every few pages, and so reused often.
void workload_month_reusing(struct tale *tale, const char *directory);

// The owner's corrections and two imports, between evenings.
void workload_corrections(struct tale *tale, const char *directory);

// Backups between evenings, the check of all, and the owner's copy.
void workload_backup(struct tale *tale, const char *directory);

// A diary of the version before is opened.
void workload_migration(struct tale *tale, const char *directory);

// A diary that is damaged on the card, beside a backup, is put aside, restored and salvaged.
void workload_restoration(struct tale *tale, const char *directory);

// The product's schema written by SQLite alone under other settings: what the check must find fault with, and what it
// must not.
void workload_wal_full(struct tale *tale, const char *directory);
void workload_wal_off(struct tale *tale, const char *directory);
void workload_delete_full(struct tale *tale, const char *directory);
void workload_delete_extra(struct tale *tale, const char *directory);

#endif
