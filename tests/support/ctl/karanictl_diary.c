#include "tests/support/ctl/karanictl_diary.h"

void write_diary(const struct desk *desk) {
    static const struct {
        const char *uuid;
        const char *night; // NULL: none
        int64_t started_utc_s;
        int32_t utc_offset_s;
        const char *zone;
        enum clock_quality clock;
        const char *variant;
        int64_t planned_s, held_s, overtime_s;
        enum outcome outcome;
        const char *note;
    } ROWS[] = {
        {"b0000000-0000-4000-8000-000000000001", "2026-03-01", 1772397600, 3600, "Europe/Berlin", CLOCK_SYNCED, "wall",
         600, 600, 0, OUTCOME_FINISHED, NULL},
        {"a0000000-0000-4000-8000-000000000002", "2026-03-01", 1772397600, 3600, "Europe/Berlin", CLOCK_SYNCED, "chair",
         600, 45, 0, OUTCOME_ENDED_EARLY, "He said \"ah\", then slept"},
        {"c0000000-0000-4000-8000-000000000003", "2026-03-02", 1772485200, 3600, "Europe/Berlin", CLOCK_SET, "wall",
         600, 179, 0, OUTCOME_INTERRUPTED, NULL},
        {"d0000000-0000-4000-8000-000000000004", "2026-03-03", 1772568000, 3600, "Europe/Berlin", CLOCK_RTC, "hips",
         300, 100, 0, OUTCOME_ENDED_EARLY, NULL},
        {"e0000000-0000-4000-8000-000000000005", "2026-03-03", 1772580600, 3600, "Europe/Berlin", CLOCK_RTC, "hips",
         300, 80, 0, OUTCOME_RUNNING, "two\r\nlines"},
        {"f0000000-0000-4000-8000-000000000006", "2026-03-04", 1772654400, 3600, "Europe/Berlin", CLOCK_SYNCED, "wall",
         600, 600, 0, OUTCOME_NOT_MINE, NULL},
        {"00000000-0000-4000-8000-000000000007", NULL, 61, 0, "UTC", CLOCK_UNSET, "wall", 600, 61, 0,
         OUTCOME_ENDED_EARLY, NULL},
        {"00000000-0000-4000-8000-000000000008", "2026-03-08", 1773015000, -12600, "America/St_Johns", CLOCK_RESTORED,
         "farther", 600, 900, 300, OUTCOME_FINISHED, "Grüße"},
    };
    struct diary *diary;
    char sentence[256];
    assert_int_equal(diary_open(&diary, desk->state, NULL, sentence, sizeof sentence), 0);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct session_record session = {
            .night = NIGHT_NONE,
            .started_utc_s = ROWS[i].started_utc_s,
            .utc_offset_s = ROWS[i].utc_offset_s,
            .clock = ROWS[i].clock,
            .routine = "legs-up-the-wall",
            .planned_s = ROWS[i].planned_s,
            .held_s = ROWS[i].held_s,
            .overtime_s = ROWS[i].overtime_s,
            .outcome = ROWS[i].outcome,
            .outcome_was = OUTCOME_FINISHED,
            .paused_at_boot_ms = -1,
            .note = (char *)(uintptr_t)ROWS[i].note,
        };
        snprintf(session.uuid, sizeof session.uuid, "%s", ROWS[i].uuid);
        snprintf(session.zone, sizeof session.zone, "%s", ROWS[i].zone);
        snprintf(session.variant, sizeof session.variant, "%s", ROWS[i].variant);
        if (ROWS[i].night != NULL) {
            assert_true(night_parse(ROWS[i].night, &session.night));
        }
        assert_int_equal(diary_save(diary, &session), 0);
    }
    assert_int_equal(diary_set_away(diary, 20532, true, 1772654400), 0); // 2026-03-20
    assert_int_equal(diary_set_away(diary, 20518, true, 1772654400), 0); // 2026-03-06
    diary_close(diary);
}

JsonNode *parse(const struct desk *desk) {
    JsonNode *root = json_from_string(desk->out, NULL);
    assert_non_null(root);
    const char *end = strchr(desk->out, '\n');
    assert_non_null(end);
    assert_string_equal(end, "\n"); // one line
    return root;
}
