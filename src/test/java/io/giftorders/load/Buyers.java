package io.giftorders.load;

import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Who orders, in turn, and under which key each order is sent. Any number of threads may ask. */
final class Buyers {

    /**
     * @param uid as the token's {@code sub} has it
     * @param token as it is sent
     */
    record Buyer(long uid, String token) {

        /** The shop checks the signature; here only the uid is wanted. */
        static Buyer with(String token) {
            try {
                return new Buyer(
                        Long.parseLong(JWTParser.parse(token).getJWTClaimsSet().getSubject()), token);
            } catch (ParseException | NumberFormatException notOurs) {
                throw new ShopFailure("A line of the tokens is no JWT with a decimal sub.", notOurs);
            }
        }
    }

    private final List<Buyer> buyers;
    private final String run;
    private final AtomicLong turn = new AtomicLong();
    private final AtomicLong order = new AtomicLong();

    /** @param run begins every key: no two runs may have the same */
    Buyers(List<Buyer> buyers, String run) {
        this.buyers = List.copyOf(buyers);
        this.run = run;
    }

    Buyer next() {
        return buyers.get((int) (turn.getAndIncrement() % buyers.size()));
    }

    /** A key that no order has had. */
    String key() {
        return "load-" + run + "-" + order.incrementAndGet();
    }
}
