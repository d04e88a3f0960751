package io.giftorders.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Whatever the shop declines, it says so in every language; and in the one that was asked for. */
class LanguageTests {

    private static final Texts ENGLISH = Texts.in(Language.ENGLISH);
    private static final Texts CHINESE = Texts.in(Language.CHINESE);

    /** In English they are the framework's. */
    private static final Pattern OF_A_STATUS = Pattern.compile("(title|framework)\\..*");

    /** Rows of the README's table that name a type and a status. */
    private static final Pattern TYPES =
            Pattern.compile("^\\| (`[a-z-]+`(?:, `[a-z-]+`)*) \\| [45][0-9]{2} ", Pattern.MULTILINE);

    private static final Pattern USE = Pattern.compile("Detail\\.of\\(\\s*\"([^\"]+)\"");

    @Test
    void whatIsSaidInEnglishIsSaidInChinese() {
        Set<String> chinese = new HashSet<>(CHINESE.keys());
        chinese.removeIf(key -> OF_A_STATUS.matcher(key).matches());

        assertThat(ENGLISH.keys()).isNotEmpty().isEqualTo(chinese).allSatisfy(key -> {
            assertThat(new TreeSet<>(CHINESE.get(key).places()))
                    .as(key)
                    .isEqualTo(new TreeSet<>(ENGLISH.get(key).places()));
            assertThat(CHINESE.get(key).toString()).as(key).matches(".*\\p{IsHan}.*");
            assertThat(ENGLISH.get(key).toString()).as(key).matches("\\p{ASCII}+");
        });
    }

    @Test
    void everyDetailOfTheServiceHasItsTextAndEveryTextItsUse() {
        Map<String, Integer> uses = new TreeMap<>();
        List<String> sources = sources();
        sources.forEach(source -> {
            Matcher use = USE.matcher(source);
            while (use.find()) {
                uses.put(use.group(1), values(source, use.end()));
            }
        });
        long calls = sources.stream()
                .mapToLong(source -> Pattern.compile("Detail\\.of\\(")
                        .matcher(source)
                        .results()
                        .count())
                .sum();

        assertThat(uses.keySet()).isEqualTo(new TreeSet<>(ENGLISH.keys()));
        assertThat(uses).allSatisfy((key, values) -> assertThat(
                        new HashSet<>(ENGLISH.get(key).places()))
                .as(key)
                .hasSize(values));
        assertThat(calls)
                .as("a key is a literal")
                .isEqualTo(sources.stream()
                        .mapToLong(source -> USE.matcher(source).results().count())
                        .sum());
    }

    /** The README lists the types, and its table is held against the answers elsewhere. */
    @Test
    void everyTypeOfProblemHasAChineseTitle() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        List<String> types = TYPES.matcher(readme.substring(readme.indexOf("## Problems")))
                .results()
                .flatMap(row -> Stream.of(row.group(1).replace("`", "").split(", ")))
                .toList();

        assertThat(types).hasSizeGreaterThanOrEqualTo(30).contains("out-of-stock", "alipay-busy", "internal-error");
        assertThat(types).allSatisfy(type -> assertThat(CHINESE.find("title." + type))
                .as(type)
                .isNotNull()
                .matches("\\p{IsHan}+"));
        assertThat(Titles.of("gone", HttpStatus.GONE, Language.CHINESE)).isEqualTo("请求无法处理");
        assertThat(Titles.of("bad-gateway", HttpStatus.BAD_GATEWAY, Language.CHINESE))
                .isEqualTo("服务器错误");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            zh                                  | CHINESE
            zh-CN                               | CHINESE
            zh-Hans                             | CHINESE
            zh-Hans-CN                          | CHINESE
            zh-TW                               | CHINESE
            ZH-cn,zh;q=0.9,en;q=0.8             | CHINESE
            fr, zh;q=0.5                        | CHINESE
            en;q=0.5, zh                        | CHINESE
            en                                  | ENGLISH
            en-US,en;q=0.9,zh-CN;q=0.8          | ENGLISH
            fr                                  | ENGLISH
            *                                   | ENGLISH
            zh;q=0                              | ENGLISH
            zhx                                 | ENGLISH
            ;;;                                 | ENGLISH
            zh;q=seven                          | ENGLISH
            """)
    void theLanguageIsTheFirstOneAskedForThatTheShopSpeaks(String asked, Language language) {
        HttpHeaders request = new HttpHeaders();
        request.add(HttpHeaders.ACCEPT_LANGUAGE, asked);

        // the second time it is remembered
        assertThat(List.of(Language.of(request), Language.of(request))).containsOnly(language);
    }

    @Test
    void whoAsksForNothingReadsEnglish() {
        HttpHeaders tooLong = new HttpHeaders();
        tooLong.add(HttpHeaders.ACCEPT_LANGUAGE, "zh, ".repeat(1_000) + "zh");
        HttpHeaders inTwoLines = new HttpHeaders();
        inTwoLines.add(HttpHeaders.ACCEPT_LANGUAGE, "en;q=0.1");
        inTwoLines.add(HttpHeaders.ACCEPT_LANGUAGE, "zh");

        assertThat(Language.of(new HttpHeaders())).isEqualTo(Language.ENGLISH);
        assertThat(Language.of(tooLong)).isEqualTo(Language.ENGLISH);
        assertThat(Language.of(inTwoLines)).isEqualTo(Language.CHINESE);
    }

    @Test
    void aRefusalThatBuyersShareIsReadByEachInHisLanguage() {
        Refusal shared = new InvalidRequest("limit", Detail.of("invalid-request.at-most", 100));

        assertThat(shared.in(Language.CHINESE).getDetail()).isEqualTo("最大为 100。");
        assertThat(shared.in(Language.ENGLISH).getDetail()).isEqualTo("At most 100.");
        assertThat(shared.in(Language.CHINESE).getTitle()).isEqualTo("请求无效");
        assertThat(shared.in(Language.ENGLISH).getTitle()).isEqualTo("Bad Request");
        assertThat(shared.in(Language.CHINESE).getProperties())
                .isEqualTo(shared.in(Language.ENGLISH).getProperties());
    }

    /** How many values follow the key. */
    private static int values(String source, int end) {
        int values = 0;
        int depth = 0;
        for (int at = end; depth >= 0; at++) {
            char one = source.charAt(at);
            if (one == '(') {
                depth++;
            } else if (one == ')') {
                depth--;
            } else if (one == ',' && depth == 0) {
                values++;
            }
        }
        return values;
    }

    private static List<String> sources() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<String> sources = new ArrayList<>();
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> sources.add(read(file)));
            return sources;
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
}
