// The simulator's script language: a script, or one sentence with the line that is wrong.
#include "daemon/sim/script/script.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct script *script = NULL;
    struct zone *zone = zone_open("Europe/Berlin");
    char sentence[256] = "";
    FILE *file = fopen(input_path(data, size), "re");
    if (zone == NULL || file == NULL) {
        abort();
    }
    int error = script_read(&script, file, "any", zone, sentence, sizeof sentence);
    assert(error == 0 ? script != NULL : sentence[0] != '\0');
    for (size_t i = 0; error == 0 && i < script->count; i++) {
        assert(script->steps[i].line > 0 && (i == 0 || script->steps[i].line > script->steps[i - 1].line));
    }
    if (error == 0) {
        script_free(script);
    }
    fclose(file);
    zone_unref(zone);
    return 0;
}
