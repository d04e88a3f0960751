package io.giftorders.problem;

/** A setting is missing or wrong, and the service cannot run without it. The message is one sentence saying what to set. */
public final class CannotStart extends RuntimeException {

    public CannotStart(String sentence) {
        super(sentence);
    }
}
