/*
 * The least a TCP server can do, on one thread with epoll: accept, read a request of a fixed size, answer it, close.
 *
 *   limit-server [--address 127.0.0.1] [--port 0] [--request 64] [--response 64] [--close-after -1] [--how fin|rst]
 *                [--backlog 4096] [--nodelay 0] [--http 0] [--spin 0]
 *
 * --response equal to --request echoes the request's bytes, otherwise the answer is filler. --close-after k closes after the
 * k-th response, 0 at once after accept, -1 leaves it to the client. --http answers anything that ends in an empty line, with
 * --response bytes of body, and closes when the request says "Connection: close" or HTTP/1.0 without keep-alive.
 * --spin never sleeps, so that no client pays for waking it.
 * Prints one line with its port when it listens; on SIGTERM one JSON line with what it did and its CPU time.
 */
#include "limit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 1 << 16, MAX_DESCRIPTORS = 1 << 17, EVENTS = 256, HEADER = 256 };

struct peer {
    int received, answered;
    bool armed, keep;
};

static struct {
    const char *address;
    int port, request, response, close_after, backlog;
    bool rst, nodelay, http, spin;
} opt = {.address = "127.0.0.1", .request = 64, .response = 64, .close_after = -1, .backlog = 4096};

static struct peer peers[MAX_DESCRIPTORS];
static char input[BUFFER];
static struct answer {
    char bytes[HEADER + BUFFER];
    int length;
} staying, leaving; /* they differ in HTTP's Connection header */
static int epoll, listener;
static uint64_t accepted, answers;
static volatile sig_atomic_t stopped; /* set by the signal handler, seen by the loop */

static void stop(int signal_number) {
    (void)signal_number;
    stopped = 1;
}

static void finish(int fd) {
    if (opt.rst)
        linger_zero(fd);
    check(close(fd), "close");
}

static void arm(int fd) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.fd = fd};
    if (!peers[fd].armed)
        check(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
    peers[fd].armed = true;
}

/* Answers one request; returns false when the connection is closed. */
static bool respond(int fd, struct peer *peer) {
    bool echo = !opt.http && opt.request == opt.response;
    const struct answer *answer = opt.http && !peer->keep ? &leaving : &staying;
    int length = echo ? opt.response : answer->length;
    ssize_t sent = send(fd, echo ? input : answer->bytes, (size_t)length, MSG_NOSIGNAL);
    if (sent != length) {
        if (sent >= 0 || errno == EAGAIN)
            refuse("a response did not fit the send buffer; choose a smaller one");
        check(close(fd), "close"); /* EPIPE or ECONNRESET: the client is gone */
        return false;
    }
    answers++;
    peer->received = 0;
    peer->answered++;
    if (peer->answered == opt.close_after || (opt.http && !peer->keep)) {
        finish(fd);
        return false;
    }
    return true;
}

static bool wants_more(const char *request, int length) {
    if (memmem(request, (size_t)length, "HTTP/1.0", 8) != NULL)
        return memmem(request, (size_t)length, "eep-", 4) != NULL;
    return memmem(request, (size_t)length, ": close", 7) == NULL;
}

static void readable(int fd) {
    struct peer *peer = &peers[fd];
    for (;;) {
        ssize_t length = recv(fd, input + peer->received, (size_t)(BUFFER - peer->received), 0);
        if (length <= 0) {
            if (length < 0 && errno == EAGAIN)
                arm(fd);
            else if (length == 0 || errno == ECONNRESET)
                check(close(fd), "close");
            else
                die("recv");
            return;
        }
        peer->received += (int)length;
        bool complete = opt.http ? peer->received >= 4 && memcmp(input + peer->received - 4, "\r\n\r\n", 4) == 0
                                 : peer->received == opt.request;
        if (opt.http)
            peer->keep = wants_more(input, peer->received);
        if (complete) {
            if (!respond(fd, peer))
                return;
        } else if (peer->received > opt.request) {
            refuse("received %d bytes where %d were expected", peer->received, opt.request);
        } else {
            refuse("a request came in pieces; this server does not join them");
        }
        if (peer->armed)
            return; /* edge-triggered: what comes now is reported */
    }
}

static void accept_all(void) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EAGAIN)
                return;
            if (errno == ECONNABORTED)
                continue;
            die("accept4");
        }
        if (fd >= MAX_DESCRIPTORS)
            refuse("descriptor %d is beyond the table", fd);
        accepted++;
        peers[fd] = (struct peer){.armed = false};
        if (opt.nodelay)
            set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        if (opt.close_after == 0)
            finish(fd);
        else
            readable(fd);
    }
}

static void listen_there(void) {
    struct sockaddr_in address = address_of(opt.address, opt.port);
    socklen_t length = sizeof address;
    listener = check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    set_int(listener, SOL_SOCKET, SO_REUSEADDR, 1);
    check(bind(listener, (struct sockaddr *)&address, sizeof address), "bind");
    check(listen(listener, opt.backlog), "listen");
    check(getsockname(listener, (struct sockaddr *)&address, &length), "getsockname");
    epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    check(epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event), "epoll_ctl");
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
}

static void fill(struct answer *answer, bool closing) {
    int header = opt.http ? http_header(answer->bytes, HEADER, opt.response, closing) : 0;
    memset(answer->bytes + header, '.', (size_t)opt.response);
    answer->length = header + opt.response;
}

static void read_options(int argc, char **argv) {
    struct arguments a = {.argc = argc, .at = 1, .argv = argv};
    while (next_argument(&a)) {
        if (strcmp(a.name, "--address") == 0)
            opt.address = a.value;
        else if (strcmp(a.name, "--port") == 0)
            opt.port = (int)number_of(&a, 0, 65535);
        else if (strcmp(a.name, "--request") == 0)
            opt.request = (int)number_of(&a, 1, BUFFER);
        else if (strcmp(a.name, "--response") == 0)
            opt.response = (int)number_of(&a, 1, BUFFER);
        else if (strcmp(a.name, "--close-after") == 0)
            opt.close_after = (int)number_of(&a, -1, 1000000);
        else if (strcmp(a.name, "--backlog") == 0)
            opt.backlog = (int)number_of(&a, 0, 1 << 20);
        else if (strcmp(a.name, "--nodelay") == 0)
            opt.nodelay = number_of(&a, 0, 1) != 0;
        else if (strcmp(a.name, "--http") == 0)
            opt.http = number_of(&a, 0, 1) != 0;
        else if (strcmp(a.name, "--spin") == 0)
            opt.spin = number_of(&a, 0, 1) != 0;
        else if (strcmp(a.name, "--how") == 0 && (strcmp(a.value, "fin") == 0 || strcmp(a.value, "rst") == 0))
            opt.rst = strcmp(a.value, "rst") == 0;
        else
            refuse("%s %s is unknown", a.name, a.value);
    }
    fill(&staying, false);
    fill(&leaving, true);
    if (opt.http)
        opt.request = BUFFER;
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    struct sigaction action = {.sa_handler = stop};
    check(sigaction(SIGTERM, &action, NULL), "sigaction");
    check(sigaction(SIGINT, &action, NULL), "sigaction");
    listen_there();
    while (!stopped) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(epoll, events, EVENTS, opt.spin ? 0 : -1);
        if (count < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listener)
                accept_all();
            else
                readable(events[i].data.fd);
        }
    }
    struct cpu cpu = thread_cpu();
    printf("{\"accepted\": %llu, \"answers\": %llu, \"cpuUserSeconds\": %.6f, \"cpuSysSeconds\": %.6f}\n",
           (unsigned long long)accepted, (unsigned long long)answers, cpu.user, cpu.sys);
    return 0;
}
