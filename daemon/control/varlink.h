// Varlink (varlink.org) without input or output: messages are JSON objects, each ended by a NUL. Both ends use it.
#ifndef KARANI_DAEMON_CONTROL_VARLINK_H
#define KARANI_DAEMON_CONTROL_VARLINK_H

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stddef.h>

// One message. 15 years of nights fit as JSON Lines, 25 as CSV; several times this is in use while they are taken in.
enum { VARLINK_MESSAGE_MAX = 2 * 1024 * 1024 };

// ---- bytes on their way, in one direction ----

// Starts as zeros. Invariant: `seen` bytes from `begin` on have no NUL among them.
struct varlink_stream {
    char *bytes; // owned
    size_t begin;
    size_t end;
    size_t room;
    size_t seen;
};

// Adds what has come. 0; -EMSGSIZE when a message would be longer than VARLINK_MESSAGE_MAX; -ENOMEM.
int varlink_feed(struct varlink_stream *stream, const char *bytes, size_t count);

// The first whole message, without its NUL; borrowed until the next call but varlink_drop. False: there is none yet.
bool varlink_next(struct varlink_stream *stream, const char **text, size_t *size);

// Takes out so many bytes from the front (of a message: its size and 1).
void varlink_drop(struct varlink_stream *stream, size_t count);

size_t varlink_left(const struct varlink_stream *stream); // bytes that are in it

void varlink_clear(struct varlink_stream *stream);

// ---- messages ----

struct varlink_call {
    JsonObject *object; // owned: the rest is borrowed from it
    const char *method; // "io.karani.GetStatus"
    JsonObject *parameters;
    bool oneway;  // no answer is wanted
    bool more;    // several answers would be taken
    bool upgrade; // another protocol is to follow
};

// False when the message is no call.
bool varlink_read_call(const char *text, size_t size, struct varlink_call *call);
void varlink_call_clear(struct varlink_call *call);

struct varlink_reply {
    JsonObject *object; // owned
    const char *error;  // NULL: none
    JsonObject *parameters;
};

bool varlink_read_reply(const char *text, size_t size, struct varlink_reply *reply);
void varlink_reply_clear(struct varlink_reply *reply);

// Begins a message; the builder is in the object of its parameters.
JsonBuilder *varlink_begin_call(const char *method);
JsonBuilder *varlink_begin_reply(void);
JsonBuilder *varlink_begin_error(const char *name);

// Ends it: its text, to be g_free()d and sent with its NUL. The builder is gone.
char *varlink_end(JsonBuilder *builder);

#endif
