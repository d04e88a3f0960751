package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

class PageFilesTests {

    @ParameterizedTest
    @CsvSource({
        "shop.js, text/javascript;charset=UTF-8",
        "shop.css, text/css;charset=UTF-8",
        "logo.svg, image/svg+xml",
        "about.txt, text/plain;charset=UTF-8",
        "logo.png, image/png",
        "shop.json, application/json",
        "what.ever, application/octet-stream"
    })
    void aFileOfAnyKindIsServedWithItsType(String name, String type) {
        PageFiles files = new PageFiles(Map.of(name, new byte[] {1}));

        PageFile file = Objects.requireNonNull(files.find("/assets/" + name)).file();
        HttpHeaders headers = new HttpHeaders();
        Objects.requireNonNull(file.as(false, true).block()).describe(headers);
        assertThat(headers.getContentType()).isEqualTo(MediaType.valueOf(type));
    }
}
