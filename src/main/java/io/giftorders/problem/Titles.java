package io.giftorders.problem;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;

/** What is said of a problem beside its detail. In English the framework does: by the phrase of the status. */
final class Titles {

    private Titles() {}

    /** @param name last part of the problem's {@code type} */
    static String of(String name, HttpStatusCode status, Language language) {
        Texts texts = Texts.in(language);
        String general = status.is5xxServerError() ? "title.5xx" : "title.4xx";
        return Objects.requireNonNullElseGet(
                texts.find("title." + name), () -> texts.get(general).toString());
    }

    /** What is to be said of a problem of the framework's; null where the title is all. */
    static @Nullable String detailOf(String name, Language language) {
        return Texts.in(language).find("framework." + name);
    }
}
