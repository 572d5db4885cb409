// Carries out what the device intends, and answers it until it intends nothing more.
#include "daemon/runtime/inside.h"

#include "daemon/core/page_rules.h"

#include <assert.h>
#include <stdio.h>

enum {
    // One event may call for answers, whose intentions may call for answers again: a few rounds, or the device and its
    // hands talk past each other.
    ROUNDS_MAX = 32,
    // A panel that is woken does not keep the diary waiting longer: its supply, RES#, and then there is room.
    LATE_MS = 50,
};

void hands_tell(struct hands *hands, const struct hands_event *event) {
    hands->listener(hands->context, event, hands->now);
}

void hands_hear_easel(void *context, const struct refresh_event *event) {
    struct hands *hands = context;

    switch (event->kind) {
    case REFRESH_EVENT_BEGUN:
        snprintf(hands->page_on_glass, sizeof(hands->page_on_glass), "%s", hands->page);
        break;
    case REFRESH_EVENT_ENDED:
        hands_tell(hands, &(struct hands_event){.kind = HANDS_REFRESH,
                                                .refresh = {.kind = event->refresh,
                                                            .duration_ms = event->duration_ms,
                                                            .spi_bytes = event->spi_bytes,
                                                            .area = event->area,
                                                            .page = hands->page_on_glass}});
        break;
    case REFRESH_EVENT_FAULT:
        hands_tell(hands, &(struct hands_event){
                              .kind = HANDS_FAULT,
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
    if (!easel_is_pending(hands->easel)) {
        snprintf(hands->page_on_glass, sizeof(hands->page_on_glass), "%s", hands->page);
    }
    hands_tell(hands, &(struct hands_event){
                          .kind = HANDS_PAGE,
                          .page = {.name = hands->page, .why = hands->drawing.why, .kind = easel_kind(hands->easel)}});
}

void hands_tell_saved(struct hands *hands, bool written) {
    const char *sentence = diary_health_sentence(diary_health(keeper_diary(hands->keeper)));

    hands_tell(hands,
               &(struct hands_event){.kind = HANDS_SAVE,
                                     .save = {.ok = written, .pending = diary_pending(keeper_diary(hands->keeper))}});
    if (!written && sentence != NULL && !hands->failing) {
        hands_tell(hands, &(struct hands_event){.kind = HANDS_FAULT, .fault = {.part = "diary", .sentence = sentence}});
    }
    hands->failing = !written;
    hands->saved = true;
}

static void save(struct hands *hands, const struct diary_session *session) {
    hands_tell(hands, &(struct hands_event){.kind = HANDS_SESSION, .session = session});
    hands_tell_saved(hands, keeper_save(hands->keeper, session, hands->now.boot_ms));
}

static void undo(struct hands *hands, const struct diary_session *session) {
    int64_t at_utc_s = clock_utc_s(device_clock(hands->device), hands->now);

    hands_tell(hands, &(struct hands_event){.kind = HANDS_SESSION, .session = session});
    hands_tell_saved(hands, keeper_undo(hands->keeper, session, at_utc_s, hands->now.boot_ms));
    hands->diary_changed = true;
}

static void set_away(struct hands *hands, const struct intention *intention) {
    hands_tell(hands, &(struct hands_event){.kind = HANDS_AWAY,
                                            .away = {.night = intention->away.night, .away = intention->away.away}});
    hands_tell_saved(hands, keeper_set_away(hands->keeper, intention->away.night, intention->away.away,
                                            intention->away.at_utc_s, hands->now.boot_ms));
}

static void set(struct hands *hands, const struct intention *intention) {
    const char *key = device_setting_name(intention->setting.key);

    hands_tell(hands, &(struct hands_event){.kind = HANDS_SETTING,
                                            .setting = {.key = key, .value = intention->setting.value}});
    hands_tell_saved(hands,
                     keeper_set(hands->keeper, intention->setting.key, intention->setting.value, hands->now.boot_ms));
}

static void correct(struct hands *hands, const struct intention *intention) {
    size_t rows = 0;
    bool written = keeper_correct(hands->keeper, intention->correct.difference_s, intention->correct.quality,
                                  hands->zone, intention->correct.at_utc_s, hands->now.boot_ms, &rows);

    hands_tell(hands, &(struct hands_event){.kind = HANDS_CORRECT,
                                            .correct = {.difference_s = intention->correct.difference_s,
                                                        .quality = intention->correct.quality,
                                                        .rows = rows}});
    if (rows > 0) {
        hands_tell_saved(hands, written);
    }
    hands->diary_changed = true;
}

// A card may take long to keep something, and a panel at rest has waits to pass before it hears a byte: it is woken
// first. Until it hears one, the page may still change (refresh_want): should the card refuse, the glass says so and
// nothing else. After an undoing or a correction the page follows from the diary as it is then, so these are written
// first; and so is everything while the panel is at work, for then a drawing waits anyway.
static bool may_draw_first(const struct hands *hands, const struct intentions *intentions) {
    bool writes = false;
    bool page_follows = false;

    for (size_t i = 0; i < intentions->count; i++) {
        enum intention_kind kind = intentions->items[i].kind;

        writes = writes || (kind != INTEND_DRAW && kind != INTEND_CUE);
        page_follows = page_follows || kind == INTEND_UNDO || kind == INTEND_CORRECT;
    }
    return hands->drawing_waits && writes && !page_follows && !easel_is_busy(hands->easel);
}

static void carry_out_one(struct hands *hands, const struct intention *intention) {
    switch (intention->kind) {
    case INTEND_DRAW: // taken before
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
    case INTEND_TOLD:
        keeper_told(hands->keeper, intention->told);
        break;
    case INTEND_CUE:
        hands_tell(hands, &(struct hands_event){.kind = HANDS_CUE});
        break;
    }
}

static void carry_out_all(struct hands *hands, const struct intentions *intentions) {
    for (size_t i = 0; i < intentions->count; i++) {
        carry_out_one(hands, &intentions->items[i]);
    }
}

void hands_write_late(struct hands *hands) {
    if (hands->late.count > 0) {
        carry_out_all(hands, &hands->late);
        hands->late.count = 0;
    }
}

void hands_carry_out(struct hands *hands, const struct intentions *intentions) {
    // What was decided before is written before.
    if (intentions->count > 0) {
        hands_write_late(hands);
    }
    for (size_t i = 0; i < intentions->count; i++) {
        if (intentions->items[i].kind == INTEND_DRAW) {
            take_drawing(hands, &intentions->items[i]);
        }
    }
    bool draws_first = may_draw_first(hands, intentions);

    if (draws_first) {
        draw(hands);
    }
    if (draws_first && hands->writes_late && easel_is_busy(hands->easel)) {
        hands->late = *intentions;
        hands->late_ms = hands->now.boot_ms + LATE_MS;
        return;
    }
    carry_out_all(hands, intentions);
}

void hands_feed(struct hands *hands, const struct device_event *event) {
    struct intentions intentions;

    device_handle(hands->device, event, hands->now, &intentions);
    hands_carry_out(hands, &intentions);
}

// ---- what the device is answered ----

void hands_feed_trouble(struct hands *hands, enum page_trouble cause, bool present) {
    if (hands->trouble[cause] == present) {
        return;
    }
    hands->trouble[cause] = present;
    hands_feed(hands, &(struct device_event){.kind = DEVICE_TROUBLE,
                                             .trouble = {.cause = cause,
                                                         .present = present,
                                                         .sessions = keeper_restored_sessions(hands->keeper)}});
}

// The page's own words, in the device's language, say what each means.
static void feed_troubles(struct hands *hands) {
    static const enum page_trouble diarys[] = {PAGE_TROUBLE_NOT_KEPT, PAGE_TROUBLE_DIARY, PAGE_TROUBLE_NEWER,
                                               PAGE_TROUBLE_LOST, PAGE_TROUBLE_RESTORED};

    for (size_t i = 0; i < sizeof(diarys) / sizeof(diarys[0]); i++) {
        hands_feed_trouble(hands, diarys[i], keeper_has_trouble(hands->keeper, diarys[i]));
    }
    hands_feed_trouble(hands, PAGE_TROUBLE_PLACE, hands->fleeting);
    hands_feed_trouble(hands, PAGE_TROUBLE_PANEL, easel_is_given_up(hands->easel));
}

static void feed_diary(struct hands *hands) {
    const struct karani_clock *clock = device_clock(hands->device);
    int64_t now_utc_s = clock_is_known(clock) ? clock_utc_s(clock, hands->now) : INT64_MAX;
    struct device_diary known;

    hands_write_late(hands);
    // Without memory the device goes on with what it knew.
    if (keeper_read_diary(hands->keeper, now_utc_s, &known) == 0) {
        hands_feed(hands, &(struct device_event){.kind = DEVICE_DIARY, .diary = &known});
        habit_log_clear(&known.log);
    }
}

bool hands_keep(const struct hands *hands) {
    return !hands->fleeting && !keeper_has_trouble(hands->keeper, PAGE_TROUBLE_NOT_KEPT) &&
           !keeper_has_trouble(hands->keeper, PAGE_TROUBLE_DIARY) &&
           !keeper_has_trouble(hands->keeper, PAGE_TROUBLE_NEWER);
}

static void feed_choices(struct hands *hands) {
    struct device_start start = {.rtc_trusted = false};

    if (keeper_take_choices(hands->keeper, &start)) {
        hands_feed(hands, &(struct device_event){.kind = DEVICE_CHOICES, .choices = &start});
    }
}

// One answer, or drawing, that is due; false when there is none.
static bool feed_answer(struct hands *hands) {
    if (hands->saved) {
        hands->saved = false;
        feed_troubles(hands);
        hands_feed(hands, &(struct device_event){.kind = DEVICE_KEPT, .kept = hands_keep(hands)});
        return true;
    }
    if (keeper_take_reopened(hands->keeper) || hands->diary_changed) {
        hands->diary_changed = false;
        feed_choices(hands);
        feed_diary(hands);
        return true;
    }
    // Before it is told that the glass is quiet: that is meant for what is to be drawn now.
    if (hands->drawing_waits) {
        draw(hands);
        return true;
    }
    if (easel_take_quiet(hands->easel)) {
        hands_feed(hands, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
        return true;
    }
    if (easel_take_full_due(hands->easel, hands->now.boot_ms)) {
        hands_feed(hands, &(struct device_event){.kind = DEVICE_FULL_DUE});
        return true;
    }
    return false;
}

static void note_care(struct hands *hands) {
    const struct karani_clock *clock = device_clock(hands->device);
    const struct keeper_care care = {
        .idle = page_manners(device_view(hands->device)->page)->class == PAGE_CLASS_IDLE,
        .utc_s = clock_is_known(clock) ? clock_utc_s(clock, hands->now) : 0,
        .backups = hands->backups,
    };

    keeper_note_care(hands->keeper, &care, hands->now.boot_ms);
}

void hands_settle(struct hands *hands) {
    int rounds = 0;

    do {
        rounds++;
        assert(rounds <= ROUNDS_MAX);
        feed_troubles(hands);
    } while (feed_answer(hands));
    note_care(hands);
}
