// What each page shows, from the state of the device.
#include "daemon/core/device/state.h"

#include "daemon/core/night.h"
#include "daemon/core/pages/pages.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { HINT_EVENINGS = 3, DAY_S = 24 * 60 * 60 };

enum page_mark page_mark_of(enum habit_state state) {
    static const enum page_mark marks[] = {
        [HABIT_BEFORE] = PAGE_MARK_BEFORE, [HABIT_PRACTISED] = PAGE_MARK_PRACTISED, [HABIT_REST] = PAGE_MARK_REST,
        [HABIT_AWAY] = PAGE_MARK_AWAY,     [HABIT_MISSED] = PAGE_MARK_MISSED,       [HABIT_PENDING] = PAGE_MARK_PENDING,
    };
    return marks[state];
}

enum page_clock_quality page_clock_quality_of(const struct device *device) {
    static const enum page_clock_quality qualities[] = {
        [CLOCK_UNSET] = PAGE_CLOCK_UNSET, [CLOCK_RESTORED] = PAGE_CLOCK_RESTORED, [CLOCK_RTC] = PAGE_CLOCK_RTC,
        [CLOCK_SET] = PAGE_CLOCK_SET,     [CLOCK_SYNCED] = PAGE_CLOCK_SYNCED,
    };
    return qualities[device->clock.quality];
}

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

int page_weekday(const struct device *device, int32_t night) {
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

struct page_time page_local_time(const struct device *device, struct moment at) {
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

void device_view_build(struct device *device, struct moment at) {
    struct view *view = &device->view;
    *view = (struct view){.page = device->page, .hint = hints_wanted(device, at), .not_kept = !device->kept};
    page_rules(device->page)->fill(device, at, view);
    if (device->page == PAGE_CARD) {
        snprintf(device->page_name, sizeof device->page_name, "card:%s",
                 device->setup.routine->cards[device->cards[device->session.card]].name);
    } else {
        snprintf(device->page_name, sizeof device->page_name, "%s", page_name(device->page));
    }
}
