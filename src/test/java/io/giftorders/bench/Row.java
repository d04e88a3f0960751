package io.giftorders.bench;

import java.util.Locale;

/**
 * One measurement.
 *
 * @param series what was measured
 * @param x under which load: connections, gifts or instances
 * @param perSecond orders in the database a second; of a peer, answers that say so
 * @param p50 median time to an answer, milliseconds
 * @param p99 milliseconds
 * @param serviceMicros processor time of the service for an order, all instances together, microseconds; 0: not known
 * @param databaseMicros processor time of the database for an order, microseconds; 0: not known
 * @param unavailable answers 503 a second
 */
record Row(
        String series,
        int x,
        double perSecond,
        double p50,
        double p99,
        double serviceMicros,
        double databaseMicros,
        double unavailable) {

    static final String CSV_HEADER =
            "series,x,per_second,p50_ms,p99_ms,service_cpu_us,database_cpu_us,unavailable_per_second";

    String csv() {
        return String.format(
                Locale.ROOT,
                "%s,%d,%.0f,%.1f,%.1f,%.1f,%.1f,%.0f",
                series,
                x,
                perSecond,
                p50,
                p99,
                serviceMicros,
                databaseMicros,
                unavailable);
    }

    String markdown() {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %,.0f | %.1f | %.1f | %s | %s |",
                series,
                x,
                perSecond,
                p50,
                p99,
                known(serviceMicros),
                known(databaseMicros));
    }

    /** Microseconds for a table; a dash for 0, which is not known. */
    static String known(double micros) {
        return micros == 0 ? "–" : String.format(Locale.ROOT, "%.0f", micros);
    }
}
