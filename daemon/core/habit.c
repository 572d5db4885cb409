// The habit: one walk along the nights, from the first practised one to tonight, after karani(7), WHAT COUNTS.
#include "daemon/core/habit.h"

#include "daemon/core/night.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, STEADINESS_HALF_LIFE_NIGHTS = 13 };

// The nights before a missed one among which rests of its chain are counted, as bits of `struct chain.rests`.
static const unsigned reserve_bits = (1U << (HABIT_RESERVE_WINDOW - 1)) - 1;

// What the nights walked along so far have left behind.
struct chain {
    bool lives;
    int streak;
    int best;
    unsigned rests; // bit i: the night i + 1 before, away nights stepped over, was a rest of this chain
    double steadiness;
    double kept; // what a night leaves of the steadiness: halves it in STEADINESS_HALF_LIFE_NIGHTS
};

// Durations come from files that may say anything: a sum stays at its end instead of wrapping around.
static int64_t add_s(int64_t a, int64_t b) {
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return b > 0 ? INT64_MAX : INT64_MIN;
    }
    return sum;
}

// The array with room for one item more; NULL, and everything as it was, when memory is out.
static void *array_with_room(void *array, size_t count, size_t *room, size_t item_size) {
    if (count < *room) {
        return array;
    }
    size_t wider = *room == 0 ? FIRST_ROOM : 2 * *room;
    void *grown = reallocarray(array, wider, item_size);
    if (grown != NULL) {
        *room = wider;
    }
    return grown;
}

// The index of the first entry whose night is not before `night`.
static size_t find_night(const struct habit_log *log, int32_t night) {
    size_t low = 0;
    size_t high = log->night_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->nights[middle].night < night) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t find_away(const struct habit_log *log, int32_t night) {
    size_t low = 0;
    size_t high = log->away_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->away[middle] < night) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool log_has(const struct habit_log *log, size_t index, int32_t night) {
    return index < log->night_count && log->nights[index].night == night;
}

int habit_log_add(struct habit_log *log, int32_t night, int64_t held_s) {
    assert(night != NIGHT_NONE);
    size_t at = find_night(log, night);
    if (log_has(log, at, night)) {
        log->nights[at].held_s = add_s(log->nights[at].held_s, held_s);
        if (held_s < 0 && log->nights[at].held_s == 0) { // all taken back: no sitting is left
            log->night_count--;
            memmove(&log->nights[at], &log->nights[at + 1], (log->night_count - at) * sizeof log->nights[0]);
        }
        return 0;
    }
    struct habit_night *nights = array_with_room(log->nights, log->night_count, &log->night_room, sizeof *nights);
    if (nights == NULL) {
        return -ENOMEM;
    }
    log->nights = nights;
    memmove(&nights[at + 1], &nights[at], (log->night_count - at) * sizeof *nights);
    nights[at] = (struct habit_night){.night = night, .held_s = held_s};
    log->night_count++;
    return 0;
}

int habit_log_set_away(struct habit_log *log, int32_t night, bool away) {
    assert(night != NIGHT_NONE);
    size_t at = find_away(log, night);
    if (habit_log_is_away(log, night) == away) {
        return 0;
    }
    if (!away) {
        log->away_count--;
        memmove(&log->away[at], &log->away[at + 1], (log->away_count - at) * sizeof log->away[0]);
        return 0;
    }
    int32_t *nights = array_with_room(log->away, log->away_count, &log->away_room, sizeof *nights);
    if (nights == NULL) {
        return -ENOMEM;
    }
    log->away = nights;
    memmove(&nights[at + 1], &nights[at], (log->away_count - at) * sizeof *nights);
    nights[at] = night;
    log->away_count++;
    return 0;
}

bool habit_log_is_away(const struct habit_log *log, int32_t night) {
    size_t at = find_away(log, night);
    return at < log->away_count && log->away[at] == night;
}

int64_t habit_log_held_s(const struct habit_log *log, int32_t night) {
    size_t at = find_night(log, night);
    return log_has(log, at, night) ? log->nights[at].held_s : 0;
}

void habit_log_clear(struct habit_log *log) {
    free(log->nights);
    free(log->away);
    *log = (struct habit_log){0};
}

static bool is_practised(const struct habit_rules *rules, const struct habit_night *night) {
    return night->held_s >= rules->counts_from_s;
}

static int rests_spent(const struct chain *chain) {
    return __builtin_popcount(chain->rests & reserve_bits);
}

static void chain_practise(struct chain *chain) {
    chain->lives = true;
    chain->streak++;
    if (chain->streak > chain->best) {
        chain->best = chain->streak;
    }
    chain->rests <<= 1;
    chain->steadiness = chain->steadiness * chain->kept + (1 - chain->kept);
}

// Judges a finished night that was neither practised nor away, for good: later nights do not revise it.
static enum habit_state chain_miss(struct chain *chain, int rest_nights) {
    chain->steadiness *= chain->kept;
    if (chain->lives && rests_spent(chain) < rest_nights) {
        chain->rests = chain->rests << 1 | 1;
        return HABIT_REST;
    }
    chain->lives = false;
    chain->streak = 0;
    chain->rests = 0;
    return HABIT_MISSED;
}

static int count_practised(const struct habit_log *log, const struct habit_rules *rules, int32_t last, int nights) {
    int count = 0;
    for (size_t i = find_night(log, last - nights + 1); i < log->night_count && log->nights[i].night <= last; i++) {
        count += is_practised(rules, &log->nights[i]);
    }
    return count;
}

// Totals over the nights up to tonight. Returns the index of the first practised one; night_count when there is none.
static size_t sum_up(const struct habit_log *log, const struct habit_rules *rules, int64_t undated_s,
                     struct habit_summary *summary) {
    size_t first = log->night_count;
    int64_t held_s = undated_s;
    for (size_t i = 0; i < log->night_count && log->nights[i].night <= summary->tonight; i++) {
        held_s = add_s(held_s, log->nights[i].held_s);
        if (is_practised(rules, &log->nights[i])) {
            summary->nights++;
            first = i < first ? i : first;
        }
    }
    summary->minutes = held_s / 60;
    return first;
}

// Tonight never breaks anything: it is practised, away or still open.
static enum habit_state judge_tonight(struct chain *chain, bool practised, bool away) {
    if (practised) {
        chain_practise(chain);
        return HABIT_PRACTISED;
    }
    return away ? HABIT_AWAY : HABIT_PENDING;
}

static enum habit_state judge_finished(struct chain *chain, bool practised, bool away, int rest_nights) {
    if (practised) {
        chain_practise(chain);
        return HABIT_PRACTISED;
    }
    return away ? HABIT_AWAY : chain_miss(chain, rest_nights);
}

// Walks along the finished nights from the first practised one on, and fills the grid behind it.
static void walk_finished(const struct habit_log *log, const struct habit_rules *rules, size_t first,
                          struct chain *chain, struct habit_summary *summary) {
    if (first == log->night_count) {
        return;
    }
    int32_t oldest = summary->tonight - (HABIT_GRID_NIGHTS - 1);
    size_t next = first;
    size_t next_away = find_away(log, log->nights[first].night);
    for (int32_t night = log->nights[first].night; night < summary->tonight; night++) {
        bool known = log_has(log, next, night);
        bool practised = known && is_practised(rules, &log->nights[next]);
        bool away = next_away < log->away_count && log->away[next_away] == night;
        next += known;
        next_away += away;
        enum habit_state state = judge_finished(chain, practised, away, rules->rest_nights);
        if (night >= oldest) {
            summary->grid[night - oldest] = state;
        }
    }
}

void habit_summarise(const struct habit_log *log, const struct habit_rules *rules, int32_t tonight, int32_t last_night,
                     int64_t undated_s, struct habit_summary *summary) {
    assert(rules->rest_nights >= 0 && rules->rest_nights < HABIT_RESERVE_WINDOW);
    assert(last_night <= tonight && last_night > tonight - HABIT_GRID_NIGHTS);
    // HABIT_BEFORE, the first state, is what the grid shows where the walk does not come by.
    *summary = (struct habit_summary){.tonight = tonight};
    struct chain chain = {.kept = exp2(-1.0 / STEADINESS_HALF_LIFE_NIGHTS)};
    size_t first = sum_up(log, rules, undated_s, summary);
    walk_finished(log, rules, first, &chain, summary);
    summary->rests_left = rules->rest_nights - rests_spent(&chain);

    size_t at = find_night(log, tonight);
    bool practised = log_has(log, at, tonight) && is_practised(rules, &log->nights[at]);
    summary->grid[HABIT_GRID_NIGHTS - 1] = judge_tonight(&chain, practised, habit_log_is_away(log, tonight));
    summary->chain_lives = chain.lives;
    summary->streak = chain.streak;
    summary->best = chain.best;
    summary->steadiness = chain.steadiness;

    int32_t last_counted = practised ? tonight : tonight - 1;
    summary->last7 = count_practised(log, rules, last_counted, 7);
    summary->last28 = count_practised(log, rules, last_counted, 28);
    summary->last_night.night = last_night;
    summary->last_night.held_s = habit_log_held_s(log, last_night);
    summary->last_night.state = summary->grid[HABIT_GRID_NIGHTS - 1 - (tonight - last_night)];
}

const char *habit_state_name(enum habit_state state) {
    static const char *const names[] = {
        [HABIT_BEFORE] = "before", [HABIT_PRACTISED] = "practised", [HABIT_REST] = "rest",
        [HABIT_AWAY] = "away",     [HABIT_MISSED] = "missed",       [HABIT_PENDING] = "pending",
    };
    assert(state <= HABIT_PENDING);
    return names[state];
}
