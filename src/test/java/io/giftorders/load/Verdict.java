package io.giftorders.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which claims of a run hold, and why the others do not. */
final class Verdict {

    /** Chosen: enough to know where to look. */
    private static final int DIFFERENCES_SHOWN = 20;

    private static final String OUT_OF_STOCK = "409 out-of-stock";

    private final List<Claim> claims;
    private final Map<Claim, List<String>> broken = new EnumMap<>(Claim.class);

    private Verdict(List<Claim> claims) {
        this.claims = claims;
    }

    /** A run whose end could not be seen: no claim holds. */
    static Verdict unknown(List<Claim> claims, String why) {
        Verdict verdict = new Verdict(claims);
        claims.forEach(claim -> verdict.isBroken(claim, why));
        return verdict;
    }

    static Verdict of(List<Outcome> outcomes, Books books) {
        Verdict verdict =
                new Verdict(Claim.of(outcomes.stream().map(Outcome::scenario).toList()));
        verdict.look(books);
        for (Outcome outcome : outcomes) {
            verdict.claims.stream()
                    .filter(claim -> claim.isAbout(outcome.scenario()))
                    .forEach(claim -> objection(claim, outcome)
                            .ifPresent(why ->
                                    verdict.isBroken(claim, outcome.scenario().title() + ": " + why)));
        }
        return verdict;
    }

    private void look(Books books) {
        if (books.balanced()) {
            return;
        }
        isBroken(Claim.BOOKS, books.count() + " differences: " + books.found());
        books.differences().stream().limit(DIFFERENCES_SHOWN).forEach(one -> isBroken(Claim.BOOKS, one));
    }

    private void isBroken(Claim claim, String why) {
        broken.computeIfAbsent(claim, first -> new ArrayList<>()).add(why);
    }

    private static Optional<String> objection(Claim claim, Outcome outcome) {
        return switch (claim) {
            case BOOKS -> Optional.empty();
            case ANSWERS -> when(!outcome.unusual().isEmpty(), "other answers: " + outcome.unusual());
            case PLACED ->
                when(
                        outcome.placed() < Math.max(1, outcome.acknowledged()),
                        outcome.acknowledged() + " acknowledged, " + outcome.placed() + " in the database");
            case SOLD_OUT ->
                when(
                        outcome.sold() != outcome.pieces()
                                || outcome.acknowledged() > outcome.pieces()
                                || !outcome.answers().containsKey(OUT_OF_STOCK),
                        outcome.sold() + " pieces sold and " + outcome.acknowledged() + " orders acknowledged of "
                                + outcome.pieces() + " pieces; out of stock heard "
                                + outcome.answers().getOrDefault(OUT_OF_STOCK, 0L) + " times");
            case ONE_ORDER ->
                when(
                        outcome.placed() != outcome.orders()
                                || outcome.count(Feat.TWO_ORDERS) > 0
                                || outcome.count(Feat.GAVE_UP) > 0,
                        outcome.placed() + " orders in the database for " + outcome.orders() + " keys; "
                                + outcome.count(Feat.TWO_ORDERS) + " keys were answered with two orders, "
                                + outcome.count(Feat.GAVE_UP) + " buyers never heard of theirs");
            case PAYMENTS ->
                when(
                        outcome.count(Feat.PAID) == 0 || outcome.count(Feat.PAYMENT_KNOWN) != outcome.count(Feat.PAID),
                        outcome.count(Feat.PAID) + " buyers paid, of " + outcome.count(Feat.PAYMENT_KNOWN)
                                + " the shop says so");
            case AFTERWARDS ->
                when(
                        outcome.count(Feat.CAME_LATER) == 0
                                || outcome.count(Feat.SERVED_LATER) != outcome.count(Feat.CAME_LATER),
                        outcome.count(Feat.SERVED_LATER) + " of " + outcome.count(Feat.CAME_LATER)
                                + " patient buyers got an order at once");
        };
    }

    private static Optional<String> when(boolean wrong, String why) {
        return wrong ? Optional.of(why) : Optional.empty();
    }

    boolean holds(Claim claim) {
        return claims.contains(claim) && !broken.containsKey(claim);
    }

    boolean holds() {
        return broken.isEmpty();
    }

    /** A line a claim, and below it what is wrong with it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Claim claim : claims) {
            lines.add((holds(claim) ? "holds   " : "BROKEN  ") + claim.sentence());
            broken.getOrDefault(claim, List.of()).forEach(why -> lines.add("          " + why));
        }
        return lines;
    }
}
