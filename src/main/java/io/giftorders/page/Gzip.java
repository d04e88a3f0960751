package io.giftorders.page;

import java.util.List;

/** Reads {@code Accept-Encoding} (RFC 9110, section 12.5.3). */
final class Gzip {

    private Gzip() {}

    static boolean acceptedBy(List<String> headers) {
        boolean accepted = false;
        for (String header : headers) {
            for (String coding : header.split(",", -1)) {
                String[] parts = coding.split(";", -1);
                if (parts[0].trim().equalsIgnoreCase("gzip")) {
                    accepted = parts.length == 1 || !parts[1].trim().matches("[qQ]=0(\\.0*)?");
                }
            }
        }
        return accepted;
    }
}
