package io.giftorders.localalipay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for Alipay on this machine, written from the protocol's documents. The official SDK cannot tell the difference; a
 * buyer can, as no money moves. State is in memory. Services may come and go, several may share one instance.
 */
public final class LocalAlipay implements AutoCloseable {

    static {
        // without it every answer waits 40 ms for the acknowledgement of its header; read when the server's class is
        // loaded
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Account account = new Account("2021004100000017", "2088102146225135");
    private final Keys keys = Keys.generate();
    private final Trades trades = new Trades();
    private final Bills bills;
    private final Notifier notifier;
    private final Cashier cashier;
    private final Gateway gateway;
    private final HttpServer server;
    private final ExecutorService visits = Executors.newCachedThreadPool(this::daemon);
    private final AtomicInteger threads = new AtomicInteger();

    private LocalAlipay(int port, Pace pace) {
        bills = new Bills(trades, account.sellerId());
        notifier = new Notifier(keys, account, pace, this::daemon);
        cashier = new Cashier(trades, notifier, keys, account);
        gateway = new Gateway(trades, notifier, keys, account, bills, this::address);
        server = listen(port);
        GatewayDoor gatewayDoor = new GatewayDoor(gateway, cashier, notifier.faults(), new Answers(keys));
        CashierDoor cashierDoor = new CashierDoor(cashier);
        serve("/gateway.do", gatewayDoor::enter);
        serve("/cashier/", cashierDoor::enter);
        serve("/control/", new ControlDoor(this)::enter);
        serve("/downloadBillFile.resource", this::giveBill);
        server.setExecutor(visits);
        server.start();
    }

    /** On a free port, fast enough for tests. */
    public static LocalAlipay start() {
        return start(0, Pace.TEST);
    }

    /**
     * Listens on this machine only.
     *
     * @param port 0 for any that is free
     */
    public static LocalAlipay start(int port, Pace pace) {
        return new LocalAlipay(port, pace);
    }

    /** One for the whole JVM; nobody closes it. */
    public static LocalAlipay shared() {
        return Shared.INSTANCE;
    }

    private static HttpServer listen(int port) {
        try {
            // the JVM's own default is 50: a burst of connections must not wait for a repeated SYN
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void serve(String path, Door door) {
        server.createContext(path, exchange -> {
            // closing an exchange that was not answered ends its connection
            try (HttpExchange closing = exchange) {
                door.enter(new Visit(closing));
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void giveBill(Visit visit) throws IOException {
        byte[] file = bills.file(visit.parameters().getOrDefault("fileId", ""));
        if (file == null) {
            visit.html(403, "<html><body>链接已失效</body></html>");
        } else {
            visit.send(200, "application/zip", file);
        }
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String gateway() {
        return address() + "/gateway.do";
    }

    public String appId() {
        return account.appId();
    }

    public String sellerId() {
        return account.sellerId();
    }

    /** The directory with the seller's files; nothing of Alipay's own that is secret. Gone when the JVM ends. */
    public Path keys() {
        return keys.directory();
    }

    /** What a service needs to pay with this Alipay, as arguments of a Spring application; its own public address is its own. */
    public List<String> settings() {
        return named().entrySet().stream()
                .map(one -> "--gift-orders.alipay." + one.getKey() + "=" + one.getValue())
                .collect(Collectors.toList());
    }

    /** The same as environment variables. */
    public Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        named().forEach((name, value) ->
                environment.put("GIFT_ORDERS_ALIPAY_" + name.replace('-', '_').toUpperCase(Locale.ROOT), value));
        return environment;
    }

    /** The settings of a service in certificate mode. */
    public List<String> certificateSettings() {
        List<String> settings = new ArrayList<>(settings());
        settings.add("--gift-orders.alipay.mode=certificate");
        return settings;
    }

    private Map<String, String> named() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("gateway", gateway());
        settings.put("app-id", appId());
        settings.put("seller-id", sellerId());
        settings.put("keys", keys().toString());
        return settings;
    }

    /**
     * Opens the cashier's page. Makes no trade yet.
     *
     * @return the {@code out_trade_no}
     */
    public String open(String payUrl) {
        Map<String, String> parameters = Parameters.read(URI.create(payUrl).getRawQuery());
        if (!Gateway.PAGE_PAY.equals(parameters.get("method"))) {
            throw Declined.invalid("isv.invalid-method", "不存在的方法名");
        }
        gateway.authenticate(parameters);
        PagePay order = PagePay.of(parameters, Instant.now());
        trades.open(order, Instant.now());
        return order.outTradeNo();
    }

    /** The buyer of an opened order logs in: from now on there is a trade that waits. Fails with {@link Declined}. */
    public void login(String outTradeNo) {
        cashier.login(trades.order(outTradeNo));
    }

    /**
     * The buyer of an opened order pays, and the seller is told. Fails with {@link Declined}.
     *
     * @return the signed address that the buyer is sent back to; empty if the seller named none
     */
    public String pay(String outTradeNo) {
        return cashier.pay(trades.order(outTradeNo));
    }

    /** Money arrives for an order that was opened, whether its trade was closed since, expired, or never made. */
    public String forcePaidAfterClose(String outTradeNo) {
        return cashier.forcePaid(trades.force(trades.order(outTradeNo), Instant.now()));
    }

    /** A second payment for an order that was opened: a query by the order's number still shows the first. */
    public String forcePaid(String outTradeNo, String otherTradeNo) {
        return cashier.forcePaid(trades.second(trades.order(outTradeNo), otherTradeNo, Instant.now()));
    }

    /** The order's {@code time_expire} is over, whatever it says. */
    public void expire(String outTradeNo) {
        trades.letTimeRunOut(outTradeNo);
        Trade trade = trades.find(outTradeNo);
        if (trade != null) {
            cashier.tellExpiry(trade);
        }
    }

    /** The trade's refund period is over: {@code TRADE_FINISHED}, and the seller is told. */
    public void finish(String outTradeNo) {
        Trade trade = trades.required("", outTradeNo);
        Map<String, String> notice;
        synchronized (trade) {
            trade.finish();
            notice = trade.notice();
        }
        notifier.send(trade.order(), notice);
    }

    /** The first trade of the order; null if there is none. */
    public @Nullable TradeView trade(String outTradeNo) {
        Trade trade = trades.find(outTradeNo);
        return trade == null ? null : trade.view(Instant.now());
    }

    /** The trade of that number; null if there is none. */
    public @Nullable TradeView tradeNumbered(String tradeNo) {
        Trade trade = trades.numbered(tradeNo);
        return trade == null ? null : trade.view(Instant.now());
    }

    /** The first trade of every order, by {@code out_trade_no}. */
    public Map<String, TradeView> trades() {
        Instant now = Instant.now();
        return trades.firsts().stream()
                .map(trade -> trade.view(now))
                .collect(Collectors.toMap(TradeView::outTradeNo, view -> view, (one, same) -> one, TreeMap::new));
    }

    /** Every trade, second payments too. */
    public List<TradeView> allTrades() {
        Instant now = Instant.now();
        return trades.all().stream().map(trade -> trade.view(now)).collect(Collectors.toList());
    }

    /** A new signed notify of the trade's state, not sent: to be changed and sent by a test. */
    public Map<String, String> notifyParameters(String outTradeNo) {
        Trade trade = trades.required("", outTradeNo);
        return keys.sign(notifier.complete(trade.notice(), trade.order().charset(), Instant.now()));
    }

    /** Tells the seller of the trade's state once more, as a notify of its own. */
    public void notifyAgain(String outTradeNo) {
        Trade trade = trades.required("", outTradeNo);
        notifier.send(trade.order(), trade.notice());
    }

    /** Signs as Alipay, over all but {@code sign} and {@code sign_type}, in the charset that the parameters name. */
    public Map<String, String> sign(Map<String, String> parameters) {
        return keys.sign(parameters);
    }

    /** The body of a notify. */
    public static String form(Map<String, String> parameters) {
        return Parameters.form(parameters);
    }

    /** Every attempt to deliver a notify so far. */
    public List<Delivery> deliveries() {
        return notifier.deliveries();
    }

    /** The attempts for one order. */
    public List<Delivery> deliveries(String outTradeNo) {
        return notifier.deliveries().stream()
                .filter(one -> one.outTradeNo().equals(outTradeNo))
                .collect(Collectors.toList());
    }

    /** The daily bills. */
    public Bills bills() {
        return bills;
    }

    public Faults faults() {
        return notifier.faults();
    }

    /** Ends every thread; undelivered notifies are lost. */
    @Override
    public void close() {
        server.stop(0);
        visits.shutdownNow();
        notifier.close();
    }

    /** What the names of its threads begin with. */
    String threadName() {
        return "local-alipay-" + server.getAddress().getPort() + "-";
    }

    private Thread daemon(Runnable work) {
        Thread thread = new Thread(work, threadName() + threads.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private interface Door {
        void enter(Visit visit) throws IOException, InterruptedException;
    }

    private static final class Shared {
        private static final LocalAlipay INSTANCE = start();
    }
}
