// A spidev in user space (CUSE) that answers like drivers/spi/spidev.c and has the bench behind it: the whole device
// in a virtual machine opens it as /dev/spidev0.0. For tests; runs as root, in one thread.
#define FUSE_USE_VERSION 31

#include "tests/device/bench.h"

#include <fuse3/cuse_lowlevel.h>
#include <fuse3/fuse_opt.h>

#include <errno.h>
#include <linux/spi/spidev.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    TRANSFERS_MAX = 64, // of one message; the kernel allows more, the driver needs two
    CONTROL_BYTES = 256,
    DEFAULT_HZ = 125000000, // what the device tree of a Pi says for spidev0.0
};

struct server {
    struct bench *bench;
    struct bench_wire wire;
};

static void reply_byte_count(fuse_req_t req, size_t count, size_t out_bytes) {
    static const uint8_t silence[BENCH_BUFSIZ]; // nothing is wired to MISO
    (void)fuse_reply_ioctl(req, (int)count, silence, out_bytes <= sizeof silence ? out_bytes : 0);
}

// Asks the kernel for the message's transfers, then for their bytes: CUSE hands over only what it was asked for.
static void ask_for_buffers(fuse_req_t req, void *argument, const struct spi_ioc_transfer *transfers, size_t count) {
    struct iovec in[TRANSFERS_MAX + 1] = {{argument, count * sizeof *transfers}};
    struct iovec out[TRANSFERS_MAX];
    size_t ins = 1;
    size_t outs = 0;
    for (size_t i = 0; transfers && i < count; i++) {
        if (transfers[i].tx_buf) {
            in[ins++] = (struct iovec){(void *)(uintptr_t)transfers[i].tx_buf, transfers[i].len};
        }
        if (transfers[i].rx_buf) {
            out[outs++] = (struct iovec){(void *)(uintptr_t)transfers[i].rx_buf, transfers[i].len};
        }
    }
    (void)fuse_reply_ioctl_retry(req, in, ins, out, outs);
}

struct message {
    struct spi_ioc_transfer transfers[TRANSFERS_MAX];
    size_t count;
    size_t tx_bytes;
    size_t rx_bytes;
    size_t total;
};

// 0 or -EMSGSIZE, as spidev_message() of the kernel has it: either direction fits its bounce buffer.
static int read_transfers(struct message *message, const void *bytes) {
    memcpy(message->transfers, bytes, message->count * sizeof message->transfers[0]);
    for (size_t i = 0; i < message->count; i++) {
        const struct spi_ioc_transfer *transfer = &message->transfers[i];
        message->total += transfer->len;
        message->tx_bytes += transfer->tx_buf ? transfer->len : 0;
        message->rx_bytes += transfer->rx_buf ? transfer->len : 0;
        if (message->tx_bytes > BENCH_BUFSIZ || message->rx_bytes > BENCH_BUFSIZ) {
            return -EMSGSIZE;
        }
    }
    return 0;
}

static void send_message(struct server *server, pid_t sender, const struct message *message, const uint8_t *bytes) {
    static const uint8_t zeros[BENCH_BUFSIZ]; // without tx_buf the bus shifts zeros
    struct bench_wire wire = server->wire;
    for (size_t i = 0; i < message->count; i++) {
        if (message->transfers[i].speed_hz) {
            wire.speed_hz = message->transfers[i].speed_hz;
        }
        if (message->transfers[i].bits_per_word) {
            wire.bits_per_word = message->transfers[i].bits_per_word;
        }
    }
    bench_message_begin(server->bench, sender, &wire);
    for (size_t i = 0; i < message->count; i++) {
        const struct spi_ioc_transfer *transfer = &message->transfers[i];
        bench_message_transfer(server->bench, transfer->tx_buf ? bytes : zeros, transfer->len);
        bytes += transfer->tx_buf ? transfer->len : 0;
    }
    bench_message_end(server->bench);
}

static void answer_message(fuse_req_t req, unsigned command, void *argument, const void *in, size_t in_bytes) {
    struct server *server = fuse_req_userdata(req);
    struct message message = {.count = _IOC_SIZE(command) / sizeof(struct spi_ioc_transfer)};
    size_t head_bytes = message.count * sizeof message.transfers[0];
    if (message.count > TRANSFERS_MAX || _IOC_SIZE(command) % sizeof message.transfers[0]) {
        (void)fuse_reply_err(req, EINVAL);
        return;
    }
    if (in_bytes < head_bytes) {
        ask_for_buffers(req, argument, NULL, message.count);
        return;
    }
    int status = read_transfers(&message, in);
    if (status) {
        (void)fuse_reply_err(req, -status);
        return;
    }
    if (in_bytes == head_bytes && message.tx_bytes + message.rx_bytes) {
        ask_for_buffers(req, argument, message.transfers, message.count);
        return;
    }
    if (in_bytes != head_bytes + message.tx_bytes) {
        (void)fuse_reply_err(req, EIO);
        return;
    }
    send_message(server, fuse_req_ctx(req)->pid, &message, (const uint8_t *)in + head_bytes);
    reply_byte_count(req, message.total, message.rx_bytes);
}

static void answer_write_setting(fuse_req_t req, unsigned command, const void *in) {
    struct server *server = fuse_req_userdata(req);
    uint32_t value = 0;
    memcpy(&value, in, _IOC_SIZE(command));
    if (command == SPI_IOC_WR_MODE || command == SPI_IOC_WR_MODE32) {
        server->wire.mode = value;
    } else if (command == SPI_IOC_WR_BITS_PER_WORD) {
        server->wire.bits_per_word = (uint8_t)value;
    } else if (command == SPI_IOC_WR_MAX_SPEED_HZ && value) {
        server->wire.speed_hz = value;
    } else if (command == SPI_IOC_WR_MAX_SPEED_HZ || value) { // a bus that sends the lowest bit first is none of ours
        (void)fuse_reply_err(req, EINVAL);
        return;
    }
    (void)fuse_reply_ioctl(req, 0, NULL, 0);
}

static void answer_read_setting(fuse_req_t req, unsigned command) {
    const struct server *server = fuse_req_userdata(req);
    uint32_t value = 0;
    if (command == SPI_IOC_RD_MODE || command == SPI_IOC_RD_MODE32) {
        value = server->wire.mode;
    } else if (command == SPI_IOC_RD_BITS_PER_WORD) {
        value = server->wire.bits_per_word ? server->wire.bits_per_word : 8;
    } else if (command == SPI_IOC_RD_MAX_SPEED_HZ) {
        value = server->wire.speed_hz;
    }
    (void)fuse_reply_ioctl(req, 0, &value, _IOC_SIZE(command));
}

static bool is_setting(unsigned command) {
    static const unsigned known[] = {
        SPI_IOC_RD_MODE,          SPI_IOC_WR_MODE,          SPI_IOC_RD_LSB_FIRST,    SPI_IOC_WR_LSB_FIRST,
        SPI_IOC_RD_BITS_PER_WORD, SPI_IOC_WR_BITS_PER_WORD, SPI_IOC_RD_MAX_SPEED_HZ, SPI_IOC_WR_MAX_SPEED_HZ,
        SPI_IOC_RD_MODE32,        SPI_IOC_WR_MODE32,
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i] == command) {
            return true;
        }
    }
    return false;
}

static void answer_ioctl(fuse_req_t req, int command_word, void *argument, struct fuse_file_info *file, unsigned flags,
                         const void *in, size_t in_bytes, size_t out_bytes) {
    (void)file;
    (void)flags;
    unsigned command = (unsigned)command_word;
    struct iovec setting = {argument, _IOC_SIZE(command)};
    if (_IOC_TYPE(command) == SPI_IOC_MAGIC && _IOC_NR(command) == 0 && _IOC_DIR(command) == _IOC_WRITE) {
        answer_message(req, command, argument, in, in_bytes);
    } else if (!is_setting(command)) {
        (void)fuse_reply_err(req, ENOTTY);
    } else if (_IOC_DIR(command) == _IOC_WRITE && !in_bytes) {
        (void)fuse_reply_ioctl_retry(req, &setting, 1, NULL, 0);
    } else if (_IOC_DIR(command) == _IOC_WRITE) {
        answer_write_setting(req, command, in);
    } else if (!out_bytes) {
        (void)fuse_reply_ioctl_retry(req, NULL, 0, &setting, 1);
    } else {
        answer_read_setting(req, command);
    }
}

static void answer_open(fuse_req_t req, struct fuse_file_info *file) {
    (void)fuse_reply_open(req, file);
}

static void answer_write(fuse_req_t req, const char *bytes, size_t count, off_t offset, struct fuse_file_info *file) {
    (void)offset;
    (void)file;
    struct server *server = fuse_req_userdata(req);
    if (count > BENCH_BUFSIZ) {
        (void)fuse_reply_err(req, EMSGSIZE);
        return;
    }
    bench_message_begin(server->bench, fuse_req_ctx(req)->pid, &server->wire);
    bench_message_transfer(server->bench, (const uint8_t *)bytes, count);
    bench_message_end(server->bench);
    (void)fuse_reply_write(req, count);
}

// --- the loop

static int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    (void)unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 8)) {
        perror(path);
        if (fd >= 0) {
            (void)close(fd);
        }
        return -1;
    }
    return fd;
}

// One caller, one line, one answer. The callers are the stories': they do not dawdle.
static void answer_control(struct server *server, int listening) {
    int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) {
        return;
    }
    FILE *stream = fdopen(fd, "r+e");
    if (!stream) {
        (void)close(fd);
        return;
    }
    char line[CONTROL_BYTES];
    if (fgets(line, sizeof line, stream)) {
        bench_control(server->bench, line, stream);
    }
    (void)fclose(stream);
}

static int wait_ms(const struct server *server) {
    struct timespec now;
    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    int64_t left_ms = bench_deadline_ms(server->bench) - ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    return left_ms < 0 ? 0 : (int)left_ms;
}

static int serve(struct server *server, struct fuse_session *session, int listening) {
    struct fuse_buf buffer = {.mem = NULL};
    while (!fuse_session_exited(session)) {
        struct pollfd fds[] = {
            {fuse_session_fd(session), POLLIN, 0}, {bench_fd(server->bench), POLLIN, 0}, {listening, POLLIN, 0}};
        if (poll(fds, sizeof fds / sizeof fds[0], wait_ms(server)) < 0 && errno != EINTR) {
            return 1;
        }
        bench_tick(server->bench);
        if (fds[0].revents) {
            int got = fuse_session_receive_buf(session, &buffer);
            if (got > 0) {
                fuse_session_process_buf(session, &buffer);
            } else if (got != -EINTR && got != -EAGAIN) {
                break;
            }
        }
        if (fds[2].revents & POLLIN) {
            answer_control(server, listening);
        }
    }
    free(buffer.mem);
    return 0;
}

static const struct cuse_lowlevel_ops operations = {
    .open = answer_open,
    .write = answer_write,
    .ioctl = answer_ioctl,
};

static int run(struct server *server, char *program, const char *control) {
    static const char *names[] = {"DEVNAME=spidev0.0"};
    // The major number 153 is spidev's own: ours is whatever is free.
    const struct cuse_info info = {.dev_info_argc = 1, .dev_info_argv = names, .flags = CUSE_UNRESTRICTED_IOCTL};
    int listening = listen_at(control);
    if (listening < 0) {
        return 1;
    }
    char *arguments[] = {program, (char[]){"-f"}, (char[]){"-s"}, NULL};
    int threads = 0;
    int status = 1;
    struct fuse_session *session = cuse_lowlevel_setup(3, arguments, &info, &operations, &threads, server);
    if (session) {
        status = serve(server, session, listening);
        cuse_lowlevel_teardown(session);
    }
    (void)close(listening);
    return status;
}

int main(int argc, char *argv[]) {
    if (argc != 11) {
        (void)fputs("usage: spidev-cuse PANEL SYSFS BASE TRACING OUT CONTROL DC RESET BUSY POWER\n", stderr);
        return 2;
    }
    struct server server = {.wire = {.speed_hz = DEFAULT_HZ}};
    const struct bench_setup setup = {
        .panel = argv[1],
        .sysfs = argv[2],
        .base = (unsigned)atoi(argv[3]),
        .tracing = argv[4],
        .out_dir = argv[5],
        .dc = atoi(argv[7]),
        .reset = atoi(argv[8]),
        .busy = atoi(argv[9]),
        .power = atoi(argv[10]),
    };
    int status = bench_new(&server.bench, &setup);
    if (status) {
        (void)fprintf(stderr, "spidev-cuse: %s\n", strerror(-status));
        return 1;
    }
    status = run(&server, argv[0], argv[6]);
    bench_free(server.bench);
    return status;
}
