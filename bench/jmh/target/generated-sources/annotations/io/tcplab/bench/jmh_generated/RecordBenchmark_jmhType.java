package io.tcplab.bench.jmh_generated;
public class RecordBenchmark_jmhType extends RecordBenchmark_jmhType_B3 {
}

