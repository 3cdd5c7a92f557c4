package io.tcplab.loadgen.plan;

/** A profile that uses every key that goes together with protocol tcplab and a companion. */
final class EveryKey {

    static final String YAML = """

            name: all
            description: "two\\nlines"
            warmup: 500ms
            duration: 1m
            connections: 1M
            seed: -7
            load: {open: {rate: 5k/s, arrivals: poisson}}
            mix:
              - name: a
                weight: 0.5
                exchanges: 5-10
                request: 64B-1KiB
                response: {exponential: 4k}
                think: {uniform: [10ms, 50ms]}
                lifetime: {constant: 2s}
                close: {by: server, how: linger 2s}
              - {name: b, close: {by: client, how: fin, awaitPeer: false}}
            protocol: tcplab
            client:
              sources: ["::1", "fd00::10-fd00::12"]
              bindAddressNoPort: false
              eventLoops: 2
              pinCpu: true
              transport: epoll
              optimistic: false
              nodelay: false
              sendBuffer: 1MiB
              receiveBuffer: 64k
              connectTimeout: 1s
              exchangeTimeout: 2s
              closeTimeout: 3s
              userTimeout: 1500ms
              fastOpen: true
              keepaliveProbe: {idle: 30s, interval: 5s, count: 3}
            server:
              backlog: 16
              acceptDelay: 1ms
              acceptPaused: true
              eventLoops: 2
              nodelay: false
              receiveBuffer: 8k
              sendBuffer: 9k
              deferAccept: 3s
              fastOpen: 256
            sysctls: {client: {net.ipv4.tcp_tw_reuse: 1}, server: {net.ipv4.tcp_rmem: 4096 87380 6291456}}
            network:
              rtt: 40ms
              jitter: 2ms
              loss: 0.1%
              lossBurst: 3
              reorder: 0.1%
              duplicate: 0
              rate: 100mbit
              queue: 50ms
              lose: [{side: client, segment: SYN, nth: 1}, {segment: LAST_ACK, nth: 2, per: connection}, {side: server, segment: FIN}]
              mtu: 1400
              client: {delay: 1ms, loss: 1%}
              server: {jitter: 1us, lossBurst: 1.5, reorder: 1%, duplicate: 100%, rate: 1500kbit, queue: 1s}
            faults: [{drop: acks, from: 10ms, until: 1s}, {drop: everything}]
            actions: [{at: 1s, network: {loss: 100%}, for: 500ms}]
            observe: {interval: 10ms}
            thresholds: ["a.service.p50 < 1ms", "errors.rate < 0.1%"]
            """;

    private EveryKey() {}
}
