// The machine where it is seldom: routines that lack a part, a diary corrected from outside, a whole day on one page.
#include "daemon/core/device/device.h"
#include "daemon/settings/config.h"
#include "daemon/settings/routine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define VARIANTS                                                                                                       \
    "[Variant wall]\nName=on the wall\n[Variant hips]\nName=hips raised\n[Variant knees]\nName=knees bent\n"           \
    "[Variant farther]\nName=farther\n[Variant chair]\nName=on a chair\n"

// 2026-03-28 21:40:00 in Berlin, a Saturday, is 20:40 UTC.
static const int64_t evening_ms = INT64_C(1774730400) * 1000;

struct desk {
    struct config *config;
    struct routine *routine;
    struct zone *zone;
    struct device *device;
    struct moment now;
    struct effects out;
};

static int one_face(void *context, const struct view *view) {
    (void)context;
    (void)view;
    return 1;
}

static void no_complaint(void *context, const struct complaint *complaint) {
    (void)context;
    fail_msg("%s:%d: %s", complaint->file, complaint->line, complaint->sentence);
}

static struct routine *routine_of(const char *text) {
    char path[] = "/tmp/karani-seldom-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    struct routine *routine = NULL;
    int result = routine_read(&routine, path, "/tmp", "en", no_complaint, NULL);
    unlink(path);
    assert_int_equal(result, 0);
    return routine;
}

static void send(struct desk *desk, const struct device_event *event) {
    device_handle(desk->device, event, desk->now, &desk->out);
}

static void desk_begin(struct desk *desk, const char *routine_text) {
    *desk = (struct desk){.now = {.boot_ms = 20000, .system_ms = evening_ms}};
    desk->config = config_new();
    desk->routine = routine_of(routine_text);
    desk->zone = zone_open("Europe/Berlin");
    assert_non_null(desk->config);
    assert_non_null(desk->zone);
    const struct device_setup setup = {.config = desk->config,
                                       .routine = desk->routine,
                                       .zone = desk->zone,
                                       .version = "test",
                                       .panel = "test panel",
                                       .boot_id = "no uuid",
                                       .faces = one_face};
    struct device_start start = {.synchronised = true};
    assert_int_equal(device_new(&desk->device, &setup, &start, desk->now, &desk->out), 0);
    send(desk, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
}

static void desk_end(struct desk *desk) {
    device_free(desk->device);
    config_free(desk->config);
    routine_free(desk->routine);
    zone_unref(desk->zone);
}

// Lets time run by its deadlines, on a glass that settles at once.
static void wait_ms(struct desk *desk, int64_t ms) {
    int64_t until_ms = desk->now.boot_ms + ms;
    while (desk->now.boot_ms < until_ms) {
        int64_t next_ms = device_deadline(desk->device, desk->now);
        int64_t step_ms = (next_ms < until_ms ? next_ms : until_ms) - desk->now.boot_ms;
        desk->now.boot_ms += step_ms > 0 ? step_ms : 1;
        desk->now.system_ms += step_ms > 0 ? step_ms : 1;
        send(desk, &(struct device_event){.kind = DEVICE_TIME});
        send(desk, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
    }
}

static void press(struct desk *desk) {
    const struct device_event down = {.kind = DEVICE_EDGE, .edge = {BUTTON_MAIN, true, desk->now.boot_ms}};
    send(desk, &down);
    wait_ms(desk, 120);
    const struct device_event up = {.kind = DEVICE_EDGE, .edge = {BUTTON_MAIN, false, desk->now.boot_ms}};
    send(desk, &up);
    send(desk, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
    wait_ms(desk, 3000);
}

static void assert_page(const struct desk *desk, const char *name) {
    assert_string_equal(device_page_name(desk->device), name);
}

static void a_routine_without_health_begins_with_its_cards(void **state) {
    (void)state;
    struct desk desk;
    desk_begin(&desk,
               "[Routine]\nName=Test\n" VARIANTS "[Card sit]\nTitle=Sit\nText=Sit down.\nShort=Sit.\nSeconds=25\n");
    assert_page(&desk, "invite");
    assert_null(device_view(desk.device)->invite.reason); // it has no reasons either
    press(&desk);
    assert_page(&desk, "card:sit");
    wait_ms(&desk, 25000);
    assert_page(&desk, "countdown");
    assert_true(device_is_kept(desk.device));
    const struct session_record *row = device_last_session(desk.device);
    assert_non_null(row);
    assert_int_equal(row->outcome, OUTCOME_RUNNING);
    assert_int_equal(strlen(row->uuid), 36); // a boot without a proper id still names its sessions
    desk_end(&desk);
}

static void a_variant_without_cards_begins_nothing(void **state) {
    (void)state;
    struct desk desk;
    desk_begin(&desk, "[Routine]\nName=Test\n" VARIANTS
                      "[Card sit]\nTitle=Sit\nText=Sit down.\nShort=Sit.\nSeconds=25\nVariants=chair\n");
    press(&desk); // the variant is the first one, wall
    assert_page(&desk, "invite");
    assert_null(device_last_session(desk.device));
    desk_end(&desk);
}

static void a_diary_corrected_from_outside_is_shown_at_once(void **state) {
    (void)state;
    struct desk desk;
    desk_begin(&desk,
               "[Routine]\nName=Test\n" VARIANTS "[Card sit]\nTitle=Sit\nText=Sit down.\nShort=Sit.\nSeconds=25\n");
    assert_null(device_last_session(desk.device));
    struct device_diary diary = {.has_last = true,
                                 .last = {.night = night_from_date(2026, 3, 28),
                                          .started_utc_s = evening_ms / 1000 - 3600,
                                          .planned_s = 600,
                                          .held_s = 600,
                                          .outcome = OUTCOME_FINISHED},
                                 .last_done_utc_s = evening_ms / 1000 - 3600};
    assert_int_equal(habit_log_add(&diary.log, diary.last.night, 600), 0);
    send(&desk, &(struct device_event){.kind = DEVICE_DIARY, .diary = &diary});
    assert_page(&desk, "good-night"); // tonight is practised now
    assert_int_equal(device_view(desk.device)->good_night.minutes, 10);
    assert_int_equal(diary.log.night_count, 0); // taken over, not copied
    assert_non_null(device_last_session(desk.device));
    assert_int_equal(device_last_session(desk.device)->held_s, 600);
    desk_end(&desk);
}

static void a_running_session_knows_itself_better_than_the_diary(void **state) {
    (void)state;
    struct desk desk;
    desk_begin(&desk,
               "[Routine]\nName=Test\n" VARIANTS "[Card sit]\nTitle=Sit\nText=Sit down.\nShort=Sit.\nSeconds=25\n");
    press(&desk);
    wait_ms(&desk, 25000);
    assert_page(&desk, "countdown");
    struct device_diary diary = {.has_last = false};
    send(&desk, &(struct device_event){.kind = DEVICE_DIARY, .diary = &diary});
    assert_page(&desk, "countdown");
    assert_non_null(device_last_session(desk.device));
    desk_end(&desk);
}

static void a_day_without_a_full_refresh_ends_with_one(void **state) {
    (void)state;
    struct desk desk;
    desk_begin(&desk,
               "[Routine]\nName=Test\n" VARIANTS "[Card sit]\nTitle=Sit\nText=Sit down.\nShort=Sit.\nSeconds=25\n");
    send(&desk, &(struct device_event){.kind = DEVICE_FULL_DUE});
    assert_int_equal(desk.out.count, 1);
    assert_int_equal(desk.out.items[0].kind, EFFECT_DRAW);
    assert_true(desk.out.items[0].draw.full);
    assert_page(&desk, "invite");
    send(&desk, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
    press(&desk); // on a card it waits for the next idle page, which is drawn in full anyway
    send(&desk, &(struct device_event){.kind = DEVICE_FULL_DUE});
    assert_int_equal(desk.out.count, 0);
    assert_page(&desk, "card:sit");
    desk_end(&desk);
}

static void edge_after(struct desk *desk, int64_t ms, enum button button, bool down) {
    desk->now.boot_ms += ms;
    desk->now.system_ms += ms;
    send(desk, &(struct device_event){.kind = DEVICE_EDGE, .edge = {button, down, desk->now.boot_ms}});
}

// "More" whose second contact counts when its lock-out ends, and "less", noticed in one call: one setting to write.
static void what_is_chosen_twice_is_written_once(void **state) {
    (void)state;
    struct desk desk;
    desk_begin(&desk,
               "[Routine]\nName=Test\n" VARIANTS "[Card sit]\nTitle=Sit\nText=Sit down.\nShort=Sit.\nSeconds=25\n");
    edge_after(&desk, 0, BUTTON_MORE, true);
    edge_after(&desk, 40, BUTTON_MORE, false);
    edge_after(&desk, 10, BUTTON_MORE, true);
    edge_after(&desk, 50, BUTTON_LESS, true);
    size_t settings = 0;
    for (size_t i = 0; i < desk.out.count; i++) {
        settings += desk.out.items[i].kind == EFFECT_SETTING;
    }
    assert_int_equal(settings, 1);
    assert_int_equal(desk.out.items[0].setting.value.minutes.chosen, 11);
    desk_end(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_routine_without_health_begins_with_its_cards),
        cmocka_unit_test(a_variant_without_cards_begins_nothing),
        cmocka_unit_test(a_diary_corrected_from_outside_is_shown_at_once),
        cmocka_unit_test(a_running_session_knows_itself_better_than_the_diary),
        cmocka_unit_test(what_is_chosen_twice_is_written_once),
        cmocka_unit_test(a_day_without_a_full_refresh_ends_with_one),
    };
    return cmocka_run_group_tests_name("device, seldom", tests, NULL, NULL);
}
