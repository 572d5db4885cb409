// An evening at a terminal: maps the time that passes here to the world's, keys to buttons, and draws what changed.
#include "daemon/sim/tui/tui.h"

#include "daemon/core/device/device.h"
#include "daemon/core/night.h"
#include "daemon/core/page_rules.h"
#include "daemon/runtime/runtime.h"
#include "daemon/sim/tui/layout.h"
#include "daemon/sim/tui/terminal.h"
#include "display/frame/frame_png.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    NOTE_SIZE = 256,
    GESTURES_SIZE = 128,
    FAST_STEP_MS = 50,  // how often the screen follows in fast time
    WAIT_MAX_MS = 1000, // the status line shows seconds
    DARK_MS = 5000,     // how long the power is gone at `p`
};

struct tui {
    struct world *world;
    struct terminal *terminal;
    const char *out_dir;
    bool fast;
    bool quit;
    int pace;             // in force since base_real_ms
    int64_t base_real_ms; // CLOCK_BOOTTIME here …
    int64_t base_true_ms; // … and the world's time then
    char note[NOTE_SIZE];
    char *drawn; // what the terminal shows
};

static int64_t read_clock_ms(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct device *device_of(const struct tui *desk) {
    return runtime_device(world_runtime(desk->world));
}

static enum page_id page_of(const struct tui *desk) {
    return device_view(device_of(desk))->page;
}

// How many times faster the page goes by in fast time: pages that wait for the reader stay as they are, a whole night
// passes in half a minute.
static int pace_of(enum page_id page) {
    if (page == PAGE_CARD) {
        return 10;
    }
    switch (page_rules(page)->class) {
    case PAGE_CLASS_IDLE:
        return page == PAGE_TROUBLE ? 1 : 900;
    case PAGE_CLASS_SESSION:
        return 60;
    case PAGE_CLASS_QUESTION:
    case PAGE_CLASS_INFORMATION:
        break;
    }
    return 1;
}

// "space: begin  h: next page".
static void format_gestures(const struct page_rules *page, char *text, size_t size) {
    if (page->press_does == NULL) {
        snprintf(text, size, "h: %s", page->hold_does);
    } else if (strcmp(page->press_does, page->hold_does) == 0) {
        snprintf(text, size, "space or h: %s", page->hold_does);
    } else {
        snprintf(text, size, "space: %s  h: %s", page->press_does, page->hold_does);
    }
}

// Where the world's time should be by now. Every change of pace starts the count anew.
static int64_t target_ms(struct tui *desk) {
    int64_t real_ms = read_clock_ms(CLOCK_BOOTTIME);
    int pace = desk->fast ? pace_of(page_of(desk)) : 1;
    int64_t target = desk->base_true_ms + (real_ms - desk->base_real_ms) * desk->pace;

    if (pace != desk->pace) {
        desk->pace = pace;
        desk->base_real_ms = real_ms;
        desk->base_true_ms = target > world_true_ms(desk->world) ? target : world_true_ms(desk->world);
    }
    return target;
}

static int follow_time(struct tui *desk) {
    int64_t target = target_ms(desk);

    return target > world_true_ms(desk->world) ? world_run_until(desk->world, target) : 0;
}

// How long nothing will happen: until the next event, and no longer than the status line may stand.
static int wait_ms(const struct tui *desk) {
    if (desk->pace > 1) {
        return FAST_STEP_MS;
    }
    int64_t left_ms = world_next_ms(desk->world) - world_true_ms(desk->world);

    return left_ms < 0 ? 0 : left_ms > WAIT_MAX_MS ? WAIT_MAX_MS : (int)left_ms;
}

static void format_time(const struct tui *desk, char *text, size_t size) {
    const struct zone *zone = world_zone(desk->world);
    int64_t utc_s = world_true_ms(desk->world) / 1000;
    int64_t local_s = utc_s + zone_offset_s(zone, utc_s);
    char date[NIGHT_TEXT_SIZE];
    int second = (int)(local_s % (24 * 60 * 60));

    night_format(night_date_of_local(local_s), date);
    snprintf(text, size, "%s %02d:%02d:%02d", date, second / 3600, second / 60 % 60, second % 60);
}

static void format_status(const struct tui *desk, char *text, size_t size) {
    char now[32];

    format_time(desk, now, sizeof now);
    if (desk->fast) {
        snprintf(text, size, "%s %s  fast time: %d times  (f: real time)", now, zone_name(world_zone(desk->world)),
                 desk->pace);
    } else {
        snprintf(text, size, "%s %s  real time  (f: fast time)", now, zone_name(world_zone(desk->world)));
    }
}

static const char *panel_words(const struct tui *desk) {
    if (troubles_has(runtime_troubles(world_runtime(desk->world)), PAGE_TROUBLE_PANEL)) {
        return "does not answer";
    }
    return world_panel_is_asleep(desk->world) ? "asleep" : "refreshing";
}

static int draw(struct tui *desk, bool anew) {
    char status[128];
    char gestures[GESTURES_SIZE];
    int columns;
    int rows;

    format_status(desk, status, sizeof status);
    format_gestures(page_rules(page_of(desk)), gestures, sizeof gestures);
    const struct layout_view view = {
        .glass = world_glass(desk->world),
        .page = device_page_name(device_of(desk)),
        .panel = panel_words(desk),
        .words = screen_text(runtime_screen(world_runtime(desk->world))),
        .gestures = gestures,
        .status = status,
        .note = desk->note,
    };

    terminal_size(desk->terminal, &columns, &rows);
    char *text = layout_compose(&view, columns, rows);

    if (text == NULL) {
        return -ENOMEM;
    }
    bool changed = anew || desk->drawn == NULL || strcmp(desk->drawn, text) != 0;
    int error = changed ? terminal_write(desk->terminal, text, strlen(text)) : 0;

    free(desk->drawn);
    desk->drawn = text;
    return error;
}

static void snapshot(struct tui *desk) {
    char now[32];
    char *path = NULL;

    format_time(desk, now, sizeof now);
    if (asprintf(&path, "%s/karani %s %s.png", desk->out_dir, now, device_page_name(device_of(desk))) < 0) {
        return;
    }
    for (char *c = path + strlen(desk->out_dir) + 1; *c != '\0'; c++) {
        *c = strchr(" :", *c) != NULL ? '-' : *c;
    }
    int error = frame_write_png(world_glass(desk->world), path);

    snprintf(desk->note, sizeof desk->note, error == 0 ? "%s written." : "%s cannot be written.", path);
    free(path);
}

static int power_cut(struct tui *desk) {
    int error = world_power_cut(desk->world);

    if (error == 0) {
        error = world_run_until(desk->world, world_true_ms(desk->world) + DARK_MS);
    }
    if (error == 0) {
        error = world_power_on(desk->world);
    }
    snprintf(desk->note, sizeof desk->note, "The power was gone for %d seconds.", DARK_MS / 1000);
    return error;
}

static int take_key(struct tui *desk, char key) {
    static const struct {
        char key;
        enum button button;
    } buttons[] = {{' ', BUTTON_MAIN}, {'b', BUTTON_BACK}, {'+', BUTTON_MORE},
                   {'=', BUTTON_MORE}, {'-', BUTTON_LESS}, {'i', BUTTON_INFO}};

    desk->note[0] = '\0';
    for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++) {
        if (buttons[i].key == key) {
            return world_press(desk->world, buttons[i].button, SCRIPT_PRESS_MS, false, "press");
        }
    }
    switch (key) {
    case 'h':
        return world_press(desk->world, BUTTON_MAIN, SCRIPT_HOLD_MS, false, "hold");
    case 'f':
        desk->fast = !desk->fast;
        return 0;
    case 's':
        snapshot(desk);
        return 0;
    case 'p':
        return power_cut(desk);
    case 'q':
        desk->quit = true;
        return 0;
    default: // a character, no enum: a key without a meaning
        return 0;
    }
}

static int take_event(struct tui *desk, const struct terminal_event *event) {
    switch (event->kind) {
    case TERMINAL_NOTHING:
        return 0;
    case TERMINAL_KEY:
        return take_key(desk, event->key);
    case TERMINAL_REDRAW:
        return draw(desk, true);
    case TERMINAL_QUIT:
        desk->quit = true;
        return 0;
    }
    return 0;
}

static int go_on(struct tui *desk) {
    int error = draw(desk, true);

    while (error == 0 && !desk->quit) {
        struct terminal_event event = terminal_wait(desk->terminal, wait_ms(desk));

        error = follow_time(desk);
        if (error == 0) {
            error = take_event(desk, &event);
        }
        if (error == 0) {
            target_ms(desk); // a new page has a new pace
            error = draw(desk, false);
        }
    }
    return error;
}

static void explain(const struct tui *desk, int error, char *sentence, size_t sentence_size) {
    const char *own = world_error(desk->world);

    if (own[0] != '\0') {
        snprintf(sentence, sentence_size, "%s", own);
    } else {
        snprintf(sentence, sentence_size, "The terminal cannot be used any more: %s.", strerror(-error));
    }
}

int tui_run(struct world *world, const char *out_dir, char *sentence, size_t sentence_size) {
    struct tui desk = {.world = world, .out_dir = out_dir, .pace = 1};
    int error = terminal_open(&desk.terminal);

    if (error < 0) {
        snprintf(sentence, sentence_size,
                 "There is no terminal to draw on: start it in one, or run a script with --script FILE.");
        return error;
    }
    desk.base_true_ms = read_clock_ms(CLOCK_REALTIME);
    desk.base_real_ms = read_clock_ms(CLOCK_BOOTTIME);
    error = world_begin(world, desk.base_true_ms);
    if (error == 0) {
        error = go_on(&desk);
    }
    terminal_close(desk.terminal);
    free(desk.drawn);
    if (error < 0) {
        explain(&desk, error, sentence, sentence_size);
    }
    return error;
}
