package io.tcplab.kernel.sockdiag.jmh_generated;
public class DatagramBenchmark_jmhType extends DatagramBenchmark_jmhType_B3 {
}

