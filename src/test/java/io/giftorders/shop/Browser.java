package io.giftorders.shop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NotFoundException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.FileSystemUtils;

/**
 * A real browser, headless, as large as a phone unless told otherwise. Where Chromium and its driver are not installed the
 * test is skipped, unless the system property {@code gift-orders.test-browser} says {@code required}, as it does on the
 * build server.
 */
public final class Browser implements AutoCloseable {

    /** What moves after it was drawn, and not because somebody pressed something. Chosen: Web Vitals calls 0.1 good. */
    private static final String WATCH_SHIFTS = """
            window.giftOrdersShift = 0;
            new PerformanceObserver(list => list.getEntries()
                .filter(entry => !entry.hadRecentInput)
                .forEach(entry => { window.giftOrdersShift += entry.value; }))
                .observe({ type: 'layout-shift', buffered: true });
            """;

    private static final String HIDE = """
            Object.defineProperty(document, 'hidden', { configurable: true, value: arguments[0] });
            document.dispatchEvent(new Event('visibilitychange'));
            """;

    private static final String RUN_AXE = """
            const done = arguments[arguments.length - 1];
            axe.run(document).then(
                result => done(result.violations.flatMap(rule => rule.nodes.map(
                    node => `${rule.id}: ${rule.help}: ${node.target.join(' ')} ${node.html} ${node.failureSummary}`))),
                failure => done([String(failure)]));
            """;

    private final ChromeDriver driver;
    private final Path profile;
    private final BrowserLog log;

    private Browser(ChromeDriver driver, Path profile) {
        this.driver = driver;
        this.profile = profile;
        this.log = new BrowserLog(driver);
        // before any page: the browser begins on a page of its own that asks for files of its own
        log.forget();
        phone();
        cdp("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH_SHIFTS));
    }

    public static Browser open() {
        Optional<Path> chromium = onPath("chromium");
        Optional<Path> chromedriver = onPath("chromedriver");
        boolean installed = chromium.isPresent() && chromedriver.isPresent();
        if (!"required".equals(System.getProperty("gift-orders.test-browser"))) {
            Assumptions.assumeTrue(installed, "Chromium and its driver are not installed");
        }
        try {
            Path profile = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "browser-");
            LoggingPreferences logs = new LoggingPreferences();
            logs.enable(LogType.BROWSER, Level.ALL);
            logs.enable(LogType.PERFORMANCE, Level.ALL);
            ChromeOptions options = new ChromeOptions()
                    .setBinary(chromium.orElseThrow().toFile())
                    .addArguments(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            // others are not there at once: looking for them can take longer than a test
                            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
                            "--user-data-dir=" + profile);
            options.setCapability("goog:loggingPrefs", logs);
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                    .usingAnyFreePort()
                    .build();
            return new Browser(new ChromeDriver(service, options), profile);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A phone's size, touch and density, from the next page on. */
    public void phone() {
        size(390, 844, true);
    }

    /** A laptop's size. */
    public void desktop() {
        size(1280, 800, false);
    }

    private void size(int width, int height, boolean mobile) {
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", mobile ? 2 : 1, "mobile", mobile));
    }

    /** What the browser says it prefers to read, such as {@code zh-CN,en}; from the next page on. */
    public void prefer(String languages) {
        cdp(
                "Emulation.setUserAgentOverride",
                Map.of("userAgent", run("return navigator.userAgent"), "acceptLanguage", languages));
    }

    /** Light or dark, as a system setting. */
    public void colors(String scheme) {
        cdp(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                // the change would be a slow one, and what is measured on the way is neither
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Cuts this tab off the network, what is under way included; or gives it back. */
    public void offline(boolean offline) {
        cdp("Network.enable", Map.of());
        cdp(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** Tells the page that another tab is in front of it, or that it is seen again. Headless, a tab is never behind another. */
    public void hide(boolean hidden) {
        run(HIDE, hidden);
    }

    /** Another tab is in front of the page for no time at all. */
    public void glanceElsewhere() {
        run("const hide = function () {" + HIDE + "}; hide(true); hide(false);");
    }

    private void cdp(String command, Map<String, Object> parameters) {
        driver.executeCdpCommand(command, parameters);
    }

    public void go(String url) {
        driver.get(url);
    }

    public void reload() {
        driver.navigate().refresh();
    }

    public void back() {
        driver.navigate().back();
    }

    public void click(String button) {
        click(By.xpath("//button[normalize-space()='" + button + "']"));
    }

    /** Follows the link with this text, or the first that begins with it. */
    public void follow(String link) {
        click(By.xpath("//a[starts-with(normalize-space(), '" + link + "')]"));
    }

    /** Once it is there. What is found may belong to a page that another one takes the place of just then: it is looked for again. */
    private void click(By what) {
        Shop.await(() -> {
            try {
                driver.findElement(what).click();
                return true;
            } catch (NotFoundException | StaleElementReferenceException gone) {
                return false;
            }
        });
    }

    /** The first element of a CSS selector, once it is there, to be clicked or typed into. */
    public WebElement find(String selector) {
        return find(By.cssSelector(selector));
    }

    public WebElement find(By place) {
        Shop.await(() -> !driver.findElements(place).isEmpty());
        return driver.findElement(place);
    }

    public List<WebElement> findAll(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** Presses keys where the focus is. */
    public void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** As {@link #press}, by the keyboard alone: the driver would set a time field's value as a whole. */
    public void keys(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Moves the focus on by so many tabulator steps. */
    public void tab(int steps) {
        for (int step = 0; step < steps; step++) {
            press(Keys.TAB);
        }
    }

    /** What has the focus, as people read it. */
    public String focused() {
        return String.valueOf(run("return document.activeElement.innerText || document.activeElement.outerHTML"));
    }

    public String url() {
        return String.valueOf(driver.getCurrentUrl());
    }

    public String title() {
        return String.valueOf(driver.getTitle());
    }

    /** What is to be read on the page. By script, at one moment: an element looked up may be gone when it is asked. */
    public String text() {
        return String.valueOf(run("return document.body === null ? '' : document.body.innerText"));
    }

    /** Waits until the page reads so. */
    public void await(String text) {
        try {
            Shop.await(() -> text().contains(text));
        } catch (IllegalStateException late) {
            throw new AssertionError("not on the page: " + text + "\nbut: " + text() + "\n" + log, late);
        }
    }

    /** How many pixels the page is wider than the screen, so that a phone would scroll sideways. */
    public long overflow() {
        return ((Number) Objects.requireNonNull(
                        run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")))
                .longValue();
    }

    /** How much of the page has moved by itself since it was loaded, by the measure of Web Vitals: none is 0. */
    public double layoutShift() {
        return ((Number) Objects.requireNonNull(run("return window.giftOrdersShift"))).doubleValue();
    }

    /** What axe finds wrong with the page as it is now, a line for each place. It says nothing of what it cannot see. */
    public List<String> accessibilityFaults() {
        // not by a script element: the page's own policy would refuse it
        driver.executeScript(axe());
        return ((List<?>) Objects.requireNonNull(driver.executeAsyncScript(RUN_AXE)))
                .stream().map(String::valueOf).toList();
    }

    private static String axe() {
        try {
            return new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs a script before those of every page to come. */
    public void atStart(String script) {
        cdp("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    public @Nullable Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Runs a script that calls the last of its arguments with the result. */
    public @Nullable Object runAsync(String script, Object... arguments) {
        return driver.executeAsyncScript(script, arguments);
    }

    /** What the browser noted since it was opened or {@link BrowserLog#forget} was called: messages and requests. */
    public BrowserLog log() {
        return log;
    }

    /** Opens a tab and goes on there. */
    public String newTab() {
        driver.switchTo().newWindow(WindowType.TAB);
        phone();
        cdp("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH_SHIFTS));
        return tab();
    }

    /** The tab that all this is about, for {@link #toTab}. */
    public String tab() {
        return driver.getWindowHandle();
    }

    /** Closes this tab; go {@link #toTab} another one then. */
    public void closeTab() {
        driver.close();
    }

    public void toTab(String tab) {
        driver.switchTo().window(tab);
    }

    /** Writes what is on the screen as PNG; makes the directories. */
    public void screenshot(Path file) {
        screenshot(file, false);
    }

    /** Writes the page from top to bottom as PNG; makes the directories. */
    public void wholePage(Path file) {
        screenshot(file, true);
    }

    /** Writes what is on a phone's screen as a PNG with a pixel for each of the page's: small, for documents. */
    public void smallPicture(Path file) {
        run("scrollTo(0, 0)");
        write(file, Map.of("format", "png", "clip", Map.of("x", 0, "y", 0, "width", 390, "height", 844, "scale", 0.5)));
    }

    private void screenshot(Path file, boolean whole) {
        write(file, Map.of("format", "png", "captureBeyondViewport", whole));
    }

    private void write(Path file, Map<String, Object> what) {
        Object picture =
                driver.executeCdpCommand("Page.captureScreenshot", what).get("data");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode(String.valueOf(picture)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        driver.quit();
        FileSystemUtils.deleteRecursively(profile.toFile());
    }

    private static Optional<Path> onPath(String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
