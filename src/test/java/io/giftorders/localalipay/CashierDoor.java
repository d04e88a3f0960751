package io.giftorders.localalipay;

import java.io.IOException;

/** {@code /cashier/}: the buttons of the cashier's page. */
final class CashierDoor {

    private final Cashier cashier;

    CashierDoor(Cashier cashier) {
        this.cashier = cashier;
    }

    void enter(Visit visit) throws IOException {
        try {
            String rest = visit.rest();
            int slash = rest.indexOf('/');
            String page = slash < 0 ? rest : rest.substring(0, slash);
            PagePay order = cashier.order(page);
            if (slash < 0) {
                cashier.requirePayable(order);
                visit.html(200, Pages.cashier(page, order));
            } else if (visit.post()) {
                press(visit, rest.substring(slash + 1), page, order);
            } else {
                visit.redirect(303, "/cashier/" + page);
            }
        } catch (Declined refused) {
            visit.html(200, Pages.refused(refused, "utf-8"));
        }
    }

    private void press(Visit visit, String button, String page, PagePay order) throws IOException {
        switch (button) {
            case "login" -> {
                cashier.login(order);
                visit.html(200, Pages.loggedIn(page, order));
            }
            case "pay" -> {
                String back = cashier.pay(order);
                if (back.isEmpty()) {
                    visit.html(200, Pages.paid(order));
                } else {
                    visit.redirect(302, back);
                }
            }
            case "fail" -> {
                cashier.login(order);
                visit.html(200, Pages.failed(page, order));
            }
            case "leave" -> visit.html(200, Pages.left(page, order));
            default -> visit.html(404, Pages.refused(Declined.business("NO_SUCH_PAGE", "页面不存在"), "utf-8"));
        }
    }
}
