// A diary of many years for tests/bench/run: an evening every night, as the device writes them.
#include "daemon/diary/diary.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY_S = 24 * 60 * 60, A_TIME = 1000 };

// 2026-01-01, the first of all these evenings.
static const int32_t first_night = 20454;

static struct session_record session_of(int number) {
    int32_t night = first_night + number;
    struct session_record session = {
        .night = night,
        .started_utc_s = night * (int64_t)DAY_S + INT64_C(20) * 3600 + 40 * 60 + number % 1200,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600,
        .held_s = number % 9 == 0 ? 120 : 605,
        .overtime_s = 5,
        .outcome = OUTCOME_FINISHED,
        .outcome_was = OUTCOME_RUNNING,
        .counted_from_boot_ms = number * (INT64_C(1000) * DAY_S),
        .paused_at_boot_ms = -1,
    };
    // Names spread as random ones do, so that the index on them is as large as it will be.
    snprintf(session.uuid, sizeof session.uuid, "%08x-%04x-5%03x-8%03x-%012llx", (unsigned)number * 2654435761U,
             (unsigned)number & 0xffffU, (unsigned)number * 7U & 0xfffU, (unsigned)number * 13U & 0xfffU,
             (unsigned long long)number * 11400714819323ULL & 0xffffffffffffULL);
    snprintf(session.boot_id, sizeof session.boot_id, "0f0f0f0f-0000-4000-8000-%012d", number / 30);
    return session;
}

// Usage: years STATE_DIR SESSIONS
int main(int count, char **arguments) {
    struct diary *diary;
    char sentence[256];
    if (count != 3 || diary_open(&diary, arguments[1], NULL, sentence, sizeof sentence) < 0) {
        return EXIT_FAILURE;
    }
    const int wanted = atoi(arguments[2]);
    const struct diary_change none = {.what = "bench"};
    static struct session_record some[A_TIME];
    int error = 0;
    for (int done = 0; done < wanted && error == 0; done += A_TIME) {
        int now = wanted - done < A_TIME ? wanted - done : A_TIME;
        for (int i = 0; i < now; i++) {
            some[i] = session_of(done + i);
        }
        error = diary_correct(diary, some, (size_t)now, &none);
    }
    diary_close(diary);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
