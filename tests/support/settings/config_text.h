// What the tests of karani.conf share: a file of their own, what was complained of, and a config as text.
#ifndef KARANI_TESTS_SUPPORT_SETTINGS_CONFIG_TEXT_H
#define KARANI_TESTS_SUPPORT_SETTINGS_CONFIG_TEXT_H

#include "daemon/settings/config.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What was complained of.
struct heard {
    size_t count;
    char sentences[16][512];
};

static inline void hear(void *context, const struct complaint *complaint) {
    struct heard *heard = context;
    char *sentence = complaint_format(complaint);
    assert_non_null(sentence);
    if (heard->count < 16) {
        snprintf(heard->sentences[heard->count], sizeof heard->sentences[0], "%s", sentence);
    }
    free(sentence);
    heard->count++;
}

static char folder[] = "/tmp/karani-config-XXXXXX";
static char path[64];

static inline int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/karani.conf", folder);
    return 0;
}

static inline int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static inline void write_file(const char *text, size_t length) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static inline int read_bytes(const char *text, size_t length, struct config **config, struct heard *heard) {
    write_file(text, length);
    *config = NULL;
    memset(heard, 0, sizeof *heard);
    return config_read(config, path, false, hear, heard);
}

static inline int read_text(const char *text, struct config **config, struct heard *heard) {
    return read_bytes(text, strlen(text), config, heard);
}

// Every field as text, so that two configs can be compared and a test can name a value.
static inline void describe(const struct config *c, char *text, size_t size) {
    char pattern[256] = "";
    for (size_t i = 0; i < c->cue_pattern_count; i++) {
        snprintf(pattern + strlen(pattern), sizeof pattern - strlen(pattern), "%d,", c->cue_pattern_ms[i]);
    }
    snprintf(text, size,
             "board=%s panel=%s rotate=%d language=%s zone=%s reading_distance_m=%g routine=%s minutes=%d variant=%s "
             "auto_advance=%d counts_from_s=%d pause_limit_min=%d invite=%d morning=%d show_streak=%d rest_nights=%d "
             "main=%s back=%s more=%s less=%s info=%s hold_ms=%d debounce_ms=%d line=%s pattern=%s "
             "partials_per_full=%d backups=%d ",
             c->board, c->panel ? c->panel : "-", c->rotate_deg, c->language, c->zone ? c->zone : "-",
             c->reading_distance_m, c->routine, c->minutes, variant_name(c->variant), c->auto_advance, c->counts_from_s,
             c->pause_limit_min, c->invite_min, c->morning_min, c->show_streak, c->rest_nights,
             c->buttons[0] ? c->buttons[0] : "-", c->buttons[1] ? c->buttons[1] : "-",
             c->buttons[2] ? c->buttons[2] : "-", c->buttons[3] ? c->buttons[3] : "-",
             c->buttons[4] ? c->buttons[4] : "-", c->hold_ms, c->debounce_ms, c->cue_line ? c->cue_line : "-", pattern,
             c->partials_per_full, c->backups);
}

// The defaults as karani.conf(5) and daemon/settings/config.h name them.
static const char defaults[] =
    "board=waveshare-hat panel=- rotate=-1 language=en zone=- reading_distance_m=0 routine=legs-up-the-wall minutes=10 "
    "variant=wall auto_advance=1 counts_from_s=180 pause_limit_min=10 invite=1230 morning=390 show_streak=1 "
    "rest_nights=2 main=- back=- more=- less=- info=- hold_ms=500 debounce_ms=30 line=- pattern=300,200,300, "
    "partials_per_full=15 backups=2 ";

static inline void assert_defaults(const struct config *config) {
    char text[2048];
    describe(config, text, sizeof text);
    assert_string_equal(text, defaults);
}

static inline void assert_says(const char *sentence, const char *part) {
    if (!strstr(sentence, part)) {
        fail_msg("\"%s\" does not say \"%s\"", sentence, part);
    }
}

#endif
