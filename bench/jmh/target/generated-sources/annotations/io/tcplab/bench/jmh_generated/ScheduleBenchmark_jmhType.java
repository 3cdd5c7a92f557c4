package io.tcplab.bench.jmh_generated;
public class ScheduleBenchmark_jmhType extends ScheduleBenchmark_jmhType_B3 {
}

