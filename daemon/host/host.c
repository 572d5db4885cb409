// Runs the device at the bedside: whatever ends a wait, everything that may be due is looked after.
#include "daemon/host/inside.h"

#include "daemon/host/status.h"
#include "daemon/linux/clock_sources.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char localtime_path[] = PLACES_ETC "/localtime";

// ---- the system's clock and zone ----

static void follow_zone(struct bedside *bedside, struct moment now) {
    char name[SETUP_ZONE_SIZE];
    if (!bedside->given->load->setup->system_zone)
        return;
    places_system_zone(PLACES_ETC, name, sizeof name);
    struct zone *zone = strcmp(name, zone_name(bedside->zone)) == 0 ? NULL : zone_open(name);
    if (zone == NULL)
        return;
    loop_log(LOOP_LOG_INFO, "The zone is %s now.", name);
    struct zone *old = bedside->zone;
    bedside->zone = zone;
    hands_zone(bedside->hands, zone, now);
    zone_unref(old);
}

static void follow_ntp(struct bedside *bedside, struct moment now) {
    bool synchronised = timekeeping_is_synchronised(TIMEKEEPING_SYNCED);
    if (synchronised && !bedside->synchronised) {
        loop_log(LOOP_LOG_INFO, "NTP has set the clock.");
        hands_clock_synced(bedside->hands, now);
    }
    bedside->synchronised = synchronised;
}

// ---- one turn ----

static int64_t earlier(int64_t a_ms, int64_t b_ms) {
    return a_ms < b_ms ? a_ms : b_ms;
}

static int64_t find_deadline(const struct bedside *bedside) {
    int64_t own_ms = earlier(bedside->buttons.retry_ms, cue_deadline(&bedside->cue.cue));
    own_ms = earlier(own_ms, bedside_control_deadline(bedside));
    return earlier(hands_deadline(bedside->hands, loop_now()), own_ms);
}

// The panel first, while the clock that was read is right. Edges before the time: a release that came before its hold
// was due must not meet the hold's deadline.
static struct moment attend(struct bedside *bedside) {
    struct moment now = loop_now();
    bedside_panel_drain(&bedside->panel);
    hands_step_panel(bedside->hands, now);
    bedside_buttons_attend(&bedside->buttons, bedside->hands, now);
    hands_pass_time(bedside->hands, now);
    bedside_cue_attend(&bedside->cue, now.boot_ms);
    bedside_control_attend(bedside, now);
    bedside_report(bedside, now);
    return now;
}

// After a turn at `now`: the machine has answered it. No wait may be past its deadline then, and the diary must answer
// too: with what it knows, or with what ails it, which the owner has been told and no restart would mend.
static bool is_well(const struct bedside *bedside, struct moment now) {
    struct diary *diary = hands_diary(bedside->hands);
    int64_t utc_s;
    bool answers = diary_last_time(diary, &utc_s) == 0 || diary_health(diary) != DIARY_GOOD;
    return answers && hands_deadline(bedside->hands, now) >= now.boot_ms;
}

static bool is_in_session(const struct bedside *bedside) {
    switch (device_view(hands_device(bedside->hands))->page) {
    case PAGE_ASK_TIME:
    case PAGE_HEALTH:
    case PAGE_CARD:
    case PAGE_COUNTDOWN:
    case PAGE_PAUSED:
    case PAGE_WAY_OUT:
        return true;
    case PAGE_INVITE:
    case PAGE_GOOD_NIGHT:
    case PAGE_MORNING:
    case PAGE_MONTH:
    case PAGE_UNDO:
    case PAGE_MINUTES:
    case PAGE_VARIANT:
    case PAGE_CLOCK:
    case PAGE_ABOUT:
    case PAGE_TROUBLE:
    case PAGE_COUNT:
        return false;
    }
    return false;
}

static bool take_reload(const struct bedside *bedside) {
    if (!bedside->given->reload(bedside->given->context))
        return false;
    if (is_in_session(bedside))
        loop_log(LOOP_LOG_INFO, "The new settings hold once the practice is over.");
    return true;
}

// A sign of life that was asked for is given as soon as all is well, which may be a turn later: that turn comes at
// once, for a deadline that has passed ends the next wait, and a diary that fails says what ails it.
static void tell_alive(struct bedside *bedside, struct moment now, bool asked) {
    bedside->owes_life = bedside->owes_life || asked;
    if (!bedside->owes_life || !is_well(bedside, now))
        return;
    loop_tell_alive();
    bedside->owes_life = false;
}

static enum bedside_end serve(struct bedside *bedside) {
    bool reload = false;
    for (;;) {
        enum loop_cause cause = LOOP_DEADLINE;
        int result = loop_wait(bedside->given->loop, find_deadline(bedside), &cause);
        if (result < 0) {
            loop_log(LOOP_LOG_ERROR, "Nothing can be waited for: %s.", strerror(-result));
            return BEDSIDE_FAILED;
        }
        struct moment now = attend(bedside);
        tell_alive(bedside, now, cause == LOOP_WATCHDOG);
        switch (cause) {
        case LOOP_STOP:
            return BEDSIDE_STOPPED;
        case LOOP_RELOAD:
            reload = take_reload(bedside) || reload;
            break;
        case LOOP_CHANGE:
            follow_ntp(bedside, now);
            follow_zone(bedside, now);
            bedside_report(bedside, now);
            break;
        case LOOP_WATCHDOG:
        case LOOP_DEADLINE:
        case LOOP_FILE:
        case LOOP_CLOCK_STEP:
            break;
        }
        if (reload && !is_in_session(bedside))
            return BEDSIDE_RELOADED;
    }
}

// ---- beginning and ending ----

// Lets a running refresh end and brings the panel to sleep; every wait of the driver has its deadline.
static void stop(struct bedside *bedside) {
    struct loop *loop = bedside->given->loop;
    hands_stop(bedside->hands, loop_now());
    while (hands_is_stopping(bedside->hands)) {
        enum loop_cause cause;
        if (loop_wait(loop, hands_deadline(bedside->hands, loop_now()), &cause) < 0)
            break;
        struct moment now = loop_now();
        bedside_panel_drain(&bedside->panel);
        hands_tick(bedside->hands, now);
        bedside_report(bedside, now);
        tell_alive(bedside, now, cause == LOOP_WATCHDOG);
    }
}

static int begin_hands(struct bedside *bedside, char *boot_id) {
    const struct bedside_load *load = bedside->given->load;
    struct moment now = loop_now();
    char sentence[BEDSIDE_SENTENCE_SIZE];
    const struct hands_setup setup = {
        .setup = load->setup,
        .zone = bedside->zone,
        .version = KARANI_VERSION,
        .boot_id = boot_id,
        .wire = wire_lasting_wire(bedside->panel.wire),
        .font_dir = PLACES_FONTS,
        .state_dir = bedside->given->state_dir,
        .rtc_trusted = timekeeping_rtc_is_trusted(TIMEKEEPING_RTC, now.system_ms / 1000),
        .synchronised = bedside->synchronised,
        .writes_late = true,
        .config_trouble = load->config_trouble,
        .routine_trouble = load->routine_trouble,
        .fleeting = bedside->given->place_trouble != NULL,
        .listener = bedside_hear,
        .context = bedside,
    };
    int result = hands_new(&bedside->hands, &setup, now, sentence, sizeof sentence);
    if (result < 0)
        loop_log(LOOP_LOG_ERROR, "%s", sentence);
    return result;
}

static void watch(struct loop *loop, const char *path) {
    int result = loop_watch(loop, path);
    if (result < 0)
        loop_log(LOOP_LOG_WARNING, "%s cannot be watched: %s.", path, strerror(-result));
}

static enum bedside_end run(struct bedside *bedside) {
    char boot_id[LOOP_BOOT_ID_SIZE];
    int result = loop_boot_id(boot_id);
    if (result < 0) {
        loop_log(LOOP_LOG_ERROR, "This boot has no name: %s.", strerror(-result));
        return BEDSIDE_FAILED;
    }
    // The panel comes first, whatever state it is in; what takes longer comes when its first wait runs.
    if (begin_hands(bedside, boot_id) < 0)
        return BEDSIDE_FAILED;
    bedside_buttons_begin(&bedside->buttons, bedside->given->loop, bedside->given->load->setup, loop_now().boot_ms);
    bedside_cue_begin(&bedside->cue, bedside->given->load->setup);
    bedside_report(bedside, loop_now());
    bedside_control_begin(bedside);
    loop_tell_ready();
    enum bedside_end end = serve(bedside);
    if (end == BEDSIDE_STOPPED)
        loop_tell_stopping();
    else if (end == BEDSIDE_RELOADED)
        loop_tell_reloading();
    bedside_control_end(bedside);
    bedside_buttons_end(&bedside->buttons);
    bedside_cue_end(&bedside->cue);
    stop(bedside);
    return end;
}

enum bedside_end bedside_run(const struct bedside_setup *setup) {
    struct bedside bedside = {.given = setup, .zone = zone_ref(setup->load->setup->zone)};
    int result = bedside_panel_new(&bedside.panel, setup->loop, setup->load->setup);
    if (result < 0)
        loop_log(LOOP_LOG_ERROR, "Memory is out.");
    watch(setup->loop, TIMEKEEPING_SYNCED);
    watch(setup->loop, localtime_path);
    bedside.synchronised = timekeeping_is_synchronised(TIMEKEEPING_SYNCED);
    enum bedside_end end = result < 0 ? BEDSIDE_FAILED : run(&bedside);
    hands_free(bedside.hands);
    bedside_panel_clear(&bedside.panel);
    if (end != BEDSIDE_RELOADED)
        status_remove(setup->run_dir);
    zone_unref(bedside.zone);
    free(bedside.told);
    return end;
}
