// Tests of corrections of many rows at once: nights that are marked away, and files.
#include "tests/support/diary/correction_fixture.h"

// ---- away ----

static void test_away(void **state) {
    struct desk *desk = *state;
    struct correction away = correction_of(CORRECTION_AWAY);
    away.first = "2026-02-28";
    away.last = "2026-03-02";
    assert_int_equal(apply_correction(desk, &away), CORRECTION_DONE);
    assert_int_equal(desk->result.nights, 3);
    assert_int_equal(apply_correction(desk, &away), CORRECTION_UNCHANGED);
    away.first = "2026-03-01";
    away.last = NULL;
    away.clear = true;
    assert_int_equal(apply_correction(desk, &away), CORRECTION_DONE);
    assert_int_equal(desk->result.nights, 1);
    assert_int_equal(count_away(desk), 2);
    away.first = "2026-02-01";
    away.last = "2028-10-27"; // 1000 nights, the most there can be
    away.clear = false;
    assert_int_equal(apply_correction(desk, &away), CORRECTION_DONE);
    assert_int_equal(desk->result.nights, 998);
    static const char begin[] = "away - {\"night\":\"2026-02-28\"}\naway - {\"night\":\"2026-03-01\"}\n"
                                "away - {\"night\":\"2026-03-02\"}\naway {\"night\":\"2026-03-01\"} -\n";
    assert_memory_equal(read_changes(desk), begin, strlen(begin));
}

// ---- import ----

static void test_import(void **state) {
    struct desk *desk = *state;
    save_session(desk, A, OUTCOME_FINISHED, "as it was");
    static const char text[] =
        "{\"away\":\"2026-03-02\"}\n"
        "{\"uuid\":\"" B "\",\"night\":null,\"started_utc\":\"2026-03-01T20:40:00Z\",\"utc_offset\":\"+01:00\","
        "\"zone\":\"Europe/Berlin\",\"clock\":\"unset\",\"routine\":\"r\",\"variant\":\"wall\",\"planned_s\":600,"
        "\"held_s\":60,\"overtime_s\":0,\"outcome\":\"running\",\"note\":\"new\"}\n"
        "{\"uuid\":\"" A "\",\"night\":null,\"started_utc\":\"2026-03-01T20:40:00Z\",\"utc_offset\":\"+01:00\","
        "\"zone\":\"Europe/Berlin\",\"clock\":\"unset\",\"routine\":\"r\",\"variant\":\"wall\",\"planned_s\":600,"
        "\"held_s\":60,\"overtime_s\":0,\"outcome\":\"finished\",\"note\":\"other\"}\n"
        "{\"away\":\"2026-03-01\"}\n{\"away\":\"2026-03-02\"}\n";
    struct correction import = correction_of(CORRECTION_IMPORT);
    import.text = text;
    assert_int_equal(apply_correction(desk, &import), CORRECTION_DONE);
    assert_int_equal(desk->result.sessions, 1);
    assert_int_equal(desk->result.known, 1);
    assert_int_equal(desk->result.nights, 2);
    assert_string_equal(find_saved(desk, A).note, "as it was");
    assert_string_equal(find_saved(desk, B).note, "new");
    assert_int_equal(find_saved(desk, B).session.outcome, OUTCOME_INTERRUPTED);
    assert_int_equal(find_saved(desk, B).session.night, NIGHT_NONE);
    assert_int_equal(count_away(desk), 2);
    assert_int_equal(apply_correction(desk, &import), CORRECTION_UNCHANGED);
    assert_int_equal(desk->result.known, 2);
    assert_string_equal(read_changes(desk), "import - {\"sessions\":1,\"away\":2}\n");
    // One bad row, and nothing is taken.
    import.text = "{\"away\":\"2026-04-01\"}\n{\"away\":\"2026-04-31\"}\n";
    assert_int_equal(apply_correction(desk, &import), CORRECTION_BAD_ROW);
    assert_int_equal(desk->result.line, 2);
    assert_int_equal(count_away(desk), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_away),
        STORY(test_import),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
