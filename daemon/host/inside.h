// What the parts of the host share.
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

struct host_panel {
    struct loop *loop;
    const struct setup *setup;
    struct wire_reopening *wire;
    struct wire_spidev *spidev;       // NULL while closed
    int busy_fd;                      // in the loop; −1: not
    char trouble[HOST_SENTENCE_SIZE]; // why it could not be opened; "" while it is open
};

int host_panel_new(struct host_panel *panel, struct loop *loop, const struct setup *setup);
void host_panel_clear(struct host_panel *panel);
void host_panel_drain(struct host_panel *panel); // takes the edges of BUSY

// ---- buttons and cue ----

enum { HOST_RETRIES = 4 };
extern const int64_t host_retry_ms[HOST_RETRIES]; // as for the panel; the last one repeats

struct host_buttons {
    struct loop *loop;
    const struct setup *setup;
    struct buttons *buttons; // NULL while they cannot be had
    int64_t last_edge_ms;
    int64_t retry_ms; // INT64_MAX while they are there
    size_t retries;
    char trouble[HOST_SENTENCE_SIZE];
};

void host_buttons_begin(struct host_buttons *buttons, struct loop *loop, const struct setup *setup, int64_t boot_ms);
void host_buttons_end(struct host_buttons *buttons);

// Feeds the runtime with the edges that have come; tries again to have the buttons when that is due.
void host_buttons_attend(struct host_buttons *buttons, struct runtime *runtime, struct moment now);

struct host_cue {
    struct gpio_line *line; // NULL: none
    struct cue cue;
};

void host_cue_begin(struct host_cue *cue, const struct setup *setup);
void host_cue_end(struct host_cue *cue);
void host_cue_attend(struct host_cue *cue, int64_t boot_ms);

// ---- what others may ask and correct ----

enum { HOST_LOG_ENTRIES = 64, HOST_LOG_TEXT_SIZE = 160 };

// The last refreshes and faults; the oldest gives way.
struct host_log {
    struct {
        int64_t utc_s;
        const char *event; // "refresh", "fault"
        char text[HOST_LOG_TEXT_SIZE];
    } entries[HOST_LOG_ENTRIES];
    size_t count; // since the start
};

struct host_control {
    struct service_host host;
    struct clients *clients; // NULL: not yet, or nobody can be let in
    int lock;                // of the state directory; −1: not had
    int64_t retry_ms;        // when it is tried again; INT64_MAX: it is had
    bool complained;
};

// ---- the whole ----

struct host {
    const struct host_setup *given;
    struct host_panel panel;
    struct host_buttons buttons;
    struct host_cue cue;
    struct host_control control;
    struct host_log log;
    struct runtime *runtime;
    struct zone *zone; // in force
    bool synchronised;
    bool glass_changed;
    bool owes_life;     // systemd has waited for a sign of life since
    bool panel_fails;   // has been told
    char *told;         // the status that was written last
    bool run_dir_fails; // has been told
};

// The control socket, once nobody else corrects the diary: until then it is tried again.
void host_control_begin(struct host *host);
void host_control_end(struct host *host);
void host_control_attend(struct host *host, struct moment now);
int64_t host_control_deadline(const struct host *host);

// The runtime's listener: what they did becomes sentences in the log.
void host_hear(void *context, const struct runtime_event *event, struct moment now);

// Writes status and glass anew if they have changed, and tells systemd.
void host_report(struct host *host, struct moment now);

#endif
