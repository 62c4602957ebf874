/* The physical limit: a server that does nothing but write the same ready bytes to every socket.
 *
 *     limit PORT CONTROL
 *
 * It answers a WebSocket handshake, reads nothing after it, and on "publish COUNT SIZE" at the UNIX socket CONTROL writes COUNT
 * frames of SIZE bytes to each reader, all of them in one write.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
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

enum { READERS = 20000, EVENTS = 1000, LARGEST = 4096, PATIENCE = 5000 /* milliseconds */ };
enum kind { WEB, CONTROL, ASKING, READER, CHIEF };

static enum kind kinds[READERS * 2];
static int readers[READERS], count, poll_fd;
static unsigned long long published;
static char bundle[EVENTS * (LARGEST + 4)];

static void fail(const char *what) {
    fprintf(stderr, "limit: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void watch(int fd, enum kind kind) {
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = fd};
    if (fd >= READERS * 2 || epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &interest)) fail("epoll_ctl");
    kinds[fd] = kind;
}

static size_t framed(char *to, unsigned long long number, int size) {
    size_t start = 0;
    to[start++] = (char)0x81;
    if (size < 126) {
        to[start++] = (char)size;
    } else {
        to[start++] = 126;
        to[start++] = (char)(size >> 8);
        to[start++] = (char)size;
    }
    memset(to + start, 'x', (size_t)size);
    int head = sprintf(to + start, "{\"mark\":\"~%llu~\",\"text\":\"", number);
    to[start + (size_t)head] = 'x';
    memcpy(to + start + (size_t)size - 2, "\"}", 2);
    return start + (size_t)size;
}

static void write_all(int fd, const char *at, size_t size) {
    while (size) {
        ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd writable = {.fd = fd, .events = POLLOUT};
            if (poll(&writable, 1, PATIENCE) == 0) return;
        } else if (sent < 0) {
            return;
        } else {
            at += sent;
            size -= (size_t)sent;
        }
    }
}

static void publish(int chief) {
    char line[256], answer[96];
    ssize_t got = recv(chief, line, sizeof line - 1, 0);
    if (got <= 0) {
        close(chief);
        return;
    }
    line[got] = 0;
    for (char *at = line; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
        int events, size;
        if (sscanf(at, "publish %d %d", &events, &size) != 2 || events > EVENTS || size > LARGEST) fail(line);
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        size_t length = 0;
        for (int i = 1; i <= events; i++) length += framed(bundle + length, published + (unsigned long long)i, size);
        for (int i = 0; i < count; i++) write_all(readers[i], bundle, length);
        int said = sprintf(answer, "%llu %d %llu\n", published + 1, events, (unsigned long long)t.tv_sec * 1000000000u + (unsigned long long)t.tv_nsec);
        published += (unsigned long long)events;
        write_all(chief, answer, (size_t)said);
    }
}

static void leave(int fd) {
    for (int i = 0; kinds[fd] == READER && i < count; i++)
        if (readers[i] == fd) readers[i--] = readers[--count];
    close(fd);
}

static void heard(int fd) {
    char request[2048];
    ssize_t got = recv(fd, request, sizeof request, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        leave(fd);
    } else if (got > 4 && kinds[fd] == ASKING && !memcmp(request + got - 4, "\r\n\r\n", 4)) {
        static const char answer[] =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        write_all(fd, answer, sizeof answer - 1);
        kinds[fd] = READER;
        readers[count++] = fd;
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "expected PORT CONTROL\n");
        return 2;
    }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    poll_fd = epoll_create1(0);
    int yes = 1, web = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), control = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(web, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(web, (struct sockaddr *)&here, sizeof here) || listen(web, 4096)) fail("the port");
    struct sockaddr_un door = {.sun_family = AF_UNIX};
    strncpy(door.sun_path, argv[2], sizeof door.sun_path - 1);
    if (bind(control, (struct sockaddr *)&door, sizeof door) || listen(control, 4)) fail(argv[2]);
    watch(web, WEB);
    watch(control, CONTROL);
    for (;;) {
        struct epoll_event happened[256];
        int ready = epoll_wait(poll_fd, happened, 256, -1);
        for (int i = 0; i < ready; i++) {
            int fd = happened[i].data.fd, came;
            if (kinds[fd] == WEB) {
                while ((came = accept4(fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(came, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                    watch(came, ASKING);
                }
            } else if (kinds[fd] == CONTROL) {
                while ((came = accept4(fd, NULL, NULL, 0)) >= 0) watch(came, CHIEF);
            } else if (kinds[fd] == CHIEF) {
                publish(fd);
            } else {
                heard(fd);
            }
        }
    }
}
