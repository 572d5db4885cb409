// The set-up: settings, board, panel row, routine, language and zone put together, each checked against the others
// and against what is installed. A mistake leaves the default in its place.
#ifndef KARANI_DAEMON_SETTINGS_SETUP_H
#define KARANI_DAEMON_SETTINGS_SETUP_H

#include "daemon/settings/board.h"
#include "daemon/settings/config.h"
#include "daemon/settings/hat.h"
#include "daemon/settings/routine.h"

#include <stdbool.h>
#include <stdio.h>

struct panel_row; // display/panel/rows.h
struct paths;     // daemon/settings/paths.h
struct zone;      // daemon/core/clock.h

enum { SETUP_ZONE_SIZE = 64 };

// Who says which board it is.
enum setup_board_source { SETUP_BOARD_DEFAULT, SETUP_BOARD_CONFIG, SETUP_BOARD_HAT };

struct setup {
    struct config *config; // owned
    struct board *board;   // owned; the config's buttons, panel and rotation are in it
    enum setup_board_source board_source;
    char hat_product[HAT_PRODUCT_SIZE]; // empty: no HAT says its name, or it was not asked
    const struct panel_row *row;
    struct routine *routine; // owned; in the language below
    char *routine_path;      // owned
    const char *language;    // the config's, or "en" while there is no catalogue for it
    bool system_zone;        // the config names none that exists
    char zone_name[SETUP_ZONE_SIZE];
    struct zone *zone; // owned
    double reading_m;  // the config's, or what suits the panel
};

// Puts the set-up together. `config` is taken over, and freed on failure too; its fields may have been replaced by
// options before. 0; -EINVAL when anything was complained of (*setup is complete
// all the same, with defaults); -ENOENT when not even the default board or routine can be read; -ENOMEM.
int setup_make(struct setup **setup, struct config *config, const struct paths *paths, complaint_listener *listener,
               void *context);

void setup_free(struct setup *setup);

// C.UTF-8, the one locale that every system has, by another name. By its own, glibc 2.39 and later (Debian 13) take it
// for "C", which asks for no catalogue whatever LANGUAGE says. XX is no territory's code (ISO 3166-1), and where a
// territory has no locale, setlocale() takes the one of the language.
#define SETUP_LOCALE "C_XX.UTF-8"

// Makes gettext speak the set-up's language; before the first page is drawn. The locale says only that text is UTF-8,
// LANGUAGE which catalogue.
void setup_speak(const struct setup *setup, const struct paths *paths);

// Prints the set-up for people: pins, panel and what its row rests on, language, zone, routine, practice, night.
void setup_print(const struct setup *setup, FILE *to);

// Measures the pages that the device will show and prints what that means for the reader's eyes. False, with one
// sentence in `sentence`, when they cannot be drawn.
bool setup_print_legibility(const struct setup *setup, const char *font_dir, FILE *to, char *sentence,
                            size_t sentence_size);

#endif
