package io.giftorders.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import reactor.core.publisher.Mono;

class AtStartTests {

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aPoolThatIsSlowToConnectIsAskedAgain() {
        Mono<String> version = Mono.fromSupplier(() -> {
            if (asked.incrementAndGet() < 3) {
                throw new DataAccessResourceFailureException("no connection", new R2dbcTimeoutException("500ms"));
            }
            return "11.4";
        });

        String answer = AtStart.get(version, "unknown");

        assertThat(answer).isEqualTo("11.4");
    }

    @Test
    void whatIsWrongForGoodIsAskedOnce() {
        Mono<String> wrong = Mono.error(() -> {
            asked.incrementAndGet();
            return new R2dbcBadGrammarException("no such table");
        });

        assertThatThrownBy(() -> AtStart.get(wrong, "unknown")).isInstanceOf(R2dbcBadGrammarException.class);
        assertThat(asked).hasValue(1);
    }
}
