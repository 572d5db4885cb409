// The device's clock: its quality, corrections that move doubtful rows, and setting it on the glass.
#include "daemon/core/device/state.h"

#include "daemon/core/night.h"

#include <stdio.h>
#include <string.h>

// The system clock may drift against BOOTTIME (NTP slews it); a jump of more than this is a step.
enum { STEP_MS = 500, DAY_S = 24 * 60 * 60 };

// The first and last year that can be set on the glass.
enum { YEAR_FIRST = 2026, YEAR_LAST = 2099 };

static void store_clock(struct device *device) {
    struct device_settings value = {.clock = {
                                        .right_offset_ms = device->right_offset_ms,
                                        .quality = device->clock.quality,
                                        .offset_ms = device->clock.offset_ms,
                                        .doubtful_base_ms = device->doubtful_base_ms,
                                    }};
    snprintf(value.clock.boot_id, sizeof value.clock.boot_id, "%s", device->setup.boot_id);
    device_store(device, DEVICE_SETTING_CLOCK, &value);
}

void device_clock_begin(struct device *device, const struct device_start *start, struct moment now) {
    const struct device_clock_kept *kept = &start->settings.clock;
    device->right_offset_ms = kept->right_offset_ms;
    device->doubtful_base_ms = kept->doubtful_base_ms;
    device->clock = device_start_clock(start, device->setup.boot_id, device->setup.zone, now);
    device->system_minus_boot_ms = now.system_ms - now.boot_ms;
    device->doubtful_rows =
        device_clock_kept_is_of(kept, device->setup.boot_id) && device_quality_is_doubtful(kept->quality);
    // NTP may have synchronised while the daemon was down, or before it started.
    if (device->clock.quality == CLOCK_SYNCED) {
        device_clock_correct(device, CLOCK_SYNCED, 0, now);
    } else if (clock_is_known(&device->clock)) {
        device_date_health(device, now);
    }
}

void device_clock_begin_late(struct device *device, const struct device_start *known, struct moment now) {
    struct karani_clock before = device->clock;
    bool doubtful_rows = device->doubtful_rows;
    int64_t base_ms = device->doubtful_base_ms;
    if (before.quality == CLOCK_SYNCED || before.quality == CLOCK_SET) {
        return; // of this boot, and better than anything that was stored
    }
    struct device_start late = *known;
    late.rtc_trusted = before.quality == CLOCK_RTC;
    late.synchronised = false;
    device_clock_begin(device, &late, now);
    if (!doubtful_rows) {
        return;
    }
    // Rows were written meanwhile by the clock as it was: they lie by that one until a time is known, and move then.
    const struct karani_clock better = device->clock;
    device->clock = before;
    device->doubtful_rows = true;
    device->doubtful_base_ms = base_ms;
    if (clock_is_known(&better)) {
        device_clock_correct(device, better.quality, better.offset_ms, now);
    }
}

bool device_clock_follow(struct device *device, struct moment now) {
    int64_t difference = now.system_ms - now.boot_ms;
    int64_t step = difference - device->system_minus_boot_ms;
    device->system_minus_boot_ms = difference;
    return step > STEP_MS || step < -STEP_MS;
}

int64_t device_local_s(const struct device *device, struct moment at) {
    return clock_local_s(&device->clock, at);
}

int32_t device_tonight(const struct device *device, struct moment now) {
    return device->clock.quality == CLOCK_UNSET ? NIGHT_NONE : night_of_local(device_local_s(device, now));
}

// The latest night whose date lies before today's calendar date.
int32_t device_last_night(const struct device *device, struct moment at) {
    return night_date_of_local(device_local_s(device, at)) - 1;
}

void device_clock_note_doubt(struct device *device, struct moment at) {
    if (clock_is_known(&device->clock) || device->doubtful_rows) {
        return;
    }
    device->doubtful_rows = true;
    device->doubtful_base_ms = clock_utc_ms(&device->clock, at) - at.boot_ms;
    store_clock(device);
}

// Rounds to the nearest second.
static int64_t to_seconds(int64_t ms) {
    return (ms >= 0 ? ms + 500 : ms - 500) / 1000;
}

// The last row moves at once: a running session is saved again before the diary answers.
static void correct_last(struct device *device, int64_t difference_s, enum clock_quality quality) {
    struct session_record *last = &device->last;
    if (device->has_last && device_quality_is_doubtful(last->clock) &&
        strcmp(last->boot_id, device->setup.boot_id) == 0) {
        device_correct_row(last, difference_s, quality,
                           device->last_zone != NULL ? device->last_zone : device->clock.zone);
    }
}

// Doubtful rows are moved by what they were wrong; without any, the clock alone has moved.
static void correct_rows(struct device *device, enum clock_quality quality, int64_t moved_ms, struct moment at) {
    int64_t base_ms = clock_utc_ms(&device->clock, at) - at.boot_ms;
    int64_t difference_s = to_seconds(device->doubtful_rows ? base_ms - device->doubtful_base_ms : moved_ms);
    device->doubtful_rows = false;
    correct_last(device, difference_s, quality);
    int64_t at_utc_s = clock_utc_s(&device->clock, at);
    device_emit(device,
                &(struct effect){.kind = EFFECT_CORRECT,
                                 .correct = {.difference_s = difference_s, .quality = quality, .at_utc_s = at_utc_s}});
}

void device_clock_correct(struct device *device, enum clock_quality quality, int64_t offset_ms, struct moment at) {
    bool was_right = device->right_offset_ms == offset_ms && quality == CLOCK_SYNCED;
    int64_t moved_ms = offset_ms - device->clock.offset_ms;
    device->clock.quality = quality;
    device->clock.offset_ms = offset_ms;
    device_date_health(device, at);
    device->right_offset_ms = offset_ms;
    // A boot that has told of doubt tells of its end, too: a restart within it must not fall back.
    if (!was_right || device->doubtful_rows) {
        store_clock(device);
    }
    // What the owner says is kept among the diary's changes, whether it moves rows or not.
    if (device->doubtful_rows || quality == CLOCK_SET) {
        correct_rows(device, quality, moved_ms, at);
    }
    device_date_health(device, at);
}

void device_clock_set(struct device *device, int64_t local_s, struct moment at) {
    int64_t utc_ms = zone_utc_of_local(device->clock.zone, local_s) * 1000;
    device_clock_correct(device, CLOCK_SET, utc_ms - at.system_ms, at);
}

// ---- setting it on the glass ----------------------------------------------------------------------------------

static struct page_time time_of_local(int64_t local_s) {
    struct page_time time = {0};
    int32_t date = night_date_of_local(local_s);
    int second = (int)(local_s - (int64_t)date * DAY_S);
    night_to_date(date, &time.year, &time.month, &time.day);
    time.weekday = night_weekday(date);
    time.hour = second / 3600;
    time.minute = second / 60 % 60;
    return time;
}

static int days_in_month(int year, int month) {
    return month == 12 ? 31 : night_from_date(year, month + 1, 1) - night_from_date(year, month, 1);
}

static int turned(int value, int by, int first, int last) {
    int span = last - first + 1;
    return first + ((value - first + by) % span + span) % span;
}

// Keeps the day within its month and the weekday in step.
static void settle_date(struct page_time *time) {
    int days = days_in_month(time->year, time->month);
    if (time->day > days) {
        time->day = days;
    }
    time->weekday = night_weekday(night_from_date(time->year, time->month, time->day));
}

void device_clock_edit_begin(struct device *device, struct moment at) {
    device->edit = time_of_local(device_local_s(device, at));
    if (device->edit.year < YEAR_FIRST) {
        device->edit = (struct page_time){.year = YEAR_FIRST, .month = 1, .day = 1, .hour = 21};
    }
    settle_date(&device->edit);
    device->field = PAGE_CLOCK_FIELD_YEAR;
}

void device_clock_edit_change(struct device *device, int by) {
    struct page_time *edit = &device->edit;
    switch (device->field) {
    case PAGE_CLOCK_FIELD_YEAR:
        edit->year = turned(edit->year, by, YEAR_FIRST, YEAR_LAST);
        break;
    case PAGE_CLOCK_FIELD_MONTH:
        edit->month = turned(edit->month, by, 1, 12);
        break;
    case PAGE_CLOCK_FIELD_DAY:
        edit->day = turned(edit->day, by, 1, days_in_month(edit->year, edit->month));
        break;
    case PAGE_CLOCK_FIELD_HOUR:
        edit->hour = turned(edit->hour, by, 0, 23);
        break;
    case PAGE_CLOCK_FIELD_TENS:
        edit->minute = turned(edit->minute / 10, by, 0, 5) * 10 + edit->minute % 10;
        break;
    case PAGE_CLOCK_FIELD_MINUTE:
        edit->minute = edit->minute / 10 * 10 + turned(edit->minute % 10, by, 0, 9);
        break;
    case PAGE_CLOCK_FIELD_NONE:
        break;
    }
    settle_date(edit);
}

bool device_clock_edit_next(struct device *device, struct moment at) {
    if (device->field != PAGE_CLOCK_FIELD_MINUTE) {
        device->field = (enum page_clock_field)(device->field + 1);
        return false;
    }
    const struct page_time *edit = &device->edit;
    int64_t local_s =
        (int64_t)night_from_date(edit->year, edit->month, edit->day) * DAY_S + edit->hour * 3600 + edit->minute * 60;
    device->field = PAGE_CLOCK_FIELD_NONE;
    device_clock_set(device, local_s, at);
    return true;
}
