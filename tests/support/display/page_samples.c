#include "tests/support/display/page_samples.h"

#include <stddef.h>
#include <string.h>

#define P PAGE_MARK_PRACTISED
#define R PAGE_MARK_REST
#define M PAGE_MARK_MISSED
#define A PAGE_MARK_AWAY
#define O PAGE_MARK_PENDING
#define B PAGE_MARK_BEFORE

#define TEN_MINUTES_AT_THE_WALL .minutes = 10, .variant_name = "at the wall", .picture = PICTURE("straighten")
#define MONTH_NIGHTS                                                                                                   \
    { B, B, B, P, P, R, P, P, P, P, M, M, M, A, A, P, P, R, P, P, P, R, P, P, P, P, P, O }
#define LIE                                                                                                            \
    {                                                                                                                  \
        .title = "Lie back", .text = "Lie back and swing your legs up. Come as near the wall as feels good.",          \
        .brief = "Lean back and swing your legs up", .picture = PICTURE("lie")                                         \
    }
#define STAY                                                                                                           \
    {                                                                                                                  \
        .title = "Stay, breathe", .text = "Eyes closed, jaw soft. Breathe slow and deep, let the floor hold you.",     \
        .brief = "Eyes closed, jaw soft, slow breath", .picture = PICTURE("stay")                                      \
    }
#define EYES                                                                                                           \
    {                                                                                                                  \
        .title = "Eyes", .text = "Glaucoma, recent eye surgery, detached retina: please ask first.",                   \
        .brief = "Glaucoma, eye surgery, loose retina: ask first"                                                      \
    }
#define TUESDAY                                                                                                        \
    { .year = 2026, .month = 4, .day = 14, .hour = 21, .minute = 40, .weekday = 1 }
#define WEDNESDAY                                                                                                      \
    { .year = 2026, .month = 9, .day = 30, .hour = 20, .minute = 5, .weekday = 2 }
#define MORNING_CHAIN                                                                                                  \
    .last_minutes = 12, .last_weekday = 1, .week = {P, P, R, P, P, R, P}, .last7 = 5, .show_streak = true,             \
    .streak = 12, .best = 20, .rests_left = 1, .nights = 34, .situation = PAGE_SITUATION_CHAIN

const struct page_sample PAGE_SAMPLES[SAMPLE_COUNT] = {
    {.name = "invite",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_INVITE,
              .invite = {TEN_MINUTES_AT_THE_WALL, .reason = "Many find muscles soften, and worries too."}}},
    {.name = "invite-short",
     .view = {.page = PAGE_INVITE, .invite = {TEN_MINUTES_AT_THE_WALL, .reason = "Five are plenty."}}},
    {.name = "invite-plain", .view = {.page = PAGE_INVITE, .invite = {TEN_MINUTES_AT_THE_WALL}}},
    {.name = "invite-hint",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_INVITE,
              .hint = true,
              .invite = {.minutes = 15,
                         .variant_name = "a little away",
                         .picture = PICTURE("straighten-farther"),
                         .reason = "Many find muscles soften, and worries too."}}},
    {.name = "good-night", .golden = 1, .german = true, .view = {.page = PAGE_GOOD_NIGHT, .good_night = {12, 1}}},
    {.name = "good-night-unknown", .view = {.page = PAGE_GOOD_NIGHT, .good_night = {10, -1}}},
    {.name = "good-night-short", .view = {.page = PAGE_GOOD_NIGHT, .good_night = {0, 2}}},
    {.name = "good-night-hint", .view = {.page = PAGE_GOOD_NIGHT, .hint = true, .good_night = {1, 2}}},
    {.name = "good-night-not-kept", .view = {.page = PAGE_GOOD_NIGHT, .not_kept = true, .good_night = {10, 2}}},
    {.name = "morning-none",
     .german = true,
     .view = {.page = PAGE_MORNING,
              .morning = {.last_weekday = 0, .show_streak = true, .rests_left = 2, .situation = PAGE_SITUATION_FIRST}}},
    {.name = "morning-undated",
     .german = true,
     .view = {.page = PAGE_MORNING,
              .morning = {.last_weekday = 0,
                          .show_streak = true,
                          .rests_left = 2,
                          .undated_minutes = 10,
                          .situation = PAGE_SITUATION_FIRST}}},
    {.name = "morning-undated-chain",
     .german = true,
     .view = {.page = PAGE_MORNING,
              .morning = {.last_weekday = 3,
                          .week = {P, P, M, P, P, P, O},
                          .last7 = 5,
                          .show_streak = true,
                          .streak = 3,
                          .best = 20,
                          .rests_left = 2,
                          .nights = 34,
                          .undated_minutes = 10,
                          .situation = PAGE_SITUATION_CHAIN}}},
    {.name = "morning-first",
     .view = {.page = PAGE_MORNING,
              .morning = {.last_minutes = 10,
                          .last_weekday = 0,
                          .week = {B, B, B, B, B, B, P},
                          .last7 = 1,
                          .show_streak = true,
                          .streak = 1,
                          .best = 1,
                          .rests_left = 2,
                          .nights = 1,
                          .situation = PAGE_SITUATION_FIRST}}},
    {.name = "morning-first-hint",
     .german = true,
     .view = {.page = PAGE_MORNING,
              .hint = true,
              .morning = {.last_minutes = 10,
                          .last_weekday = 2,
                          .week = {B, B, B, B, B, B, P},
                          .last7 = 1,
                          .show_streak = true,
                          .streak = 1,
                          .best = 1,
                          .rests_left = 2,
                          .nights = 1,
                          .situation = PAGE_SITUATION_FIRST}}},
    {.name = "morning-chain", .golden = 1, .german = true, .view = {.page = PAGE_MORNING, .morning = {MORNING_CHAIN}}},
    {.name = "morning-hint", .view = {.page = PAGE_MORNING, .hint = true, .morning = {MORNING_CHAIN}}},
    {.name = "morning-second-hint",
     .view = {.page = PAGE_MORNING,
              .hint = true,
              .morning = {.last_minutes = 10,
                          .last_weekday = 1,
                          .week = {B, B, B, B, B, P, P},
                          .last7 = 2,
                          .show_streak = true,
                          .streak = 2,
                          .best = 2,
                          .rests_left = 2,
                          .nights = 2,
                          .situation = PAGE_SITUATION_CHAIN}}},
    {.name = "morning-quiet",
     .view = {.page = PAGE_MORNING,
              .morning = {.last_minutes = 9,
                          .last_weekday = 2,
                          .week = {P, P, P, P, P, P, P},
                          .last7 = 7,
                          .streak = 365,
                          .best = 365,
                          .rests_left = 2,
                          .nights = 400,
                          .situation = PAGE_SITUATION_CHAIN}}},
    {.name = "morning-long",
     .german = true,
     .view = {.page = PAGE_MORNING,
              .morning = {.last_minutes = 120,
                          .last_weekday = 2,
                          .week = {P, P, P, P, P, P, P},
                          .last7 = 7,
                          .show_streak = true,
                          .streak = 3650,
                          .best = 3650,
                          .rests_left = 2,
                          .nights = 3650,
                          .situation = PAGE_SITUATION_CHAIN}}},
    {.name = "morning-rest",
     .view = {.page = PAGE_MORNING,
              .morning = {.last_weekday = 3,
                          .week = {P, P, R, P, P, P, R},
                          .last7 = 5,
                          .show_streak = true,
                          .streak = 12,
                          .best = 20,
                          .nights = 34,
                          .situation = PAGE_SITUATION_REST}}},
    {.name = "morning-away",
     .golden = 1,
     .view = {.page = PAGE_MORNING,
              .morning = {.last_weekday = 5,
                          .week = {A, A, A, A, A, A, A},
                          .show_streak = true,
                          .streak = 12,
                          .best = 20,
                          .rests_left = 2,
                          .nights = 34,
                          .situation = PAGE_SITUATION_AWAY}}},
    {.name = "morning-welcome",
     .german = true,
     .view = {.page = PAGE_MORNING,
              .morning = {.last_weekday = 6,
                          .week = {P, R, P, R, M, M, M},
                          .last7 = 2,
                          .show_streak = true,
                          .best = 20,
                          .rests_left = 2,
                          .nights = 34,
                          .situation = PAGE_SITUATION_WELCOME}}},
    {.name = "morning-pending",
     .view = {.page = PAGE_MORNING,
              .morning = {.last_weekday = 4,
                          .week = {P, P, R, P, P, P, O},
                          .last7 = 6,
                          .show_streak = true,
                          .streak = 12,
                          .best = 20,
                          .rests_left = 1,
                          .nights = 34,
                          .situation = PAGE_SITUATION_CHAIN}}},
    {.name = "ask-time",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_ASK_TIME, .ask_time = {.guess = true, .time = TUESDAY}}},
    {.name = "ask-time-long",
     .german = true,
     .view = {.page = PAGE_ASK_TIME, .ask_time = {.guess = true, .time = WEDNESDAY}}},
    {.name = "ask-time-unset", .german = true, .view = {.page = PAGE_ASK_TIME}},
    {.name = "health", .golden = 1, .german = true, .view = {.page = PAGE_HEALTH, .health = EYES}},
    {.name = "health-hint", .german = true, .view = {.page = PAGE_HEALTH, .hint = true, .health = EYES}},
    {.name = "health-last",
     .german = true,
     .view = {.page = PAGE_HEALTH,
              .hint = true,
              .answers = true,
              .health = {.title = "None of these?",
                         .text = "Press: none of these is true of me. Hold: one of them is.",
                         .brief = "Press: none of these. Hold: one fits me."}}},
    {.name = "card-sit", .golden = 2, .german = true, .view = {.page = PAGE_CARD, .card = {SIT, 0, 5}}},
    {.name = "card-sit-words",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_CARD, .face = 1, .card = {SIT, 0, 5}}},
    {.name = "card-sit-hint", .german = true, .view = {.page = PAGE_CARD, .hint = true, .card = {SIT, 0, 5}}},
    {.name = "card-sit-words-hint", .view = {.page = PAGE_CARD, .face = 1, .hint = true, .card = {SIT, 0, 5}}},
    {.name = "card-lie", .view = {.page = PAGE_CARD, .card = {LIE, 1, 5}}},
    {.name = "card-lie-words", .view = {.page = PAGE_CARD, .face = 1, .card = {LIE, 1, 5}}},
    {.name = "card-stay", .view = {.page = PAGE_CARD, .card = {STAY, 4, 5}}},
    {.name = "card-stay-words", .view = {.page = PAGE_CARD, .face = 1, .card = {STAY, 4, 5}}},
    {.name = "card-stay-hint", .german = true, .view = {.page = PAGE_CARD, .hint = true, .card = {STAY, 4, 5}}},
    {.name = "card-stay-not-kept", .view = {.page = PAGE_CARD, .not_kept = true, .face = 1, .card = {STAY, 4, 5}}},
    {.name = "card-no-picture", .view = {.page = PAGE_CARD, .card = {{.title = "Rest", .brief = "Let go."}, 2, 5}}},
    {.name = "card-brief-hint",
     .view = {.page = PAGE_CARD,
              .hint = true,
              .card = {{.title = "Rest", .brief = "Rest your arms.", .picture = PICTURE("arms")}, 3, 5}}},
    {.name = "card-of-twelve",
     .view = {.page = PAGE_CARD, .card = {{.title = "Rest", .brief = "Let go.", .picture = PICTURE("arms")}, 7, 12}}},
    {.name = "card-brief",
     .view = {.page = PAGE_CARD, .card = {{.title = "Rest", .brief = "Let go.", .picture = PICTURE("arms")}, 3, 5}}},
    {.name = "countdown-10", .golden = 1, .german = true, .view = {.page = PAGE_COUNTDOWN, .countdown = {10, 10}}},
    {.name = "countdown-9", .view = {.page = PAGE_COUNTDOWN, .countdown = {9, 10}}},
    {.name = "countdown-1", .view = {.page = PAGE_COUNTDOWN, .countdown = {1, 10}}},
    {.name = "countdown-hint", .german = true, .view = {.page = PAGE_COUNTDOWN, .hint = true, .countdown = {28, 30}}},
    {.name = "countdown-not-kept",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_COUNTDOWN, .not_kept = true, .hint = true, .countdown = {7, 15}}},
    {.name = "paused", .golden = 1, .german = true, .view = {.page = PAGE_PAUSED, .paused = {7}}},
    {.name = "paused-hint", .view = {.page = PAGE_PAUSED, .hint = true, .paused = {12}}},
    {.name = "way-out", .golden = 1, .german = true, .view = {.page = PAGE_WAY_OUT, .way_out = WAY_OUT}},
    {.name = "way-out-hint", .german = true, .view = {.page = PAGE_WAY_OUT, .hint = true, .way_out = WAY_OUT}},
    {.name = "month",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_MONTH, .month = {.nights = MONTH_NIGHTS, .last28 = 17, .known = true, .weekday = 2}}},
    {.name = "month-away",
     .golden = 1,
     .german = true,
     .view =
         {.page = PAGE_MONTH,
          .hint =
              true,
          .month = {.nights = {[26] = P, [27] = A}, .last28 = 1, .tonight_away = true, .known = true, .weekday = 2}}},
    {.name = "month-none",
     .german = true,
     .view = {.page = PAGE_MONTH, .month = {.nights = {[27] = O}, .known = true, .weekday = 2}}},
    {.name = "month-unknown", .german = true, .view = {.page = PAGE_MONTH}},
    {.name = "undo-keep", .golden = 1, .german = true, .view = {.page = PAGE_UNDO, .undo = {12, 2, false}}},
    {.name = "undo-not-mine", .german = true, .view = {.page = PAGE_UNDO, .hint = true, .undo = {0, 1, true}}},
    {.name = "minutes", .golden = 1, .german = true, .view = {.page = PAGE_MINUTES, .minutes = {10}}},
    {.name = "minutes-hint", .german = true, .view = {.page = PAGE_MINUTES, .hint = true, .minutes = {5}}},
    {.name = "variant",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_VARIANT, .variant = {"legs on a chair", PICTURE("straighten-chair")}}},
    {.name = "variant-hint",
     .german = true,
     .view = {.page = PAGE_VARIANT, .hint = true, .variant = {"a little away", PICTURE("straighten-farther")}}},
    {.name = "clock",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_CLOCK, .clock = {PAGE_CLOCK_SET, WEDNESDAY, 0}}},
    {.name = "clock-network-hint",
     .german = true,
     .view = {.page = PAGE_CLOCK, .hint = true, .clock = {PAGE_CLOCK_SYNCED, WEDNESDAY, 0}}},
    {.name = "clock-chip", .german = true, .view = {.page = PAGE_CLOCK, .clock = {PAGE_CLOCK_RTC, TUESDAY, 0}}},
    {.name = "clock-restored",
     .german = true,
     .view = {.page = PAGE_CLOCK, .clock = {PAGE_CLOCK_RESTORED, TUESDAY, 0}}},
    {.name = "clock-unset", .german = true, .view = {.page = PAGE_CLOCK, .clock = {PAGE_CLOCK_UNSET, TUESDAY, 0}}},
    {.name = "clock-year", .view = {.page = PAGE_CLOCK, .clock = {PAGE_CLOCK_UNSET, TUESDAY, PAGE_CLOCK_FIELD_YEAR}}},
    {.name = "clock-month", .view = {.page = PAGE_CLOCK, .clock = {PAGE_CLOCK_UNSET, TUESDAY, PAGE_CLOCK_FIELD_MONTH}}},
    {.name = "clock-day", .view = {.page = PAGE_CLOCK, .clock = {PAGE_CLOCK_UNSET, TUESDAY, PAGE_CLOCK_FIELD_DAY}}},
    {.name = "clock-hour",
     .golden = 1,
     .view = {.page = PAGE_CLOCK, .clock = {PAGE_CLOCK_UNSET, TUESDAY, PAGE_CLOCK_FIELD_HOUR}}},
    {.name = "clock-tens",
     .german = true,
     .view = {.page = PAGE_CLOCK, .hint = true, .clock = {PAGE_CLOCK_UNSET, TUESDAY, PAGE_CLOCK_FIELD_TENS}}},
    {.name = "clock-minute",
     .view = {.page = PAGE_CLOCK, .hint = true, .clock = {PAGE_CLOCK_UNSET, TUESDAY, PAGE_CLOCK_FIELD_MINUTE}}},
    {.name = "about",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_ABOUT, .about = {"0.1.0", "waveshare-2.13-v4", true, PAGE_CLOCK_SET}}},
    {.name = "about-hint",
     .german = true,
     .view = {.page = PAGE_ABOUT, .hint = true, .about = {"0.1.0", "waveshare-2.13-v4", false, PAGE_CLOCK_UNSET}}},
    {.name = "trouble-not-kept",
     .german = true,
     .view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_NOT_KEPT}}},
    {.name = "trouble-diary", .german = true, .view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_DIARY}}},
    {.name = "trouble-newer", .german = true, .view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_NEWER}}},
    {.name = "trouble-place", .german = true, .view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_PLACE}}},
    {.name = "trouble-lost",
     .german = true,
     .view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_LOST, .sessions = 212}}},
    {.name = "trouble-restored",
     .golden = 1,
     .german = true,
     .view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_RESTORED, .sessions = 212}}},
    {.name = "trouble-panel", .german = true, .view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_PANEL}}},
    {.name = "trouble-config",
     .german = true,
     .view = {.page = PAGE_TROUBLE,
              .trouble = {.cause = PAGE_TROUBLE_CONFIG,
                          .place = &(const struct page_place){"karani.conf", 12, "minutes"}}}},
    {.name = "trouble-routine",
     .german = true,
     .view = {.page = PAGE_TROUBLE, .hint = true, .trouble = {.cause = PAGE_TROUBLE_ROUTINE}}},
};

// What the routine says in German where it says that in English.
static const struct {
    const char *en, *de;
} PAGE_SAMPLE_WORDS[] = {
    {"at the wall", "an der Wand"},
    {"a little away", "mit Abstand"},
    {"legs on a chair", "mit Stuhl"},
    {"Many find muscles soften, and worries too.", "Muskeln werden oft weich, Sorgen kleiner."},
    {"Sit side on", "Setz dich"},
    {"Find a quiet, clear piece of wall. Sit sideways, one hip touching it.",
     "Such dir ein ruhiges, freies Stück Wand. Setz dich seitlich, Hüfte daran."},
    {"Sideways on the floor, hip to the wall", "Seitlich, die Hüfte an der Wand"},
    {"Lie back", "Leg dich hin"},
    {"Lie back and swing your legs up. Come as near the wall as feels good.",
     "Leg dich zurück, schwing die Beine hoch. Rück so nah heran, wie es guttut."},
    {"Lean back and swing your legs up", "Lehn dich zurück, Beine hoch"},
    {"Stay, breathe", "Bleib, atme"},
    {"Eyes closed, jaw soft. Breathe slow and deep, let the floor hold you.",
     "Augen zu, Kiefer locker. Atme langsam und tief, lass dich ganz sinken."},
    {"Eyes closed, jaw soft, slow breath", "Augen zu, Kiefer locker, atme ruhig"},
    {"Eyes", "Augen"},
    {"Glaucoma, recent eye surgery, detached retina: please ask first.",
     "Glaukom, Netzhaut­ablösung, neue Augen-OP: bitte erst fragen."},
    {"Glaucoma, eye surgery, loose retina: ask first", "Glaukom, Netzhaut, Augen-OP: erst fragen"},
    {"None of these?", "Nichts davon?"},
    {"Press: none of these is true of me. Hold: one of them is.",
     "Drücken: nichts davon trifft zu. Halten: eines trifft zu."},
    {"Press: none of these. Hold: one fits me.", "Drücken: nichts davon. Halten: eines"},
    {"Come out", "Löse dich"},
    {"Knees bent, slide off any support, roll to one side. Rest, push up slowly with your hands.",
     "Knie beugen, von der Stütze rutschen, zur Seite rollen. Ruhen, langsam aufstützen."},
    {"Slide off, roll to one side, rest, rise", "Abrutschen, zur Seite rollen, ruhen"},
};

static const char *sample_words(const char *en) {
    for (size_t i = 0; en && i < sizeof PAGE_SAMPLE_WORDS / sizeof PAGE_SAMPLE_WORDS[0]; i++) {
        if (strcmp(PAGE_SAMPLE_WORDS[i].en, en) == 0) {
            return PAGE_SAMPLE_WORDS[i].de;
        }
    }
    return en;
}

static struct page_words sample_page_words(struct page_words words) {
    return (struct page_words){sample_words(words.title), sample_words(words.text), sample_words(words.brief),
                               words.picture};
}

struct view sample_view(const struct page_sample *sample, const char *language) {
    struct view view = sample->view;

    if (strcmp(language, "de") != 0) {
        return view;
    }
    if (view.page == PAGE_INVITE) {
        view.invite.variant_name = sample_words(view.invite.variant_name);
        view.invite.reason = sample_words(view.invite.reason);
    } else if (view.page == PAGE_CARD) {
        view.card.words = sample_page_words(view.card.words);
    } else if (view.page == PAGE_WAY_OUT) {
        view.way_out = sample_page_words(view.way_out);
    } else if (view.page == PAGE_HEALTH) {
        view.health = sample_page_words(view.health);
    } else if (view.page == PAGE_VARIANT) {
        view.variant.name = sample_words(view.variant.name);
    }
    return view;
}
