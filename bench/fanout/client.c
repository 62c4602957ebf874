/* Readers by the thousand: WebSocket connections of one process on one core, which count, check and time what they get.
 *
 *     client PORT PATH DIALECT CONTROL PID
 *
 * DIALECT: fangtan (joins bench:one and answers beats), plain (reads what comes) or socketio. CONTROL is the UNIX socket on
 * which the server takes "publish COUNT SIZE" and answers "FIRST COUNT STAMP": the numbers it gave and the nanoseconds of
 * CLOCK_MONOTONIC of the commit or the broadcast. An event carries its number as ~NUMBER~. PID is the server's, for its CPU time.
 *
 * Reads commands from standard input, one a line, and answers each with one JSON object in a line; see main(). It ends
 * with its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { READERS = 20000, MARKS = 1 << 20, TEXT = 1024, SOURCES = 8, READ_BYTES = 1 << 18 };
enum { BETWEEN_LOOKS = 5000 /* ns: a look locks what the server needs too, to tell of what it sent */ };
enum { STALL_SECONDS = 10 }; /* without a single event, after which a measurement is given up */
enum state { CLOSED, CONNECTING, UPGRADING, JOINING, READY };
enum dialect { FANGTAN, PLAIN, SOCKETIO };

struct reader {
    int fd;
    enum state state;
    uint64_t last; /* number of the last event it has */
    uint64_t left; /* bytes of the frame's payload that have not come yet */
    uint8_t header[10];
    uint8_t header_size;
    uint8_t opcode;
    uint8_t in_frame;
    uint8_t in_mark;
    uint8_t marked; /* this frame carried an event */
    uint64_t mark;
    uint16_t text_size;
    char text[TEXT]; /* the answer to the handshake, later the beginning of the frame */
};

struct sample {
    uint32_t mark;
    uint64_t at;
};

static struct reader readers[READERS];
static int wanted, opening, ready;       /* connections to hold, on their way, and there */
static uint64_t stamps[MARKS];           /* when an event was committed or broadcast */
static uint32_t arrived[MARKS];          /* how many readers have an event */
static uint64_t published, complete;     /* events asked for; events that every reader has */
static uint64_t events, frames, bytes;   /* received */
static uint64_t spun;                    /* nanoseconds awake with nothing to do */
static uint64_t gaps, repeats, dropped, failed, resets, errors;
static char first_error[160];
static struct sample *samples;
static size_t sample_count, sample_room;
static int sampling;
static char epoch[32];

static int poll_fd, control_fd, port;
static const char *path;
static enum dialect dialect;
static clockid_t server_clock;
static char control_text[4096], command_text[4096];
static size_t control_size, command_size;
static uint8_t buffer[READ_BYTES];

static uint64_t clock_ns(clockid_t which) {
    struct timespec t;
    if (clock_gettime(which, &t)) return 0;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

static void fail(const char *what) {
    fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void complain(const char *text, size_t size) {
    errors++;
    if (first_error[0]) return;
    if (size >= sizeof first_error) size = sizeof first_error - 1;
    for (size_t i = 0; i < size; i++) first_error[i] = (text[i] < 32 || text[i] == '"' || text[i] == '\\') ? '\'' : text[i];
}

/* ── One connection ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void hang_up(struct reader *r, int reset) {
    if (reset) {
        struct linger none = {1, 0};
        setsockopt(r->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    }
    close(r->fd);
    if (r->state == READY) ready--;
    else if (r->state != CLOSED) opening--;
    r->state = CLOSED;
}

static void say(struct reader *r, const char *format, ...) {
    char payload[512];
    va_list words;
    va_start(words, format);
    int size = vsnprintf(payload, sizeof payload, format, words);
    va_end(words);
    static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    uint8_t frame[sizeof payload + 8];
    int start = 0;
    frame[start++] = 0x81;
    if (size < 126) {
        frame[start++] = 0x80 | (uint8_t)size;
    } else {
        frame[start++] = 0x80 | 126;
        frame[start++] = (uint8_t)(size >> 8);
        frame[start++] = (uint8_t)size;
    }
    memcpy(frame + start, mask, 4);
    start += 4;
    for (int i = 0; i < size; i++) frame[start + i] = (uint8_t)payload[i] ^ mask[i % 4];
    if (send(r->fd, frame, (size_t)(start + size), MSG_NOSIGNAL) != start + size) errors++;
}

static void open_reader(struct reader *r, int index) {
    r->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (r->fd < 0) fail("socket");
    int yes = 1;
    setsockopt(r->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(r->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(index % SOURCES))};
    if (bind(r->fd, (struct sockaddr *)&source, sizeof source)) fail("bind");
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(r->fd, (struct sockaddr *)&target, sizeof target) && errno != EINPROGRESS) fail("connect");
    r->state = CONNECTING;
    r->header_size = r->in_frame = r->in_mark = r->marked = 0;
    r->text_size = 0;
    opening++;
    struct epoll_event interest = {.events = EPOLLOUT, .data.ptr = r};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, r->fd, &interest)) fail("epoll_ctl");
}

static void upgrade(struct reader *r) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(r->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        failed++;
        hang_up(r, 0);
        return;
    }
    char request[600];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:%d\r\n%s\r\n",
                          path, port, port, dialect == FANGTAN ? "Sec-WebSocket-Protocol: fangtan.html.v1\r\n" : "");
    if (send(r->fd, request, (size_t)length, MSG_NOSIGNAL) != length) errors++;
    r->state = UPGRADING;
    struct epoll_event interest = {.events = EPOLLIN, .data.ptr = r};
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, r->fd, &interest);
}

static void joined(struct reader *r) {
    opening--;
    ready++;
    r->state = READY;
}

static void upgraded(struct reader *r) {
    if (dialect == PLAIN) {
        r->last = published;
        joined(r);
        return;
    }
    r->state = JOINING;
    if (dialect == FANGTAN) say(r, "{\"op\":\"join\",\"ref\":1,\"topic\":\"bench:one\",\"since\":[\"%s\",%llu]}", r->last ? epoch : "", (unsigned long long)r->last);
}

static int begins(const struct reader *r, const char *with) { return strncmp(r->text, with, strlen(with)) == 0; }

static void learn_epoch(const struct reader *r) {
    const char *found = strstr(r->text, "\"epoch\":\"");
    if (found) sscanf(found + 9, "%31[^\"]", epoch);
}

/* A whole text frame; `text` holds its beginning. */
static void told(struct reader *r) {
    r->text[r->text_size] = 0;
    if (dialect == SOCKETIO) {
        if (begins(r, "0{")) say(r, "40");
        else if (begins(r, "40") && r->state == JOINING) {
            r->last = published;
            joined(r);
        } else if (begins(r, "2")) say(r, "3");
        return;
    }
    if (dialect == FANGTAN && !epoch[0]) learn_epoch(r);
    if (dialect == PLAIN || r->marked) return;
    if (begins(r, "{\"op\":\"beat\",\"beat\":")) {
        say(r, "{\"op\":\"still\",\"beat\":%llu}", strtoull(r->text + 20, NULL, 10));
    } else if (begins(r, "{\"op\":\"ok\"")) {
        if (r->state == JOINING) joined(r);
    } else if (begins(r, "{\"op\":\"reset\"")) {
        resets++;
    } else if (begins(r, "{\"op\":\"error\"")) {
        complain(r->text, r->text_size);
    }
}

static void got(struct reader *r, uint64_t mark, uint64_t at) {
    events++;
    r->marked = 1;
    if (mark <= r->last || mark >= MARKS) {
        repeats++;
        return;
    }
    if (mark != r->last + 1) gaps++;
    r->last = mark;
    arrived[mark]++;
    while (complete < published && arrived[complete + 1] >= (uint32_t)ready) complete++;
    if (!sampling) return;
    if (sample_count == sample_room) {
        sample_room = sample_room ? sample_room * 2 : 1 << 16;
        samples = realloc(samples, sample_room * sizeof *samples);
        if (!samples) fail("realloc");
    }
    samples[sample_count++] = (struct sample){(uint32_t)mark, at};
}

static void scan(struct reader *r, const uint8_t *at, size_t size, uint64_t now) {
    const uint8_t *end = at + size;
    while (at < end) {
        if (!r->in_mark) {
            at = memchr(at, '~', (size_t)(end - at));
            if (!at) return;
            at++;
            r->in_mark = 1;
            r->mark = 0;
        } else if (*at == '~') {
            r->in_mark = 0;
            at++;
            got(r, r->mark, now);
        } else {
            r->mark = r->mark * 10 + (uint64_t)(*at++ - '0');
        }
    }
}

/* 0: more bytes are needed. */
static int header_done(struct reader *r) {
    if (r->header_size < 2) return 0;
    uint8_t size = r->header[1] & 127, needed = size == 126 ? 4 : size == 127 ? 10 : 2;
    if (r->header_size < needed) return 0;
    r->left = size;
    if (size > 125) {
        r->left = 0;
        for (uint8_t i = 2; i < needed; i++) r->left = r->left << 8 | r->header[i];
    }
    r->opcode = r->header[0] & 15;
    r->in_frame = 1;
    r->marked = r->header_size = 0;
    r->text_size = 0;
    return 1;
}

static void frame_done(struct reader *r) {
    r->in_frame = 0;
    if (r->marked) frames++;
    if (r->opcode == 1) told(r);
    else if (r->opcode == 8 && r->text_size >= 2) {
        char reason[64];
        int size = snprintf(reason, sizeof reason, "closed by the server with %d", (uint8_t)r->text[0] << 8 | (uint8_t)r->text[1]);
        complain(reason, (size_t)size);
    }
}

static void keep(struct reader *r, const uint8_t *at, size_t size) {
    size_t room = TEXT - 1u - r->text_size;
    if (size > room) size = room;
    memcpy(r->text + r->text_size, at, size);
    r->text_size = (uint16_t)(r->text_size + size);
}

static void unwrap(struct reader *r, const uint8_t *at, size_t size, uint64_t now) {
    bytes += size;
    while (size) {
        if (r->state == UPGRADING) {
            r->text[r->text_size++] = (char)*at++;
            size--;
            if (r->text_size >= 4 && !memcmp(r->text + r->text_size - 4, "\r\n\r\n", 4)) {
                if (memcmp(r->text, "HTTP/1.1 101", 12)) {
                    complain(r->text, 12);
                    failed++;
                    hang_up(r, 0);
                    return;
                }
                upgraded(r);
            } else if (r->text_size == TEXT - 1) {
                complain(r->text, 40);
                hang_up(r, 0);
                return;
            }
            continue;
        }
        if (!r->in_frame) {
            r->header[r->header_size++] = *at++;
            size--;
            if (!header_done(r)) continue;
        }
        size_t part = size < r->left ? size : r->left;
        if (part) {
            if (r->text_size < 256) keep(r, at, part < 256 ? part : 256);
            if (r->opcode < 3) scan(r, at, part, now);
            at += part;
            size -= part;
            r->left -= part;
        }
        if (!r->left) frame_done(r);
    }
}

static void readable(struct reader *r) {
    if (r->state == CONNECTING) {
        upgrade(r);
        return;
    }
    ssize_t size = recv(r->fd, buffer, sizeof buffer, 0);
    if (size > 0) {
        unwrap(r, buffer, (size_t)size, now_ns());
    } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
        if (r->state == READY) dropped++;
        else failed++;
        hang_up(r, 0);
    }
}

/* ── The server's control socket, our commands, the loop ─────────────────────────────────────────────────────────── */

static void publish(uint64_t count, int size) {
    char line[64];
    int length = snprintf(line, sizeof line, "publish %llu %d\n", (unsigned long long)count, size);
    if (published + count >= MARKS) {
        errno = ENOSPC;
        fail("too many events for one run");
    }
    published += count;
    if (send(control_fd, line, (size_t)length, MSG_NOSIGNAL) != length) fail("control");
}

static void stamped(void) {
    ssize_t size = recv(control_fd, control_text + control_size, sizeof control_text - control_size - 1, 0);
    if (size <= 0) {
        if (size < 0 && errno == EAGAIN) return;
        fail("the server closed the control socket");
    }
    control_size += (size_t)size;
    control_text[control_size] = 0;
    char *line = control_text, *end;
    while ((end = strchr(line, '\n'))) {
        unsigned long long first, count, stamp;
        if (sscanf(line, "%llu %llu %llu", &first, &count, &stamp) != 3) fail("the control socket said something else");
        for (unsigned long long i = first; i < first + count && i < MARKS; i++) stamps[i] = stamp;
        line = end + 1;
    }
    control_size -= (size_t)(line - control_text);
    memmove(control_text, line, control_size);
}

static void commanded(void) {
    ssize_t size = read(0, command_text + command_size, sizeof command_text - command_size - 1);
    if (size <= 0) exit(0);
    command_size += (size_t)size;
    command_text[command_size] = 0;
}

static void refill(int window, int index_from) {
    static int next;
    if (index_from >= 0) next = index_from;
    for (int tried = 0; tried < wanted && opening < window && ready + opening < wanted; tried++) {
        struct reader *r = &readers[next];
        if (r->state == CLOSED) open_reader(r, next);
        next = (next + 1) % wanted;
    }
}

/* Serve what is ready, waiting at most so many milliseconds for it; how much there was. */
static int look(int wait) {
    static struct epoll_event happened[1024];
    int count = epoll_wait(poll_fd, happened, 1024, wait);
    for (int i = 0; i < count; i++) {
        void *whose = happened[i].data.ptr;
        if (whose == &control_fd) stamped();
        else if (whose == command_text) commanded();
        else readable(whose);
    }
    return count;
}

/* Serve what is ready, at the latest at `until`. Stays awake for it: to wake this process would cost the server as much as the sending,
 * and only a server that is slower than this one is; readers are woken by machines of their own. */
static void pump(uint64_t until) {
    uint64_t began = now_ns(), now = began;
    while (!look(0) && now < until)
        for (uint64_t next = now + BETWEEN_LOOKS; now < next; now = now_ns()) continue;
    spun += now - began;
}

/* Until every reader has every event, `until` is reached or nothing comes any more; whether they have. */
static int settle(uint64_t until) {
    uint64_t seen = events, since = now_ns();
    while (complete < published || stamps[published] == 0) {
        uint64_t now = now_ns();
        if (events != seen) seen = events, since = now;
        if (now >= until || now - since > STALL_SECONDS * 1000000000ull) return 0;
        pump(now + 10000000);
    }
    return 1;
}

/* ── Measurements ────────────────────────────────────────────────────────────────────────────────────────────────── */

static struct {
    uint64_t at, server, own, spun, events, frames, published;
} start;

static void begin(void) {
    start.at = now_ns();
    start.server = clock_ns(server_clock);
    start.own = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    start.spun = spun;
    start.events = events;
    start.frames = frames;
    start.published = published;
}

static void report(const char *more, ...) {
    printf("{\"seconds\":%.6f,\"server_cpu\":%.6f,\"client_cpu\":%.6f,\"published\":%llu,\"events\":%llu,\"frames\":%llu,\"ready\":%d,",
           (double)(now_ns() - start.at) / 1e9, (double)(clock_ns(server_clock) - start.server) / 1e9,
           ((double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start.own) - (double)(spun - start.spun)) / 1e9, (unsigned long long)(published - start.published),
           (unsigned long long)(events - start.events), (unsigned long long)(frames - start.frames), ready);
    va_list words;
    va_start(words, more);
    vprintf(more, words);
    va_end(words);
    printf("\"gaps\":%llu,\"repeats\":%llu,\"dropped\":%llu,\"failed\":%llu,\"resets\":%llu,\"errors\":%llu,\"error\":\"%s\"}\n",
           (unsigned long long)gaps, (unsigned long long)repeats, (unsigned long long)dropped, (unsigned long long)failed,
           (unsigned long long)resets, (unsigned long long)errors, first_error);
    fflush(stdout);
    gaps = repeats = dropped = failed = resets = errors = 0;
    first_error[0] = 0;
}

/* Hold `count` connections, at most `window` of them in their handshake at a time; those above `count` are closed. */
static void open_all(int count, int window, double seconds) {
    begin();
    uint64_t until = start.at + (uint64_t)(seconds * 1e9);
    for (int i = wanted; i < count; i++) readers[i].last = published;
    for (int i = count; i < wanted; i++)
        if (readers[i].state != CLOSED) hang_up(&readers[i], 0);
    wanted = count;
    refill(window, 0);
    while (ready < wanted && now_ns() < until) {
        pump(now_ns() + 5000000);
        refill(window, -1);
    }
    report("");
}

/* As many single events as go: each is published when the one `window` before it has reached every reader. */
static void saturate(double seconds, int size, uint64_t window) {
    publish(1, size);
    settle(now_ns() + 20000000000ull);
    begin();
    uint64_t until = start.at + (uint64_t)(seconds * 1e9);
    uint64_t seen = complete, since = start.at;
    int stuck = 0;
    while (now_ns() < until && !stuck) {
        while (published - complete < window) publish(1, size);
        pump(now_ns() + 10000000);
        if (complete != seen) seen = complete, since = now_ns();
        stuck = now_ns() - since > STALL_SECONDS * 1000000000ull;
    }
    int all = settle(now_ns() + STALL_SECONDS * 1000000000ull);
    report("\"all\":%s,", all ? "true" : "false");
}

/* `count` events at once: seconds from the stamp, and from the call, to the last event of the last reader. */
static void burst(uint64_t count, int size, double seconds) {
    begin();
    publish(count, size);
    int all = settle(start.at + (uint64_t)(seconds * 1e9));
    uint64_t end = now_ns(), stamp = stamps[published] ? stamps[published] : start.at;
    report("\"all\":%s,\"from_stamp\":%.6f,\"from_call\":%.6f,", all ? "true" : "false", (double)(end - stamp) / 1e9, (double)(end - start.at) / 1e9);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* `rate` events a second: how long each reader waits for each. */
static void steady(double rate, double seconds, int size) {
    sampling = 1;
    sample_count = 0;
    begin();
    uint64_t step = (uint64_t)(1e9 / rate), count = (uint64_t)(rate * seconds + 0.5);
    for (uint64_t i = 0; i < count; i++) {
        while (now_ns() < start.at + i * step) pump(start.at + i * step);
        publish(1, size);
    }
    int all = settle(now_ns() + 5000000000ull);
    sampling = 0;
    double *waits = malloc((sample_count + 1) * sizeof *waits);
    size_t known = 0;
    for (size_t i = 0; i < sample_count; i++)
        if (stamps[samples[i].mark]) waits[known++] = ((double)samples[i].at - (double)stamps[samples[i].mark]) / 1e6;
    qsort(waits, known, sizeof *waits, by_value);
    waits[known] = known ? waits[known - 1] : 0;
    report("\"all\":%s,\"samples\":%zu,\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,", all ? "true" : "false", known, waits[known / 2],
           waits[(size_t)((double)known * 0.99)], waits[known]);
    free(waits);
}

/* Only answer what has to be answered. */
static void quiet(double seconds) {
    begin();
    uint64_t until = start.at + (uint64_t)(seconds * 1e9);
    while (now_ns() < until) pump(until);
    report("");
}

/* Everybody is cut off at once; `count` events are published meanwhile; all come back at once, where they were. */
static void herd(uint64_t count, int size, int window, double seconds) {
    begin();
    uint64_t until = start.at + (uint64_t)(seconds * 1e9);
    for (int i = 0; i < wanted; i++)
        if (readers[i].state != CLOSED) hang_up(&readers[i], 1);
    for (uint64_t i = 0; i < count; i++) publish(1, size);
    refill(window, 0);
    uint64_t back = 0;
    int behind = wanted;
    while ((ready < wanted || behind) && now_ns() < until) {
        pump(now_ns() + 5000000);
        refill(window, -1);
        if (ready < wanted) continue;
        if (!back) back = now_ns();
        behind = 0;
        for (int i = 0; i < wanted; i++) behind += readers[i].last != published;
    }
    complete = published;
    report("\"back\":%.6f,\"behind\":%d,", back ? (double)(back - start.at) / 1e9 : -1.0, behind);
}

static void obey(const char *line) {
    double seconds, rate;
    int count, size, window;
    if (sscanf(line, "open %d %d %lf", &count, &window, &seconds) == 3 && count <= READERS) open_all(count, window, seconds);
    else if (sscanf(line, "saturate %lf %d %d", &seconds, &size, &window) == 3) saturate(seconds, size, (uint64_t)window);
    else if (sscanf(line, "burst %d %d %lf", &count, &size, &seconds) == 3) burst((uint64_t)count, size, seconds);
    else if (sscanf(line, "steady %lf %lf %d", &rate, &seconds, &size) == 3) steady(rate, seconds, size);
    else if (sscanf(line, "quiet %lf", &seconds) == 1) quiet(seconds);
    else if (sscanf(line, "herd %d %d %d %lf", &count, &size, &window, &seconds) == 4) herd((uint64_t)count, size, window, seconds);
    else {
        fprintf(stderr, "client: no such command: %s\n", line);
        exit(2);
    }
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "expected PORT PATH DIALECT CONTROL PID\n");
        return 2;
    }
    port = atoi(argv[1]);
    path = argv[2];
    dialect = !strcmp(argv[3], "fangtan") ? FANGTAN : !strcmp(argv[3], "socketio") ? SOCKETIO : PLAIN;
    /* What clock_getcpuclockid() makes of a process id, without its check of our rights. */
    server_clock = (~(clockid_t)atoi(argv[5])) << 3 | 2;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    poll_fd = epoll_create1(0);
    control_fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, argv[4], sizeof address.sun_path - 1);
    if (connect(control_fd, (struct sockaddr *)&address, sizeof address)) fail(argv[4]);
    struct epoll_event interest = {.events = EPOLLIN, .data.ptr = &control_fd};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, control_fd, &interest);
    interest.data.ptr = command_text;
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, 0, &interest)) fail("standard input");
    for (;;) {
        char *end = strchr(command_text, '\n');
        if (!end) {
            look(1000);
            continue;
        }
        *end = 0;
        obey(command_text);
        command_size -= (size_t)(end + 1 - command_text);
        memmove(command_text, end + 1, command_size);
        command_text[command_size] = 0;
    }
}
