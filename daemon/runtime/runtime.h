// The runtime of the device: carries out its effects (draw, save, set, mark, correct, cue) with screen, panel and
// diary, and tells it what came of them. Shared by the daemon and the simulator, which differ only in the wire, the
// file system and the clock. No clock is read here: every call is given the moment.
//
// What comes before what:
// 1. What was decided before is written before: an event with effects first writes what an earlier one left waiting.
// 2. The effects of one event are written in the order in which the device had them. Of several drawings the last one
//    comes to the glass, after everything that is to be answered was answered; on one page the reason that came first
//    stays, for it brought the page, and the others refine it.
// 3. A panel at rest is woken first. It has waits to pass before it hears a byte, and a card may take long to keep
//    something: the page is begun, then the diary is written. Until the first byte of the picture was sent the page may
//    still change: should the card refuse, the glass says so, in the same refresh.
// 4. Where a flush takes its time (writes_late), that is written in the first wait of the panel that has room for it,
//    50 ms later at the latest.
// 5. What the page follows from is written before it is drawn: an undoing and a correction of the clock, after which
//    the device is told what the diary knows then. And so is everything while the panel is at work, for then a drawing
//    waits for its end anyway.
// 6. Nothing is left waiting for who reads or changes the diary from outside, nor at a stop, nor when the runtime is
//    freed: the glass may have said already what was decided. The last attempt plans no other one; no time passes after
//    it. runtime_abandon writes nothing, as a kill does.
// 7. The device is answered one thing at a time, in this order: troubles; whether everything is saved (after the
//    troubles, which say why not); what the diary knows (its choices before its nights, for the clock dates these);
//    then the drawing; then that the glass is quiet, which is meant for what was to be drawn by then and lets a gesture
//    act that came too early; then that a full refresh is due.
// 8. An answer may call for another one: written, not saved, another page, quiet, a gesture that was kept, written
//    again. As one gesture is kept and each trouble changes once, that ends after a few rounds; 32 are a mistake of
//    ours.
#ifndef KARANI_DAEMON_RUNTIME_RUNTIME_H
#define KARANI_DAEMON_RUNTIME_RUNTIME_H

#include "daemon/core/clock.h"
#include "daemon/core/device/device.h"
#include "daemon/core/gesture.h"
#include "daemon/diary/diary.h"
#include "daemon/runtime/screen.h"
#include "daemon/runtime/troubles.h"
#include "display/panel/refresh.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct runtime;
struct setup;
struct wire;

// What has failed.
enum runtime_part { RUNTIME_PART_PANEL, RUNTIME_PART_DIARY, RUNTIME_PART_PAGE };

const char *runtime_part_name(enum runtime_part part); // "panel", "diary", "page"

// What the runtime did or met; for logs and traces.
enum runtime_event_kind {
    RUNTIME_PAGE,    // a page was decided upon and drawn
    RUNTIME_REFRESH, // a refresh has ended on the glass
    RUNTIME_SESSION, // a session's row was to be saved
    RUNTIME_SAVE,    // something was written to the diary, or could not be
    RUNTIME_AWAY,    // a night was marked, or its mark taken off
    RUNTIME_SETTING, // a lasting choice was made
    RUNTIME_CORRECT, // doubtful rows were moved to a corrected clock
    RUNTIME_CUE,     // zero was reached: play the cue, if there is one
    RUNTIME_FAULT,   // the panel or the diary failed, or a page could not be drawn whole
};

struct runtime_event {
    enum runtime_event_kind kind;
    union {
        struct {
            const char *name; // "card:sit"
            const char *why;  // "press", "time", "zero" …
            enum refresh_kind kind;
        } page;
        struct {
            enum refresh_kind kind;
            int64_t duration_ms;
            int64_t spi_bytes;
            struct frame_area area;
            const char *page; // the one it brought
        } refresh;
        const struct session_record *session;
        struct {
            bool ok;
            size_t pending; // rows that wait in memory
        } save;
        struct {
            int32_t night;
            bool away;
        } away;
        struct {
            const char *key;
            const char *value;
        } setting;
        struct {
            int64_t difference_s;
            enum clock_quality quality;
            size_t rows;
        } correct;
        struct {
            enum runtime_part part;
            const char *sentence; // plain
            bool given_up;        // panel: no retry follows until its back-off ends
        } fault;
    };
};

typedef void runtime_listener(void *context, const struct runtime_event *event, struct moment now);

// Everything is borrowed and must outlive the runtime.
struct runtime_setup {
    const struct setup *setup; // settings, panel, routine, language
    const struct zone *zone;   // in force at the start
    const char *boot_id;
    struct wire *wire;
    const char *state_dir;
    const char *vfs;   // SQLite VFS, NULL: the system's
    bool rtc_trusted;  // a battery-backed RTC that did not report lost power
    bool synchronised; // NTP has synchronised in this boot
    // Where a flush takes its time: a panel at rest is woken first, and what was decided is written in the first wait
    // of it that has room, some milliseconds later, before anything that follows. Told time has no use for it.
    bool writes_late;
    const struct page_place *config_trouble;  // where a setting was not understood; NULL: all of them were
    const struct page_place *routine_trouble; // where the routine is wrong, or a picture is missing; NULL: it is whole
    const char *place_trouble;                // why nothing in the state directory outlives the power, or NULL
    runtime_listener *listener;
    void *context;
};

// Starts panel, diary and device: the panel goes to sleep, sessions of other boots are closed, the first page is
// drawn. A diary that cannot be opened stops nothing. 0; -ENOENT (no font) or -ENOMEM with one plain sentence.
int runtime_new(struct runtime **runtime, const struct runtime_setup *setup, struct moment now, char *error,
                size_t error_size);

// Saves what still waits and lets go. The panel is left as it is: runtime_stop first. Accepts NULL.
void runtime_free(struct runtime *runtime);

// Lets go as if the process had been killed: nothing more is written, the panel is left as it is.
void runtime_abandon(struct runtime *runtime);

// Time has passed, BUSY has changed, or the system clock was stepped.
void runtime_tick(struct runtime *runtime, struct moment now);

// The same in two, for who has edges to tell between them. The panel's part comes first, right after the clock was
// read: its waits are timed from there, and an edge may take long to be drawn.
void runtime_step_panel(struct runtime *runtime, struct moment now);
void runtime_pass_time(struct runtime *runtime, struct moment now);

// When runtime_tick is due at the latest, on CLOCK_BOOTTIME; INT64_MAX when nothing is. To be asked anew after every
// call, and after a step of the system clock.
int64_t runtime_deadline(const struct runtime *runtime, struct moment now);

// A button's level has changed; boot_ms is the kernel's timestamp of the edge, not later than `now`.
void runtime_edge(struct runtime *runtime, enum button button, bool down, int64_t boot_ms, struct moment now);

void runtime_clock_synced(struct runtime *runtime, struct moment now);
// The owner says what the wall clock reads, by another way than the glass.
void runtime_clock_set(struct runtime *runtime, int64_t local_s, struct moment now);

void runtime_zone(struct runtime *runtime, const struct zone *zone, struct moment now);

// Before the diary is changed from outside: writes what was decided earlier and has let the panel go first.
void runtime_write_now(struct runtime *runtime, struct moment now);

// The diary was changed from outside (a correction through the control socket).
void runtime_diary_changed(struct runtime *runtime, struct moment now);

// Somebody else has tried to change the diary, and could not.
void runtime_diary_tried(struct runtime *runtime);

// Whether the diary answers: with what it knows, or with what ails it, which no restart would mend.
bool runtime_diary_answers(struct runtime *runtime);

// Brings the panel to sleep and shows nothing more: tick until it returns false from runtime_is_stopping.
void runtime_stop(struct runtime *runtime, struct moment now);
bool runtime_is_stopping(const struct runtime *runtime);

const struct device *runtime_device(const struct runtime *runtime);

struct diary *runtime_diary(struct runtime *runtime);

// What is wrong.
const struct troubles *runtime_troubles(const struct runtime *runtime);

// The page last decided upon: its text, its frame, the kind of its refresh (daemon/runtime/screen.h).
const struct screen *runtime_screen(const struct runtime *runtime);

#endif
