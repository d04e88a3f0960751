package io.giftorders.payment.alipay;

import io.giftorders.payment.alipay.AlipayProperties.Environment;
import io.giftorders.problem.CannotStart;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings that calls are made of, checked: a wrong one stops the start with a sentence. */
record Settings(URI gateway, Account account, URI notifyUrl, URI returnUrl) {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern APP_ID = Pattern.compile("[0-9A-Za-z_]{1,32}");
    private static final Pattern SELLER_ID = Pattern.compile("2088[0-9]{12}");

    /** Quoted: parameter notify_url of the common parameters. */
    private static final int MAX_NOTIFY_URL = 256;

    static Settings of(AlipayProperties properties) {
        URI publicUrl = publicUrl(properties.publicUrl());
        return new Settings(
                gateway(properties),
                new Account(appId(properties.appId()), sellerId(properties.sellerId())),
                URI.create(publicUrl + "/alipay/notify"),
                URI.create(publicUrl + "/alipay/return"));
    }

    /** Whether the gateway is a stand-in on this machine: the only one that may be spoken to without TLS. */
    boolean local() {
        return isLocal(gateway);
    }

    private static URI gateway(AlipayProperties properties) {
        URI gateway = properties.gateway() == null ? properties.environment().gateway() : properties.gateway();
        boolean mayBePlain = properties.environment() == Environment.SANDBOX && isLocal(gateway);
        boolean plain = "http".equals(gateway.getScheme());
        boolean safe = plain ? mayBePlain : "https".equals(gateway.getScheme());
        if (!safe || gateway.getHost() == null || hasMore(gateway)) {
            throw new CannotStart("GIFT_ORDERS_ALIPAY_GATEWAY is not safe to send payments to: set it to an https URL"
                    + " without a query (http only for a sandbox on this machine), or leave it out.");
        }
        return gateway;
    }

    private static String appId(@Nullable String appId) {
        if (appId == null || !APP_ID.matcher(appId).matches()) {
            throw new CannotStart("Nothing says which Alipay app takes the payments: set GIFT_ORDERS_ALIPAY_APP_ID to"
                    + " the app id that Alipay's console shows.");
        }
        return appId;
    }

    private static String sellerId(@Nullable String sellerId) {
        if (sellerId == null || !SELLER_ID.matcher(sellerId).matches()) {
            throw new CannotStart("Nothing says whose money it is: set GIFT_ORDERS_ALIPAY_SELLER_ID to the merchant's"
                    + " account (PID), which is 2088 and twelve more digits.");
        }
        return sellerId;
    }

    private static URI publicUrl(@Nullable URI url) {
        boolean usable = url != null
                && url.getHost() != null
                && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                && !hasMore(url)
                && url.toString().length() <= MAX_NOTIFY_URL - "/alipay/notify".length();
        if (url == null || !usable) {
            throw new CannotStart("Nothing says where Alipay and browsers reach this service: set"
                    + " GIFT_ORDERS_ALIPAY_PUBLIC_URL to a URL without a query, such as https://shop.example.");
        }
        return URI.create(url.toString().replaceFirst("/+$", ""));
    }

    private static boolean hasMore(URI url) {
        return url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null;
    }

    private static boolean isLocal(URI url) {
        return url.getHost() != null && THIS_MACHINE.contains(url.getHost());
    }
}
