// Carries out what the device intends and answers it, until it intends nothing more.
#include "daemon/hands.h"

#include "daemon/easel.h"
#include "daemon/keeper.h"
#include "daemon/setup.h"
#include "display/panels.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PAGE_NAME_SIZE = 96,
    // One event may call for answers, whose intentions may call for answers again: a few rounds, or the device and its
    // hands talk past each other.
    ROUNDS_MAX = 32,
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
    struct moment now;                  // of the call that runs: for what the easel tells
    char page[PAGE_NAME_SIZE];          // decided upon
    char page_on_glass[PAGE_NAME_SIZE]; // of the refresh that runs
    bool trouble[PAGE_TROUBLE_COUNT];   // as told to the device
    bool failing;                       // what could not be written last has been told of
    bool saved;                         // DEVICE_KEPT is to be answered
    bool diary_changed;                 // DEVICE_DIARY is to be told
    bool stopping;
};

static void tell(struct hands *hands, const struct hands_event *event) {
    hands->listener(hands->context, event, hands->now);
}

static void hear_easel(void *context, const struct refresh_event *event) {
    struct hands *hands = context;

    switch (event->kind) {
    case REFRESH_EVENT_BEGUN:
        snprintf(hands->page_on_glass, sizeof(hands->page_on_glass), "%s", hands->page);
        break;
    case REFRESH_EVENT_ENDED:
        tell(hands, &(struct hands_event){.kind = HANDS_REFRESH,
                                          .refresh = {.kind = event->refresh,
                                                      .duration_ms = event->duration_ms,
                                                      .spi_bytes = event->spi_bytes,
                                                      .area = event->area,
                                                      .page = hands->page_on_glass}});
        break;
    case REFRESH_EVENT_FAULT:
        tell(hands,
             &(struct hands_event){.kind = HANDS_FAULT,
                                   .fault = {.part = "panel", .sentence = event->fault, .given_up = event->given_up}});
        break;
    case REFRESH_EVENT_QUIET:
        break;
    }
}

// ---- what the device intends ----

// Of several drawings that one event calls for only the last comes to the glass. On one page the reason that came first
// stays: it brought the page, the others refine it.
static void take_drawing(struct hands *hands, const struct intention *intention) {
    bool same_page = hands->drawing_waits && hands->drawing.view.page == intention->draw.view.page;
    const char *why = same_page ? hands->drawing.why : intention->draw.why;

    hands->drawing.view = intention->draw.view;
    hands->drawing.full = intention->draw.full || (hands->drawing_waits && hands->drawing.full);
    hands->drawing.why = why;
    hands->drawing_waits = true;
}

static void draw(struct hands *hands) {
    hands->drawing_waits = false;
    snprintf(hands->page, sizeof(hands->page), "%s", device_page_name(hands->device));
    easel_show(hands->easel, &hands->drawing.view, hands->drawing.full, hands->now.boot_ms);
    tell(hands, &(struct hands_event){
                    .kind = HANDS_PAGE,
                    .page = {.name = hands->page, .why = hands->drawing.why, .kind = easel_kind(hands->easel)}});
}

static void tell_saved(struct hands *hands, bool written) {
    const char *sentence = diary_health_sentence(diary_health(keeper_diary(hands->keeper)));

    tell(hands, &(struct hands_event){.kind = HANDS_SAVE,
                                      .save = {.ok = written, .pending = diary_pending(keeper_diary(hands->keeper))}});
    if (!written && sentence != NULL && !hands->failing) {
        tell(hands, &(struct hands_event){.kind = HANDS_FAULT, .fault = {.part = "diary", .sentence = sentence}});
    }
    hands->failing = !written;
    hands->saved = true;
}

static void save(struct hands *hands, const struct diary_session *session) {
    tell(hands, &(struct hands_event){.kind = HANDS_SESSION, .session = session});
    tell_saved(hands, keeper_save(hands->keeper, session, hands->now.boot_ms));
}

static void undo(struct hands *hands, const struct diary_session *session) {
    int64_t at_utc_s = clock_utc_s(device_clock(hands->device), hands->now);

    tell(hands, &(struct hands_event){.kind = HANDS_SESSION, .session = session});
    tell_saved(hands, keeper_undo(hands->keeper, session, at_utc_s, hands->now.boot_ms));
}

static void set_away(struct hands *hands, const struct intention *intention) {
    tell(hands, &(struct hands_event){.kind = HANDS_AWAY,
                                      .away = {.night = intention->away.night, .away = intention->away.away}});
    tell_saved(hands, keeper_set_away(hands->keeper, intention->away.night, intention->away.away,
                                      intention->away.at_utc_s, hands->now.boot_ms));
}

static void set(struct hands *hands, const struct intention *intention) {
    const char *key = device_setting_name(intention->setting.key);

    tell(hands,
         &(struct hands_event){.kind = HANDS_SETTING, .setting = {.key = key, .value = intention->setting.value}});
    tell_saved(hands, keeper_set(hands->keeper, intention->setting.key, intention->setting.value, hands->now.boot_ms));
}

static void correct(struct hands *hands, const struct intention *intention) {
    size_t rows = 0;
    bool written = keeper_correct(hands->keeper, intention->correct.difference_s, intention->correct.quality,
                                  hands->zone, intention->correct.at_utc_s, hands->now.boot_ms, &rows);

    tell(hands, &(struct hands_event){.kind = HANDS_CORRECT,
                                      .correct = {.difference_s = intention->correct.difference_s,
                                                  .quality = intention->correct.quality,
                                                  .rows = rows}});
    if (rows > 0) {
        tell_saved(hands, written);
    }
    hands->diary_changed = true;
}

static void carry_out(struct hands *hands, const struct intentions *intentions) {
    for (size_t i = 0; i < intentions->count; i++) {
        const struct intention *intention = &intentions->items[i];

        switch (intention->kind) {
        case INTEND_DRAW:
            take_drawing(hands, intention);
            break;
        case INTEND_SAVE:
            save(hands, &intention->session);
            break;
        case INTEND_UNDO:
            undo(hands, &intention->session);
            break;
        case INTEND_AWAY:
            set_away(hands, intention);
            break;
        case INTEND_SETTING:
            set(hands, intention);
            break;
        case INTEND_CORRECT:
            correct(hands, intention);
            break;
        case INTEND_CUE:
            tell(hands, &(struct hands_event){.kind = HANDS_CUE});
            break;
        }
    }
}

static void feed(struct hands *hands, const struct device_event *event) {
    struct intentions intentions;

    device_handle(hands->device, event, hands->now, &intentions);
    carry_out(hands, &intentions);
}

// ---- what the device is answered ----

static void feed_trouble(struct hands *hands, enum page_trouble cause, bool present) {
    if (hands->trouble[cause] == present) {
        return;
    }
    hands->trouble[cause] = present;
    feed(hands, &(struct device_event){.kind = DEVICE_TROUBLE, .trouble = {.cause = cause, .present = present}});
}

// A panel that answers again has still to tell the owner that it did not: its trouble goes once another page than
// `trouble` was brought to the glass.
static bool panel_has_trouble(const struct hands *hands) {
    bool telling = device_view(hands->device)->page == PAGE_TROUBLE;

    return easel_is_given_up(hands->easel) || (hands->trouble[PAGE_TROUBLE_PANEL] && telling);
}

// The page's own words, in the device's language, say what each means.
static void feed_troubles(struct hands *hands) {
    feed_trouble(hands, PAGE_TROUBLE_NOT_KEPT, keeper_has_trouble(hands->keeper, PAGE_TROUBLE_NOT_KEPT));
    feed_trouble(hands, PAGE_TROUBLE_DIARY, keeper_has_trouble(hands->keeper, PAGE_TROUBLE_DIARY));
    feed_trouble(hands, PAGE_TROUBLE_PANEL, panel_has_trouble(hands));
}

static void feed_diary(struct hands *hands) {
    struct device_diary known;

    // Without memory the device goes on with what it knew.
    if (keeper_read_diary(hands->keeper, &known) == 0) {
        feed(hands, &(struct device_event){.kind = DEVICE_DIARY, .diary = &known});
        habit_log_clear(&known.log);
    }
}

// One answer, or drawing, that is due; false when there is none.
static bool feed_answer(struct hands *hands) {
    if (hands->saved) {
        hands->saved = false;
        feed_troubles(hands);
        feed(hands, &(struct device_event){.kind = DEVICE_KEPT, .kept = keeper_is_kept(hands->keeper)});
        return true;
    }
    if (keeper_take_reopened(hands->keeper) || hands->diary_changed) {
        hands->diary_changed = false;
        feed_diary(hands);
        return true;
    }
    // Before it is told that the glass is quiet: that is meant for what is to be drawn now.
    if (hands->drawing_waits) {
        draw(hands);
        return true;
    }
    if (easel_take_quiet(hands->easel)) {
        feed(hands, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
        return true;
    }
    if (easel_take_full_due(hands->easel, hands->now.boot_ms)) {
        feed(hands, &(struct device_event){.kind = DEVICE_FULL_DUE});
        return true;
    }
    return false;
}

static void settle(struct hands *hands) {
    int rounds = 0;

    do {
        assert(rounds++ < ROUNDS_MAX);
        feed_troubles(hands);
    } while (feed_answer(hands));
}

// ---- the door ----

static int count_faces(void *context, const struct view *view) {
    struct hands *hands = context;

    return easel_faces(hands->easel, view);
}

static int start_easel(struct hands *hands, const struct hands_setup *setup, char *error, size_t error_size) {
    const struct easel_setup easel = {
        .row = setup->setup->row,
        .rotate_deg = setup->setup->board->rotate_deg,
        .reading_m = setup->setup->reading_m,
        .partials_per_full = setup->setup->config->partials_per_full,
        .font_dir = setup->font_dir,
        .wire = setup->wire,
        .listener = hear_easel,
        .context = hands,
    };

    return easel_new(&hands->easel, &easel, hands->now.boot_ms, error, error_size);
}

static int start_keeper(struct hands *hands, const struct hands_setup *setup, struct device_start *start) {
    int result = keeper_open(&hands->keeper, setup->state_dir, setup->vfs, setup->boot_id, hands->now.boot_ms);

    if (result < 0) {
        return result;
    }
    const char *sentence = diary_health_sentence(diary_health(keeper_diary(hands->keeper)));

    if (sentence != NULL) {
        tell(hands, &(struct hands_event){.kind = HANDS_FAULT, .fault = {.part = "diary", .sentence = sentence}});
    }
    return keeper_read(hands->keeper, start);
}

static int start_device(struct hands *hands, const struct hands_setup *setup, struct device_start *start) {
    const struct device_setup device = {
        .config = setup->setup->config,
        .routine = setup->setup->routine,
        .zone = setup->zone,
        .version = setup->version,
        .panel = setup->setup->row->title,
        .boot_id = setup->boot_id,
        .faces = count_faces,
        .context = hands,
    };
    struct intentions intentions;

    start->rtc_trusted = setup->rtc_trusted;
    start->synchronised = setup->synchronised;
    int result = device_new(&hands->device, &device, start, hands->now, &intentions);

    if (result == 0) {
        carry_out(hands, &intentions);
    }
    return result;
}

int hands_new(struct hands **hands, const struct hands_setup *setup, struct moment now, char *error,
              size_t error_size) {
    struct hands *made = calloc(1, sizeof(*made));
    struct device_start start = {.rtc_trusted = false};
    int result = -ENOMEM;

    snprintf(error, error_size, "Memory is out.");
    if (made != NULL) {
        made->listener = setup->listener;
        made->context = setup->context;
        made->zone = setup->zone;
        made->now = now;
        result = start_easel(made, setup, error, error_size);
        if (result == 0) {
            result = start_keeper(made, setup, &start);
        }
        if (result == 0) {
            result = start_device(made, setup, &start);
        }
    }
    if (result < 0) {
        habit_log_clear(&start.diary.log);
        hands_free(made);
        return result;
    }
    feed_trouble(made, PAGE_TROUBLE_CONFIG, setup->config_trouble);
    feed_trouble(made, PAGE_TROUBLE_ROUTINE, setup->routine_trouble);
    settle(made);
    *hands = made;
    return 0;
}

void hands_free(struct hands *hands) {
    if (hands == NULL) {
        return;
    }
    device_free(hands->device);
    keeper_close(hands->keeper);
    easel_free(hands->easel);
    free(hands);
}

void hands_abandon(struct hands *hands) {
    if (hands == NULL) {
        return;
    }
    device_free(hands->device);
    keeper_abandon(hands->keeper);
    easel_free(hands->easel);
    free(hands);
}

void hands_tick(struct hands *hands, struct moment now) {
    hands->now = now;
    easel_step(hands->easel, now.boot_ms);
    if (keeper_tick(hands->keeper, now.boot_ms)) {
        tell_saved(hands, keeper_is_kept(hands->keeper));
    }
    if (!hands->stopping) {
        feed(hands, &(struct device_event){.kind = DEVICE_TIME});
        settle(hands);
    }
}

static int64_t min_ms(int64_t a, int64_t b) {
    return a < b ? a : b;
}

int64_t hands_deadline(const struct hands *hands, struct moment now) {
    int64_t deadline = min_ms(easel_deadline(hands->easel), keeper_deadline(hands->keeper));

    return hands->stopping ? deadline : min_ms(deadline, device_deadline(hands->device, now));
}

void hands_edge(struct hands *hands, enum button button, bool down, int64_t boot_ms, struct moment now) {
    assert(boot_ms <= now.boot_ms);
    hands->now = now;
    feed(hands,
         &(struct device_event){.kind = DEVICE_EDGE, .edge = {.button = button, .down = down, .boot_ms = boot_ms}});
    settle(hands);
}

void hands_clock_synced(struct hands *hands, struct moment now) {
    hands->now = now;
    feed(hands, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
    settle(hands);
}

void hands_zone(struct hands *hands, const struct zone *zone, struct moment now) {
    hands->now = now;
    hands->zone = zone;
    feed(hands, &(struct device_event){.kind = DEVICE_ZONE, .zone = zone});
    settle(hands);
}

void hands_diary_changed(struct hands *hands, struct moment now) {
    hands->now = now;
    hands->diary_changed = true;
    settle(hands);
}

void hands_stop(struct hands *hands, struct moment now) {
    hands->now = now;
    hands->stopping = true;
    easel_stop(hands->easel, now.boot_ms);
}

bool hands_is_stopping(const struct hands *hands) {
    return hands->stopping && easel_is_busy(hands->easel);
}

const struct device *hands_device(const struct hands *hands) {
    return hands->device;
}

struct diary *hands_diary(struct hands *hands) {
    return keeper_diary(hands->keeper);
}

const char *hands_text(const struct hands *hands) {
    return easel_text(hands->easel);
}

enum refresh_kind hands_refresh_kind(const struct hands *hands) {
    return easel_kind(hands->easel);
}

const struct frame *hands_frame(const struct hands *hands) {
    return easel_frame(hands->easel);
}

bool hands_panel_is_given_up(const struct hands *hands) {
    return easel_is_given_up(hands->easel);
}
