// What the two halves of the hands share: the state, and carrying out with answering.
#ifndef KARANI_DAEMON_RUNTIME_INSIDE_H
#define KARANI_DAEMON_RUNTIME_INSIDE_H

#include "daemon/runtime/keeper.h"
#include "daemon/runtime/runtime.h"
#include "daemon/runtime/screen.h"

enum {
    HANDS_PAGE_NAME_SIZE = 96,
    HANDS_ROOM_MS = 10, // the least wait of the panel in which the diary is written
};

struct hands {
    hands_listener *listener;
    void *context;
    const struct zone *zone;
    struct device *device;
    struct easel *easel;
    struct keeper *keeper;
    struct {
        struct view view;
        bool full;
        const char *why;
    } drawing; // the newest that the device wants
    bool drawing_waits;
    struct moment now;                        // of the call that runs: for what the easel tells
    char page[HANDS_PAGE_NAME_SIZE];          // decided upon
    char page_on_glass[HANDS_PAGE_NAME_SIZE]; // of the refresh that runs
    bool trouble[PAGE_TROUBLE_COUNT];         // as told to the device
    bool failing;                             // what could not be written last has been told of
    bool saved;                               // DEVICE_KEPT is to be answered
    bool diary_changed;                       // DEVICE_DIARY is to be told
    bool writes_late;
    struct intentions late; // to be written, in this order; none: count 0
    int64_t late_ms;        // … by then
    bool stopping;
    bool fleeting;
    int backups;
};

// hands_answer.c

// Whether what is to be saved can be, as far as is known.
bool hands_keep(const struct hands *hands);

void hands_tell(struct hands *hands, const struct hands_event *event);

void hands_tell_saved(struct hands *hands, bool written);

// The easel's listener; its context are the hands.
void hands_hear_easel(void *context, const struct refresh_event *event);

// Gives the device one event and carries out what it intends.
void hands_feed(struct hands *hands, const struct device_event *event);

void hands_feed_trouble(struct hands *hands, enum page_trouble cause, bool present);

void hands_carry_out(struct hands *hands, const struct intentions *intentions);

// Writes what waits for the panel.
void hands_write_late(struct hands *hands);

// Answers the device until it intends nothing more, and draws what it wants.
void hands_settle(struct hands *hands);

#endif
