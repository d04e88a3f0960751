package io.giftorders.work;

/**
 * How long one of many things takes that are done one after the other: the larger of two averages. The last few tell at
 * once that things have become slow. All that were done in a while of work say whether they are quick again: on the last
 * few alone, each quick moment would let in more than there is time for, and no slow one takes that out again.
 */
final class Pace {

    /** Chosen: smooths one slow COMMIT out and follows a slower database within ten batches. */
    private static final double FEW = 8;

    private final double whileNanos;
    private double lastFew;
    private double count;
    private double sumNanos;
    private volatile long nanos;

    /** @param whileNanos after so much more work something counts a third (1/e); time without work does not count */
    Pace(long whileNanos) {
        this.whileNanos = whileNanos;
    }

    /** One more was done. One thread at a time. */
    void took(long oneNanos) {
        double kept = Math.exp(-oneNanos / whileNanos);
        count = count * kept + 1;
        sumNanos = sumNanos * kept + oneNanos;
        lastFew += (oneNanos - lastFew) / FEW;
        nanos = (long) Math.max(lastFew, sumNanos / count);
    }

    /** 0 before anything was done. */
    long nanos() {
        return nanos;
    }
}
