// How the habit stands in the morning.
#include "daemon/core/pages/pages.h"

enum { WEEK = 7 };

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

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_morning *shown = &view->morning;
    struct habit_summary summary;
    device_summarise(device, at, &summary);
    int end = HABIT_GRID_NIGHTS - (summary.tonight - summary.last_night.night);
    for (int i = 0; i < WEEK; i++) {
        shown->week[i] = page_mark_of(summary.grid[end - WEEK + i]);
    }
    shown->last_minutes = (int)(summary.last_night.held_s / 60);
    shown->last_weekday = page_weekday(device, summary.last_night.night);
    shown->last7 = summary.last7;
    shown->show_streak = device->setup.config->show_streak;
    shown->streak = summary.streak;
    shown->best = summary.best;
    shown->rests_left = summary.rests_left;
    shown->nights = summary.nights;
    shown->undated_minutes = (int)(device->undated_s / 60);
    shown->situation = situation_of(&summary);
}

PAGE_RULES(morning, .class = PAGE_CLASS_IDLE, .press = page_begin, .press_does = "begin", .hold = page_walk_on,
           .hold_does = "next page", .value = NULL, .sets_value = false, .timeout_ms = 0, .fill = fill);
