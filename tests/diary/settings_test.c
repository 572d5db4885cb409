// Tests of what is stored beside the rows: there and back, older and newer texts, and what makes no sense; and that a
// device starts from whatever stands there.
#include "daemon/diary/text/settings.h"
#include "tests/support/core/device_fixture.h"

// One that goes on with digits where the blank before it turns into one: an offset of millions of years.
#define BOOT_ID "21348888-1111-4111-8111-111111111111"

// A typical diary's.
static const struct device_settings typical = {
    .minutes = {.chosen = 12, .configured = 10},
    .variant = {.chosen = VARIANT_CHAIR, .configured = VARIANT_WALL},
    .health = {.answer = HEALTH_AGREED, .at_utc_s = 1774730400},
    .clock = {.right_offset_ms = 86400000,
              .boot_id = BOOT_ID,
              .quality = CLOCK_SET,
              .offset_ms = 86400000,
              .doubtful_base_ms = INT64_C(1700000000000)},
    .boot = {.boot_id = BOOT_ID,
             .time_asked = true,
             .left_way_out_ms = 123456,
             .told = {[PAGE_TROUBLE_CONFIG] = true, [PAGE_TROUBLE_PANEL] = true}},
};

static const char *const texts[DEVICE_SETTING_COUNT] = {
    [DEVICE_SETTING_MINUTES] = "{\"v\":1,\"chosen\":12,\"configured\":10}",
    [DEVICE_SETTING_VARIANT] = "{\"v\":1,\"chosen\":\"chair\",\"configured\":\"wall\"}",
    [DEVICE_SETTING_HEALTH] = "{\"v\":1,\"answer\":\"agreed\",\"at_utc_s\":1774730400,\"undated\":false}",
    [DEVICE_SETTING_CLOCK] = "{\"v\":1,\"right_offset_ms\":86400000,\"boot_id\":\"" BOOT_ID
                             "\",\"quality\":\"set\",\"offset_ms\":86400000,\"doubtful_base_ms\":1700000000000}",
    [DEVICE_SETTING_BOOT] = "{\"v\":1,\"boot_id\":\"" BOOT_ID
                            "\",\"time_asked\":true,\"left_way_out_ms\":123456,\"told\":[\"panel\",\"config\"]}",
};

// The same, as they were stored by position.
static const char *const older[DEVICE_SETTING_COUNT] = {
    [DEVICE_SETTING_MINUTES] = "12 10",
    [DEVICE_SETTING_VARIANT] = "chair wall",
    [DEVICE_SETTING_HEALTH] = "agreed 1774730400",
    [DEVICE_SETTING_CLOCK] = "86400000 " BOOT_ID " set 86400000 1700000000000",
    [DEVICE_SETTING_BOOT] = BOOT_ID " 1 123456 384",
};

static void assert_typical(const struct device_settings *read, enum device_setting key) {
    char text[SETTINGS_TEXT_SIZE];
    assert_true(read->has[key]);
    settings_print(read, key, text);
    assert_string_equal(text, texts[key]);
}

static void test_there_and_back(void **state) {
    (void)state;
    struct device_settings all = {.has = {false}};
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        enum device_setting key = (enum device_setting)i;
        char text[SETTINGS_TEXT_SIZE];
        settings_print(&typical, key, text);
        assert_string_equal(text, texts[i]);
        settings_read(&all, key, text);
        assert_typical(&all, key);
    }
    settings_read(&all, DEVICE_SETTING_BOOT, NULL);
    assert_false(all.has[DEVICE_SETTING_BOOT]);
    assert_typical(&all, DEVICE_SETTING_CLOCK); // the others stay
}

// Neither the longest names nor the largest numbers are cut off, and a boot that has left no way out says nothing of
// it.
static void test_the_longest(void **state) {
    (void)state;
    struct device_settings most = typical, read = {.has = {false}};
    memset(most.boot.told, true, sizeof most.boot.told);
    most.boot.told[PAGE_TROUBLE_NONE] = false;
    most.boot.left_way_out_ms = INT64_MIN;
    most.clock.right_offset_ms = most.clock.offset_ms = -INT64_C(4102444800000);
    most.clock.quality = CLOCK_RESTORED;
    store_setting(&read, DEVICE_SETTING_BOOT, &most);
    store_setting(&read, DEVICE_SETTING_CLOCK, &most);
    assert_memory_equal(read.boot.told, most.boot.told, sizeof most.boot.told);
    assert_true(read.boot.left_way_out_ms == INT64_MIN);
    assert_true(read.clock.offset_ms == most.clock.offset_ms);
}

static void test_older_texts(void **state) {
    (void)state;
    struct device_settings all = {.has = {false}};
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        settings_read(&all, (enum device_setting)i, older[i]);
        assert_typical(&all, (enum device_setting)i);
    }
    settings_read(&all, DEVICE_SETTING_HEALTH, "none-applies 0 undated");
    assert_true(all.health.undated);
    settings_read(&all, DEVICE_SETTING_BOOT, BOOT_ID " 0 -9223372036854775808 2046");
    assert_true(all.boot.left_way_out_ms == INT64_MIN);
    for (int i = PAGE_TROUBLE_NONE + 1; i < PAGE_TROUBLE_COUNT; i++) {
        assert_true(all.boot.told[i]);
    }
    settings_read(&all, DEVICE_SETTING_CLOCK, "5 b best 1 2"); // the offset alone
    assert_true(all.has[DEVICE_SETTING_CLOCK]);
    assert_int_equal(all.clock.right_offset_ms, 5);
    assert_string_equal(all.clock.boot_id, "");
    assert_int_equal(all.clock.offset_ms, 0);
}

// A later version may know more, in members and in names.
static void test_newer_texts(void **state) {
    (void)state;
    struct device_settings all = {.has = {false}};
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        char text[SETTINGS_TEXT_SIZE];
        snprintf(text, sizeof text, "{\"more\":{\"a\":[1,null]},\"v\":2,%s", strchr(texts[i], ',') + 1);
        settings_read(&all, (enum device_setting)i, text);
        assert_typical(&all, (enum device_setting)i);
    }
    settings_read(
        &all, DEVICE_SETTING_BOOT,
        "{\"v\":7,\"told\":[\"moon\",\"config\",3,[],\"panel\"],\"left_way_out_ms\":123456,\"time_asked\":true,"
        "\"boot_id\":\"" BOOT_ID "\"}");
    assert_typical(&all, DEVICE_SETTING_BOOT);
}

static const struct {
    enum device_setting key;
    const char *text;
} nonsense[] = {
    {DEVICE_SETTING_MINUTES, ""},
    {DEVICE_SETTING_MINUTES, "x"},
    {DEVICE_SETTING_MINUTES, "12"},
    {DEVICE_SETTING_MINUTES, "31 10"},
    {DEVICE_SETTING_MINUTES, "0 10"},
    {DEVICE_SETTING_MINUTES, "99999999999999999999 10"},
    {DEVICE_SETTING_MINUTES, "{"},
    {DEVICE_SETTING_MINUTES, "{}"},
    {DEVICE_SETTING_MINUTES, "{\"chosen\":12,\"configured\":10}"},
    {DEVICE_SETTING_MINUTES, "{\"v\":0,\"chosen\":12,\"configured\":10}"},
    {DEVICE_SETTING_MINUTES, "{\"v\":\"1\",\"chosen\":12,\"configured\":10}"},
    {DEVICE_SETTING_MINUTES, "{\"v\":2,\"chosen\":\"12\",\"configured\":10}"},
    {DEVICE_SETTING_MINUTES, "{\"v\":1,\"chosen\":12}"},
    {DEVICE_SETTING_MINUTES, "{\"v\":1,\"chosen\":4294967308,\"configured\":10}"},
    {DEVICE_SETTING_MINUTES, "{\"v\":1,\"chosen\":31,\"configured\":10}"},
    {DEVICE_SETTING_MINUTES, "{\"v\":1,\"chosen\":-1,\"configured\":10}"},
    {DEVICE_SETTING_VARIANT, "chair"},
    {DEVICE_SETTING_VARIANT, "chair floor"},
    {DEVICE_SETTING_VARIANT, "{\"v\":1,\"chosen\":\"floor\",\"configured\":\"wall\"}"},
    {DEVICE_SETTING_HEALTH, "agreed"},
    {DEVICE_SETTING_HEALTH, "perhaps 1774730400"},
    {DEVICE_SETTING_HEALTH, "agreed 9223372036854775807"},
    {DEVICE_SETTING_HEALTH, "{\"v\":1,\"answer\":\"agreed\",\"at_utc_s\":999999999999999999,\"undated\":false}"},
    {DEVICE_SETTING_HEALTH, "{\"v\":1,\"answer\":\"agreed\",\"at_utc_s\":1774730400,\"undated\":0}"},
    {DEVICE_SETTING_CLOCK, ""},
    {DEVICE_SETTING_CLOCK, "86400000021348888-1111-4111-8111-111111111111 set 86400000 1700000000000"},
    {DEVICE_SETTING_CLOCK, "-9223372036854775808"},
    {DEVICE_SETTING_CLOCK, "0 b set 9223372036854775807 0"},
    {DEVICE_SETTING_CLOCK, "0 b set 0 9223372036854775807"},
    {DEVICE_SETTING_CLOCK, "{\"v\":1,\"right_offset_ms\":86400000000000000}"},
    {DEVICE_SETTING_BOOT, BOOT_ID},
    {DEVICE_SETTING_BOOT, BOOT_ID " 1 9223372036854775807 0"},
    {DEVICE_SETTING_BOOT, BOOT_ID " 1 -1 0"},
    {DEVICE_SETTING_BOOT, "{\"v\":1,\"boot_id\":\"" BOOT_ID "\",\"time_asked\":true,\"told\":\"config\"}"},
    {DEVICE_SETTING_BOOT, "{\"v\":1,\"boot_id\":\"" BOOT_ID BOOT_ID "\",\"time_asked\":true,\"told\":[]}"},
};

static void test_nonsense_is_not_there(void **state) {
    (void)state;
    const struct device_settings none = {.has = {false}};
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        struct device_settings read = {.has = {false}};
        settings_read(&read, nonsense[i].key, nonsense[i].text);
        if (memcmp(&read, &none, sizeof none) != 0) {
            fail_msg("row %zu: \"%s\" was taken", i, nonsense[i].text);
        }
    }
}

// ---- whatever stands there, a device starts from it ----

static int one_face(void *context, const struct view *view) {
    (void)context;
    (void)view;
    return 1;
}

enum clock_known { CLOCK_OF_CHIP, CLOCK_OF_NETWORK, CLOCK_OF_NOBODY, CLOCK_KNOWN_COUNT };

// An evening's beginning, once with each way to know the time, in the boot that the texts name: no assertion ends it.
static void start_from(struct bed *bed, const char *const stored[DEVICE_SETTING_COUNT]) {
    for (int i = 0; i < CLOCK_KNOWN_COUNT; i++) {
        struct device_setup setup = {.config = bed->config,
                                     .routine = bed->routine,
                                     .zone = bed->zone,
                                     .version = "test",
                                     .panel = "test",
                                     .boot_id = BOOT_ID,
                                     .faces = one_face};
        struct device_start start = {.rtc_trusted = i == CLOCK_OF_CHIP, .synchronised = i == CLOCK_OF_NETWORK};
        struct moment now = {.boot_ms = 200000, .system_ms = evening_ms};
        struct effects effects;
        struct device *device;
        for (int key = 0; key < DEVICE_SETTING_COUNT; key++) {
            settings_read(&start.settings, (enum device_setting)key, stored[key]);
        }
        assert_int_equal(device_new(&device, &setup, &start, now, &effects), 0);
        for (int step = 0; step < 3; step++) {
            now.boot_ms += HOUR;
            now.system_ms += HOUR;
            device_handle(device, &(struct device_event){.kind = DEVICE_TIME}, now, &effects);
            device_handle(device, &(struct device_event){.kind = DEVICE_GLASS_QUIET}, now, &effects);
        }
        device_handle(device, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED}, now, &effects);
        device_free(device);
    }
}

// As SQLite hands it out: a text ends at its first NUL.
static void flip_every_bit(struct bed *bed, const char *const whole[DEVICE_SETTING_COUNT]) {
    for (int key = 0; key < DEVICE_SETTING_COUNT; key++) {
        const char *stored[DEVICE_SETTING_COUNT];
        char flipped[SETTINGS_TEXT_SIZE];
        memcpy(stored, whole, sizeof stored);
        stored[key] = flipped;
        for (size_t bit = 0; bit < 8 * strlen(whole[key]); bit++) {
            snprintf(flipped, sizeof flipped, "%s", whole[key]);
            flipped[bit / 8] = (char)(flipped[bit / 8] ^ (1 << bit % 8));
            start_from(bed, stored);
        }
    }
}

static void test_every_bit_flipped(void **state) {
    flip_every_bit(*state, texts);
}

static void test_every_bit_of_an_older_text_flipped(void **state) {
    flip_every_bit(*state, older);
}

static void test_every_length(void **state) {
    struct bed *bed = *state;
    for (int key = 0; key < DEVICE_SETTING_COUNT; key++) {
        const char *stored[DEVICE_SETTING_COUNT];
        char cut[SETTINGS_TEXT_SIZE];
        memcpy(stored, older, sizeof stored);
        stored[key] = cut;
        for (size_t length = 0; length < strlen(older[key]); length++) {
            snprintf(cut, sizeof cut, "%.*s", (int)length, older[key]);
            start_from(bed, stored);
        }
    }
}

// ---- the last restoration ----

static void test_restored(void **state) {
    (void)state;
    const struct diary_restored restored = {.at_utc_s = 5,
                                            .quarantine = "diary.db.damaged-20260301T204000Z",
                                            .kept = 212,
                                            .salvaged = 3,
                                            .lost = 1,
                                            .complete = true};
    struct diary_restored read = {.at_utc_s = 5};
    char text[SETTINGS_TEXT_SIZE];
    restored_print(&restored, text);
    assert_string_equal(text,
                        "{\"v\":1,\"quarantine\":\"diary.db.damaged-20260301T204000Z\",\"backup\":null,\"kept\":212,"
                        "\"salvaged\":3,\"lost\":1,\"complete\":true,\"told\":false}");
    assert_true(restored_read(&read, text));
    assert_memory_equal(&read, &restored, sizeof read);
    read = (struct diary_restored){.at_utc_s = 5};
    assert_true(restored_read(&read, "diary.db.damaged-20260301T204000Z - 212 3 1 1 0"));
    assert_memory_equal(&read, &restored, sizeof read);
    static const char *const others[] = {
        "",
        "a b 1 2",
        "- - -1 0 0 1 0",
        "- - 1 2 0 1 0",
        "- - 4294967296 0 0 1 0",
        "{\"v\":1,\"quarantine\":null,\"backup\":null,\"kept\":212,\"salvaged\":3,\"lost\":1,\"complete\":1,\"told\":"
        "false}",
        "{\"v\":1,\"quarantine\":7,\"backup\":null,\"kept\":212,\"salvaged\":3,\"lost\":1,\"complete\":true,\"told\":"
        "false}",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(restored_read(&read, others[i]));
        assert_memory_equal(&read, &restored, sizeof read);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_the_longest),
        cmocka_unit_test(test_older_texts),
        cmocka_unit_test(test_newer_texts),
        cmocka_unit_test(test_nonsense_is_not_there),
        STORY(test_every_bit_flipped),
        STORY(test_every_bit_of_an_older_text_flipped),
        STORY(test_every_length),
        cmocka_unit_test(test_restored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
