package io.tcplab.loadgen.lab;

/**
 * Something that the seed documents say about TCP.
 *
 * @param number its place in the documents' order
 * @param seeds which documents say it, as {@code S0 S3}
 * @param text what they say
 * @param known what Linux 6.18 answered when this was written; never what a run reports
 */
public record Claim(int number, String seeds, String text, Verdict known) {}
