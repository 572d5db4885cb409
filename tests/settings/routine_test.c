// Tests of the routine: cards, languages, what a variant says in another way, and each complaint with its line.
#include "daemon/settings/routine.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct heard {
    size_t count;
    int lines[8];
    char sentences[8][512];
};

static char folder[] = "/tmp/karani-routine-XXXXXX";
static char path[64];

static void hear(void *context, const struct complaint *complaint) {
    struct heard *heard = context;
    char *sentence = complaint_format(complaint);
    assert_non_null(sentence);
    assert_string_equal(complaint->file, path);
    assert_int_equal(complaint->source, COMPLAINT_OF_ROUTINE);
    if (heard->count < 8) {
        heard->lines[heard->count] = complaint->line;
        snprintf(heard->sentences[heard->count], sizeof heard->sentences[0], "%s", sentence);
    }
    free(sentence);
    heard->count++;
}

static void write_file(const char *name, const char *text) {
    char file_path[128];
    snprintf(file_path, sizeof file_path, "%s/%s", folder, name);
    FILE *file = fopen(file_path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static const char *const pictures[] = {"sit.svg", "chair.svg", "bend.svg"};

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/evening.routine", folder);
    for (size_t i = 0; i < 3; i++) {
        write_file(pictures[i], "<svg/>");
    }
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char file_path[128];
        snprintf(file_path, sizeof file_path, "%s/%s", folder, pictures[i]);
        unlink(file_path);
    }
    unlink(path);
    return rmdir(folder);
}

static struct routine *read_text(const char *text, const char *language, struct heard *heard, int wanted) {
    struct routine *routine = NULL;
    write_file("evening.routine", text);
    memset(heard, 0, sizeof *heard);
    int error = routine_read(&routine, path, folder, language, hear, heard);
    if (error != wanted) {
        fail_msg("result %d; %s", error, heard->sentences[0]);
    }
    return routine;
}

static void assert_says(const char *sentence, const char *part) {
    if (!strstr(sentence, part)) {
        fail_msg("\"%s\" does not say \"%s\"", sentence, part);
    }
}

static const char whole[] = "[Routine]\n"
                            "Name=Legs up the wall\n"
                            "Name[de]=Beine an die Wand\n"
                            "[Variant wall]\n"
                            "Name=on the wall\n"
                            "Name[de]=an der Wand\n"
                            "Picture=sit.svg\n"
                            "[Variant chair]\n"
                            "Name=on a chair\n"
                            "[Card sit]\n"
                            "Title=Sit\n"
                            "Title[de]=Sitzen\n"
                            "Text=Sit sideways.\n"
                            "Text[de]=Setz dich seitlich.\n"
                            "Short=Sideways.\n"
                            "Short[de]=Seitlich.\n"
                            "Picture=sit.svg\n"
                            "Seconds=40\n"
                            "Title-chair=Chair\n"
                            "Text-chair=Sit before a chair.\n"
                            "Text-chair[de]=Setz dich vor einen Stuhl.\n"
                            "Short-chair=Before a chair.\n"
                            "Picture-chair=chair.svg\n"
                            "Text-hips=Sit on the bolster.\n"
                            "Short-knees=Knees bent.\n"
                            "[Card lie]\n"
                            "Title=Lie\n"
                            "Text=Lie down.\n"
                            "Variants=wall; hips;\n"
                            "[Reason calm]\n"
                            "Text=Many people find it calming.\n"
                            "Text[de]=Viele finden es beruhigend.\n"
                            "[Reason habit]\n"
                            "Text=A habit grows.\n"
                            "[Health eyes]\n"
                            "Title=Eyes\n"
                            "Text=Glaucoma?\n"
                            "[Health last]\n"
                            "Title=Does one apply?\n"
                            "Text=Press: none of these.\n"
                            "Short=Press: none.\n"
                            "[Ask First]\n"
                            "Title=Ask first\n"
                            "Text=Ask a doctor.\n"
                            "[Way Out]\n"
                            "Title=Way out\n"
                            "Text=Bend the knees.\n"
                            "Short=Bend.\n"
                            "Picture=bend.svg\n"
                            "Text-chair=Push the chair away.\n";

static void assert_words(const struct page_words *words, const char *title, const char *text, const char *brief,
                         const char *picture) {
    assert_string_equal(words->title, title);
    assert_string_equal(words->text, text);
    if (brief) {
        assert_string_equal(words->brief, brief);
    } else {
        assert_null(words->brief);
    }
    if (picture) {
        char wanted[128];
        snprintf(wanted, sizeof wanted, "%s/%s", folder, picture);
        assert_string_equal(words->picture, wanted);
    } else {
        assert_null(words->picture);
    }
}

static void test_english(void **state) {
    (void)state;
    struct heard heard;
    struct routine *routine = read_text(whole, "en", &heard, 0);
    assert_int_equal(heard.count, 0);
    assert_string_equal(routine->id, "evening");
    assert_string_equal(routine->name, "Legs up the wall");
    assert_int_equal(routine->card_count, 2);
    const struct routine_card *sit = &routine->cards[0], *lie = &routine->cards[1];
    assert_string_equal(sit->name, "sit");
    assert_int_equal(sit->seconds, 40);
    assert_words(&sit->words[VARIANT_WALL], "Sit", "Sit sideways.", "Sideways.", "sit.svg");
    assert_words(&sit->words[VARIANT_FARTHER], "Sit", "Sit sideways.", "Sideways.", "sit.svg");
    assert_words(&sit->words[VARIANT_CHAIR], "Chair", "Sit before a chair.", "Before a chair.", "chair.svg");
    // Another text without a short one of its own: the short one that says the old text must not stay.
    assert_words(&sit->words[VARIANT_HIPS], "Sit", "Sit on the bolster.", NULL, "sit.svg");
    assert_words(&sit->words[VARIANT_KNEES], "Sit", "Sit sideways.", "Knees bent.", "sit.svg");
    assert_string_equal(lie->name, "lie");
    assert_int_equal(lie->seconds, 25);
    assert_words(&lie->words[VARIANT_HIPS], "Lie", "Lie down.", NULL, NULL);
    for (int v = 0; v < VARIANT_COUNT; v++) {
        assert_true(sit->in[v]);
        assert_int_equal(lie->in[v], v == VARIANT_WALL || v == VARIANT_HIPS);
    }
    assert_string_equal(routine->variants[VARIANT_WALL].name, "on the wall");
    assert_string_equal(strrchr(routine->variants[VARIANT_WALL].picture, '/'), "/sit.svg");
    assert_string_equal(routine->variants[VARIANT_CHAIR].name, "on a chair");
    assert_null(routine->variants[VARIANT_CHAIR].picture);
    assert_string_equal(routine->variants[VARIANT_KNEES].name, "knees"); // without a section: the name in the tools
    assert_int_equal(routine->reason_count, 2);
    assert_string_equal(routine->reasons[0], "Many people find it calming.");
    assert_string_equal(routine->reasons[1], "A habit grows.");
    assert_int_equal(routine->health_count, 2);
    assert_words(&routine->health[0], "Eyes", "Glaucoma?", NULL, NULL);
    assert_words(&routine->health[1], "Does one apply?", "Press: none of these.", "Press: none.", NULL);
    assert_words(&routine->ask_first, "Ask first", "Ask a doctor.", NULL, NULL);
    assert_words(&routine->way_out[VARIANT_WALL], "Way out", "Bend the knees.", "Bend.", "bend.svg");
    assert_words(&routine->way_out[VARIANT_CHAIR], "Way out", "Push the chair away.", NULL, "bend.svg");
    routine_free(routine);
    routine_free(NULL);
}

// German where there is German, the plain words elsewhere; a country falls back to its language.
static void test_other_languages(void **state) {
    (void)state;
    static const char *const languages[] = {"de", "de_AT"};
    for (size_t i = 0; i < 2; i++) {
        struct heard heard;
        struct routine *routine = read_text(whole, languages[i], &heard, 0);
        assert_int_equal(heard.count, 0);
        assert_string_equal(routine->name, "Beine an die Wand");
        assert_string_equal(routine->variants[VARIANT_WALL].name, "an der Wand");
        assert_string_equal(routine->variants[VARIANT_CHAIR].name, "on a chair");
        const struct routine_card *sit = &routine->cards[0];
        assert_words(&sit->words[VARIANT_WALL], "Sitzen", "Setz dich seitlich.", "Seitlich.", "sit.svg");
        assert_words(&sit->words[VARIANT_CHAIR], "Chair", "Setz dich vor einen Stuhl.", "Before a chair.", "chair.svg");
        assert_string_equal(routine->reasons[0], "Viele finden es beruhigend.");
        assert_string_equal(routine->reasons[1], "A habit grows.");
        routine_free(routine);
    }
}

// The smallest routine: the example of karani(7), FILES, and nothing of ours.
static void test_small_routine(void **state) {
    (void)state;
    struct heard heard;
    struct routine *routine = read_text("[Card sit]\nTitle=Sit\nText=Down.\n", "en", &heard, 0);
    assert_int_equal(heard.count, 0);
    assert_string_equal(routine->name, "evening");
    assert_int_equal(routine->card_count, 1);
    assert_int_equal(routine->health_count, 0);
    assert_int_equal(routine->reason_count, 0);
    assert_null(routine->way_out[VARIANT_WALL].title);
    for (int v = 0; v < VARIANT_COUNT; v++) {
        assert_string_equal(routine->variants[v].name, variant_name((enum variant)v));
    }
    routine_free(routine);
}

#define SIT "[Card sit]\nTitle=Sit\nText=Down.\n" // lines 1 to 3

static const struct {
    const char *text;
    int result;
    int line;
    const char *says; // the one sentence
} mistakes[] = {
    {SIT "Colour=red\n", 0, 4,
     "[Card sit] has no key Colour; its keys are Title, Text, Short, Picture, Seconds, Variants."},
    {SIT "title=Sit\n", 0, 4, "[Card sit] has no key title"},
    {SIT "Seconds[de]=30\n", 0, 4, "[Card sit] has no key Seconds[de]"},
    {SIT "Seconds-chair=30\n", 0, 4, "[Card sit] has no key Seconds-chair"},
    {SIT "Text-sofa=x\n", 0, 4,
     "[Card sit] Text-sofa is for a variant that does not exist; the variants are wall, hips"},
    {SIT "Text-=x\n", 0, 4, "[Card sit] Text- is for a variant"},
    {SIT "Text-sofa[de]=x\n", 0, 4, "[Card sit] Text-sofa[de] is for a variant"},
    {SIT "Seconds=4\n", 0, 4, "[Card sit] Seconds: \"4\" is not understood; write a whole number from 5 to 600"},
    {SIT "Seconds=601\n", 0, 4, "Seconds: \"601\""},
    {SIT "Seconds=soon\n", 0, 4, "Seconds: \"soon\""},
    {SIT "Seconds=\n", 0, 4, "Seconds: \"\""},
    {SIT "Variants=wall;sofa\n", 0, 4, "[Card sit] Variants: \"sofa\" is no variant; the variants are wall, hips"},
    {SIT "Picture=none.svg\n", 0, 4, "/none.svg is not there; put it there or name another one."},
    {SIT "Picture-chair=none.svg\n", 0, 4, "[Card sit] Picture-chair: the picture /tmp/karani-routine-"},
    {SIT "Text=Again.\n", 0, 4, "[Card sit] Text comes twice, as \"Down.\" in line 3 and as \"Again.\" here"},
    {SIT "[Card sit]\nTitle=Sit\nText=Other.\n", 0, 4, "The group [Card sit] comes twice, here and in line 1"},
    {SIT "[Card lie]\nText=Lie.\n", 0, 4, "[Card lie] has no Title and is left out; add a line Title=."},
    {SIT "[Card lie]\nTitle=Lie\n", 0, 4, "[Card lie] has no Text and is left out"},
    {SIT "[Card lie]\nTitle=Lie\nText=\n", 0, 4, "[Card lie] has no Text"},
    {SIT "[Card lie]\nTitle=Lie\nText[de]=Lieg.\n", 0, 4, "[Card lie] has no Text"},
    {SIT "[Card Lie]\nTitle=Lie\nText=x\n", 0, 4,
     "There is no section [Card Lie]; the sections are Routine, Variant NAME"},
    {SIT "[Card]\n", 0, 4, "There is no section [Card];"},
    {SIT "[Cards lie]\n", 0, 4, "There is no section [Cards lie]"},
    {SIT "[Variant sofa]\nName=On a sofa\n", 0, 4, "[Variant sofa] is no variant"},
    {SIT "[Variant wall]\n", 0, 4, "[Variant wall] has no Name"},
    {SIT "[Variant wall]\nName=x\nName-chair=y\n", 0, 6,
     "[Variant wall] has no key Name-chair; its keys are Name, Picture."},
    {SIT "[Reason calm]\n", 0, 4, "[Reason calm] has no Text"},
    {SIT "[Way Out]\nTitle=Out\n", 0, 4, "[Way Out] has no Text"},
    {SIT "[Health a]\nTitle=A\nText=B\n", 0, 0, "no [Ask First] says what to do"},
    {SIT "Short=caf\xe9\n", 0, 4, "This line is not UTF-8 text"},
    {SIT "Short\n", 0, 4, "\"Short\" is neither a [group] nor key=value"},
    {"Name=x\n" SIT, 0, 1, "\"Name\" stands before the first [group]"},
    {"", -EINVAL, 0, "There is no usable card; add at least one [Card NAME] with Title and Text."},
    {"[Routine]\nName=Empty\n", -EINVAL, 0, "There is no usable card"},
};

static void test_mistakes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct heard heard;
        struct routine *routine = read_text(mistakes[i].text, "en", &heard, mistakes[i].result);
        if (heard.count != 1 || heard.lines[0] != mistakes[i].line) {
            fail_msg("row %zu: %zu sentences, line %d: %s", i, heard.count, heard.lines[0], heard.sentences[0]);
        }
        assert_says(heard.sentences[0], mistakes[i].says);
        if (mistakes[i].result == 0) { // the sound card stays as it was
            assert_int_equal(routine->card_count, 1);
            assert_words(&routine->cards[0].words[VARIANT_CHAIR], "Sit", "Down.", NULL, NULL);
            assert_int_equal(routine->cards[0].seconds, 25);
        } else {
            assert_null(routine);
        }
        routine_free(routine);
    }
}

static void test_order_of_complaints(void **state) {
    (void)state;
    struct heard heard;
    struct routine *routine = read_text("junk\n[Card sit]\nTitle=Sit\nText=x\nSeconds=1\nPicture=no.svg\nFoo=1\n"
                                        "[Card bad]\nVariants=all\n[Routine]\nName=x\nPicture=no.svg\n",
                                        "en", &heard, 0);
    const int lines[] = {1, 5, 6, 7, 8, 8, 12};
    assert_int_equal(heard.count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(heard.lines[i], lines[i]);
    }
    routine_free(routine);
}

static void test_files(void **state) {
    (void)state;
    struct routine *routine = NULL;
    struct heard heard = {0};
    assert_int_equal(routine_read(&routine, "/nowhere/x.routine", folder, "en", hear, &heard), -ENOENT);
    assert_int_equal(heard.count, 0);
    snprintf(path, sizeof path, "%s", folder);
    assert_int_equal(routine_read(&routine, path, folder, "en", hear, &heard), -EINVAL);
    assert_int_equal(heard.count, 1); // why, and not also that there are no cards in it
    assert_says(heard.sentences[0], "cannot be read");
    assert_null(routine);
    snprintf(path, sizeof path, "%s/evening.routine", folder);
}

static void test_variant_names(void **state) {
    (void)state;
    static const char *const names[] = {"wall", "hips", "knees", "farther", "chair"};
    for (int v = 0; v < VARIANT_COUNT; v++) {
        enum variant variant = VARIANT_COUNT;
        assert_string_equal(variant_name((enum variant)v), names[v]);
        assert_true(variant_parse(names[v], &variant));
        assert_int_equal(variant, v);
    }
    enum variant variant = VARIANT_KNEES;
    assert_false(variant_parse("", &variant));
    assert_false(variant_parse("wal", &variant));
    assert_false(variant_parse("walls", &variant));
    assert_int_equal(variant, VARIANT_KNEES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_english),
        cmocka_unit_test(test_other_languages),
        cmocka_unit_test(test_small_routine),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_order_of_complaints),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_variant_names),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
