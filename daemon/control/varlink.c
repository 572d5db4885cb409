// Framing and the shape of Varlink's messages; no socket is known here.
#include "daemon/control/varlink.h"

#include "daemon/diary/text/object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN = 1024 };

// ---- bytes ----

size_t varlink_left(const struct varlink_stream *stream) {
    return stream->end - stream->begin;
}

void varlink_clear(struct varlink_stream *stream) {
    free(stream->bytes);
    *stream = (struct varlink_stream){.bytes = NULL};
}

// Moves what is left to the front, and makes room for more.
static int make_room(struct varlink_stream *stream, size_t count) {
    size_t left = varlink_left(stream);
    if (stream->begin > 0) {
        memmove(stream->bytes, stream->bytes + stream->begin, left);
    }
    stream->begin = 0;
    stream->end = left;
    if (left + count <= stream->room) {
        return 0;
    }
    size_t room = stream->room < ROOM_MIN ? ROOM_MIN : stream->room;
    while (room < left + count) {
        room *= 2;
    }
    char *bytes = realloc(stream->bytes, room);
    if (bytes == NULL) {
        return -ENOMEM;
    }
    stream->bytes = bytes;
    stream->room = room;
    return 0;
}

int varlink_feed(struct varlink_stream *stream, const char *bytes, size_t count) {
    const char *ends = memchr(bytes, '\0', count);
    size_t message = ends != NULL ? (size_t)(ends - bytes) : count;
    const char *text;
    size_t size;
    if (!varlink_next(stream, &text, &size) && varlink_left(stream) + message > VARLINK_MESSAGE_MAX) {
        return -EMSGSIZE;
    }
    int error = make_room(stream, count);
    if (error == 0) {
        memcpy(stream->bytes + stream->end, bytes, count);
        stream->end += count;
    }
    return error;
}

bool varlink_next(struct varlink_stream *stream, const char **text, size_t *size) {
    size_t left = varlink_left(stream);
    const char *first = stream->bytes + stream->begin;
    const char *ends = left > stream->seen ? memchr(first + stream->seen, '\0', left - stream->seen) : NULL;
    if (ends == NULL) {
        stream->seen = left;
        return false;
    }
    *text = first;
    *size = (size_t)(ends - first);
    stream->seen = *size;
    return true;
}

// Much room is not kept for the little that mostly comes.
void varlink_drop(struct varlink_stream *stream, size_t count) {
    stream->begin += count;
    stream->seen = 0;
    if (stream->begin == stream->end && stream->room > ROOM_MIN) {
        varlink_clear(stream);
    }
}

// ---- messages ----

// A member that is missing is an empty object; NULL when it is no object.
static JsonObject *take_parameters(JsonObject *object) {
    JsonNode *node = json_object_get_member(object, "parameters");
    if (node == NULL || JSON_NODE_HOLDS_NULL(node)) {
        json_object_set_object_member(object, "parameters", json_object_new());
        node = json_object_get_member(object, "parameters");
    }
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static bool take_flag(JsonObject *object, const char *name, bool *yes) {
    enum object_type type = object_type_of(object, name);
    *yes = object_yes(object, name, false);
    return type == OBJECT_YES_NO || type == OBJECT_NULL;
}

bool varlink_read_call(const char *text, size_t size, struct varlink_call *call) {
    JsonObject *object = object_parse(text, size);
    if (object == NULL) {
        return false;
    }
    *call = (struct varlink_call){.object = object};
    call->method = object_text(object, "method");
    call->parameters = take_parameters(object);
    if (call->method != NULL && call->parameters != NULL && take_flag(object, "oneway", &call->oneway) &&
        take_flag(object, "more", &call->more) && take_flag(object, "upgrade", &call->upgrade)) {
        return true;
    }
    varlink_call_clear(call);
    return false;
}

void varlink_call_clear(struct varlink_call *call) {
    json_object_unref(call->object);
    *call = (struct varlink_call){.object = NULL};
}

bool varlink_read_reply(const char *text, size_t size, struct varlink_reply *reply) {
    JsonObject *object = object_parse(text, size);
    if (object == NULL) {
        return false;
    }
    *reply = (struct varlink_reply){.object = object, .error = object_text(object, "error")};
    reply->parameters = take_parameters(object);
    if (reply->parameters != NULL && (reply->error != NULL || object_type_of(object, "error") == OBJECT_NULL)) {
        return true;
    }
    varlink_reply_clear(reply);
    return false;
}

void varlink_reply_clear(struct varlink_reply *reply) {
    json_object_unref(reply->object);
    *reply = (struct varlink_reply){.object = NULL};
}

// An object with one text in front of its parameters; NULL: without it.
static JsonBuilder *begin(const char *name, const char *text) {
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    if (name != NULL) {
        object_add_text(builder, name, text);
    }
    json_builder_set_member_name(builder, "parameters");
    json_builder_begin_object(builder);
    return builder;
}

JsonBuilder *varlink_begin_call(const char *method) {
    return begin("method", method);
}

JsonBuilder *varlink_begin_reply(void) {
    return begin(NULL, NULL);
}

JsonBuilder *varlink_begin_error(const char *name) {
    return begin("error", name);
}

char *varlink_end(JsonBuilder *builder) {
    json_builder_end_object(builder);
    json_builder_end_object(builder);
    return object_print(builder);
}
