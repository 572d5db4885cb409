// What the files of the runtime share: its state, and the queue of effects.
#ifndef KARANI_DAEMON_RUNTIME_INSIDE_H
#define KARANI_DAEMON_RUNTIME_INSIDE_H

#include "daemon/runtime/runtime.h"
#include "daemon/runtime/upkeep.h"

enum {
    RUNTIME_PAGE_NAME_SIZE = 96,
    RUNTIME_PAGES_MAX = 32, // more than a routine's cards and the other pages; of more, one is told twice
};

// The effects that wait to be carried out: what is to be written, in its order, and the drawing.
struct effects_queue {
    struct effects writes; // none: count 0
    int64_t by_ms;         // … when they are to be written, wait of the panel or not
    bool draws;
    struct {
        struct view view;
        bool full;
        const char *why;
    } drawing; // the newest that the device wants
};

struct runtime {
    runtime_listener *listener;
    void *context;
    const char *boot_id;
    const struct zone *zone;
    struct device *device;
    struct screen *screen;
    struct refresh *refresh; // the screen's
    struct diary *diary;
    struct upkeep upkeep;
    struct troubles troubles;
    struct effects_queue queue;
    struct moment now;                                       // of the call that runs: for what screen and diary tell
    char page[RUNTIME_PAGE_NAME_SIZE];                       // decided upon
    char page_on_glass[RUNTIME_PAGE_NAME_SIZE];              // of the refresh that runs
    char lacking[RUNTIME_PAGES_MAX][RUNTIME_PAGE_NAME_SIZE]; // could not be drawn whole last; "": none
    size_t lacking_next;
    bool failing;             // what could not be written last has been told of
    bool saved;               // something was tried: DEVICE_KEPT is to be answered if it has changed
    bool diary_changed;       // DEVICE_DIARY is to be told
    bool choices_late;        // DEVICE_CHOICES is to be told before it
    struct device_start late; // … with these choices
    bool writes_late;
    bool stopping;
    int backups;
};

void runtime_tell(struct runtime *runtime, const struct runtime_event *event);

// effects.c

// Takes the effects of one event: those that waited are written first.
void effects_take(struct runtime *runtime, const struct effects *effects);

// Writes what waits for the panel, if it is time: a wait of it that has room, or it has waited long enough.
void effects_write(struct runtime *runtime);
void effects_write_when_due(struct runtime *runtime);

// Draws what waits to be drawn; false: nothing does.
bool effects_draw(struct runtime *runtime);

// The screen's listener; its context is the runtime.
void effects_hear_screen(void *context, const struct refresh_event *event);

// Something was tried to be written.
void effects_tell_saved(struct runtime *runtime, bool written);

#endif
