// The device: a machine with no input or output of its own. It takes an event and a moment and answers with effects and
// the next deadline; it reads no clock, no file, no pin. The daemon and the simulator carry out its effects
// (daemon/runtime/runtime.h). Composes gesture, session, pages, moment, night, habit, routine, config.
#ifndef KARANI_DAEMON_CORE_DEVICE_DEVICE_H
#define KARANI_DAEMON_CORE_DEVICE_DEVICE_H

#include "daemon/core/clock.h"
#include "daemon/core/config.h"
#include "daemon/core/device/settings.h"
#include "daemon/core/gesture.h"
#include "daemon/core/habit.h"
#include "daemon/core/record.h"
#include "daemon/core/routine.h"
#include "display/page/page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

// Everything here is borrowed and must outlive the device.
struct device_setup {
    const struct config *config;
    const struct routine *routine;
    const struct zone *zone; // the one in force at the start
    const char *version;
    const char *panel;   // for `about`
    const char *boot_id; // of this boot, a UUID
    // How many faces the view takes on this glass: display/page/page.h, page_faces.
    int (*faces)(void *context, const struct view *view);
    void *context;
};

// What the diary knows; given at the start, and again whenever somebody else has changed it.
struct device_diary {
    struct habit_log log;       // every dated session that counts; ownership passes to the device
    int64_t undated_s;          // held seconds of sessions without a night
    bool has_last;              // `last` is valid
    struct session_record last; // the session last begun, `not-mine` ones included; its note is NULL
    int64_t last_done_utc_s;    // start of the session last begun that was finished or ended early; 0: none
};

struct device_start {
    struct device_diary diary;
    struct device_settings settings;
    bool rtc_trusted;     // a battery-backed RTC that did not report lost power
    bool synchronised;    // NTP has synchronised in this boot
    int64_t last_known_s; // diary_last_time
};

// The clock that a device which starts so begins with; boot_id is "" where the boot is not known.
struct karani_clock device_start_clock(const struct device_start *start, const char *boot_id, const struct zone *zone,
                                       struct moment now);

enum device_event_kind {
    DEVICE_TIME,         // time has passed; nothing else
    DEVICE_EDGE,         // a button's level has changed
    DEVICE_GLASS_QUIET,  // the last EFFECT_DRAW has settled on the glass (or was given up, or changed nothing)
    DEVICE_FULL_DUE,     // no full refresh for 24 h
    DEVICE_CLOCK_SYNCED, // NTP has synchronised the system clock
    DEVICE_CLOCK_SET,    // the owner says what the wall clock reads, by another way than the glass
    DEVICE_ZONE,         // another zone is in force
    DEVICE_KEPT,         // whether everything that was to be saved is on the card
    DEVICE_DIARY,        // the diary was changed from outside: here is what it knows now
    DEVICE_CHOICES,      // the diary can be read at last: the owner's lasting choices as they are there
    DEVICE_TROUBLE,      // something the owner must know has come, or has gone
};

struct device_event {
    enum device_event_kind kind;
    union {
        struct {
            enum button button;
            bool down;
            int64_t boot_ms; // the kernel's timestamp of the edge; not later than the moment
        } edge;
        const struct zone *zone;
        int64_t local_s; // seconds from 1970-01-01 00:00 on the wall clock
        bool kept;
        struct device_diary *diary;         // its log is taken over
        const struct device_start *choices; // its settings, and the last time; nothing else of it
        struct {
            enum page_trouble cause;
            bool present;
            const struct page_place *place; // where it is, or NULL; outlives the device
            int sessions;                   // that are kept, of a diary that was restored
        } trouble;
    };
};

enum effect_kind {
    EFFECT_DRAW, // show the view; answer with DEVICE_GLASS_QUIET when it has settled (at once if nothing changes)
    EFFECT_SAVE, // diary_save this row; answer with DEVICE_KEPT
    EFFECT_UNDO, // save this row as a correction (diary_correct, with a change of what "undo" or "redo"), then answer
                 // with DEVICE_DIARY: what was done before it, the diary alone knows
    EFFECT_AWAY, // diary_set_away
    EFFECT_SETTING, // diary_set, as text (settings_print)
    EFFECT_CORRECT, // move this boot's doubtful rows (device_correct_row), if there are any, keep the change if there
                    // are or the owner has set the clock, then answer with DEVICE_DIARY
    EFFECT_CUE,     // zero was reached: play the cue, if there is one
    EFFECT_TOLD,    // the owner has read of a trouble: a diary that was restored is told of in one boot only
};

struct effect {
    enum effect_kind kind;
    union {
        struct {
            struct view view;
            bool full;       // a full refresh is demanded
            const char *why; // for the trace: "boot", "press", "hold", "time", "zero", "clock", …
        } draw;
        struct session_record session; // SAVE, UNDO
        struct {
            int32_t night;
            bool away;
            int64_t at_utc_s;
        } away;
        struct {
            enum device_setting key;
            struct device_settings value; // the one of this key
        } setting;
        struct {
            int64_t difference_s; // to add to started_utc
            enum clock_quality quality;
            int64_t at_utc_s;
        } correct;
        enum page_trouble told;
    };
};

// No call has more effects. The same thing twice is one effect, its newest state; a call sees one event and what the
// buttons had still to tell, whose main button decides two presses at most.
enum {
    EFFECTS_MAX = DEVICE_SETTING_COUNT // settings
                  + 3                  // rows: of the session that runs, of one that the buttons had begun, of the
                                       // event's own (a card lasts longer than a button takes to tell)
                  + 2                  // undone or marked away: one a press
                  + 3                  // corrections of the clock: by the event, and one a press
                  + 3                  // the cue, a trouble that was read, the drawing
};

struct effects {
    struct effect items[EFFECTS_MAX];
    size_t count;
};

// Starts the device: the first act of the machine, after which the idle page (or the countdown of a session that
// goes on in the same boot) is intended. Takes over start->diary.log. 0 or -ENOMEM.
int device_new(struct device **device, const struct device_setup *setup, struct device_start *start, struct moment now,
               struct effects *out);

void device_free(struct device *device);

// Takes one event. `out` is overwritten; at most one EFFECT_DRAW, and it comes last. Everything that is due at
// `now` happens, too.
void device_handle(struct device *device, const struct device_event *event, struct moment now, struct effects *out);

// When device_handle must be called with DEVICE_TIME at the latest, on CLOCK_BOOTTIME, if the system clock is not
// stepped before; INT64_MAX when nothing is due.
int64_t device_deadline(const struct device *device, struct moment now);

// What is decided upon, even if its refresh still runs.
const struct view *device_view(const struct device *device);

// "invite", "card:sit", …: the names of karani(7), PAGES. Borrowed until the next event.
const char *device_page_name(const struct device *device);

// Tonight by Karani's clock; NIGHT_NONE under `unset`.
int32_t device_tonight(const struct device *device, struct moment now);

const struct karani_clock *device_clock(const struct device *device);

// The last session as it stands now; NULL when there is none.
const struct session_record *device_last_session(const struct device *device);

// The uuid of the session that the device holds and will save again: one that is not over. NULL when there is none.
const char *device_session_in_use(const struct device *device);

// False while something cannot be saved.
bool device_is_kept(const struct device *device);

// Whether what was decided cannot be saved because of it.
bool device_trouble_keeps_from_saving(enum page_trouble cause);

// The cause that the page `trouble` would name first; PAGE_TROUBLE_NONE when there is none (dismissed ones included).
enum page_trouble device_trouble(const struct device *device);

// Whether rows of this quality are moved by a correction.
bool device_quality_is_doubtful(enum clock_quality quality);

// Moves one row to a corrected clock: start, offset, night, quality (karani(7), THE CLOCK). The rows in question are
// those of this boot whose quality is `unset` or `restored`. `zone` is the one that was in force when the session
// started: the row's. A row whose start would have no date stays as it is.
void device_correct_row(struct session_record *session, int64_t difference_s, enum clock_quality quality,
                        const struct zone *zone);

#endif
