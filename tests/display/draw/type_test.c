// The type: what it sets is asked of the canvas (canvas_test); here, that it closes in peace with the threads of Pango.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "display/draw/type.h"
#include "tests/support/run/limit.h"

#include <dlfcn.h>
#include <fontconfig/fontconfig.h>
#include <stdatomic.h>
#include <unistd.h>

#define FONTS "/usr/share/fonts/opentype/b612"

enum { SIZES = 10, LINGER_US = 20000 };

static atomic_int lingering; // threads that have not let go yet
static atomic_int lingered;

// In place of Fontconfig's own: the last that a thread of Pango's calls before it lets go of the font map's tables. On
// a busy machine that can be late; here it always is.
void FcConfigDestroy(FcConfig *config) {
    void (*destroy)(FcConfig *) = NULL;

    *(void **)&destroy = dlsym(RTLD_NEXT, "FcConfigDestroy");
    if (gettid() != getpid()) {
        lingering++;
        lingered++;
        usleep(LINGER_US);
        lingering--;
    }
    destroy(config);
}

static void test_no_thread_outlives_the_type(void **state) {
    struct type *type = NULL;
    char sentence[256];

    (void)state;
    assert_int_equal(type_open(&type, FONTS, sentence, sizeof sentence), 0);
    for (int i = 0; i < SIZES; i++) {
        assert_non_null(type_set(type, &(struct type_style){.em_px = 12 + i}, "Good night"));
    }
    type_close(type);
    assert_int_equal(lingering, 0);
    assert_true(lingered > 0); // or this version of Pango asks for another test
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_thread_outlives_the_type),
    };

    limit_processor_s(60);
    return cmocka_run_group_tests_name("type", tests, NULL, NULL);
}
