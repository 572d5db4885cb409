// A routine file, read in a language with a country: a usable one has a card for every variant that it offers.
#include "daemon/settings/routine.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct routine *routine = NULL;
    if (routine_read(&routine, input_path(data, size), "assets/pictures", "pt_BR", input_complaint, NULL) != 0) {
        assert(routine == NULL);
        return 0;
    }
    assert(routine->card_count > 0);
    for (size_t i = 0; i < routine->card_count; i++) {
        assert(routine->cards[i].name != NULL && routine->cards[i].seconds > 0);
    }
    routine_free(routine);
    return 0;
}
