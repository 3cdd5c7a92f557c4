/** Several results of one load as one, without loss. */
package io.tcplab.loadgen.merge;
