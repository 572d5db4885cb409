// The queue of effects: what the device wants drawn and written, in its order (daemon/runtime/runtime.h).
#include "daemon/diary/outbox.h"
#include "daemon/runtime/corrections.h"
#include "daemon/runtime/inside.h"

#include "daemon/diary/text/settings.h"
#include <stdio.h>
#include <string.h>

enum {
    ROOM_MS = 10, // the least wait of the panel in which the diary is written
    LATE_MS = 50, // rule 4: its supply, RES#, and then there is room
};

// Rule 2.
static void take_drawing(struct effects_queue *queue, const struct effect *effect) {
    bool same_page = queue->draws && queue->drawing.view.page == effect->draw.view.page;
    const char *why = same_page ? queue->drawing.why : effect->draw.why;

    queue->drawing.view = effect->draw.view;
    queue->drawing.full = effect->draw.full || (queue->draws && queue->drawing.full);
    queue->drawing.why = why;
    queue->draws = true;
}

// The page's place among those that could not be drawn whole; NULL: it has none.
static char *find_lacking(struct runtime *runtime, const char *page) {
    for (size_t i = 0; i < RUNTIME_PAGES_MAX; i++) {
        if (strcmp(runtime->lacking[i], page) == 0) {
            return runtime->lacking[i];
        }
    }
    return NULL;
}

// Told once, until the page is drawn whole again.
static void note_whole(struct runtime *runtime) {
    char *lacking = find_lacking(runtime, runtime->page);
    int error = screen_trouble(runtime->screen);
    char sentence[TROUBLES_SENTENCE_SIZE];

    if (error == 0 && lacking != NULL) {
        lacking[0] = '\0';
    }
    if (error == 0 || lacking != NULL) {
        return;
    }
    snprintf(runtime->lacking[runtime->lacking_next++ % RUNTIME_PAGES_MAX], RUNTIME_PAGE_NAME_SIZE, "%s",
             runtime->page);
    snprintf(sentence, sizeof sentence, "The page %s could not be drawn whole: %s.", runtime->page, strerror(-error));
    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_FAULT,
                                                  .fault = {.part = RUNTIME_PART_PAGE, .sentence = sentence}});
}

bool effects_draw(struct runtime *runtime) {
    if (!runtime->queue.draws) {
        return false;
    }
    runtime->queue.draws = false;
    snprintf(runtime->page, sizeof runtime->page, "%s", device_page_name(runtime->device));
    screen_show(runtime->screen, &runtime->queue.drawing.view, runtime->queue.drawing.full, runtime->now.boot_ms);
    note_whole(runtime);
    if (!refresh_is_pending(runtime->refresh)) {
        snprintf(runtime->page_on_glass, sizeof runtime->page_on_glass, "%s", runtime->page);
    }
    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_PAGE,
                                                  .page = {.name = runtime->page,
                                                           .why = runtime->queue.drawing.why,
                                                           .kind = screen_kind(runtime->screen)}});
    return true;
}

void effects_tell_saved(struct runtime *runtime, bool written) {
    const char *sentence = diary_health_sentence(diary_health(runtime->diary));

    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_SAVE,
                                                  .save = {.ok = written, .pending = diary_pending(runtime->diary)}});
    if (!written && sentence != NULL && !runtime->failing) {
        runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_FAULT,
                                                      .fault = {.part = RUNTIME_PART_DIARY, .sentence = sentence}});
    }
    runtime->failing = !written;
    runtime->saved = true;
}

static void save(struct runtime *runtime, const struct session_record *session) {
    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_SESSION, .session = session});
    effects_tell_saved(runtime, outbox_save(runtime->diary, session, runtime->now.boot_ms));
}

static void undo(struct runtime *runtime, const struct session_record *session) {
    int64_t at_utc_s = clock_utc_s(device_clock(runtime->device), runtime->now);

    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_SESSION, .session = session});
    effects_tell_saved(runtime, corrections_undo(runtime->diary, session, at_utc_s, runtime->now.boot_ms));
    runtime->diary_changed = true;
}

static void set_away(struct runtime *runtime, const struct effect *effect) {
    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_AWAY,
                                                  .away = {.night = effect->away.night, .away = effect->away.away}});
    effects_tell_saved(runtime, outbox_set_away(runtime->diary, effect->away.night, effect->away.away,
                                                effect->away.at_utc_s, runtime->now.boot_ms));
}

static void set(struct runtime *runtime, const struct effect *effect) {
    const char *key = device_setting_name(effect->setting.key);
    char text[SETTINGS_TEXT_SIZE];

    settings_print(&effect->setting.value, effect->setting.key, text);
    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_SETTING, .setting = {.key = key, .value = text}});
    effects_tell_saved(runtime, outbox_set(runtime->diary, effect->setting.key, text, runtime->now.boot_ms));
}

static void correct(struct runtime *runtime, const struct effect *effect) {
    size_t rows = 0;
    const struct corrections_clock clock = {
        .difference_s = effect->correct.difference_s,
        .quality = effect->correct.quality,
        .zone = runtime->zone,
        .at_utc_s = effect->correct.at_utc_s,
    };
    bool written = corrections_move(runtime->diary, runtime->boot_id, &clock, runtime->now.boot_ms, &rows);

    runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_CORRECT,
                                                  .correct = {.difference_s = effect->correct.difference_s,
                                                              .quality = effect->correct.quality,
                                                              .rows = rows}});
    if (rows > 0) {
        effects_tell_saved(runtime, written);
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
    return runtime->queue.draws && writes && !page_follows && !refresh_is_busy(runtime->refresh);
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
        troubles_note_told(&runtime->troubles, effect->told, runtime->diary);
        break;
    case EFFECT_CUE:
        runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_CUE});
        break;
    }
}

void effects_write(struct runtime *runtime) {
    for (size_t i = 0; i < runtime->queue.writes.count; i++) {
        carry_out_one(runtime, &runtime->queue.writes.items[i]);
    }
    runtime->queue.writes.count = 0;
}

void effects_write_when_due(struct runtime *runtime) {
    int64_t now_ms = runtime->now.boot_ms;

    if (now_ms >= runtime->queue.by_ms || refresh_deadline(runtime->refresh) - now_ms >= ROOM_MS) {
        effects_write(runtime);
    }
}

void effects_take(struct runtime *runtime, const struct effects *effects) {
    struct effects_queue *queue = &runtime->queue;

    if (effects->count == 0) {
        return;
    }
    effects_write(runtime); // rule 1
    queue->writes = *effects;
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->items[i].kind == EFFECT_DRAW) {
            take_drawing(queue, &effects->items[i]);
        }
    }
    bool draws_first = may_draw_first(runtime, effects);

    if (draws_first) {
        effects_draw(runtime);
    }
    if (draws_first && runtime->writes_late && refresh_is_busy(runtime->refresh)) {
        queue->by_ms = runtime->now.boot_ms + LATE_MS;
        return;
    }
    effects_write(runtime);
}

// ---- what becomes of a drawing ----

void effects_hear_screen(void *context, const struct refresh_event *event) {
    struct runtime *runtime = context;

    switch (event->kind) {
    case REFRESH_EVENT_BEGUN:
        snprintf(runtime->page_on_glass, sizeof runtime->page_on_glass, "%s", runtime->page);
        break;
    case REFRESH_EVENT_ENDED:
        troubles_set(&runtime->troubles, PAGE_TROUBLE_PANEL, false, NULL);
        runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_REFRESH,
                                                      .refresh = {.kind = event->refresh,
                                                                  .duration_ms = event->duration_ms,
                                                                  .spi_bytes = event->spi_bytes,
                                                                  .area = event->area,
                                                                  .page = runtime->page_on_glass}});
        break;
    case REFRESH_EVENT_FAULT:
        troubles_set(&runtime->troubles, PAGE_TROUBLE_PANEL,
                     event->given_up || troubles_has(&runtime->troubles, PAGE_TROUBLE_PANEL), event->fault);
        runtime_tell(runtime,
                     &(struct runtime_event){
                         .kind = RUNTIME_FAULT,
                         .fault = {.part = RUNTIME_PART_PANEL, .sentence = event->fault, .given_up = event->given_up}});
        break;
    case REFRESH_EVENT_QUIET:
        break;
    }
}
