// The inside of the device, shared by device*.c and by nobody else.
#ifndef KARANI_DAEMON_CORE_DEVICE_STATE_H
#define KARANI_DAEMON_CORE_DEVICE_STATE_H

#include "daemon/core/device/device.h"
#include "daemon/core/page_rules.h"
#include "daemon/core/session.h"

// What the owner has chosen for good, as far as the diary remembers it.
struct device_choices {
    int minutes;
    enum variant variant;
    enum health_answer health;
    int64_t health_utc_s; // when it was answered
    bool health_undated;  // that was while the time was not known
};

// How the page on the glass came to be there.
struct device_arrival {
    int64_t at_ms;
    bool by_itself;      // no gesture brought it: what was meant for the page before must not act on it
    enum page_id before; // the page before it
};

// Invariants: `session.phase` is not SESSION_NONE exactly while `page` is a card, the countdown, the pause or the
// way out. `last` is the running session's row from its start on. `out` is valid only inside a public call.
struct device {
    struct device_setup setup;
    struct effects *out;

    struct karani_clock clock;
    int64_t system_minus_boot_ms; // as last seen: a step of the system clock shows as a change
    int64_t right_offset_ms;      // the offset the owner set, for later boots
    bool doubtful_rows;           // this boot has written rows under `unset` or `restored` …
    int64_t doubtful_base_ms;     // … when Karani's UTC minus BOOTTIME was this
    bool time_asked;              // in this boot

    struct habit_log log;
    int64_t undated_s;
    bool has_last;
    struct session_record last;
    struct zone *last_zone; // in force when `last` was begun; owned, NULL: begun before this start
    int64_t last_done_utc_s;
    int64_t left_way_out_ms; // when a session of this boot last left the way out; INT64_MIN: none has

    struct device_choices choices;
    struct gesture_reader reader;
    struct session session;
    size_t cards[SESSION_CARDS_MAX]; // the session's cards as indices into the routine's

    enum page_id page;
    struct device_arrival arrival;
    int health_face;
    bool asking_first;  // `health` shows the face that says to ask a doctor first
    bool beginning;     // a session is about to begin: `clock` comes back to the questions
    int64_t touched_ms; // the last gesture, or the arrival of the page
    int64_t idle_ms;    // when the idle page must be computed anew; INT64_MAX: never
    enum page_clock_field field;
    struct page_time edit;

    bool glass_busy;
    bool gesture_kept; // one gesture that came during a refresh
    struct gesture kept_gesture;
    bool hint_next, hint;

    bool kept; // everything that was to be saved is on the card
    bool trouble[PAGE_TROUBLE_COUNT];
    bool trouble_told[PAGE_TROUBLE_COUNT];
    bool trouble_over[PAGE_TROUBLE_COUNT];    // it has gone, but the owner has not been told of it yet
    bool trouble_put_off[PAGE_TROUBLE_COUNT]; // dismissed, but to be told again when it is over
    const struct page_place *trouble_place[PAGE_TROUBLE_COUNT];
    int restored_sessions; // kept when the diary was last restored

    bool dirty; // the view has changed and must be drawn
    bool full;
    const char *why;
    struct view view;
    char page_name[RECORD_NAME_SIZE + 8];
};

// The moment at another instant of BOOTTIME, the system clock running evenly in between.
struct moment device_moment_at(struct moment now, int64_t boot_ms);

// device.c: another page is up from `at` on.
void device_show(struct device *device, enum page_id page, struct moment at, const char *why, bool by_itself);
void device_touch_view(struct device *device, const char *why);       // the same page shows something else
void device_emit(struct device *device, const struct effect *effect); // copied
void device_ignore_gesture(struct device *device);                    // the next page says what press and hold do

// device_gesture.c: a gesture decided at that moment; and the end of a refresh, which lets a kept one act.
void device_take_gesture(struct device *device, const struct gesture *gesture, struct moment at);
void device_glass_quiet(struct device *device, struct moment at);

// device_idle.c: which idle page, and when to look again.
void device_show_idle(struct device *device, struct moment at, const char *why, bool by_itself);
void device_idle_changed(struct device *device, struct moment at, const char *why); // if an idle page is up
void device_time_changed(struct device *device, struct moment at, const char *why); // the page that is up may say it
bool device_trouble_keeps(const struct device *device); // one of them keeps something from being saved
enum page_trouble device_trouble_untold(const struct device *device);
void device_trouble_tell(struct device *device); // the one on the page has been read

// device_clock.c
// The diary could be read only now: what it knows of the clock, where nothing better is known yet.
void device_clock_begin_late(struct device *device, const struct device_start *known, struct moment now);
void device_clock_begin(struct device *device, const struct device_start *start, struct moment now);
void device_clock_correct(struct device *device, enum clock_quality quality, int64_t offset_ms, struct moment at);
void device_clock_set(struct device *device, int64_t local_s, struct moment at); // by the owner
void device_clock_note_doubt(struct device *device, struct moment at);           // a row is written now
bool device_clock_follow(struct device *device, struct moment now); // true when the system clock was stepped
void device_clock_edit_begin(struct device *device, struct moment at);
void device_clock_edit_change(struct device *device, int by);
bool device_clock_edit_next(struct device *device, struct moment at); // true when that was the last: it is set
int64_t device_local_s(const struct device *device, struct moment at);
int32_t device_last_night(const struct device *device, struct moment at);

// device_begin.c: what is due before a session, and the session itself.
void device_begin(struct device *device, struct moment at, const char *why, bool by_itself);
void device_health_next(struct device *device, struct moment at);
void device_health_hold(struct device *device, struct moment at);
void device_session_changed(struct device *device, enum session_change change, struct moment now, const char *why,
                            bool by_itself);
bool device_session_restore(struct device *device, struct moment now); // true when a session goes on

// device_boot.c: what is done once a boot, over a restart of the daemon.
void device_boot_begin(struct device *device, const struct device_start *start);
void device_boot_store(struct device *device);

// device_choice.c
void device_choices_begin(struct device *device, const struct device_start *start);
void device_choose_minutes(struct device *device, int minutes);
void device_choose_variant(struct device *device, enum variant variant);
void device_answer_health(struct device *device, enum health_answer answer, struct moment at);
void device_date_health(struct device *device, struct moment at); // the time may have become known
void device_store(struct device *device, enum device_setting setting, const struct device_settings *value);

// device_view.c
void device_view_build(struct device *device, struct moment at);
void device_summarise(const struct device *device, struct moment at, struct habit_summary *summary);
bool device_can_undo(const struct device *device, struct moment at);

#endif
