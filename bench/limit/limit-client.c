/*
 * The most a TCP client can do, on one thread with epoll and only the system calls that the work needs.
 *
 *   limit-client --port P [--address 127.0.0.1] [--mode cc|crr|keepalive|hold] [--close fin|fin-await|rst|server]
 *                [--slots 100] [--rate 0] [--warmup-millis 200] [--millis 1000] [--request 64] [--response 64]
 *                [--sources 100] [--nodelay 0] [--optimistic 0] [--starts 0] [--http 0]
 *
 * cc connects and closes, crr sends one request in between, keepalive sends requests on --slots connections without end, hold opens
 * --slots connections, keeps them for --millis and closes them. --rate starts that many connections a second by the clock, at most
 * --slots at a time; 0 starts one whenever a slot is free. Sources are 127.0.0.2 and up, 0 = the kernel chooses.
 *
 * Closes: fin is close(2); fin-await is shutdown(2), the peer's FIN, close(2); rst is SO_LINGER {1, 0} and close(2); server waits for
 * the peer's FIN or RST, then close(2).
 *
 * --optimistic looks at TCP_INFO right after connect(2) and leaves epoll out where the handshake is over already, as it mostly is
 * on one host. Without it this is the epoll client as one writes it. --starts is how many connections it starts before it polls again,
 * 0 as many as there are free slots: then each of them waits for all others' starts.
 *
 * Prints one JSON line.
 */
#include "limit.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 1 << 17, EVENTS = 256, MAX_SLOTS = 65536, MAX_SOURCES = 250, ESTABLISHED = 1 };

enum mode { CC, CRR, KEEPALIVE, HOLD };
enum closing { FIN, FIN_AWAIT, RST, SERVER };
enum phase { CONNECTING, RESPONSE, AWAITING_END, HELD };

struct slot {
    int fd, received;
    enum phase phase;
    bool armed;
    int64_t mark, fin;
};

static struct {
    const char *address;
    int port, slots, request, response, sources, starts;
    long rate;
    int64_t warmup, time;
    enum mode mode;
    enum closing closing;
    bool nodelay, optimistic, http;
} opt = {.address = "127.0.0.1", .slots = 100, .request = 64, .response = 64, .sources = 100, .warmup = 200000000, .time = 1000000000};

static struct slot slots[MAX_SLOTS];
static int vacant[MAX_SLOTS], vacancies, armed, next_source, epoll;
static struct sockaddr_in target, sources[MAX_SOURCES];
static char request[BUFFER], input[BUFFER];
static uint32_t told; /* the current events: what they report need not be looked up */

static struct {
    uint64_t connections, requests, established;
    struct histogram connect, service, teardown, late;
} seen;

static void arm(struct slot *s) {
    if (!s->armed) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = s};
        check(epoll_ctl(epoll, EPOLL_CTL_ADD, s->fd, &event), "epoll_ctl");
        s->armed = true;
        armed++;
    }
}

/* ---- the life of a connection, from its end to its beginning ---- */

static void ended(struct slot *s) {
    check(close(s->fd), "close");
    if (s->armed)
        armed--;
    vacant[vacancies++] = (int)(s - slots);
    seen.connections++;
}

static void end_comes(struct slot *s) {
    ssize_t length = recv(s->fd, input, BUFFER, 0);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length > 0)
        refuse("received %zd bytes where the end was expected", length);
    if (length < 0 && !(errno == ECONNRESET && opt.closing == SERVER))
        die("recv");
    if (opt.closing == FIN_AWAIT)
        histogram_add(&seen.teardown, now_nanos() - s->fin);
    ended(s);
}

static void finish(struct slot *s) {
    switch (opt.closing) {
    case RST:
        linger_zero(s->fd);
        ended(s);
        return;
    case FIN:
        ended(s);
        return;
    case FIN_AWAIT:
        s->fin = now_nanos();
        check(shutdown(s->fd, SHUT_WR), "shutdown");
        break;
    case SERVER:
        break;
    }
    s->phase = AWAITING_END;
    if (told & (EPOLLRDHUP | EPOLLHUP))
        end_comes(s);
    else
        arm(s);
}

static void ask(struct slot *s) {
    s->phase = RESPONSE;
    s->received = 0;
    s->mark = now_nanos();
    ssize_t sent = send(s->fd, request, (size_t)opt.request, MSG_NOSIGNAL);
    if (sent != opt.request) {
        if (sent >= 0)
            errno = EAGAIN;
        die("send");
    }
    arm(s);
}

static void response_comes(struct slot *s) {
    ssize_t length = recv(s->fd, input, BUFFER, 0);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length <= 0)
        die(length == 0 ? "the peer closed before its response" : "recv");
    if (!opt.http && opt.request == opt.response && memcmp(input, request + s->received, (size_t)length) != 0)
        refuse("the response is not the request's bytes");
    s->received += (int)length;
    if (s->received > opt.response)
        refuse("the response has %d bytes instead of %d", s->received, opt.response);
    if (s->received < opt.response)
        return;
    histogram_add(&seen.service, now_nanos() - s->mark);
    seen.requests++;
    if (opt.mode == KEEPALIVE)
        ask(s);
    else
        finish(s);
}

static void established(struct slot *s) {
    histogram_add(&seen.connect, now_nanos() - s->mark);
    seen.established++;
    if (opt.mode == CC)
        finish(s);
    else if (opt.mode == HOLD)
        s->phase = HELD;
    else
        ask(s);
}

static bool established_now(int fd) {
    struct tcp_info info;
    socklen_t length = 8; /* tcpi_state is the first byte */
    check(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), "getsockopt(TCP_INFO)");
    return info.tcpi_state == ESTABLISHED;
}

static void start(void) {
    struct slot *s = &slots[vacant[--vacancies]];
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    *s = (struct slot){.fd = fd, .phase = CONNECTING};
    if (opt.nodelay)
        set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    if (opt.sources > 0) {
        set_int(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        check(bind(fd, (struct sockaddr *)&sources[next_source], sizeof sources[0]), "bind");
        next_source = next_source + 1 == opt.sources ? 0 : next_source + 1;
    }
    s->mark = now_nanos();
    int result = connect(fd, (struct sockaddr *)&target, sizeof target);
    if (result < 0 && errno != EINPROGRESS)
        die("connect");
    if (result == 0 || (opt.optimistic && established_now(fd)))
        established(s);
    else
        arm(s);
}

static void happened(struct slot *s, uint32_t events) {
    if (s->phase == CONNECTING) {
        if (events & EPOLLERR) {
            socklen_t length = sizeof errno;
            check(getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &errno, &length), "getsockopt(SO_ERROR)");
            if (errno != ECONNRESET || opt.closing != SERVER || opt.mode != CC)
                die("connect");
            ended(s); /* the server accepted and reset before we looked */
        } else if (events & EPOLLOUT) {
            established(s);
        }
    } else if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) {
        if (s->phase == RESPONSE)
            response_comes(s);
        else if (s->phase == AWAITING_END)
            end_comes(s);
        else
            refuse("the peer sent data or closed where nothing was expected");
    }
}

/* ---- the clock ---- */

static void poll_until(int64_t due) {
    struct epoll_event events[EVENTS];
    int64_t left = due - now_nanos();
    struct timespec wait = {.tv_sec = left > 0 ? left / 1000000000 : 0, .tv_nsec = left > 0 ? left % 1000000000 : 0};
    int count = check(epoll_pwait2(epoll, events, EVENTS, &wait, NULL), "epoll_pwait2");
    for (int i = 0; i < count; i++) {
        told = events[i].events;
        happened(events[i].data.ptr, told);
    }
    told = 0;
}

/* Starts whatever is free, or what is due by the clock, until the time `end`. */
static void work_until(int64_t end, int64_t *due) {
    while (now_nanos() < end) {
        if (opt.rate > 0) {
            int64_t now = now_nanos();
            if (*due <= now && vacancies > 0) {
                histogram_add(&seen.late, now - *due);
                *due += 1000000000 / opt.rate;
                start();
            }
            poll_until(vacancies > 0 && *due < end ? *due : end);
        } else {
            int most = opt.starts > 0 && opt.starts < vacancies ? opt.starts : vacancies;
            for (int i = 0; i < most; i++)
                start();
            if (armed > 0)
                poll_until(vacancies > 0 ? 0 : end);
        }
    }
}

static void print(double seconds, struct cpu cpu) {
    printf("{\"connections\": %llu, \"requests\": %llu, \"seconds\": %.6f, \"cpuUserSeconds\": %.6f, \"cpuSysSeconds\": %.6f, "
           "\"connectP50Micros\": %.3f, \"connectP99Micros\": %.3f, \"serviceP50Micros\": %.3f, \"serviceP99Micros\": %.3f, "
           "\"teardownP50Micros\": %.3f, \"teardownP99Micros\": %.3f, \"lateP50Micros\": %.3f, \"lateP99Micros\": %.3f}\n",
           (unsigned long long)(opt.mode == HOLD ? seen.established : seen.connections), (unsigned long long)seen.requests,
           seconds, cpu.user, cpu.sys, histogram_micros(&seen.connect, 0.5), histogram_micros(&seen.connect, 0.99),
           histogram_micros(&seen.service, 0.5), histogram_micros(&seen.service, 0.99),
           histogram_micros(&seen.teardown, 0.5), histogram_micros(&seen.teardown, 0.99),
           histogram_micros(&seen.late, 0.5), histogram_micros(&seen.late, 0.99));
}

static void measure(void) {
    int64_t due = now_nanos();
    work_until(due + opt.warmup, &due);
    memset(&seen, 0, sizeof seen);
    struct cpu before = thread_cpu();
    int64_t began = now_nanos();
    due = began;
    work_until(began + opt.time, &due);
    struct cpu after = thread_cpu();
    print((double)(now_nanos() - began) / 1e9, (struct cpu){after.user - before.user, after.sys - before.sys});
}

/* Opens all slots as fast as they come, at most 100 handshakes in progress; then keeps them. */
static void hold(void) {
    struct cpu before = thread_cpu();
    int64_t began = now_nanos();
    while (seen.established < (uint64_t)opt.slots) {
        while (vacancies > 0 && (uint64_t)(opt.slots - vacancies) - seen.established < 100)
            start();
        if (seen.established < (uint64_t)opt.slots)
            poll_until(vacancies > 0 && opt.optimistic ? 0 : began + 60000000000);
        if (now_nanos() - began >= 60000000000)
            refuse("the ramp took more than a minute");
    }
    int64_t ramped = now_nanos();
    struct cpu after = thread_cpu();
    print((double)(ramped - began) / 1e9, (struct cpu){after.user - before.user, after.sys - before.sys});
    fflush(stdout);
    for (int i = 0; i < opt.slots; i++)
        arm(&slots[i]);
    while (now_nanos() < ramped + opt.time)
        poll_until(ramped + opt.time);
}

/* ---- options ---- */

static int choice(const struct arguments *a, const char *const *words) {
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(a->value, words[i]) == 0)
            return i;
    refuse("%s does not know %s", a->name, a->value);
}

static void read_options(int argc, char **argv) {
    static const char *const modes[] = {"cc", "crr", "keepalive", "hold", NULL};
    static const char *const closings[] = {"fin", "fin-await", "rst", "server", NULL};
    struct arguments a = {.argc = argc, .at = 1, .argv = argv};
    while (next_argument(&a)) {
        if (strcmp(a.name, "--address") == 0)
            opt.address = a.value;
        else if (strcmp(a.name, "--port") == 0)
            opt.port = (int)number_of(&a, 1, 65535);
        else if (strcmp(a.name, "--mode") == 0)
            opt.mode = (enum mode)choice(&a, modes);
        else if (strcmp(a.name, "--close") == 0)
            opt.closing = (enum closing)choice(&a, closings);
        else if (strcmp(a.name, "--slots") == 0)
            opt.slots = (int)number_of(&a, 1, MAX_SLOTS);
        else if (strcmp(a.name, "--rate") == 0)
            opt.rate = number_of(&a, 0, 1000000);
        else if (strcmp(a.name, "--warmup-millis") == 0)
            opt.warmup = number_of(&a, 0, 60000) * 1000000;
        else if (strcmp(a.name, "--millis") == 0)
            opt.time = number_of(&a, 1, 600000) * 1000000;
        else if (strcmp(a.name, "--request") == 0)
            opt.request = (int)number_of(&a, 1, BUFFER);
        else if (strcmp(a.name, "--response") == 0)
            opt.response = (int)number_of(&a, 1, BUFFER);
        else if (strcmp(a.name, "--sources") == 0)
            opt.sources = (int)number_of(&a, 0, MAX_SOURCES);
        else if (strcmp(a.name, "--nodelay") == 0)
            opt.nodelay = number_of(&a, 0, 1) != 0;
        else if (strcmp(a.name, "--optimistic") == 0)
            opt.optimistic = number_of(&a, 0, 1) != 0;
        else if (strcmp(a.name, "--starts") == 0)
            opt.starts = (int)number_of(&a, 0, MAX_SLOTS);
        else if (strcmp(a.name, "--http") == 0)
            opt.http = number_of(&a, 0, 1) != 0;
        else
            refuse("%s is unknown", a.name);
    }
    if (opt.port == 0)
        refuse("--port is needed");
}

static void write_request(void) {
    bool closing = opt.closing == SERVER;
    if (opt.http) {
        opt.request = snprintf(request, BUFFER, "GET / HTTP/1.1\r\nHost: %s:%d\r\n%s\r\n", opt.address, opt.port,
                               closing ? "Connection: close\r\n" : "");
        opt.response += http_header(input, BUFFER, opt.response, closing);
    } else {
        for (int i = 0; i < opt.request; i++)
            request[i] = (char)('!' + i % 94);
    }
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    write_request();
    target = address_of(opt.address, opt.port);
    for (int i = 0; i < opt.sources; i++) {
        sources[i] = address_of("127.0.0.2", 0);
        sources[i].sin_addr.s_addr = htonl(ntohl(sources[i].sin_addr.s_addr) + (uint32_t)i);
    }
    for (int i = opt.slots; i > 0; i--)
        vacant[vacancies++] = i - 1;
    check(prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0), "prctl"); /* timed waits end on time, not up to 50 µs late */
    epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    if (opt.mode == HOLD)
        hold();
    else
        measure();
    return 0;
}
