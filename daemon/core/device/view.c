// What each page shows, from the state of the device.
#include "daemon/core/device/state.h"

#include "daemon/core/night.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { HINT_EVENINGS = 3, WEEK = 7, DAY_S = 24 * 60 * 60 };

static const enum page_mark marks[] = {
    [HABIT_BEFORE] = PAGE_MARK_BEFORE, [HABIT_PRACTISED] = PAGE_MARK_PRACTISED, [HABIT_REST] = PAGE_MARK_REST,
    [HABIT_AWAY] = PAGE_MARK_AWAY,     [HABIT_MISSED] = PAGE_MARK_MISSED,       [HABIT_PENDING] = PAGE_MARK_PENDING,
};

static const enum page_clock_quality qualities[] = {
    [CLOCK_UNSET] = PAGE_CLOCK_UNSET, [CLOCK_RESTORED] = PAGE_CLOCK_RESTORED, [CLOCK_RTC] = PAGE_CLOCK_RTC,
    [CLOCK_SET] = PAGE_CLOCK_SET,     [CLOCK_SYNCED] = PAGE_CLOCK_SYNCED,
};

void device_summarise(const struct device *device, struct moment at, struct habit_summary *summary) {
    const struct config *config = device->setup.config;
    struct habit_rules rules = {.counts_from_s = config->counts_from_s, .rest_nights = config->rest_nights};
    habit_summarise(&device->log, &rules, device_tonight(device, at), device_last_night(device, at), device->undated_s,
                    summary);
}

bool device_can_undo(const struct device *device, struct moment at) {
    int32_t tonight = device_tonight(device, at);
    return device->has_last && tonight != NIGHT_NONE && device->last.night == tonight &&
           device->last.outcome != OUTCOME_RUNNING;
}

static int weekday_of(const struct device *device, int32_t night) {
    return night == NIGHT_NONE || !clock_is_known(&device->clock) ? -1 : night_weekday(night);
}

static bool hints_wanted(const struct device *device, struct moment at) {
    int32_t tonight = device_tonight(device, at);
    size_t evenings = 0;
    for (size_t i = 0; i < device->log.night_count && evenings < HINT_EVENINGS; i++) {
        evenings += device->log.nights[i].night != tonight;
    }
    return evenings < HINT_EVENINGS || device->hint;
}

static const char *reason_of(const struct device *device, struct moment at) {
    const struct routine *routine = device->setup.routine;
    if (routine->reason_count == 0) {
        return NULL;
    }
    int32_t tonight = device_tonight(device, at);
    int64_t turn = tonight == NIGHT_NONE ? (int64_t)device->log.night_count : tonight;
    int64_t count = (int64_t)routine->reason_count;
    return routine->reasons[(turn % count + count) % count];
}

static void view_invite(const struct device *device, struct moment at, struct view_invite *view) {
    const struct routine_variant *variant = &device->setup.routine->variants[device->choices.variant];
    view->minutes = device->choices.minutes;
    view->variant_name = variant->name;
    view->picture = variant->picture;
    view->reason = reason_of(device, at);
}

static void view_good_night(const struct device *device, struct view_good_night *view) {
    const struct session_record *last = &device->last;
    int64_t held_s = last->held_s;
    if (last->outcome == OUTCOME_NOT_MINE && last->night != NIGHT_NONE) {
        held_s = habit_log_held_s(&device->log, last->night);
    }
    view->minutes = (int)(held_s / 60);
    view->weekday = device->has_last ? weekday_of(device, last->night) : -1;
}

static enum page_situation situation_of(const struct habit_summary *summary) {
    bool last_practised = summary->last_night.state == HABIT_PRACTISED;
    if (summary->nights == 0 || (summary->nights == 1 && last_practised)) {
        return PAGE_SITUATION_FIRST;
    }
    if (!summary->chain_lives) {
        return PAGE_SITUATION_WELCOME;
    }
    if (summary->last_night.state == HABIT_AWAY) {
        return PAGE_SITUATION_AWAY;
    }
    return summary->last_night.state == HABIT_REST ? PAGE_SITUATION_REST : PAGE_SITUATION_CHAIN;
}

static void view_morning(const struct device *device, struct moment at, struct view_morning *view) {
    struct habit_summary summary;
    device_summarise(device, at, &summary);
    int end = HABIT_GRID_NIGHTS - (summary.tonight - summary.last_night.night);
    for (int i = 0; i < WEEK; i++) {
        view->week[i] = marks[summary.grid[end - WEEK + i]];
    }
    view->last_minutes = (int)(summary.last_night.held_s / 60);
    view->last_weekday = weekday_of(device, summary.last_night.night);
    view->last7 = summary.last7;
    view->show_streak = device->setup.config->show_streak;
    view->streak = summary.streak;
    view->best = summary.best;
    view->rests_left = summary.rests_left;
    view->nights = summary.nights;
    view->undated_minutes = (int)(device->undated_s / 60);
    view->situation = situation_of(&summary);
}

static void view_month(const struct device *device, struct moment at, struct view_month *view) {
    view->known = clock_is_known(&device->clock);
    view->weekday = weekday_of(device, device_tonight(device, at));
    if (!view->known) {
        return;
    }
    struct habit_summary summary;
    device_summarise(device, at, &summary);
    for (int i = 0; i < HABIT_GRID_NIGHTS; i++) {
        view->nights[i] = marks[summary.grid[i]];
    }
    view->last28 = summary.last28;
    view->tonight_away = habit_log_is_away(&device->log, summary.tonight);
}

static struct page_time time_of(const struct device *device, struct moment at) {
    struct page_time time = {0};
    int64_t local_s = device_local_s(device, at);
    int32_t date = night_date_of_local(local_s);
    int64_t second = local_s - (int64_t)date * DAY_S;
    night_to_date(date, &time.year, &time.month, &time.day);
    time.hour = (int)(second / 3600);
    time.minute = (int)(second / 60 % 60);
    time.weekday = night_weekday(date);
    return time;
}

static void view_clock(const struct device *device, struct moment at, struct view_clock *view) {
    view->quality = qualities[device->clock.quality];
    view->field = device->field;
    view->time = device->field == PAGE_CLOCK_FIELD_NONE ? time_of(device, at) : device->edit;
}

static void view_undo(const struct device *device, struct view_undo *view) {
    view->minutes = (int)(device->last.held_s / 60);
    view->weekday = weekday_of(device, device->last.night);
    view->not_mine = device->last.outcome == OUTCOME_NOT_MINE;
}

static void view_health(const struct device *device, struct view *view) {
    const struct routine *routine = device->setup.routine;
    view->health = device->asking_first ? routine->ask_first : routine->health[device->health_face];
    view->answers = device->asking_first || device->health_face + 1 == (int)routine->health_count;
}

static void view_variant(const struct device *device, struct view_variant *view) {
    const struct routine_variant *variant = &device->setup.routine->variants[device->choices.variant];
    view->name = variant->name;
    view->picture = variant->picture;
}

static void view_about(const struct device *device, struct view_about *view) {
    view->version = device->setup.version;
    view->panel = device->setup.panel;
    view->diary_ok = device->kept && !device->trouble[PAGE_TROUBLE_NOT_KEPT] && !device->trouble[PAGE_TROUBLE_DIARY] &&
                     !device->trouble[PAGE_TROUBLE_NEWER];
    view->quality = qualities[device->clock.quality];
}

static void view_trouble(const struct device *device, struct view_trouble *view) {
    view->cause = device_trouble_untold(device);
    view->detail = device->trouble_detail[view->cause];
    view->sessions = device->restored_sessions;
}

void device_view_card(const struct device *device, size_t routine_card, int index, int count, struct view *view) {
    view->page = PAGE_CARD;
    view->card.words = device->setup.routine->cards[routine_card].words[device->choices.variant];
    view->card.index = index;
    view->card.count = count;
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    const struct session *session = &device->session;
    switch (view->page) {
    case PAGE_INVITE:
        view_invite(device, at, &view->invite);
        break;
    case PAGE_GOOD_NIGHT:
        view_good_night(device, &view->good_night);
        break;
    case PAGE_MORNING:
        view_morning(device, at, &view->morning);
        break;
    case PAGE_ASK_TIME:
        view->ask_time.guess = device->clock.quality != CLOCK_UNSET;
        view->ask_time.time = time_of(device, at);
        break;
    case PAGE_HEALTH:
        view_health(device, view);
        break;
    case PAGE_CARD:
        view->face = session->face;
        device_view_card(device, device->cards[session->card], session->card, session->card_count, view);
        break;
    case PAGE_COUNTDOWN:
        view->countdown.minutes_left = session_minutes_left(session, at.boot_ms);
        view->countdown.minutes_total = (int)(session->planned_s / 60);
        break;
    case PAGE_PAUSED:
        view->paused.minutes_left = session_minutes_left(session, at.boot_ms);
        break;
    case PAGE_WAY_OUT:
        view->way_out = device->setup.routine->way_out[device->choices.variant];
        break;
    case PAGE_MONTH:
        view_month(device, at, &view->month);
        break;
    case PAGE_UNDO:
        view_undo(device, &view->undo);
        break;
    case PAGE_MINUTES:
        view->minutes.minutes = device->choices.minutes;
        break;
    case PAGE_VARIANT:
        view_variant(device, &view->variant);
        break;
    case PAGE_CLOCK:
        view_clock(device, at, &view->clock);
        break;
    case PAGE_ABOUT:
        view_about(device, &view->about);
        break;
    case PAGE_TROUBLE:
        view_trouble(device, &view->trouble);
        break;
    case PAGE_COUNT:
        break;
    }
}

void device_view_build(struct device *device, struct moment at) {
    struct view *view = &device->view;
    *view = (struct view){.page = device->page, .hint = hints_wanted(device, at), .not_kept = !device->kept};
    fill(device, at, view);
    if (device->page == PAGE_CARD) {
        snprintf(device->page_name, sizeof device->page_name, "card:%s",
                 device->setup.routine->cards[device->cards[device->session.card]].name);
    } else {
        snprintf(device->page_name, sizeof device->page_name, "%s", page_name(device->page));
    }
}
