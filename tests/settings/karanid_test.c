// Tests of the built karanid: what --check says and prints, each kind of mistake, and the exit codes. The program is
// copied into a tree of its own, so that its data beside it are the test's.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/ctl/child.h"

#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char tree[] = "/tmp/karani-karanid-XXXXXX";
static char out[16384], err[16384]; // of the last run

static const char *in_tree(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", tree, name);
    return path;
}

static void write_file(const char *name, const char *text) {
    FILE *file = fopen(in_tree(name), "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void read_file(const char *name, char *text, size_t size) {
    FILE *file = fopen(in_tree(name), "re");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

static const char good_routine[] = "[Routine]\nName=Legs up the wall\n"
                                   "[Card sit]\nTitle=Sit\nText=Sit down sideways at the wall, one hip touching it.\n"
                                   "Short=One hip at the wall.\nSeconds=30\n"
                                   "[Card lie]\nTitle=Lie\nText=Lean back and swing both legs up the wall, slowly.\n"
                                   "Short=Swing the legs up.\nSeconds=20\nVariants=wall;hips\n";

static void shell(const char *format, ...) {
    char command[4 * PATH_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    assert_int_equal(system(command), 0);
}

static int make_tree(void **state) {
    (void)state;
    char build[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", build, sizeof build - 1);
    if (length <= 0 || !mkdtemp(tree)) {
        return -1;
    }
    build[length] = '\0';
    for (int up = 0; up < 2; up++) { // build/VARIANT/tests/karanid_test
        *strrchr(build, '/') = '\0';
    }
    shell("mkdir -p '%s/bin' '%s/share/karani/routines' '%s/share/locale/de/LC_MESSAGES'", tree, tree, tree);
    shell("cp '%s/bin/karanid' '%s/bin/'", build, tree);
    shell("cp -R '%s/../../assets/boards' '%s/share/karani/boards'", build, tree);
    write_file("share/locale/de/LC_MESSAGES/karani.mo", "");
    write_file("share/karani/routines/legs-up-the-wall.routine", good_routine);
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static int remove_tree(void **state) {
    (void)state;
    return nftw(tree, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

// Runs the program with the arguments; returns its exit status.
static int run(const char *arguments) {
    char command[1024];
    snprintf(command, sizeof command,
             "cd '%s' && ulimit -S -t 30 && timeout 600 $KARANI_EMULATOR bin/karanid %s >out 2>err </dev/null", tree,
             arguments);
    int status = system(command);
    read_file("out", out, sizeof out);
    read_file("err", err, sizeof err);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 128) { // by a signal, as the shell tells it
        child_show(out);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) > 128) {
        child_show(err);
    }
    return child_exit_status(status, err);
}

static int run_config(const char *text) {
    write_file("k.conf", text);
    return run("--check --config k.conf");
}

static void assert_says(const char *text, const char *part) {
    if (!strstr(text, part)) {
        fail_msg("\"%s\" is not in:\n%s", part, text);
    }
}

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; *text; text++) {
        lines += *text == '\n';
    }
    return lines;
}

// The pins of Waveshare's HAT, what the row rests on, zone, cards and variants.
static void test_good_setup(void **state) {
    (void)state;
    int status = run_config("[device]\nzone=Europe/Berlin\n");
    if (status != 0) {
        fail_msg("exit %d: %s", status, err);
    }
    assert_string_equal(err, "");
    static const char *const parts[] = {
        "k.conf",
        "waveshare-hat",
        "            the default",
        "/dev/spidev0.0",
        "dc 25",
        "reset 17",
        "busy 24",
        "power 18",
        "main 21; hold 500 ms, debounce 30 ms",
        "waveshare-2.13-v4",
        "public drivers",
        "not tried on glass yet",
        "Language    en",
        "Europe/Berlin",
        "2 cards: sit lie",
        "wall 2 cards in 50 s",
        "chair 1 card in 30 s",
        "10 min, wall",
        "invites at 20:30, morning from 06:30",
        "State       /var/lib/karani",
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_says(out, parts[i]);
    }
    assert_int_equal(run("--check --config k.conf --state /somewhere/else"), 0);
    assert_says(out, "State       /somewhere/else");
    assert_int_equal(run_config("[device]\nlanguage=de_AT\n"), 0);
    assert_says(out, "Language    de_AT");
}

// Every board that is shipped is good as it is, is named as the config's choice, and can be read.
static void test_every_board(void **state) {
    (void)state;
    glob_t found;
    assert_int_equal(glob(in_tree("share/karani/boards/*.board"), 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 8);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *file = strrchr(found.gl_pathv[i], '/') + 1;
        char config[128], board[128];
        snprintf(config, sizeof config, "[device]\nboard=%.*s\n", (int)(strlen(file) - strlen(".board")), file);
        snprintf(board, sizeof board, "Board       %.*s: ", (int)(strlen(file) - strlen(".board")), file);
        if (run_config(config) != 0) {
            fail_msg("%s: %s", file, err);
        }
        assert_string_equal(err, "");
        assert_says(out, board);
        assert_says(out, "named by k.conf:2: [device] board");
        assert_says(out, "its row rests on ");
        assert_says(out, "Legibility  read from ");
    }
    globfree(&found);
}

// A number behind a part of the output.
static double number_after(const char *part) {
    assert_says(out, part);
    return atof(strstr(out, part) + strlen(part));
}

// The figures hang together as geometry has it: H = 2 D tan(a / 2), 16 arcminutes at least, acuity 5 / a; printed
// figures are rounded, hence the slack.
static void test_legibility(void **state) {
    (void)state;
    static const struct {
        const char *config;
        double reading_m;
    } rows[] = {
        {"", 0.6}, // below 3 inch
        {"[device]\nboard=waveshare-2.9-hat\n", 0.6},
        {"[device]\nreading_distance_m=1.2\n", 1.2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(run_config(rows[i].config), 0);
        double reading_m = number_after("read from "), height_mm = number_after("smallest capitals are ");
        double arcmin = number_after(" mm high, "), readable_m = number_after("readable to ");
        double acuity = number_after("decimal acuity of "), minutes_mm = number_after("minutes are ");
        assert_true(reading_m == rows[i].reading_m);
        assert_true(arcmin >= 16);
        double arcmin_of_height = height_mm / 1000 / reading_m * 180 * 60 / 3.14159265;
        assert_true(arcmin_of_height > arcmin * 0.97 && arcmin_of_height < arcmin * 1.03);
        double wanted_m = reading_m * arcmin / 16;
        assert_true(readable_m > wanted_m - 0.02 && readable_m < wanted_m + 0.02);
        assert_true(acuity > 5 / arcmin - 0.01 && acuity < 5 / arcmin + 0.01);
        assert_true(minutes_mm > height_mm);
    }
}

// Every mistake is one line on standard error, and all of them are there.
static const struct {
    const char *config;
    const char *says[4];
    const char *prints; // what is in force all the same
} mistakes[] = {
    {"[practice]\nminutes=99\n",
     {"k.conf:2: [practice] minutes: \"99\" is not understood; write a whole number from 1 to 30"},
     "10 min"},
    {"[practice]\nhours=1\n", {"k.conf:2: [practice] has no key hours"}, "10 min"},
    {"[practice]\nminutes=5\nminutes=6\n", {"k.conf:3: [practice] minutes comes twice"}, "10 min"},
    {"[night]\n[night]\n", {"k.conf:2: The group [night] comes twice, here and in line 1"}, "20:30"},
    {"[device]\npanel=waveshare-9-v9\n",
     {"k.conf:2: [device] panel: there is no panel \"waveshare-9-v9\"; choose one of "
      "adafruit-2.13-bonnet, inky-phat, "},
     "waveshare-2.13-v4"},
    {"[device]\nboard=toaster\n",
     {"k.conf:2: [device] board: there is no board \"toaster\"; choose one of "
      "adafruit-2.13-bonnet, bare-wire, inky-impression-keys, inky-phat, inky-what, waveshare-2.7-keys, "
      "waveshare-2.9-hat, waveshare-hat (until then waveshare-hat holds)"},
     "waveshare-hat"},
    {"[device]\nlanguage=xx\n",
     {"k.conf:2: [device] language: Karani does not speak \"xx\"; choose one of en, de"},
     "Language    en"},
    {"[device]\nzone=Mars/Base\n", {"k.conf:2: [device] zone: there is no time zone \"Mars/Base\""}, "(the system's)"},
    {"[practice]\nroutine=headstand\n",
     {"k.conf:2: [practice] routine: there is no routine \"headstand\""},
     "Legs up the wall"},
    {"[buttons]\nmain=25\n", {"k.conf:2: [buttons] main: line 25 is in use already"}, "main 21"},
    {"[buttons]\nmain=10\n", {"k.conf:2: [buttons] main: line 10 belongs to the SPI bus"}, "main 21"},
    {"[device]\npanel=x\nzone=y\n[buttons]\nback=21\n[night]\ninvite=noon\n",
     {"k.conf:7: [night] invite", "k.conf:2: [device] panel", "k.conf:3: [device] zone",
      "k.conf:5: [buttons] back: line 21"},
     "waveshare-2.13-v4"},
};

static void test_mistakes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        assert_int_equal(run_config(mistakes[i].config), 1);
        size_t sentences = 0;
        for (; sentences < 4 && mistakes[i].says[sentences]; sentences++) {
            assert_says(err, mistakes[i].says[sentences]);
        }
        if (count_lines(err) != sentences) {
            fail_msg("%zu sentences wanted:\n%s", sentences, err);
        }
        assert_says(out, mistakes[i].prints);
    }
}

static void test_unreadable_config(void **state) {
    (void)state;
    assert_int_equal(run("--check --config none.conf"), 1);
    assert_string_equal(err, "none.conf: There is no such file; name one that exists, or none for the defaults.\n");
    assert_int_equal(run("--check --config ."), 1);
    assert_string_equal(err, ".: The file cannot be read: it is a directory or a device, not a text file.\n");
    assert_int_equal(run("--check --config /dev/zero"), 1);
    assert_says(err, "/dev/zero: The file is larger than 1 MiB");
    assert_int_equal(run("--check --config bin/karanid"), 1);
    assert_int_equal(count_lines(err), 1); // a program is no text: NUL bytes, or larger than 1 MiB
}

static void test_routine_mistakes(void **state) {
    (void)state;
    write_file("share/karani/routines/mine.routine",
               "[Card sit]\nTitle=Sit\nText=Sit down.\nSeconds=1\nPicture=no.svg\n");
    assert_int_equal(run_config("[practice]\nroutine=mine\n"), 1);
    assert_int_equal(count_lines(err), 2);
    assert_says(err, "/share/karani/routines/mine.routine:4: [Card sit] Seconds: \"1\"");
    assert_says(err, "mine.routine:5: [Card sit] Picture: the picture ");
    assert_says(err, "/share/karani/pictures/no.svg is not there");
    assert_says(out, "1 card: sit");
    write_file("share/karani/routines/mine.routine", "[Routine]\nName=None\n");
    assert_int_equal(run_config("[practice]\nroutine=mine\n"), 1);
    assert_says(err, "mine.routine: There is no usable card");
    assert_says(out, "2 cards: sit lie"); // the default routine
}

static void test_board_mistakes(void **state) {
    (void)state;
    write_file("share/karani/boards/mine.board",
               "[Board]\nPanel=old\n[Wire]\ndc=25\nreset=17\nbusy=24\n[Buttons]\nmain=21\n");
    assert_int_equal(run_config("[device]\nboard=mine\n"), 1);
    assert_int_equal(count_lines(err), 1);
    assert_says(err, "the board mine names the panel \"old\", which is not known");
    write_file("share/karani/boards/mine.board", "[Board]\nPanel=waveshare-2.9-v2\n[Wire]\ndc=25\nreset=17\nbusy=24\n");
    assert_int_equal(run_config("[device]\nboard=mine\n"), 1);
    assert_int_equal(count_lines(err), 1);
    assert_says(err, "mine.board: [Buttons] main is missing");
    assert_says(out, "Board       waveshare-hat");
    unlink(in_tree("share/karani/boards/mine.board"));
}

// Without its data there is no set-up; it is said, not crashed over.
static void test_nothing_installed(void **state) {
    (void)state;
    shell("mv '%s/share' '%s/gone'", tree, tree);
    assert_int_equal(run_config(""), 1);
    assert_string_equal(out, "");
    assert_says(err, "There is no board waveshare-hat, and no other one");
    assert_says(err, "legs-up-the-wall.routine");
    assert_says(err, "install Karani again");
    shell("mv '%s/gone' '%s/share'", tree, tree);
}

static void test_options(void **state) {
    (void)state;
    static const struct {
        const char *arguments;
        int status;
        const char *out, *err;
    } rows[] = {
        {"--version", 0, "karanid " KARANI_VERSION "\n", ""},
        {"--help", 0, "Usage: karanid [--config FILE]", ""},
        {"--nonsense", 2, "", "Usage: karanid"},
        {"--config", 2, "", "Usage: karanid"},
        {"--check extra", 2, "", "\"extra\" is no option"},
        {"--check=yes", 2, "", "Usage: karanid"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(run(rows[i].arguments), rows[i].status);
        assert_says(out, rows[i].out);
        assert_says(err, rows[i].err);
        assert_true(*rows[i].out || !*out);
        assert_true(*rows[i].err || !*err);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_setup),        cmocka_unit_test(test_every_board),
        cmocka_unit_test(test_legibility),        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_unreadable_config), cmocka_unit_test(test_routine_mistakes),
        cmocka_unit_test(test_board_mistakes),    cmocka_unit_test(test_nothing_installed),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
