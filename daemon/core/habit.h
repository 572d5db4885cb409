// The habit: practised, rest and away nights; streak, best, steadiness, the grid of 28 nights. The rules stand in
// karani(7), WHAT COUNTS. No input, no output, no clock.
#ifndef KARANI_DAEMON_CORE_HABIT_H
#define KARANI_DAEMON_CORE_HABIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum habit_state { HABIT_BEFORE, HABIT_PRACTISED, HABIT_REST, HABIT_AWAY, HABIT_MISSED, HABIT_PENDING };

enum { HABIT_GRID_NIGHTS = 28, HABIT_RESERVE_WINDOW = 7 };

struct habit_rules {
    int64_t counts_from_s; // held seconds from which a night is practised; default 180
    int rest_nights;       // the reserve in any 7 nights; default 2, range 0 … 6
};

struct habit_night {
    int32_t night;
    int64_t held_s; // the sum of its sessions
};

// All nights known: two arrays sorted by night, without doubles. Zero-initialise; owned.
struct habit_log {
    struct habit_night *nights;
    size_t night_count;
    size_t night_room;
    int32_t *away;
    size_t away_count;
    size_t away_room;
};

struct habit_summary {
    int32_t tonight;
    struct {
        int32_t night;
        int64_t held_s;
        enum habit_state state;
    } last_night; // the latest night whose date lies before today's calendar date
    int last7;
    int last28;
    int streak; // practised nights in the living chain
    int best;
    int rests_left;
    bool chain_lives;                         // a chain is alive: joined by rest and away nights, not ended
    int nights;                               // practised nights in total
    int64_t minutes;                          // whole minutes, rounded down from the sum of all held seconds
    double steadiness;                        // 0 … 1
    enum habit_state grid[HABIT_GRID_NIGHTS]; // oldest first, ends with tonight
};

// Adds held seconds (may be negative, to take back) to a night; a night whose seconds are all taken back is as if
// it had never had a session. NIGHT_NONE is refused by an assert: undated sessions count in minutes only
// (habit_summarise's undated_s). 0 or -ENOMEM.
int habit_log_add(struct habit_log *log, int32_t night, int64_t held_s);

// Marks a night away, or takes the mark off. 0 or -ENOMEM.
int habit_log_set_away(struct habit_log *log, int32_t night, bool away);

bool habit_log_is_away(const struct habit_log *log, int32_t night);

// Held seconds of a night; 0 when it has none.
int64_t habit_log_held_s(const struct habit_log *log, int32_t night);

void habit_log_clear(struct habit_log *log);

// Computes everything as of the evening of `tonight`; nights after it are left out of every field. `last_night`
// is the night that last_night shall describe (tonight itself in the morning hours, else tonight - 1).
// `undated_s` are held seconds of sessions without a night: they count in `minutes` only.
// A finished night before the first practised one, or where there is none, is HABIT_BEFORE; tonight is never that
// but practised, away or pending, since it may itself become the first.
// Linear in the number of nights from the first practised one to tonight at most once.
void habit_summarise(const struct habit_log *log, const struct habit_rules *rules, int32_t tonight, int32_t last_night,
                     int64_t undated_s, struct habit_summary *summary);

const char *habit_state_name(enum habit_state state); // "practised", "rest", …

#endif
