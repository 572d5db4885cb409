// Every page in every state worth looking at: what page_test.c measures and page_golden_test.c pins.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_PAGE_SAMPLES_H
#define KARANI_TESTS_SUPPORT_DISPLAY_PAGE_SAMPLES_H

#include "display/page/page.h"

#include <stdbool.h>

struct page_sample {
    const char *name;
    bool german; // looked at in German too: its words differ most there
    int golden;  // in how many of its languages it has a golden image: where it is drawn as no other is
    struct view view;
};

// The routine's words, as they are for the variant at the wall.
#define PICTURE(name) "assets/pictures/" name ".svg"

#define SIT                                                                                                            \
    {                                                                                                                  \
        .title = "Sit side on", .text = "Find a quiet, clear piece of wall. Sit sideways, one hip touching it.",       \
        .brief = "Sideways on the floor, hip to the wall", .picture = PICTURE("sit")                                   \
    }
#define WAY_OUT                                                                                                        \
    {                                                                                                                  \
        .title = "Come out",                                                                                           \
        .text = "Knees bent, slide off any support, roll to one side. Rest, push up slowly with your hands.",          \
        .brief = "Slide off, roll to one side, rest, rise", .picture = PICTURE("way-out")                              \
    }

enum { SAMPLE_COUNT = 84 };
extern const struct page_sample PAGE_SAMPLES[SAMPLE_COUNT];

// The sample's view in a language.
struct view sample_view(const struct page_sample *sample, const char *language);

#endif
