// The set-up in words, and what the pages measure for the eyes that read them.
#include "daemon/settings/setup.h"

#include "display/draw/canvas.h"
#include "display/page/page.h"
#include "display/panel/rows.h"

#include <float.h>
#include <math.h>

// Letters must subtend at least this at the reading distance (NUREG-0700 1.3.1-4).
#define LEGIBLE_ARCMIN 16.0

// A letter as high as this is what decimal acuity 1.0 can just read (ISO 8596: an optotype of 5 arcminutes, its gap 1).
#define ACUITY_ONE_ARCMIN 5.0

#define ARCMIN_RAD (M_PI / 180 / 60)

static const char *const button_keys[CONFIG_BUTTONS] = {"main", "back", "more", "less", "info"};

static const char *const evidence_words[] = {
    [PANEL_EVIDENCE_DATASHEET] = "the datasheet; not tried on glass yet",
    [PANEL_EVIDENCE_PUBLIC_DRIVER] = "public drivers and product pages; not tried on glass yet",
    [PANEL_EVIDENCE_NOBODY] = "guesses; not tried on glass yet",
};

static void print_line(FILE *to, const char *label, const struct board_line *line) {
    if (line->name) {
        fprintf(to, "%s %s", label, line->name);
    } else if (line->offset >= 0) {
        fprintf(to, "%s %d", label, line->offset);
    } else {
        fprintf(to, "%s none", label);
    }
}

static void print_board_source(const struct setup *setup, FILE *to) {
    char where[CONFIG_WHERE_SIZE];
    switch (setup->board_source) {
    case SETUP_BOARD_CONFIG:
        config_where(setup->config, "device", "board", where);
        fprintf(to, "            named by %s\n", where);
        return;
    case SETUP_BOARD_HAT:
        fprintf(to, "            named by the HAT, whose EEPROM says \"%s\"\n", setup->hat_product);
        return;
    case SETUP_BOARD_DEFAULT:
        fputs("            the default", to);
        if (*setup->hat_product) {
            fprintf(to, "; no board is known for the HAT, whose EEPROM says \"%s\"", setup->hat_product);
        }
        fputc('\n', to);
        return;
    }
}

static void print_pins(const struct setup *setup, FILE *to) {
    const struct board *board = setup->board;
    const struct config *config = setup->config;
    const struct {
        const char *label;
        const struct board_line *line;
    } wires[] = {{"dc", &board->dc}, {"reset", &board->reset}, {"busy", &board->busy}, {"power", &board->power}};
    fprintf(to, "Board       %s: %s\n", board->name, board->title);
    print_board_source(setup, to);
    fprintf(to, "Wires       %s, chip %s; ", board->spidev,
            board->chip_label ? board->chip_label : "the Raspberry Pi's own");
    for (size_t i = 0; i < sizeof wires / sizeof wires[0]; i++) {
        fputs(i ? ", " : "", to);
        print_line(to, wires[i].label, wires[i].line);
    }
    fputs("\nButtons     ", to);
    bool first = true;
    for (size_t i = 0; i < CONFIG_BUTTONS; i++) {
        const struct board_line *button = &board->buttons[i];
        if (button->offset < 0 && !button->name) {
            continue;
        }
        fputs(first ? "" : ", ", to);
        print_line(to, button_keys[i], button);
        fputs(button->active_low ? "" : " (pressed is high)", to);
        first = false;
    }
    fprintf(to, "; hold %d ms, debounce %d ms\n", config->hold_ms, config->debounce_ms);
}

static const char *cards_word(size_t count) {
    return count == 1 ? "card" : "cards";
}

static void print_routine(const struct setup *setup, FILE *to) {
    const struct routine *routine = setup->routine;
    fprintf(to, "Routine     %s (%s), %zu %s:", routine->name, setup->routine_path, routine->card_count,
            cards_word(routine->card_count));
    for (size_t i = 0; i < routine->card_count; i++) {
        fprintf(to, " %s", routine->cards[i].name);
    }
    fputs("\nVariants   ", to);
    for (int v = 0; v < VARIANT_COUNT; v++) {
        size_t cards = 0;
        int seconds = 0;
        for (size_t i = 0; i < routine->card_count; i++) {
            cards += routine->cards[i].in[v];
            seconds += routine->cards[i].in[v] ? routine->cards[i].seconds : 0;
        }
        fprintf(to, "%s %s %zu %s in %d s", v ? "," : "", variant_name((enum variant)v), cards, cards_word(cards),
                seconds);
    }
    fputc('\n', to);
}

void setup_print(const struct setup *setup, FILE *to) {
    const struct config *config = setup->config;
    fprintf(to, "Settings    %s\n", config->path ? config->path : "the defaults");
    print_pins(setup, to);
    fprintf(to, "Panel       %s: %s, turned by %d degrees\n", setup->row->name, setup->row->title,
            setup->board->rotate_deg);
    fprintf(to, "            its row rests on %s\n", evidence_words[setup->row->evidence]);
    fprintf(to, "Language    %s\n", setup->language);
    fprintf(to, "Zone        %s%s\n", setup->zone_name, setup->system_zone ? " (the system's)" : "");
    print_routine(setup, to);
    fprintf(to, "Practice    %d min, %s; cards turn %s; counts from %d s; a pause ends after %d min\n", config->minutes,
            variant_name(config->variant), config->auto_advance ? "by themselves" : "by a press only",
            config->counts_from_s, config->pause_limit_min);
    fprintf(to, "Night       invites at %02d:%02d, morning from %02d:%02d, %d rest nights in seven, streak %s\n",
            config->invite_min / 60, config->invite_min % 60, config->morning_min / 60, config->morning_min % 60,
            config->rest_nights, config->show_streak ? "shown" : "not shown");
    fprintf(to, "Glass       a full refresh after %d partial ones\n", config->partials_per_full);
    fprintf(to, "Cue         %s%s\n", config->cue_line ? "line " : "none", config->cue_line ? config->cue_line : "");
    fprintf(to, "Diary       %d backups kept\n", config->backups);
}

// The lowest and the highest letters of the page on the canvas.
static void measure_blocks(const struct canvas *canvas, double *lowest_px, double *highest_px) {
    size_t count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &count);
    for (size_t i = 0; i < count; i++) {
        *lowest_px = fmin(*lowest_px, blocks[i].cap_height_px);
        *highest_px = fmax(*highest_px, blocks[i].cap_height_px);
    }
}

// The lowest letters of all cards of the variant, both faces.
static double measure_words(const struct setup *setup, struct canvas *canvas) {
    const struct routine *routine = setup->routine;
    enum variant variant = setup->config->variant;
    double lowest_px = DBL_MAX, highest_px = 0;
    for (size_t i = 0; i < routine->card_count; i++) {
        struct view view = {
            .page = PAGE_CARD,
            .card = {.words = routine->cards[i].words[variant], .index = (int)i, .count = (int)routine->card_count}};
        int faces = page_faces(canvas, &view);
        for (view.face = 0; view.face < faces; view.face++) {
            page_draw(canvas, &view); // a picture that is missing was told by the routine
            measure_blocks(canvas, &lowest_px, &highest_px);
        }
    }
    return lowest_px;
}

static double measure_minutes(const struct setup *setup, struct canvas *canvas) {
    struct view view = {.page = PAGE_COUNTDOWN,
                        .countdown = {.minutes_left = setup->config->minutes, .minutes_total = setup->config->minutes}};
    double lowest_px = DBL_MAX, highest_px = 0;
    page_draw(canvas, &view);
    measure_blocks(canvas, &lowest_px, &highest_px);
    return highest_px;
}

bool setup_print_legibility(const struct setup *setup, const char *font_dir, FILE *to, char *sentence,
                            size_t sentence_size) {
    const struct panel_row *row = setup->row;
    struct glass glass = {row->width_px, row->height_px, row->pixel_mm, setup->reading_m};
    if (setup->board->rotate_deg % 180 != 0) {
        glass = (struct glass){row->height_px, row->width_px, row->pixel_mm, setup->reading_m};
    }
    struct canvas *canvas;
    if (canvas_new(&canvas, &glass, font_dir, sentence, sentence_size) < 0) {
        return false;
    }
    double words_px = measure_words(setup, canvas), minutes_px = measure_minutes(setup, canvas);
    double words_arcmin = canvas_arcmin(canvas, words_px), minutes_arcmin = canvas_arcmin(canvas, minutes_px);
    canvas_free(canvas);
    double readable_m = words_px * row->pixel_mm / 1000 / (2 * tan(LEGIBLE_ARCMIN / 2 * ARCMIN_RAD));
    fprintf(to, "Legibility  read from %.2g m: the smallest capitals are %.1f mm high, %.1f arcminutes\n",
            setup->reading_m, words_px * row->pixel_mm, words_arcmin);
    fprintf(to, "            readable to %.2f m (%.0f arcminutes); from %.2g m that asks a decimal acuity of %.2f\n",
            readable_m, LEGIBLE_ARCMIN, setup->reading_m, ACUITY_ONE_ARCMIN / words_arcmin);
    fprintf(to, "            the countdown's minutes are %.1f mm high, %.0f arcminutes\n", minutes_px * row->pixel_mm,
            minutes_arcmin);
    return true;
}
