package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Browser;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The modules that the pages are made of, in a real browser and against a real service. */
class ModuleTests {

    private static final Path PAGES = Path.of("src", "main", "resources", "pages");

    private static Browser browser;
    private static Shop shop;
    private static Doorkeeper doorkeeper;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        shop = Shop.withDemoSignIn();
        doorkeeper = Doorkeeper.before(shop.address());
    }

    @AfterAll
    static void close() {
        if (doorkeeper != null) {
            doorkeeper.close();
        }
        if (shop != null) {
            shop.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void begin() {
        doorkeeper.letPass();
        browser.offline(false);
        browser.go(doorkeeper.address() + "/reference");
        browser.run("sessionStorage.clear(); localStorage.clear()");
        browser.reload();
    }

    /** Two addresses of one module would be two modules, each with a session of its own. */
    @Test
    void modulesNameEachOtherByRelativePaths() {
        assertThat(sources(".js"))
                .allSatisfy((file, source) -> assertThat(imports(source)).allMatch(path -> path.startsWith("./")));
    }

    @Test
    void whatAModuleOrPageNamesIsThere() {
        sources(".js").values().stream()
                .flatMap(source -> imports(source).stream())
                .forEach(path -> found("/assets/" + path.substring(2)));
        sources(".html").values().stream()
                .flatMap(source -> Pattern.compile("(?:href|src)=\"(/[^\"]*)\"")
                        .matcher(source)
                        .results()
                        .map(match -> match.group(1)))
                .forEach(ModuleTests::found);
    }

    private static void found(String path) {
        shop.http().get().uri(path).exchange().expectStatus().isOk();
    }

    /** Of statements at the begin of a line, and of calls: a text may have "from" in it, too. */
    private static List<String> imports(String source) {
        return Pattern.compile("(?m)(?:^import\\b[^;']*|^export\\b[^;'=]* from |\\bimport\\()'([^']+)'")
                .matcher(source)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static Map<String, String> sources(String extension) {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.filter(file -> file.toString().endsWith(extension))
                    .collect(Collectors.toMap(file -> file.getFileName().toString(), ModuleTests::read));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void bothLanguagesSayTheSameThings() {
        JsonNode texts =
                json("(await load('explain.js'), await load('frame.js'), (await load('language.js')).allTexts())");

        assertThat(texts.get("en").propertyNames()).isNotEmpty();
        assertThat(texts.get("zh").propertyNames())
                .containsExactlyInAnyOrderElementsOf(texts.get("en").propertyNames());
        texts.get("en").properties().forEach(text -> assertThat(
                        places(texts.get("zh").get(text.getKey())))
                .as(text.getKey())
                .isEqualTo(places(text.getValue())));
    }

    private static List<String> places(JsonNode text) {
        Matcher places = Pattern.compile("\\{\\w+}").matcher(text.asString());
        return places.results().map(match -> match.group()).distinct().sorted().toList();
    }

    /** The document lists all problems: tests hold it against the code. */
    @Test
    void everyProblemIsExplainedInPlainWords() {
        List<String> problems = Pattern.compile("const: /problems/([a-z-]+)")
                .matcher(document())
                .results()
                .map(match -> match.group(1))
                .toList();
        JsonNode texts = json("(await load('explain.js'), (await load('language.js')).allTexts())")
                .get("en");

        assertThat(problems).hasSizeGreaterThan(25);
        assertThat(problems).allSatisfy(name -> assertThat(texts.propertyNames())
                .contains("problem." + name + ".title", "problem." + name + ".next"));
    }

    private static String document() {
        return read(Path.of("src", "main", "resources", "openapi.yaml"));
    }

    @ParameterizedTest
    @CsvSource({"'zh-CN,zh,en', zh", "'zh-TW', zh", "'en-GB,zh', en", "'fr,zh,en', zh", "'fr', en"})
    void theLanguageIsTheBrowsersUntilAPersonChooses(String preferred, String expected) {
        browser.prefer(preferred);
        browser.reload();
        assertThat(value("(await load('language.js')).language()")).isEqualTo(expected);

        value("(await load('language.js')).setLanguage('" + (expected.equals("en") ? "zh" : "en") + "')");
        browser.reload();
        assertThat(value("(await load('language.js')).language()")).isNotEqualTo(expected);
        assertThat(browser.run("return document.documentElement.lang"))
                .isEqualTo(expected.equals("en") ? "zh-CN" : "en");
        browser.prefer("en");
    }

    @ParameterizedTest
    @CsvSource({
        "0.01, ¥0.01",
        "9.90, ¥9.90",
        "1234567.80, '¥1,234,567.80'",
        "100000000.00, '¥100,000,000.00'",
        "7, ¥7.00"
    })
    void moneyIsWrittenExactly(String amount, String expected) {
        assertThat(value("(await load('language.js')).money('" + amount + "')")).isEqualTo(expected);
    }

    @Test
    void aRefusalIsAProblemInTheLanguageOfThePage() {
        assertThat(failure("call('GET', '/gifts/999999', { anonymous: true })"))
                .containsEntry("kind", "Problem")
                .containsEntry("name", "unknown-gift")
                .containsEntry("detail", "There is no gift 999999.");

        value("(await load('language.js')).setLanguage('zh')");
        assertThat(failure("call('GET', '/gifts/999999', { anonymous: true })").get("detail"))
                .asString()
                .contains("999999")
                .doesNotContain("There");
    }

    @Test
    void aLostConnectionIsNoAnswer() {
        doorkeeper.hangUp();
        assertThat(failure("call('GET', '/gifts', { anonymous: true })"))
                .containsEntry("kind", "NoAnswer")
                .containsEntry("name", "no-answer")
                .containsEntry("why", "broken");

        browser.offline(true);
        assertThat(failure("call('GET', '/gifts', { anonymous: true })")).containsEntry("why", "offline");
    }

    @Test
    void aProxysPageIsNoAnswerEither() {
        doorkeeper.answer("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n", "<h1>Bad gateway</h1>");
        assertThat(failure("call('GET', '/gifts', { anonymous: true })")).containsEntry("why", "foreign");

        doorkeeper.answer("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "<h1>Log in to this network</h1>");
        assertThat(failure("call('GET', '/gifts', { anonymous: true })")).containsEntry("why", "foreign");

        doorkeeper.answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\n", "");
        assertThat(failure("call('GET', '/gifts', { anonymous: true })")).containsEntry("why", "broken");

        doorkeeper.answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", "{\"gifts\": [");
        assertThat(failure("call('GET', '/gifts', { anonymous: true })")).containsEntry("why", "foreign");
    }

    @Test
    void anAnswerThatTakesTooLongIsNone() {
        doorkeeper.stall();
        assertThat(failure("call('GET', '/gifts', { anonymous: true, timeout: 300 })"))
                .containsEntry("why", "slow");
    }

    @Test
    void whoGivesUpHearsOfThatAlone() {
        doorkeeper.stall();
        assertThat(failure("call('GET', '/gifts', { anonymous: true, signal: AbortSignal.timeout(300) })"))
                .containsEntry("kind", "TimeoutError");
    }

    @Test
    void aWishToWaitComesWithTheProblem() {
        doorkeeper.answer(
                "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 7\r\n",
                "{\"type\":\"/problems/overloaded\",\"status\":503}");
        assertThat(failure("call('GET', '/gifts', { anonymous: true })"))
                .containsEntry("name", "overloaded")
                .containsEntry("retryAfter", 7);
    }

    @Test
    void nothingIsSentInAnotherBuyersName() {
        value("(await load('session.js')).signIn({ uid: 7, operator: false, name: 'Lin' })");
        String asBefore = """
                (async () => {
                    const { session, signIn } = await load('session.js');
                    const before = session();
                    await signIn({ uid: 8, operator: false, name: 'Ada' });
                    return (await load('api.js')).call('GET', '/orders', { as: before });
                })()""";
        browser.log().forget();

        assertThat(outcome(asBefore)).containsEntry("name", "not-authenticated");
        assertThat(browser.log().requests()).noneMatch(request -> request.url().endsWith("/orders"));
        assertThat(value("(await load('session.js')).session().uid")).isEqualTo("8");
    }

    @Test
    void aTokenThatTheServiceDoesNotTakeEndsTheSession() {
        value("(await load('session.js')).signIn({ uid: 7, operator: false, name: 'Lin' })");
        doorkeeper.answer(
                "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\n",
                "{\"type\":\"/problems/not-authenticated\",\"status\":401}");

        assertThat(failure("call('GET', '/orders')")).containsEntry("name", "not-authenticated");
        assertThat(value("(await load('session.js')).session()")).isEqualTo("null");
        assertThat(value("(await load('session.js')).endedSession()")).isEqualTo("7");
    }

    @Test
    void aSessionThatCannotBeRenewedJustNowIsNotOver() {
        value("(await load('session.js')).signIn({ uid: 7, operator: false, name: 'Lin' })");
        value("(await load('session.js')).session().tokens.expiresAt = 1");
        browser.offline(true);
        assertThat(failure("call('GET', '/orders')")).containsEntry("kind", "NoAnswer");

        browser.offline(false);
        assertThat(value("(await load('api.js')).call('GET', '/orders').then(answer => answer.orders.length)"))
                .isEqualTo("0");
        assertThat(value("(await load('session.js')).session().uid")).isEqualTo("7");
    }

    @Test
    void tabsHaveSessionsOfTheirOwn() {
        value("(await load('session.js')).signIn({ uid: 7, operator: false, name: 'Lin' })");
        String first = browser.tab();

        browser.newTab();
        browser.go(doorkeeper.address() + "/reference");
        assertThat(value("(await load('session.js')).session()")).isEqualTo("null");
        value("(await load('session.js')).signIn({ uid: 1, operator: true, name: 'Operator' })");

        browser.toTab(first);
        browser.reload();
        assertThat(value("(await load('session.js')).session().uid")).isEqualTo("7");
    }

    @Test
    void tokensGoToThisServiceOnly() {
        value("(await load('session.js')).signIn({ uid: 7, operator: false, name: 'Lin' })");
        assertThat(failure("call('GET', '//example.org/orders')")).containsEntry("kind", "TypeError");
        assertThat(failure("call('GET', 'https://example.org/orders')")).containsEntry("kind", "TypeError");
    }

    @Test
    void eventsAreReadHoweverTheyArriveInPieces() {
        String stream = "\uFEFF:hello\nretry: 2000\nid: 1\nevent: gifts\ndata: [\ndata: 1]\n\n"
                + "event: order\r\ndata:{}\r\n\r\n:beat\n\ndata: last\rid: 3\r\r";
        String read = """
                (async () => {
                    const { eventParser } = await load('events.js');
                    const text = %s;
                    const all = [];
                    for (let size = 1; size < text.length; size++) {
                        const events = [];
                        const parser = eventParser(event => events.push(event));
                        for (let at = 0; at < text.length; at += size) {
                            parser(text.slice(at, at + size));
                        }
                        parser('\\n');
                        all.push(JSON.stringify(events));
                    }
                    return [...new Set(all)];
                })()""".formatted(JsonMapper.shared().writeValueAsString(stream));

        JsonNode ways = json(read);
        assertThat(ways).hasSize(1);
        assertThat(JsonMapper.shared().readTree(ways.get(0).asString()))
                .isEqualTo(JsonMapper.shared().readTree("""
                [{"name":"gifts","data":"[\\n1]","id":"1","retry":2000},
                 {"name":"order","data":"{}","id":null,"retry":null},
                 {"name":"message","data":"last","id":"3","retry":null}]
                """));
    }

    /** A listener against a stream that breaks: it comes back, says where it was, and hears the rest. */
    @Test
    void aListenerComesBackWhereItWas() {
        doorkeeper.answer(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n",
                "retry: 50\nid: 41\nevent: gifts\ndata: [1]\n\n");
        browser.run("""
                window.heard = [];
                window.states = [];
                import(document.querySelector('script[type=module]').src.replace(/[^/]*$/, 'events.js')).then(({ listen }) => {
                    window.stopListening = listen('/gifts/events', {
                        anonymous: true,
                        onEvent: (name, data) => window.heard.push([name, data]),
                        onState: state => window.states.push(state),
                    });
                });
                """);
        Shop.await(() -> doorkeeper.heads().stream()
                .anyMatch(head -> head.contains("Last-Event-ID: 41") || head.contains("last-event-id: 41")));
        browser.run("window.stopListening()");

        assertThat(value("JSON.stringify(window.heard.slice(0, 2))")).isEqualTo("[[\"gifts\",[1]],[\"gifts\",[1]]]");
        assertThat(value("JSON.stringify(window.states.slice(0, 3))")).isEqualTo("[\"open\",\"lost\",\"open\"]");
    }

    /** Nobody sees the page for a minute, which the page's own clock makes short here. */
    @Test
    void aListenerRestsWhileNobodySees() {
        browser.run("""
                const { fetch, setTimeout } = window;
                window.streams = [];
                window.fetch = (path, how) => {
                    window.streams.push(how.signal);
                    return fetch(path, how);
                };
                window.setTimeout = (run, millis) => setTimeout(run, millis === 60000 ? 100 : millis);
                window.states = [];
                import(document.querySelector('script[type=module]').src.replace(/[^/]*$/, 'events.js')).then(({ listenWhileSeen }) => {
                    window.stopListening = listenWhileSeen('/gifts/events', {
                        anonymous: true,
                        onEvent: () => {},
                        onState: state => window.states.push(state),
                    });
                });
                """);
        Shop.await(() -> streams().equals("[\"open\"] [false]"));

        browser.hide(true);
        Shop.await(() -> streams().equals("[\"open\"] [true]"));
        browser.hide(false);
        Shop.await(() -> streams().equals("[\"open\",\"open\"] [true,false]"));

        // a short look elsewhere costs nothing
        browser.glanceElsewhere();
        browser.runAsync("setTimeout(arguments[0], 300)");
        assertThat(streams()).isEqualTo("[\"open\",\"open\"] [true,false]");

        browser.run("window.stopListening()");
        assertThat(streams()).isEqualTo("[\"open\",\"open\"] [true,true]");
    }

    /** What became known of the streams, and of each one whether it was ended. */
    private static String streams() {
        return String.valueOf(browser.run("return JSON.stringify(window.states) + ' '"
                + " + JSON.stringify(window.streams.map(signal => signal.aborted))"));
    }

    private static final String EVALUATE = """
            const done = arguments[arguments.length - 1];
            const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
            const load = name => import(base + name);
            (async () => %s)().then(
                value => done(JSON.stringify(value === undefined ? null : value)),
                failure => done(JSON.stringify({ kind: failure.constructor === DOMException ? failure.name : failure.constructor.name,
                    name: failure.name, detail: failure.detail, why: failure.cause, retryAfter: failure.retryAfter })));
            """;

    private static JsonNode json(String expression) {
        return JsonMapper.shared()
                .readTree(String.valueOf(browser.runAsync(EVALUATE.formatted("(" + expression + ")"))));
    }

    private static String value(String expression) {
        JsonNode value = json(expression);
        return value.isString() ? value.asString() : value.toString();
    }

    private static Map<String, Object> failure(String call) {
        return outcome("(await load('api.js'))." + call);
    }

    private static Map<String, Object> outcome(String expression) {
        return JsonMapper.shared().convertValue(json(expression), new TypeReference<Map<String, Object>>() {});
    }
}
