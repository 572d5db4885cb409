// Carries out the effects of the device, and answers it until there is none left.
#include "daemon/runtime/inside.h"

#include "daemon/core/page_rules.h"

#include <assert.h>
#include <stdio.h>

enum {
    ROUNDS_MAX = 32, // rule 8
    LATE_MS = 50,    // rule 4: its supply, RES#, and then there is room
};

void runtime_tell(struct runtime *runtime, const struct runtime_event *event) {
    runtime->listener(runtime->context, event, runtime->now);
}

void runtime_hear_screen(void *context, const struct refresh_event *event) {
    struct runtime *runtime = context;

    switch (event->kind) {
    case REFRESH_EVENT_BEGUN:
        snprintf(runtime->page_on_glass, sizeof runtime->page_on_glass, "%s", runtime->page);
        break;
    case REFRESH_EVENT_ENDED:
        runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_REFRESH,
                                                      .refresh = {.kind = event->refresh,
                                                                  .duration_ms = event->duration_ms,
                                                                  .spi_bytes = event->spi_bytes,
                                                                  .area = event->area,
                                                                  .page = runtime->page_on_glass}});
        break;
    case REFRESH_EVENT_FAULT:
        runtime_tell(runtime, &(struct runtime_event){
                                  .kind = RUNTIME_FAULT,
                                  .fault = {.part = "panel", .sentence = event->fault, .given_up = event->given_up}});
        break;
    case REFRESH_EVENT_QUIET:
        break;
    }
}

// ---- the effects of the device ----

// Rule 2.
static void take_drawing(struct runtime *runtime, const struct effect *effect) {
    bool same_page = runtime->drawing_waits && runtime->drawing.view.page == effect->draw.view.page;
    const char *why = same_page ? runtime->drawing.why : effect->draw.why;

    runtime->drawing.view = effect->draw.view;
    runtime->drawing.full = effect->draw.full || (runtime->drawing_waits && runtime->drawing.full);
    runtime->drawing.why = why;
    runtime->drawing_waits = true;
}

static void draw(struct runtime *runtime) {
    runtime->drawing_waits = false;
    snprintf(runtime->page, sizeof runtime->page, "%s", device_page_name(runtime->device));
    screen_show(runtime->screen, &runtime->drawing.view, runtime->drawing.full, runtime->now.boot_ms);
    if (!screen_is_pending(runtime->screen)) {
        snprintf(runtime->page_on_glass, sizeof runtime->page_on_glass, "%s", runtime->page);
    }
    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_PAGE,
                                                  .page = {.name = runtime->page,
                                                           .why = runtime->drawing.why,
                                                           .kind = screen_kind(runtime->screen)}});
}

void runtime_tell_saved(struct runtime *runtime, bool written) {
    const char *sentence = diary_health_sentence(diary_health(keeper_diary(runtime->keeper)));

    runtime_tell(runtime, &(struct runtime_event){
                              .kind = RUNTIME_SAVE,
                              .save = {.ok = written, .pending = diary_pending(keeper_diary(runtime->keeper))}});
    if (!written && sentence != NULL && !runtime->failing) {
        runtime_tell(runtime,
                     &(struct runtime_event){.kind = RUNTIME_FAULT, .fault = {.part = "diary", .sentence = sentence}});
    }
    runtime->failing = !written;
    runtime->saved = true;
}

static void save(struct runtime *runtime, const struct session_record *session) {
    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_SESSION, .session = session});
    runtime_tell_saved(runtime, keeper_save(runtime->keeper, session, runtime->now.boot_ms));
}

static void undo(struct runtime *runtime, const struct session_record *session) {
    int64_t at_utc_s = clock_utc_s(device_clock(runtime->device), runtime->now);

    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_SESSION, .session = session});
    runtime_tell_saved(runtime, keeper_undo(runtime->keeper, session, at_utc_s, runtime->now.boot_ms));
    runtime->diary_changed = true;
}

static void set_away(struct runtime *runtime, const struct effect *effect) {
    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_AWAY,
                                                  .away = {.night = effect->away.night, .away = effect->away.away}});
    runtime_tell_saved(runtime, keeper_set_away(runtime->keeper, effect->away.night, effect->away.away,
                                                effect->away.at_utc_s, runtime->now.boot_ms));
}

static void set(struct runtime *runtime, const struct effect *effect) {
    const char *key = device_setting_name(effect->setting.key);

    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_SETTING,
                                                  .setting = {.key = key, .value = effect->setting.value}});
    runtime_tell_saved(runtime,
                       keeper_set(runtime->keeper, effect->setting.key, effect->setting.value, runtime->now.boot_ms));
}

static void correct(struct runtime *runtime, const struct effect *effect) {
    size_t rows = 0;
    bool written = keeper_correct(runtime->keeper, effect->correct.difference_s, effect->correct.quality, runtime->zone,
                                  effect->correct.at_utc_s, runtime->now.boot_ms, &rows);

    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_CORRECT,
                                                  .correct = {.difference_s = effect->correct.difference_s,
                                                              .quality = effect->correct.quality,
                                                              .rows = rows}});
    if (rows > 0) {
        runtime_tell_saved(runtime, written);
    }
    runtime->diary_changed = true;
}

// Rules 3 and 5.
static bool may_draw_first(const struct runtime *runtime, const struct effects *effects) {
    bool writes = false;
    bool page_follows = false;

    for (size_t i = 0; i < effects->count; i++) {
        enum effect_kind kind = effects->items[i].kind;

        writes = writes || (kind != EFFECT_DRAW && kind != EFFECT_CUE);
        page_follows = page_follows || kind == EFFECT_UNDO || kind == EFFECT_CORRECT;
    }
    return runtime->drawing_waits && writes && !page_follows && !screen_is_busy(runtime->screen);
}

static void carry_out_one(struct runtime *runtime, const struct effect *effect) {
    switch (effect->kind) {
    case EFFECT_DRAW: // taken before
        break;
    case EFFECT_SAVE:
        save(runtime, &effect->session);
        break;
    case EFFECT_UNDO:
        undo(runtime, &effect->session);
        break;
    case EFFECT_AWAY:
        set_away(runtime, effect);
        break;
    case EFFECT_SETTING:
        set(runtime, effect);
        break;
    case EFFECT_CORRECT:
        correct(runtime, effect);
        break;
    case EFFECT_TOLD:
        keeper_told(runtime->keeper, effect->told);
        break;
    case EFFECT_CUE:
        runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_CUE});
        break;
    }
}

static void carry_out_all(struct runtime *runtime, const struct effects *effects) {
    for (size_t i = 0; i < effects->count; i++) {
        carry_out_one(runtime, &effects->items[i]);
    }
}

void runtime_write_late(struct runtime *runtime) {
    if (runtime->late.count > 0) {
        carry_out_all(runtime, &runtime->late);
        runtime->late.count = 0;
    }
}

void runtime_carry_out(struct runtime *runtime, const struct effects *effects) {
    if (effects->count > 0) {
        runtime_write_late(runtime); // rule 1
    }
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->items[i].kind == EFFECT_DRAW) {
            take_drawing(runtime, &effects->items[i]);
        }
    }
    bool draws_first = may_draw_first(runtime, effects);

    if (draws_first) {
        draw(runtime);
    }
    if (draws_first && runtime->writes_late && screen_is_busy(runtime->screen)) {
        runtime->late = *effects;
        runtime->late_ms = runtime->now.boot_ms + LATE_MS;
        return;
    }
    carry_out_all(runtime, effects);
}

void runtime_feed(struct runtime *runtime, const struct device_event *event) {
    struct effects effects;

    device_handle(runtime->device, event, runtime->now, &effects);
    runtime_carry_out(runtime, &effects);
}

// ---- what the device is answered ----

void runtime_feed_trouble(struct runtime *runtime, enum page_trouble cause, bool present) {
    if (runtime->trouble[cause] == present) {
        return;
    }
    runtime->trouble[cause] = present;
    runtime_feed(runtime, &(struct device_event){.kind = DEVICE_TROUBLE,
                                                 .trouble = {.cause = cause,
                                                             .present = present,
                                                             .sessions = keeper_restored_sessions(runtime->keeper)}});
}

// The page's own words, in the device's language, say what each means.
static void feed_troubles(struct runtime *runtime) {
    static const enum page_trouble diarys[] = {PAGE_TROUBLE_NOT_KEPT, PAGE_TROUBLE_DIARY, PAGE_TROUBLE_NEWER,
                                               PAGE_TROUBLE_LOST, PAGE_TROUBLE_RESTORED};

    for (size_t i = 0; i < sizeof diarys / sizeof diarys[0]; i++) {
        runtime_feed_trouble(runtime, diarys[i], keeper_has_trouble(runtime->keeper, diarys[i]));
    }
    runtime_feed_trouble(runtime, PAGE_TROUBLE_PLACE, runtime->fleeting);
    runtime_feed_trouble(runtime, PAGE_TROUBLE_PANEL, screen_is_given_up(runtime->screen));
}

static void feed_diary(struct runtime *runtime) {
    const struct karani_clock *clock = device_clock(runtime->device);
    int64_t now_utc_s = clock_is_known(clock) ? clock_utc_s(clock, runtime->now) : INT64_MAX;
    struct device_diary known;

    runtime_write_late(runtime);
    // Without memory the device goes on with what it knew.
    if (keeper_read_diary(runtime->keeper, now_utc_s, &known) == 0) {
        runtime_feed(runtime, &(struct device_event){.kind = DEVICE_DIARY, .diary = &known});
        habit_log_clear(&known.log);
    }
}

bool runtime_keep(const struct runtime *runtime) {
    return !runtime->fleeting && !keeper_has_trouble(runtime->keeper, PAGE_TROUBLE_NOT_KEPT) &&
           !keeper_has_trouble(runtime->keeper, PAGE_TROUBLE_DIARY) &&
           !keeper_has_trouble(runtime->keeper, PAGE_TROUBLE_NEWER);
}

static void feed_choices(struct runtime *runtime) {
    struct device_start start = {.rtc_trusted = false};

    if (keeper_take_choices(runtime->keeper, &start)) {
        runtime_feed(runtime, &(struct device_event){.kind = DEVICE_CHOICES, .choices = &start});
    }
}

// One answer, or drawing, that is due (rule 7); false when there is none.
static bool feed_answer(struct runtime *runtime) {
    if (runtime->saved) {
        runtime->saved = false;
        feed_troubles(runtime);
        runtime_feed(runtime, &(struct device_event){.kind = DEVICE_KEPT, .kept = runtime_keep(runtime)});
        return true;
    }
    if (keeper_take_reopened(runtime->keeper) || runtime->diary_changed) {
        runtime->diary_changed = false;
        feed_choices(runtime);
        feed_diary(runtime);
        return true;
    }
    if (runtime->drawing_waits) {
        draw(runtime);
        return true;
    }
    if (screen_take_quiet(runtime->screen)) {
        runtime_feed(runtime, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
        return true;
    }
    if (screen_take_full_due(runtime->screen, runtime->now.boot_ms)) {
        runtime_feed(runtime, &(struct device_event){.kind = DEVICE_FULL_DUE});
        return true;
    }
    return false;
}

static void note_care(struct runtime *runtime) {
    const struct karani_clock *clock = device_clock(runtime->device);
    const struct keeper_care care = {
        .idle = page_rules(device_view(runtime->device)->page)->class == PAGE_CLASS_IDLE,
        .utc_s = clock_is_known(clock) ? clock_utc_s(clock, runtime->now) : 0,
        .backups = runtime->backups,
    };

    keeper_note_care(runtime->keeper, &care, runtime->now.boot_ms);
}

void runtime_settle(struct runtime *runtime) {
    int rounds = 0;

    do {
        rounds++;
        assert(rounds <= ROUNDS_MAX);
        feed_troubles(runtime);
    } while (feed_answer(runtime));
    note_care(runtime);
}
