// What the parts of the bedside share.
#ifndef KARANI_DAEMON_HOST_INSIDE_H
#define KARANI_DAEMON_HOST_INSIDE_H

#include "daemon/control/clients.h"
#include "daemon/host/cue.h"
#include "daemon/host/host.h"
#include "daemon/linux/buttons.h"
#include "daemon/linux/loop.h"
#include "daemon/runtime/runtime.h"
#include "display/wire/gpio.h"
#include "display/wire/reopening.h"
#include "display/wire/spidev.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- the panel's wire, which may be missing, taken or lost ----

struct bedside_panel {
    struct loop *loop;
    const struct setup *setup;
    struct wire_lasting *wire;
    struct wire_spidev *spidev;          // NULL while closed
    int busy_fd;                         // in the loop; −1: not
    char trouble[BEDSIDE_SENTENCE_SIZE]; // why it could not be opened; "" while it is open
};

int bedside_panel_new(struct bedside_panel *panel, struct loop *loop, const struct setup *setup);
void bedside_panel_clear(struct bedside_panel *panel);
void bedside_panel_drain(struct bedside_panel *panel); // takes the edges of BUSY

// ---- buttons and cue ----

enum { BEDSIDE_RETRIES = 4 };
extern const int64_t bedside_retry_ms[BEDSIDE_RETRIES]; // as for the panel; the last one repeats

struct bedside_buttons {
    struct loop *loop;
    const struct setup *setup;
    struct buttons *buttons; // NULL while they cannot be had
    int64_t last_edge_ms;
    int64_t retry_ms; // INT64_MAX while they are there
    size_t retries;
    char trouble[BEDSIDE_SENTENCE_SIZE];
};

void bedside_buttons_begin(struct bedside_buttons *buttons, struct loop *loop, const struct setup *setup,
                           int64_t boot_ms);
void bedside_buttons_end(struct bedside_buttons *buttons);

// Feeds the hands with the edges that have come; tries again to have the buttons when that is due.
void bedside_buttons_attend(struct bedside_buttons *buttons, struct hands *hands, struct moment now);

struct bedside_cue {
    struct gpio_line *line; // NULL: none
    struct cue cue;
};

void bedside_cue_begin(struct bedside_cue *cue, const struct setup *setup);
void bedside_cue_end(struct bedside_cue *cue);
void bedside_cue_attend(struct bedside_cue *cue, int64_t boot_ms);

// ---- what others may ask and correct ----

enum { BEDSIDE_LOG_ENTRIES = 64, BEDSIDE_LOG_TEXT_SIZE = 160 };

// The last refreshes and faults; the oldest gives way.
struct bedside_log {
    struct {
        int64_t utc_s;
        const char *event; // "refresh", "fault"
        char text[BEDSIDE_LOG_TEXT_SIZE];
    } entries[BEDSIDE_LOG_ENTRIES];
    size_t count; // since the start
};

struct bedside_control {
    struct service_host host;
    struct clients *clients; // NULL: not yet, or nobody can be let in
    int lock;                // of the state directory; −1: not had
    int64_t retry_ms;        // when it is tried again; INT64_MAX: it is had
    bool complained;
};

// ---- the whole ----

struct bedside {
    const struct bedside_setup *given;
    struct bedside_panel panel;
    struct bedside_buttons buttons;
    struct bedside_cue cue;
    struct bedside_control control;
    struct bedside_log log;
    struct hands *hands;
    struct zone *zone; // in force
    bool synchronised;
    bool glass_changed;
    bool owes_life;                    // systemd has waited for a sign of life since
    char fault[BEDSIDE_SENTENCE_SIZE]; // of the panel, until it answers again
    char *told;                        // the status that was written last
    bool run_dir_fails;                // has been told
};

// The control socket, once nobody else corrects the diary: until then it is tried again.
void bedside_control_begin(struct bedside *bedside);
void bedside_control_end(struct bedside *bedside);
void bedside_control_attend(struct bedside *bedside, struct moment now);
int64_t bedside_control_deadline(const struct bedside *bedside);

// The hands' listener: what they did becomes sentences in the log.
void bedside_hear(void *context, const struct hands_event *event, struct moment now);

// Writes status and glass anew if they have changed, and tells systemd.
void bedside_report(struct bedside *bedside, struct moment now);

#endif
