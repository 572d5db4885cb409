// What the two halves of the runtime share: the state, and carrying out with answering.
#ifndef KARANI_DAEMON_RUNTIME_INSIDE_H
#define KARANI_DAEMON_RUNTIME_INSIDE_H

#include "daemon/runtime/keeper.h"
#include "daemon/runtime/runtime.h"
#include "daemon/runtime/screen.h"

enum {
    RUNTIME_PAGE_NAME_SIZE = 96,
    RUNTIME_ROOM_MS = 10, // the least wait of the panel in which the diary is written
};

struct runtime {
    runtime_listener *listener;
    void *context;
    const struct zone *zone;
    struct device *device;
    struct screen *screen;
    struct keeper *keeper;
    struct {
        struct view view;
        bool full;
        const char *why;
    } drawing; // the newest that the device wants
    bool drawing_waits;
    struct moment now;                          // of the call that runs: for what the screen tells
    char page[RUNTIME_PAGE_NAME_SIZE];          // decided upon
    char page_on_glass[RUNTIME_PAGE_NAME_SIZE]; // of the refresh that runs
    bool trouble[PAGE_TROUBLE_COUNT];           // as told to the device
    bool failing;                               // what could not be written last has been told of
    bool saved;                                 // DEVICE_KEPT is to be answered
    bool diary_changed;                         // DEVICE_DIARY is to be told
    bool writes_late;
    struct effects late; // to be written, in this order; none: count 0
    int64_t late_ms;     // … by then
    bool stopping;
    bool fleeting;
    int backups;
};

// runtime_answer.c

// Whether what is to be saved can be, as far as is known.
bool runtime_keep(const struct runtime *runtime);

void runtime_tell(struct runtime *runtime, const struct runtime_event *event);

void runtime_tell_saved(struct runtime *runtime, bool written);

// The screen's listener; its context are the runtime.
void runtime_hear_screen(void *context, const struct refresh_event *event);

// Gives the device one event and carries out its effects.
void runtime_feed(struct runtime *runtime, const struct device_event *event);

void runtime_feed_trouble(struct runtime *runtime, enum page_trouble cause, bool present);

void runtime_carry_out(struct runtime *runtime, const struct effects *effects);

// Writes what waits for the panel.
void runtime_write_late(struct runtime *runtime);

// Answers the device until it has no effect left, and draws what it wants.
void runtime_settle(struct runtime *runtime);

#endif
