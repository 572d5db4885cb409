// The pages of the device: what each shows (struct view) and how it is drawn. A page is a pure function from
// its view to a drawing; who decides which page is up, and with what in it, lives above (daemon/).
#ifndef KARANI_DISPLAY_PAGE_PAGE_H
#define KARANI_DISPLAY_PAGE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

struct canvas;

// Every page: its id, its name in C and in the tools, and what its view holds. Two files make it: page_NAME_drawing
// says how it is drawn (display/page/pages.h), page_NAME_rules what it is to the device (karani(7), PAGES); no program
// links while one is missing. The information pages are walked through in this order.
#define PAGES(X)                                                                                                       \
    X(INVITE, invite, "invite", struct view_invite)                                                                    \
    X(GOOD_NIGHT, good_night, "good-night", struct view_good_night)                                                    \
    X(MORNING, morning, "morning", struct view_morning)                                                                \
    X(ASK_TIME, ask_time, "ask-time", struct view_ask_time)                                                            \
    X(HEALTH, health, "health", struct page_words)                                                                     \
    X(CARD, card, "card", struct view_card)                                                                            \
    X(COUNTDOWN, countdown, "countdown", struct view_countdown)                                                        \
    X(PAUSED, paused, "paused", struct view_paused)                                                                    \
    X(WAY_OUT, way_out, "way-out", struct page_words)                                                                  \
    X(MONTH, month, "month", struct view_month)                                                                        \
    X(UNDO, undo, "undo", struct view_undo)                                                                            \
    X(MINUTES, minutes, "minutes", struct view_minutes)                                                                \
    X(VARIANT, variant, "variant", struct view_variant)                                                                \
    X(CLOCK, clock, "clock", struct view_clock)                                                                        \
    X(ABOUT, about, "about", struct view_about)                                                                        \
    X(TROUBLE, trouble, "trouble", struct view_trouble)

#define PAGE_ID(id, ...) PAGE_##id,
enum page_id { PAGES(PAGE_ID) PAGE_COUNT };
#undef PAGE_ID

// The state of one night, as the week and the month draw it: by shape, never by grey.
enum page_mark {
    PAGE_MARK_BEFORE,    // before the first practised night: nothing is drawn
    PAGE_MARK_PRACTISED, // solid disc
    PAGE_MARK_REST,      // short dash
    PAGE_MARK_MISSED,    // small ring
    PAGE_MARK_AWAY,      // dot
    PAGE_MARK_PENDING,   // open large ring: tonight, not practised yet
};

// The words and the picture of a card, of the way out, of one face of the health page. All in the language of
// the device; strings are borrowed from the routine and outlive the view. Absent ones are NULL.
struct page_words {
    const char *title;   // one or two words that say the act
    const char *text;    // one or two sentences, 60 to 90 characters
    const char *brief;   // the same for small glass, up to 40 characters
    const char *picture; // path of an SVG file
};

// Why the owner sees the page `trouble`. Order is priority: the first that holds is shown first.
enum page_trouble {
    PAGE_TROUBLE_NONE,
    PAGE_TROUBLE_NOT_KEPT, // the diary cannot be written (full, read-only, I/O error)
    PAGE_TROUBLE_DIARY,    // the diary is damaged, and could not be restored
    PAGE_TROUBLE_NEWER,    // the diary is a newer Karani's: read, and not written
    PAGE_TROUBLE_PLACE,    // the diary lies where nothing outlives the power
    PAGE_TROUBLE_LOST,     // the diary was damaged and restored; something may be missing
    PAGE_TROUBLE_RESTORED, // the diary was damaged and restored; nothing is lost
    PAGE_TROUBLE_PANEL,    // the panel did not answer (seen only once it does again)
    PAGE_TROUBLE_CONFIG,   // a setting was not understood; its default is in force
    PAGE_TROUBLE_ROUTINE,  // the routine or a picture is missing
    PAGE_TROUBLE_CRASHES,  // the daemon has crashed too often, and keeps still
    PAGE_TROUBLE_COUNT,
};

// The name under which the diary keeps it: "config". PAGE_TROUBLE_NONE has none.
const char *page_trouble_name(enum page_trouble cause);
bool page_trouble_parse(const char *name, enum page_trouble *cause);

// How the habit stands, for the headline of `morning`.
enum page_situation {
    PAGE_SITUATION_FIRST,   // no practised night yet, or the first one was last night
    PAGE_SITUATION_CHAIN,   // a living chain
    PAGE_SITUATION_REST,    // last night was a rest: the chain goes on
    PAGE_SITUATION_AWAY,    // last night was marked away
    PAGE_SITUATION_WELCOME, // the chain has ended: welcome back, with the total of nights
};

// Where Karani's time comes from (karani(7), THE CLOCK).
enum page_clock_quality {
    PAGE_CLOCK_UNSET,
    PAGE_CLOCK_RESTORED,
    PAGE_CLOCK_RTC,
    PAGE_CLOCK_SET,
    PAGE_CLOCK_SYNCED,
};

// A local date and time. Weekday 0 = Monday … 6 = Sunday.
struct page_time {
    int year, month, day;
    int hour, minute;
    int weekday;
};

// The field of `clock` that is being set.
enum page_clock_field {
    PAGE_CLOCK_FIELD_NONE, // showing, not setting
    PAGE_CLOCK_FIELD_YEAR,
    PAGE_CLOCK_FIELD_MONTH,
    PAGE_CLOCK_FIELD_DAY,
    PAGE_CLOCK_FIELD_HOUR,
    PAGE_CLOCK_FIELD_TENS, // tens of minutes
    PAGE_CLOCK_FIELD_MINUTE,
};

struct view_invite {
    int minutes;
    const char *variant_name; // "on the wall", from the routine
    const char *picture;      // the variant's picture
    const char *reason;       // tonight's gentle line, or NULL
};

struct view_good_night {
    int minutes; // of the session just done, whole minutes held, rounded down
    int weekday; // of its night, 0 = Monday; -1 while the night is not known
};

struct view_morning {
    int last_minutes;       // held last night, rounded down
    int last_weekday;       // 0 = Monday; -1 unknown
    enum page_mark week[7]; // oldest first; ends with last night
    int last7;              // practised nights of the last 7
    bool show_streak;
    int streak; // practised nights in the chain
    int best;
    int rests_left;
    int nights;          // practised nights in total
    int undated_minutes; // of sessions without a night, in no other field
    enum page_situation situation;
};

struct view_card {
    struct page_words words;
    int index; // 0-based among the cards of this session's variant
    int count;
};

struct view_countdown {
    int minutes_left;  // rounded up, 1 … 30
    int minutes_total; // planned
};

struct view_paused {
    int minutes_left;
};

struct view_month {
    enum page_mark nights[28]; // oldest first; ends with tonight
    int last28;                // practised nights of the last 28
    bool tonight_away;
    bool known;  // false while the time is not known: no marks, a word instead
    int weekday; // of tonight, 0 = Monday
};

struct view_undo {
    int minutes; // held in the session in question
    int weekday; // of its night; -1 unknown
    bool not_mine;
};

struct view_minutes {
    int minutes; // 5 … 15
};

struct view_variant {
    const char *name;
    const char *picture;
};

struct view_ask_time {
    bool guess;            // false under `unset`: no time is offered
    struct page_time time; // valid when guess
};

struct view_clock {
    enum page_clock_quality quality;
    struct page_time time;
    enum page_clock_field field;
};

struct view_about {
    const char *version;
    const char *panel;
    bool diary_ok;
    enum page_clock_quality quality;
};

enum { PAGE_PLACE_NAME_SIZE = 64 };

// Where in a file the first thing is wrong.
struct page_place {
    char file[PAGE_PLACE_NAME_SIZE]; // "karani.conf"; "": nowhere that could be named
    int line;                        // from 1; 0: the file as a whole
    char key[PAGE_PLACE_NAME_SIZE];  // "minutes"; "": none
};

struct view_trouble {
    enum page_trouble cause;
    const struct page_place *place; // of a setting or in the routine; or NULL
    int sessions;                   // that are kept, of a diary that was restored
};

struct view {
    enum page_id page;
    int face;      // 0-based; below page_faces()
    bool hint;     // one short line says what press and hold do here
    bool not_kept; // one short line says that the session is not kept yet
    bool answers;  // `health`: the face's own words say what press and hold do, a hint would say it twice
#define PAGE_VIEW(id, member, name, type) type member;
    union {
        PAGES(PAGE_VIEW)
    };
#undef PAGE_VIEW
};

// The page's name in the tools and tests: "invite", "good-night", … "card" (the tools add ":NAME").
const char *page_name(enum page_id page);

// How many faces the view takes on this glass: 2 for a card whose words do not fit beside its picture (picture,
// then words), else 1. Depends on the view's words and the glass only, never on view->hint or view->face.
int page_faces(struct canvas *canvas, const struct view *view);

// Draws the view onto the canvas, replacing what was there. 0, or -errno when a picture cannot be read (the
// page is then drawn without it).
int page_draw(struct canvas *canvas, const struct view *view);

// The minutes that the page shows (karani-sim(1), SCRIPTS: `expect minutes`), or -1 when it shows none.
int page_minutes(const struct view *view);

#endif
