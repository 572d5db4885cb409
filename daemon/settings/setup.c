// Puts settings, board, panel row, routine, language and zone together; what does not fit leaves its default.
#include "daemon/settings/setup.h"

#include "daemon/core/clock.h"
#include "daemon/settings/paths.h"
#include "display/panel/rows.h"

#include <dirent.h>
#include <errno.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char standard_board[] = "waveshare-hat";
static const char standard_panel[] = "waveshare-2.13-v4";
static const char standard_routine[] = "legs-up-the-wall";
static const char source_language[] = "en"; // the words in the program itself: needs no catalogue

// Where glass is read from (karani(7), THE GLASS).
#define SMALL_BELOW_INCH 3.0
#define SMALL_READING_M  0.6
#define LARGE_READING_M  1.0

// Counts what is told, on its way to the caller.
struct making {
    struct setup *setup;
    const struct paths *paths;
    complaint_listener *listener;
    void *context;
    size_t complaints;
};

static void pass_on(void *context, const struct complaint *complaint) {
    struct making *making = context;
    making->complaints++;
    making->listener(making->context, complaint);
}

// Adds a name to a list in words, while there is room for all of it.
static void list_add(char *list, size_t size, const char *name) {
    size_t used = strlen(list);
    int length = snprintf(list + used, size - used, "%s%s", used ? ", " : "", name);
    if (length < 0 || (size_t)length >= size - used) {
        list[used] = '\0';
    }
}

static bool names_have(char *const *names, const char *name) {
    for (; names && *names; names++) {
        if (strcmp(*names, name) == 0) {
            return true;
        }
    }
    return false;
}

// The board that the HAT says it is, if there is such a file.
static const char *choose_hat(struct making *making, char *const *names) {
    struct setup *setup = making->setup;
    if (!making->paths->hat || !hat_read_product(making->paths->hat, setup->hat_product)) {
        return NULL;
    }
    const char *board = hat_board(setup->hat_product);
    return names_have(names, board) ? board : NULL;
}

// The config's board if there is such a file; when it names none, the HAT's; else the default one.
static const char *choose_board_of(struct making *making, char *const *names) {
    struct setup *setup = making->setup;
    const char *name = setup->config->board;
    setup->board_source = SETUP_BOARD_CONFIG;
    // An option may have put another name there.
    if (!config_names(setup->config, "device", "board") && strcmp(name, standard_board) == 0) {
        const char *hat = choose_hat(making, names);
        setup->board_source = hat ? SETUP_BOARD_HAT : SETUP_BOARD_DEFAULT;
        return hat ? hat : standard_board;
    }
    if (!names || !names[0] || names_have(names, name)) {
        return name;
    }
    char list[512] = "";
    for (; *names; names++) {
        list_add(list, sizeof list, *names);
    }
    complaint_tell(pass_on, making, config_about(setup->config, "device", "board"),
                   "there is no board \"%s\"; choose one of %s (until then %s holds).", name, list, standard_board);
    setup->board_source = SETUP_BOARD_DEFAULT;
    return standard_board;
}

static const char *choose_board(struct making *making, const char *const *directories) {
    char **names = board_names(directories);
    const char *name = choose_board_of(making, names); // never one of `names`
    board_names_free(names);
    return name;
}

static int make_board(struct making *making) {
    struct setup *setup = making->setup;
    const char *const *directories = (const char *const *)making->paths->boards;
    const char *name = choose_board(making, directories);
    int error = board_read(&setup->board, name, directories, pass_on, making);
    if (error == -EINVAL && strcmp(name, standard_board) != 0) {
        setup->board_source = SETUP_BOARD_DEFAULT;
        error = board_read(&setup->board, standard_board, directories, pass_on, making);
    }
    if (error) {
        return error == -ENOMEM ? -ENOMEM : -ENOENT;
    }
    char *own_panel = strdup(setup->board->panel);
    if (!own_panel) {
        return -ENOMEM;
    }
    error = board_apply(setup->board, setup->config, pass_on, making);
    setup->row = panel_row_find(setup->board->panel);
    if (!setup->row) {
        char list[512] = "";
        size_t count;
        const struct panel_row *rows = panel_rows(&count);
        for (size_t i = 0; i < count; i++) {
            list_add(list, sizeof list, rows[i].name);
        }
        setup->row = panel_row_find(own_panel);
        setup->row = setup->row ? setup->row : panel_row_find(standard_panel);
        if (setup->config->panel) {
            complaint_tell(pass_on, making, config_about(setup->config, "device", "panel"),
                           "there is no panel \"%s\"; choose one of %s (until then %s holds).", setup->config->panel,
                           list, setup->row->name);
        } else {
            complaint_tell(pass_on, making, config_about(setup->config, "device", "panel"),
                           "the board %s names the panel \"%s\", which is not known; choose one of %s.",
                           setup->board->name, own_panel, list);
        }
    }
    free(own_panel);
    return error == -ENOMEM ? -ENOMEM : 0;
}

static bool has_catalogue(const struct paths *paths, const char *language) {
    char *path;
    if (asprintf(&path, "%s/%s/LC_MESSAGES/karani.mo", paths->locale, language) < 0) {
        return false;
    }
    bool found = access(path, R_OK) == 0;
    free(path);
    return found;
}

// As gettext looks for catalogues: the language with its country, then without.
static bool language_is_there(const struct paths *paths, const char *language) {
    char plain[8];
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(language, "_@"), language);
    return strcmp(plain, source_language) == 0 || has_catalogue(paths, language) || has_catalogue(paths, plain);
}

static void make_language(struct making *making) {
    struct setup *setup = making->setup;
    setup->language = setup->config->language ? setup->config->language : source_language;
    if (language_is_there(making->paths, setup->language)) {
        return;
    }
    char list[256] = "";
    list_add(list, sizeof list, source_language);
    DIR *locale = opendir(making->paths->locale);
    for (const struct dirent *entry; locale && (entry = readdir(locale));) {
        if (entry->d_name[0] != '.' && has_catalogue(making->paths, entry->d_name)) {
            list_add(list, sizeof list, entry->d_name);
        }
    }
    if (locale) {
        closedir(locale);
    }
    complaint_tell(pass_on, making, config_about(setup->config, "device", "language"),
                   "Karani does not speak \"%s\"; choose one of %s (until then %s holds).", setup->language, list,
                   source_language);
    setup->language = source_language;
}

static int make_zone(struct making *making) {
    struct setup *setup = making->setup;
    const char *name = setup->config->zone;
    setup->zone = name && strlen(name) < SETUP_ZONE_SIZE ? zone_open(name) : NULL;
    if (setup->zone) {
        snprintf(setup->zone_name, SETUP_ZONE_SIZE, "%s", name);
        return 0;
    }
    setup->system_zone = true;
    paths_system_zone(PATHS_ETC, setup->zone_name, SETUP_ZONE_SIZE);
    setup->zone = zone_open(setup->zone_name);
    if (!setup->zone) {
        snprintf(setup->zone_name, SETUP_ZONE_SIZE, "UTC");
        setup->zone = zone_open("UTC");
    }
    if (name) {
        complaint_tell(
            pass_on, making, config_about(setup->config, "device", "zone"),
            "there is no time zone \"%s\"; write one like Europe/Berlin (until then the system's, %s, holds).", name,
            setup->zone_name);
    }
    return setup->zone ? 0 : -ENOMEM;
}

// Reads a routine by its name. -ENOENT when there is none such.
static int read_routine(struct making *making, const char *name) {
    struct setup *setup = making->setup;
    free(setup->routine_path);
    setup->routine_path = paths_routine(making->paths, name);
    if (!setup->routine_path) {
        return -ENOMEM;
    }
    return routine_read(&setup->routine, setup->routine_path, making->paths->pictures, setup->language, pass_on,
                        making);
}

static int make_routine(struct making *making) {
    const char *name = making->setup->config->routine ? making->setup->config->routine : standard_routine;
    int error = read_routine(making, name);
    if (error == -ENOENT) {
        complaint_tell(pass_on, making, config_about(making->setup->config, "practice", "routine"),
                       "there is no routine \"%s\" (looked for %s); name one that exists.", name,
                       making->setup->routine_path);
    }
    if ((error == -ENOENT || error == -EINVAL) && strcmp(name, standard_routine) != 0) {
        error = read_routine(making, standard_routine);
    }
    return error == -EINVAL ? -ENOENT : error;
}

static void make_reading_distance(struct setup *setup) {
    setup->reading_m = setup->config->reading_distance_m;
    if (setup->reading_m == 0) {
        setup->reading_m = setup->row->diagonal_inch < SMALL_BELOW_INCH ? SMALL_READING_M : LARGE_READING_M;
    }
}

int setup_make(struct setup **setup, struct config *config, const struct paths *paths, complaint_listener *listener,
               void *context) {
    struct making making = {calloc(1, sizeof(struct setup)), paths, listener, context, 0};
    if (!making.setup) {
        config_free(config);
        return -ENOMEM;
    }
    making.setup->config = config;
    int error = make_board(&making);
    make_language(&making);
    int routine_error = make_routine(&making); // tried even without a board: all mistakes are told at once
    error = error ? error : routine_error;
    int zone_error = make_zone(&making);
    error = error ? error : zone_error;
    if (error) {
        setup_free(making.setup);
        return error;
    }
    make_reading_distance(making.setup);
    *setup = making.setup;
    return making.complaints > 0 ? -EINVAL : 0;
}

void setup_speak(const struct setup *setup, const struct paths *paths) {
    setlocale(LC_ALL, SETUP_LOCALE);
    setenv("LANGUAGE", setup->language, 1);
    bindtextdomain("karani", paths->locale);
    bind_textdomain_codeset("karani", "UTF-8");
    textdomain("karani");
}

void setup_free(struct setup *setup) {
    if (!setup) {
        return;
    }
    config_free(setup->config);
    board_free(setup->board);
    routine_free(setup->routine);
    free(setup->routine_path);
    zone_unref(setup->zone);
    free(setup);
}
