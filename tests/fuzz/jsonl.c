// JSON Lines as `karanictl import` takes them.
#include "daemon/core/night.h"
#include "tests/fuzz/rows.h"

static void print_session(FILE *to, const struct session_record *session) {
    JsonBuilder *builder = json_builder_new();
    rows_build_json(builder, session);
    JsonNode *root = json_builder_get_root(builder);
    char *text = json_to_string(root, FALSE);
    fprintf(to, "%s\n", text);
    g_free(text);
    json_node_unref(root);
    g_object_unref(builder);
}

static void print(FILE *to, const struct rows *rows) {
    for (size_t i = 0; i < rows->session_count; i++) {
        print_session(to, &rows->sessions[i]);
    }
    for (size_t i = 0; i < rows->night_count; i++) {
        char night[NIGHT_TEXT_SIZE];
        night_format(rows->nights[i], night);
        fprintf(to, "{\"away\":\"%s\"}\n", night);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return size == 0 || data[0] != '{' ? 0 : rows_go_round(data, size, print);
}
