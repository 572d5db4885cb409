// What the files of the keeper share with each other and with nobody else.
#ifndef KARANI_DAEMON_RUNTIME_KEEPER_INSIDE_H
#define KARANI_DAEMON_RUNTIME_KEEPER_INSIDE_H

#include "daemon/runtime/keeper.h"
#include "daemon/runtime/keeper_care.h"

enum { AWAY_WAITING_MAX = 16 }; // marks on different nights while the card is full; the oldest gives way

struct away_mark {
    int32_t night;
    bool away;
    int64_t at_utc_s;
};

struct keeper {
    struct diary *diary;
    const char *boot_id;
    bool unread;   // could not be opened: nothing was read, no session of another boot was closed
    bool reopened; // to be taken
    bool setting_waits[DEVICE_SETTING_COUNT];
    char settings[DEVICE_SETTING_COUNT][DEVICE_SETTING_SIZE];
    struct away_mark marks[AWAY_WAITING_MAX];
    size_t mark_count;
    int64_t retry_ms;  // INT64_MAX while nothing waits
    bool choices_late; // to be taken: those that the diary had when it could be opened at last
    char late[DEVICE_SETTING_COUNT][DEVICE_SETTING_SIZE];
    int64_t late_last_known_s;
    bool has_restored; // the diary was restored, and the owner has not read of it
    struct diary_restored restored;
    struct care care;
};

// keeper.c: what waits is tried again in a while, unless that is so already or would be for nothing.
void keeper_try_later(struct keeper *keeper, int64_t boot_ms);

// keeper_read.c: every lasting choice ("": none), and the last time that the diary knows (0: none).
void keeper_read_choices(struct keeper *keeper, char settings[][DEVICE_SETTING_SIZE], int64_t *last_known_s);

#endif
