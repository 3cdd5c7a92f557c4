/*
 * The most a TCP client can do with io_uring, on one thread: descriptors of the ring, one system call for each connect, and one for what
 * a batch of connections needs besides.
 *
 *   limit-ring --port P [--address 127.0.0.1] [--mode cc|crr|keepalive] [--close fin|rst|server] [--slots 100] [--batch 8]
 *              [--warmup-millis 200] [--millis 1000] [--request 64] [--response 64] [--sources 100] [--nodelay 0]
 *              [--late-receives 1] [--plain-descriptors 0]
 *
 * Modes and closes are those of limit-client. A connect is alone in its io_uring_enter(2), between two readings of the clock, and at most
 * one is in progress. Sockets, options, bind, sends, receives and closes are staged, and begun with one call after --batch connects, or
 * when there is no slot to connect. A receive is begun one batch later than it could be, when the peer may have answered: then it ends at
 * once, and the kernel need not wait for the socket; with --late-receives 0 it goes with the send.
 *
 * With --plain-descriptors 1 the sockets are in the process's table, where /proc and ss -p show them, in place of the ring's own: a
 * socket's number is known only when it is made, so its options and bind go with the batch that follows.
 *
 * Needs Linux 6.11 (IORING_OP_BIND). Without liburing, so that what it costs is in sight. Prints the same JSON line as limit-client.
 */
#include "limit.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What this libc's headers may be too old for (linux/io_uring.h). */
enum { OP_URING_CMD = 46, OP_BIND = 56, CMD_SETSOCKOPT = 3 };

enum { ENTRIES = 4096, MAX_SLOTS = 4096, MAX_SOURCES = 250, BYTES = 4096, MAX_BATCH = 256 };

enum mode { CC, CRR, KEEPALIVE };
enum closing { FIN, RST, SERVER };

/* What a completion is about; the slot's number is above it. */
enum what { MADE, PREPARED, CONNECTED, RECEIVED, FAILED, WHATS };

struct slot {
    int received, fd; /* fd: with plain descriptors */
    bool asked;
    int64_t mark;
    char input[BYTES];
};

static struct {
    const char *address;
    int port, slots, batch, request, response, sources;
    int64_t warmup, time;
    enum mode mode;
    enum closing closing;
    bool nodelay, plain, late;
} opt = {.address = "127.0.0.1", .slots = 100, .batch = 8, .request = 64, .response = 64, .sources = 100,
         .warmup = 200000000, .time = 1000000000, .late = true};

static struct {
    int fd;
    unsigned *sq_tail, *sq_mask, *cq_head, *cq_tail, *cq_mask, tail, begun;
    struct io_uring_sqe *sqes;
    struct io_uring_cqe *cqes;
} ring;

static struct io_uring_sqe staged[ENTRIES], late[MAX_SLOTS];
static int staged_count, late_count, due_count;

static struct slot slots[MAX_SLOTS];
static int ready[MAX_SLOTS], ready_count, busy, next_source, connect_result;
static bool connect_over;
static struct sockaddr_in target, sources[MAX_SOURCES];
static char request[BYTES];
static int one = 1;
static struct linger no_linger = {.l_onoff = 1};

static struct {
    uint64_t connections, requests;
    struct histogram connect, service;
} seen;

/* ---- the ring ---- */

static void *map(size_t size, off_t offset) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, offset);
    if (memory == MAP_FAILED)
        die("mmap");
    return memory;
}

static void open_ring(int descriptors) {
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE, .cq_entries = 4 * ENTRIES};
    ring.fd = check((int)syscall(SYS_io_uring_setup, ENTRIES, &params), "io_uring_setup");
    char *shared = map(params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe) +
                           params.sq_entries * sizeof(unsigned) + 4096, IORING_OFF_SQ_RING);
    ring.sqes = map(params.sq_entries * sizeof(struct io_uring_sqe), (off_t)IORING_OFF_SQES);
    ring.sq_tail = (unsigned *)(void *)(shared + params.sq_off.tail);
    ring.sq_mask = (unsigned *)(void *)(shared + params.sq_off.ring_mask);
    ring.cq_head = (unsigned *)(void *)(shared + params.cq_off.head);
    ring.cq_tail = (unsigned *)(void *)(shared + params.cq_off.tail);
    ring.cq_mask = (unsigned *)(void *)(shared + params.cq_off.ring_mask);
    ring.cqes = (struct io_uring_cqe *)(void *)(shared + params.cq_off.cqes);
    unsigned *array = (unsigned *)(void *)(shared + params.sq_off.array);
    for (unsigned i = 0; i < params.sq_entries; i++)
        array[i] = i;
    if (opt.plain)
        return;
    struct io_uring_rsrc_register table = {.nr = (unsigned)descriptors, .flags = IORING_RSRC_REGISTER_SPARSE};
    check((int)syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES2, &table, sizeof table), "io_uring_register");
}

/* Begins what was published, and waits for so many completions. */
static void enter(unsigned wait) {
    __atomic_store_n(ring.sq_tail, ring.tail, __ATOMIC_RELEASE);
    long begun = syscall(SYS_io_uring_enter, ring.fd, ring.tail - ring.begun, wait, IORING_ENTER_GETEVENTS, NULL, 0);
    if (begun < 0 && errno != EINTR)
        die("io_uring_enter");
    ring.begun += begun < 0 ? 0 : (unsigned)begun;
}

static void lay_out(struct io_uring_sqe *sqe, int operation, int slot, enum what what, bool silent) {
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = (uint8_t)operation;
    sqe->fd = opt.plain ? slots[slot].fd : slot;
    sqe->flags = (uint8_t)((opt.plain ? 0 : IOSQE_FIXED_FILE) | (silent ? IOSQE_CQE_SKIP_SUCCESS : 0));
    sqe->user_data = (uint64_t)slot * WHATS + what;
}

static struct io_uring_sqe *publish(void) {
    if (ring.tail - ring.begun == ENTRIES)
        enter(0);
    return &ring.sqes[ring.tail++ & *ring.sq_mask];
}

/* Begins all that is staged, and the receives that were late in the last batch; waits only if none is late now. */
static void flush(unsigned wait) {
    for (int i = 0; i < staged_count; i++)
        *publish() = staged[i];
    staged_count = 0;
    for (int i = 0; i < due_count; i++)
        *publish() = late[i];
    late_count -= due_count;
    memmove(late, late + due_count, (size_t)late_count * sizeof late[0]);
    due_count = late_count;
    enter(late_count > 0 ? 0 : wait);
}

/* A new operation on a slot's descriptor, which waits for flush(); `silent` = it completes only if it fails. */
static struct io_uring_sqe *stage(int operation, int slot, enum what what, bool silent) {
    if (staged_count == ENTRIES)
        flush(0);
    struct io_uring_sqe *sqe = &staged[staged_count++];
    lay_out(sqe, operation, slot, what, silent);
    return sqe;
}

/* ---- what a connection needs, staged ---- */

static void stage_option(int slot, int level, int name, void *value, int size) {
    struct io_uring_sqe *sqe = stage(OP_URING_CMD, slot, FAILED, true);
    sqe->off = CMD_SETSOCKOPT;
    sqe->addr = (uint64_t)level | (uint64_t)name << 32;
    sqe->file_index = (uint32_t)size;
    sqe->addr3 = (uint64_t)(uintptr_t)value;
}

/* The last of these is PREPARED; there is none without options and source addresses. */
static void stage_settings(int slot) {
    if (opt.nodelay)
        stage_option(slot, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (opt.sources == 0)
        return;
    stage_option(slot, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    struct io_uring_sqe *sqe = stage(OP_BIND, slot, PREPARED, false);
    sqe->addr = (uint64_t)(uintptr_t)&sources[next_source];
    sqe->off = sizeof sources[0];
    next_source = next_source + 1 == opt.sources ? 0 : next_source + 1;
}

static void stage_socket(int slot) {
    enum what what = opt.plain ? MADE : opt.sources > 0 ? FAILED : PREPARED;
    struct io_uring_sqe *sqe = stage(IORING_OP_SOCKET, slot, what, what == FAILED);
    sqe->flags &= (uint8_t)~IOSQE_FIXED_FILE;
    sqe->fd = AF_INET;
    sqe->off = SOCK_STREAM;
    sqe->file_index = opt.plain ? 0 : (uint32_t)slot + 1;
    if (!opt.plain)
        stage_settings(slot);
}

static void made(int slot, int fd) {
    errno = -fd;
    slots[slot].fd = check(fd, "socket");
    stage_settings(slot);
    if (opt.sources == 0)
        ready[ready_count++] = slot;
}

static void stage_receive(int slot) {
    struct io_uring_sqe *sqe;
    if (opt.late) {
        sqe = &late[late_count++];
        lay_out(sqe, IORING_OP_RECV, slot, RECEIVED, false);
    } else {
        sqe = stage(IORING_OP_RECV, slot, RECEIVED, false);
        sqe->ioprio = IORING_RECVSEND_POLL_FIRST;
    }
    sqe->addr = (uint64_t)(uintptr_t)(slots[slot].input + slots[slot].received);
    sqe->len = (uint32_t)(BYTES - slots[slot].received);
}

static void ask(int slot) {
    struct slot *s = &slots[slot];
    s->received = 0;
    s->asked = true;
    s->mark = now_nanos();
    struct io_uring_sqe *sqe = stage(IORING_OP_SEND, slot, FAILED, true);
    sqe->addr = (uint64_t)(uintptr_t)request;
    sqe->len = (uint32_t)opt.request;
    sqe->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
    stage_receive(slot);
}

static void finish(int slot) {
    if (opt.closing == RST)
        stage_option(slot, SOL_SOCKET, SO_LINGER, &no_linger, sizeof no_linger);
    struct io_uring_sqe *sqe = stage(IORING_OP_CLOSE, slot, FAILED, true);
    if (!opt.plain) {
        sqe->flags &= (uint8_t)~IOSQE_FIXED_FILE;
        sqe->fd = 0;
        sqe->file_index = (uint32_t)slot + 1;
    }
    seen.connections++;
    busy--;
    stage_socket(slot);
}

static void await_end(int slot) {
    slots[slot].asked = false;
    slots[slot].received = 0;
    stage_receive(slot);
}

/* ---- what the kernel says ---- */

static void received(int slot, int result) {
    struct slot *s = &slots[slot];
    if (!s->asked) {
        if (result > 0)
            refuse("received %d bytes where the end was expected", result);
        if (result < 0 && result != -ECONNRESET)
            errno = -result, die("recv");
        finish(slot);
        return;
    }
    if (result <= 0) {
        errno = -result;
        die(result == 0 ? "the peer closed before its response" : "recv");
    }
    s->received += result;
    if (s->received > opt.response || (opt.request == opt.response && memcmp(s->input, request, (size_t)s->received) != 0))
        refuse("the response is not the request's bytes");
    if (s->received < opt.response) {
        stage_receive(slot);
        return;
    }
    histogram_add(&seen.service, now_nanos() - s->mark);
    seen.requests++;
    if (opt.mode == KEEPALIVE)
        ask(slot);
    else if (opt.closing == SERVER)
        await_end(slot);
    else
        finish(slot);
}

static void reap(void) {
    unsigned head = *ring.cq_head, tail = __atomic_load_n(ring.cq_tail, __ATOMIC_ACQUIRE);
    for (; head != tail; head++) {
        struct io_uring_cqe *cqe = &ring.cqes[head & *ring.cq_mask];
        int slot = (int)(cqe->user_data / WHATS);
        switch ((enum what)(cqe->user_data % WHATS)) {
        case MADE:
            made(slot, cqe->res);
            break;
        case PREPARED:
            errno = -cqe->res;
            check(cqe->res, "socket or bind");
            ready[ready_count++] = slot;
            break;
        case CONNECTED:
            connect_over = true;
            connect_result = cqe->res;
            break;
        case RECEIVED:
            received(slot, cqe->res);
            break;
        case FAILED:
        case WHATS:
            if (cqe->res < 0)
                errno = -cqe->res, die("an operation that was staged");
            break;
        }
    }
    __atomic_store_n(ring.cq_head, head, __ATOMIC_RELEASE);
}

static void begin(int slot) {
    busy++;
    int64_t before = now_nanos();
    connect_over = false;
    struct io_uring_sqe *sqe = publish();
    lay_out(sqe, IORING_OP_CONNECT, slot, CONNECTED, false);
    sqe->addr = (uint64_t)(uintptr_t)&target;
    sqe->off = sizeof target;
    enter(1);
    int64_t after = now_nanos();
    /* What else has completed by now is taken up as well; what that stages waits for the batch. */
    while (reap(), !connect_over) {
        enter(1);
        after = now_nanos();
    }
    if (connect_result < 0 && !(connect_result == -ECONNRESET && opt.closing == SERVER && opt.mode == CC))
        errno = -connect_result, die("connect");
    histogram_add(&seen.connect, after - before);
    if (opt.mode != CC)
        ask(slot);
    else if (opt.closing == SERVER)
        await_end(slot);
    else
        finish(slot);
}

static void work_until(int64_t end) {
    while (now_nanos() < end) {
        for (int i = 0; i < opt.batch && ready_count > 0 && busy < opt.slots; i++)
            begin(ready[--ready_count]);
        flush(ready_count > 0 && busy < opt.slots ? 0 : 1);
        reap();
    }
}

static void measure(void) {
    work_until(now_nanos() + opt.warmup);
    memset(&seen, 0, sizeof seen);
    struct cpu before = thread_cpu();
    int64_t began = now_nanos();
    work_until(began + opt.time);
    struct cpu after = thread_cpu();
    printf("{\"connections\": %llu, \"requests\": %llu, \"seconds\": %.6f, \"cpuUserSeconds\": %.6f, \"cpuSysSeconds\": %.6f, "
           "\"connectP50Micros\": %.3f, \"connectP99Micros\": %.3f, \"serviceP50Micros\": %.3f, \"serviceP99Micros\": %.3f}\n",
           (unsigned long long)seen.connections, (unsigned long long)seen.requests, (double)(now_nanos() - began) / 1e9,
           after.user - before.user, after.sys - before.sys, histogram_micros(&seen.connect, 0.5),
           histogram_micros(&seen.connect, 0.99), histogram_micros(&seen.service, 0.5), histogram_micros(&seen.service, 0.99));
}

/* ---- options ---- */

static int choice(const struct arguments *a, const char *const *words) {
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(a->value, words[i]) == 0)
            return i;
    refuse("%s does not know %s", a->name, a->value);
}

static void read_options(int argc, char **argv) {
    static const char *const modes[] = {"cc", "crr", "keepalive", NULL};
    static const char *const closings[] = {"fin", "rst", "server", NULL};
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
        else if (strcmp(a.name, "--batch") == 0)
            opt.batch = (int)number_of(&a, 1, MAX_BATCH);
        else if (strcmp(a.name, "--warmup-millis") == 0)
            opt.warmup = number_of(&a, 0, 60000) * 1000000;
        else if (strcmp(a.name, "--millis") == 0)
            opt.time = number_of(&a, 1, 600000) * 1000000;
        else if (strcmp(a.name, "--request") == 0)
            opt.request = (int)number_of(&a, 1, BYTES);
        else if (strcmp(a.name, "--response") == 0)
            opt.response = (int)number_of(&a, 1, BYTES);
        else if (strcmp(a.name, "--sources") == 0)
            opt.sources = (int)number_of(&a, 0, MAX_SOURCES);
        else if (strcmp(a.name, "--nodelay") == 0)
            opt.nodelay = number_of(&a, 0, 1) != 0;
        else if (strcmp(a.name, "--plain-descriptors") == 0)
            opt.plain = number_of(&a, 0, 1) != 0;
        else if (strcmp(a.name, "--late-receives") == 0)
            opt.late = number_of(&a, 0, 1) != 0;
        else
            refuse("%s is unknown", a.name);
    }
    if (opt.port == 0)
        refuse("--port is needed");
    if (opt.plain && opt.nodelay && opt.sources == 0)
        refuse("--nodelay 1 and --plain-descriptors 1 need --sources"); /* the option would be set behind the connect */
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    for (int i = 0; i < opt.request; i++)
        request[i] = (char)('!' + i % 94);
    target = address_of(opt.address, opt.port);
    for (int i = 0; i < opt.sources; i++) {
        sources[i] = address_of("127.0.0.2", 0);
        sources[i].sin_addr.s_addr = htonl(ntohl(sources[i].sin_addr.s_addr) + (uint32_t)i);
    }
    /* A batch has its sockets ready also where fewer connections may be open at a time. */
    int descriptors = opt.slots > opt.batch ? opt.slots : opt.batch;
    open_ring(descriptors);
    for (int i = 0; i < descriptors; i++)
        stage_socket(i);
    measure();
    return 0;
}
