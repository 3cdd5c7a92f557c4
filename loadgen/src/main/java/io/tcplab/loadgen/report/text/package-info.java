/** Results on a terminal and as JUnit XML. */
package io.tcplab.loadgen.report.text;
