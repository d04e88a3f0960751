package io.giftorders.gift;

import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an operator sends of a gift. A member that is absent leaves things as they are, {@code null} clears an optional
 * one (RFC 7396); a member that the form does not know is refused, so that a typing error changes nothing.
 */
final class GiftForm {

    private static final Set<String> OF_A_NEW_GIFT =
            Set.of("name", "price", "stock", "sale_starts_at", "sale_ends_at", "limit_per_user");
    private static final Set<String> OF_A_CHANGE =
            Set.of("name", "price", "restock", "sale_starts_at", "sale_ends_at", "limit_per_user");

    /** Characters of {@code gift.name}. */
    private static final int MAX_NAME = 100;

    /** Pieces. Chosen: far above any sale, far below where sums of pieces overflow. */
    private static final long MAX_STOCK = 1_000_000_000;

    /** The most Alipay takes in one payment (alipay.trade.page.pay, total_amount), so no piece may cost more. */
    private static final BigDecimal MAX_PRICE = new BigDecimal("100000000.00");

    private static final BigDecimal MIN_PRICE = new BigDecimal("0.01");

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    private final ObjectNode body;

    private GiftForm(ObjectNode body, Set<String> known) {
        for (String member : body.propertyNames()) {
            if (!known.contains(member)) {
                throw new InvalidRequest(member, Detail.of("invalid-request.unknown-member", sorted(known)));
            }
        }
        this.body = body;
    }

    /** The gift that {@code POST /gifts} asks for, id 0. */
    static Gift newGift(ObjectNode body) {
        GiftForm form = new GiftForm(body, OF_A_NEW_GIFT);
        form.require("name");
        form.require("price");
        form.require("stock");
        return form.applyTo(new Gift(0, "", MIN_PRICE, form.pieces("stock", 0), 0, null, null, null, 0));
    }

    static GiftForm change(ObjectNode body) {
        GiftForm form = new GiftForm(body, OF_A_CHANGE);
        if (body.isEmpty()) {
            throw new InvalidRequest("body", Detail.of("invalid-request.no-change", sorted(OF_A_CHANGE)));
        }
        return form;
    }

    /** The gift as it is after this change; fails with {@link InvalidRequest} where it may not become so. */
    Gift applyTo(Gift gift) {
        Gift changed = new Gift(
                gift.id(),
                name(gift.name()),
                price(gift.price()),
                gift.stock() + pieces("restock", -MAX_STOCK),
                gift.sales(),
                time("sale_starts_at", gift.saleStartsAt()),
                time("sale_ends_at", gift.saleEndsAt()),
                limit(gift.limitPerUser()),
                gift.terms());
        if (changed.stock() < 0 || changed.stock() > MAX_STOCK) {
            throw new InvalidRequest("restock", Detail.of("invalid-request.stock", changed.stock(), MAX_STOCK));
        }
        if (changed.saleStartsAt() != null
                && changed.saleEndsAt() != null
                && !changed.saleStartsAt().isBefore(changed.saleEndsAt())) {
            throw new InvalidRequest("sale_ends_at", Detail.of("invalid-request.sale-window"));
        }
        return changed;
    }

    private String name(String current) {
        JsonNode value = body.get("name");
        if (value == null) {
            return current;
        }
        String name = value.isString() ? value.stringValue().strip() : "";
        boolean text = name.codePoints().noneMatch(GiftForm::isControlOrHalfAPair);
        if (name.isEmpty() || !text || name.codePointCount(0, name.length()) > MAX_NAME) {
            throw new InvalidRequest("name", Detail.of("invalid-request.name", MAX_NAME));
        }
        return name;
    }

    /** Half a surrogate pair is no character: the database would keep a question mark. */
    private static boolean isControlOrHalfAPair(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    private BigDecimal price(BigDecimal current) {
        JsonNode value = body.get("price");
        if (value == null) {
            return current;
        }
        if (!value.isString() || !value.stringValue().matches("(0|[1-9][0-9]{0,8})(\\.[0-9]{1,2})?")) {
            throw new InvalidRequest("price", Detail.of("invalid-request.price"));
        }
        BigDecimal price = new BigDecimal(value.stringValue()).setScale(2);
        if (price.compareTo(MIN_PRICE) < 0 || price.compareTo(MAX_PRICE) > 0) {
            throw new InvalidRequest("price", Detail.of("invalid-request.price-range", MIN_PRICE, MAX_PRICE));
        }
        return price;
    }

    private long pieces(String member, long min) {
        JsonNode value = body.get(member);
        if (value == null) {
            return 0;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > MAX_STOCK) {
            throw new InvalidRequest(member, Detail.of("invalid-request.range", min, MAX_STOCK));
        }
        return value.longValue();
    }

    private @Nullable Integer limit(@Nullable Integer current) {
        JsonNode value = body.get("limit_per_user");
        if (value == null) {
            return current;
        }
        if (value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw new InvalidRequest("limit_per_user", Detail.of("invalid-request.limit-per-user"));
        }
        return value.intValue();
    }

    private @Nullable Instant time(String member, @Nullable Instant current) {
        JsonNode value = body.get(member);
        if (value == null) {
            return current;
        }
        if (value.isNull()) {
            return null;
        }
        Instant time = value.isString() ? parsed(value.stringValue()) : null;
        if (time == null || time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new InvalidRequest(member, Detail.of("invalid-request.sale-time"));
        }
        return time;
    }

    private static @Nullable Instant parsed(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException notATime) {
            return null;
        }
    }

    private void require(String member) {
        if (!body.has(member)) {
            throw new InvalidRequest(member, Detail.of("invalid-request.missing"));
        }
    }

    private static String sorted(Set<String> members) {
        return String.join(", ", members.stream().sorted().toList());
    }
}
