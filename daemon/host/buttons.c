// Buttons that may be missing for a while, and the cue's output.
#include "daemon/host/inside.h"

#include <stdio.h>
#include <string.h>

enum {
    EDGES_MAX = 64,        // taken at once
    KERNEL_EDGES_MAX = 16, // what the kernel keeps of a line: beyond it the last edges may be lost
    MINUTE_MS = 60 * 1000,
};

const int64_t host_retry_ms[HOST_RETRIES] = {MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS};

struct edges {
    struct button_edge items[EDGES_MAX]; // oldest first
    size_t count;
};

// ---- having them ----

static void leave(struct host_buttons *buttons) {
    for (int i = 0; buttons->buttons != NULL && i < BUTTON_COUNT; i++) {
        int fd = buttons_fd(buttons->buttons, (enum button)i);
        if (fd >= 0) {
            loop_remove(buttons->loop, fd);
        }
    }
    buttons_close(buttons->buttons);
    buttons->buttons = NULL;
}

static void put_off(struct host_buttons *buttons, const char *sentence, int64_t boot_ms) {
    leave(buttons);
    if (strcmp(buttons->trouble, sentence) != 0) {
        loop_log(LOOP_LOG_ERROR, "The buttons cannot be had: %s", sentence);
    }
    snprintf(buttons->trouble, sizeof buttons->trouble, "%s", sentence);
    buttons->retry_ms = boot_ms + host_retry_ms[buttons->retries];
    if (buttons->retries + 1 < HOST_RETRIES) {
        buttons->retries++;
    }
}

static void take(struct host_buttons *buttons, int64_t boot_ms) {
    char sentence[HOST_SENTENCE_SIZE];
    int error = buttons_open(&buttons->buttons, buttons->setup->board, sentence, sizeof sentence);
    for (int i = 0; error == 0 && i < BUTTON_COUNT; i++) {
        int fd = buttons_fd(buttons->buttons, (enum button)i);
        error = fd >= 0 ? loop_add(buttons->loop, fd) : 0;
        if (error < 0) {
            snprintf(sentence, sizeof sentence, "%s.", strerror(-error));
        }
    }
    if (error < 0) {
        put_off(buttons, sentence, boot_ms);
        return;
    }
    if (buttons->trouble[0] != '\0') {
        loop_log(LOOP_LOG_INFO, "The buttons are there again.");
    }
    buttons->trouble[0] = '\0';
    buttons->retry_ms = INT64_MAX;
    buttons->retries = 0;
}

void host_buttons_begin(struct host_buttons *buttons, struct loop *loop, const struct setup *setup, int64_t boot_ms) {
    *buttons = (struct host_buttons){.loop = loop, .setup = setup};
    take(buttons, boot_ms);
}

void host_buttons_end(struct host_buttons *buttons) {
    leave(buttons);
}

// ---- their edges ----

// Each button has a file of its own: their edges are put in order of time.
static void insert(struct edges *edges, struct button_edge edge) {
    size_t at = edges->count++;
    for (; at > 0 && edges->items[at - 1].boot_ms > edge.boot_ms; at--) {
        edges->items[at] = edges->items[at - 1];
    }
    edges->items[at] = edge;
}

// What a full queue may have swallowed shows in the level.
static int catch_up(const struct host_buttons *buttons, enum button button, struct edges *edges, int64_t boot_ms) {
    bool down;
    int error = buttons_is_down(buttons->buttons, button, &down);
    if (error == 0 && edges->count < EDGES_MAX) {
        insert(edges, (struct button_edge){.button = button, .down = down, .boot_ms = boot_ms});
    }
    return error;
}

static int read_edges(const struct host_buttons *buttons, enum button button, int64_t offset_ns, int64_t boot_ms,
                      struct edges *edges) {
    int error = 1, count = 0;
    while (error > 0 && edges->count < EDGES_MAX) {
        struct button_edge edge;
        error = buttons_next_edge(buttons->buttons, button, offset_ns, &edge);
        if (error > 0) {
            insert(edges, edge);
        }
        count += error > 0;
    }
    return error == 0 && count >= KERNEL_EDGES_MAX ? catch_up(buttons, button, edges, boot_ms) : error;
}

// Timestamps were converted with an offset read a moment later: never beyond now, never backwards.
static void feed(struct host_buttons *buttons, struct runtime *runtime, const struct button_edge *edge,
                 struct moment now) {
    int64_t at_ms = edge->boot_ms < buttons->last_edge_ms ? buttons->last_edge_ms : edge->boot_ms;
    buttons->last_edge_ms = at_ms < now.boot_ms ? at_ms : now.boot_ms;
    runtime_edge(runtime, edge->button, edge->down, buttons->last_edge_ms, now);
}

void host_buttons_attend(struct host_buttons *buttons, struct runtime *runtime, struct moment now) {
    if (now.boot_ms >= buttons->retry_ms) {
        take(buttons, now.boot_ms);
    }
    if (buttons->buttons == NULL) {
        return;
    }
    struct edges edges = {.count = 0};
    int64_t offset_ns = loop_boot_minus_monotonic_ns();
    int error = 0;
    for (int i = 0; i < BUTTON_COUNT && error >= 0; i++) {
        if (buttons_fd(buttons->buttons, (enum button)i) >= 0) {
            error = read_edges(buttons, (enum button)i, offset_ns, now.boot_ms, &edges);
        }
    }
    for (size_t i = 0; i < edges.count; i++) {
        feed(buttons, runtime, &edges.items[i], now);
    }
    if (error < 0) {
        put_off(buttons, "Their GPIO chip is gone.", now.boot_ms);
    }
}

// ---- the cue ----

void host_cue_begin(struct host_cue *cue, const struct setup *setup) {
    const struct config *config = setup->config;
    struct config_line line;
    *cue = (struct host_cue){.cue = {.pattern_ms = config->cue_pattern_ms, .count = config->cue_pattern_count}};
    if (config->cue_line == NULL || !config_parse_line(config->cue_line, &line)) {
        return;
    }
    const struct gpio_place place = {.chip_label = setup->board->chip_label, .name = line.name, .offset = line.offset};
    char sentence[HOST_SENTENCE_SIZE];
    if (gpio_open(&cue->line, &place, GPIO_OUTPUT_LOW, "karani cue", sentence, sizeof sentence) < 0) {
        loop_log(LOOP_LOG_WARNING, "There will be no cue: %s", sentence);
    }
}

void host_cue_end(struct host_cue *cue) {
    if (cue->line != NULL) {
        (void)gpio_set(cue->line, false); // whatever comes of it, the line is given back
    }
    gpio_close(cue->line);
    cue->line = NULL;
}

void host_cue_attend(struct host_cue *cue, int64_t boot_ms) {
    if (!cue_step(&cue->cue, boot_ms) || cue->line == NULL) {
        return;
    }
    int error = gpio_set(cue->line, cue->cue.on);
    if (error < 0) {
        loop_log(LOOP_LOG_WARNING, "The cue cannot be played: %s.", strerror(-error));
    }
}
