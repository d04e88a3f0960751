package io.giftorders.work;

/**
 * How long one of many things takes that are done one after the other, on the average of a while: what was longer ago
 * counts less. An average of the last few would do harm where it lets in: every quick moment lets more in than there is
 * time for, and no slow one takes them out again.
 */
final class Pace {

    private final double whileNanos;
    private double count;
    private double sumNanos;
    private volatile long nanos;

    /** @param whileNanos after so long a time something counts a third (1/e) */
    Pace(long whileNanos) {
        this.whileNanos = whileNanos;
    }

    /** One more was done. One thread at a time. */
    void took(long oneNanos) {
        double kept = Math.exp(-oneNanos / whileNanos);
        count = count * kept + 1;
        sumNanos = sumNanos * kept + oneNanos;
        nanos = (long) (sumNanos / count);
    }

    /** 0 before anything was done. */
    long nanos() {
        return nanos;
    }
}
