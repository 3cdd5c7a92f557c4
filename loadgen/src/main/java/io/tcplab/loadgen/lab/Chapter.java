package io.tcplab.loadgen.lab;

import java.util.Arrays;

/** What experiments are about, in the order in which they are told; the first letter of an id says which. */
enum Chapter {
    STATES("S", "The eleven states (十一种状态)"),
    HANDSHAKE("H", "The handshake (三次握手)"),
    CLOSE("C", "The close (四次挥手)"),
    TIME_WAIT("T", "TIME_WAIT and ports (时间等待, 端口)"),
    QUEUES("A", "The accept queue and the SYN queue (全连接队列, 半连接队列)"),
    FLOW("F", "Timers and flow (定时器, 流量)"),
    DISTANCE("D", "Distance and loss (距离, 丢包)"),
    PUBLISHED("P", "Published figures, measured again"),
    OTHERS("", "Others");

    private final String letter;
    private final String title;

    Chapter(String letter, String title) {
        this.letter = letter;
        this.title = title;
    }

    String title() {
        return title;
    }

    static Chapter of(Card card) {
        return Arrays.stream(values())
                .filter(each -> card.id().startsWith(each.letter))
                .findFirst()
                .orElse(OTHERS);
    }
}
