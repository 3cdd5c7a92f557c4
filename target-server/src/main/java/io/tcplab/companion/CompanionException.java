package io.tcplab.companion;

/** A companion cannot start or be reached; the message is one sentence with the failed call, its errno and the remedy. */
public final class CompanionException extends Exception {

    public CompanionException(String sentence) {
        super(sentence);
    }

    public CompanionException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
