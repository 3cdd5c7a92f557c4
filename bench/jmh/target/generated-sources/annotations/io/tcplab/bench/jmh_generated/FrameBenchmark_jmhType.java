package io.tcplab.bench.jmh_generated;
public class FrameBenchmark_jmhType extends FrameBenchmark_jmhType_B3 {
}

