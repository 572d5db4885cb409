// karanictl panels: which panels Karani knows, and what that knowledge rests on.
#include "daemon/ctl/command.h"

#include "display/panel/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name;
    const char *words;
} EVIDENCE[] = {
    [PANEL_EVIDENCE_DATASHEET] = {"datasheet", "from its datasheet"},
    [PANEL_EVIDENCE_PUBLIC_DRIVER] = {"public-driver", "from public drivers"},
    [PANEL_EVIDENCE_NOBODY] = {"nobody", "a guess"},
};

static void print_row(const struct panel_row *row) {
    printf("%-20s  %4d × %-4d  %5.2f″  full %4.1f s, partial %3.1f s  %s\n", row->name, row->width_px, row->height_px,
           row->diagonal_inch, (double)row->full_ms / 1000, (double)row->partial_ms / 1000,
           EVIDENCE[row->evidence].words);
}

static void build_row(JsonBuilder *builder, const struct panel_row *row) {
    json_builder_begin_object(builder);
    ctl_add_text(builder, "name", row->name);
    ctl_add_text(builder, "title", row->title);
    ctl_add_number(builder, "width_px", row->width_px);
    ctl_add_number(builder, "height_px", row->height_px);
    json_builder_set_member_name(builder, "diagonal_inch");
    json_builder_add_double_value(builder, row->diagonal_inch);
    ctl_add_number(builder, "full_ms", row->full_ms);
    ctl_add_number(builder, "partial_ms", row->partial_ms);
    ctl_add_text(builder, "evidence", EVIDENCE[row->evidence].name);
    json_builder_end_object(builder);
}

static int run(const struct ctl *ctl) {
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    if (!ctl_has(ctl, "json")) {
        for (size_t i = 0; i < count; i++) {
            print_row(&rows[i]);
        }
        return EXIT_SUCCESS;
    }
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_array(builder);
    for (size_t i = 0; i < count; i++) {
        build_row(builder, &rows[i]);
    }
    json_builder_end_array(builder);
    ctl_print_json(builder);
    g_object_unref(builder);
    return EXIT_SUCCESS;
}

static const struct option_row OPTIONS[] = {
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command panels_command = {
    .name = "panels",
    .summary = "the panels there are, for panel= in karani.conf",
    .options = OPTIONS,
    .run = run,
};
