package io.giftorders.localalipay;

/** What a buyer sees. Plain forms: no script, no picture, nothing from elsewhere. */
final class Pages {

    private static final String FRAME = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="%s">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s - local Alipay</title>
            <style>
            body { margin: 0; font: 1.125rem/1.5 system-ui, sans-serif; color: #1f2937; background: #eef2f7; }
            header { background: #0f4c92; color: #fff; padding: .75rem 1rem; }
            main { max-width: 30rem; margin: 1.5rem auto; padding: 1.5rem; background: #fff; border-radius: .5rem; }
            h1 { margin: 0 0 1rem; font-size: 1.5rem; }
            dt { color: #4b5563; }
            dd { margin: 0 0 .75rem; overflow-wrap: anywhere; }
            .amount { font-size: 2rem; font-weight: 600; }
            button { display: block; width: 100%%; min-height: 3rem; margin: .75rem 0 0; font: inherit; cursor: pointer;
                     color: #0f4c92; background: #fff; border: 2px solid #0f4c92; border-radius: .375rem; }
            button.main { color: #fff; background: #0f4c92; }
            :focus-visible { outline: 3px solid #b45309; outline-offset: 2px; }
            [role=alert], [role=status] { padding: .75rem; border-left: .375rem solid #b91c1c; background: #fef2f2; }
            [role=status] { border-color: #0f4c92; background: #eff6ff; }
            </style>
            </head>
            <body>
            <header>Local Alipay: a stand-in, no real money</header>
            <main>
            %s
            </main>
            </body>
            </html>
            """;

    private static final String CASHIER = """
            <h1>Cashier</h1>
            %s<dl>
            <dt>You buy</dt><dd>%s</dd>
            <dt>Amount</dt><dd class="amount">¥ %s</dd>
            <dt>Pay until</dt><dd>%s</dd>
            <dt>Order</dt><dd>%s</dd>
            </dl>
            <form method="post">
            <button class="main" formaction="/cashier/%6$s/pay">Pay</button>
            <button formaction="/cashier/%6$s/login">Log in, decide later</button>
            <button formaction="/cashier/%6$s/fail">Payment fails</button>
            <button formaction="/cashier/%6$s/leave">Leave without paying</button>
            </form>""";

    private Pages() {}

    static String cashier(String page, PagePay order) {
        return cashier(page, order, "");
    }

    /** @param message what just happened, in HTML; empty if nothing did */
    private static String cashier(String page, PagePay order, String message) {
        String until = order.expiresAt() == null ? "no limit" : AlipayTime.write(order.expiresAt()) + " (China)";
        return frame(
                "Cashier",
                CASHIER.formatted(
                        message, text(order.subject()), order.amount(), until, text(order.outTradeNo()), text(page)));
    }

    static String loggedIn(String page, PagePay order) {
        return cashier(page, order, "<p role=\"status\">You are logged in: the trade waits for your payment.</p>\n");
    }

    static String failed(String page, PagePay order) {
        return cashier(
                page, order, "<p role=\"alert\">The payment failed. Nothing was taken; you may try again.</p>\n");
    }

    static String left(String page, PagePay order) {
        return frame("You left", """
                <h1>You left the cashier</h1>
                <p role="status">Nothing was paid for %s.</p>
                <p><a href="/cashier/%s">Back to the cashier</a></p>""".formatted(text(order.outTradeNo()), text(page)));
    }

    static String paid(PagePay order) {
        return frame("Paid", """
                <h1>Paid</h1>
                <p role="status">¥ %s were paid for %s.</p>""".formatted(order.amount(), text(order.subject())));
    }

    static String refused(Declined refused, String charset) {
        return frame(charset, "Refused", """
                <h1>Alipay refuses</h1>
                <p role="alert">%s</p>
                <p>%s</p>""".formatted(text(refused.reason()), text(refused.subCode())));
    }

    private static String frame(String title, String main) {
        return frame("utf-8", title, main);
    }

    private static String frame(String charset, String title, String main) {
        return FRAME.formatted(charset, title, main);
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
