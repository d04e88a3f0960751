package io.giftorders.shop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.springframework.util.FileSystemUtils;

/**
 * A real browser, headless. Where Chromium and its driver are not installed the test is skipped, unless the system property
 * {@code gift-orders.test-browser} says {@code required}, as it does on the build server.
 */
public final class Browser implements AutoCloseable {

    private static final Dimension PHONE = new Dimension(390, 844);

    private final ChromeDriver driver;
    private final Path profile;

    private Browser(ChromeDriver driver, Path profile) {
        this.driver = driver;
        this.profile = profile;
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
                            "--user-data-dir=" + profile);
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                    .usingAnyFreePort()
                    .build();
            ChromeDriver driver = new ChromeDriver(service, options);
            driver.manage().window().setSize(PHONE);
            return new Browser(driver, profile);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public void go(String url) {
        driver.get(url);
    }

    public void click(String button) {
        driver.findElement(By.xpath("//button[normalize-space()='" + button + "']"))
                .click();
    }

    public String url() {
        return String.valueOf(driver.getCurrentUrl());
    }

    /** What is to be read on the page. By script, at one moment: an element looked up may be gone when it is asked. */
    public String text() {
        return String.valueOf(driver.executeScript("return document.body === null ? '' : document.body.innerText"));
    }

    /** How many pixels the page is wider than the screen, so that a phone would scroll sideways. */
    public long overflow() {
        return ((Number) Objects.requireNonNull(driver.executeScript(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")))
                .longValue();
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
