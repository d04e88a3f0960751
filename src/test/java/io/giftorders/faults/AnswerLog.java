package io.giftorders.faults;

import io.giftorders.payment.Crowd;
import io.giftorders.payment.Doors;
import io.giftorders.payment.Pauses;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.http.HttpMethod;

/** Orders as buyers do, and remembers what each of them was told: one line an answer, and one where none came. */
final class AnswerLog implements Crowd.Ordering {

    private static final String HEADER = "uid,idempotency_key,status,problem,order_code";

    /** Chosen: every fifth buyer leaves after the first answer, whatever it is, so that unheard orders stay. */
    private static final int IMPATIENT = 5;

    /** Chosen: with the pauses between them, longer than the service takes to come back. */
    private static final int TRIES = 120;

    private static final int PAUSE_MILLIS = 250;

    private final Doors doors;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    AnswerLog(Doors doors) {
        this.doors = doors;
    }

    @Override
    public Optional<Answer> order(long uid, String key, String cart, Random random) {
        int tries = random.nextInt(IMPATIENT) == 0 ? 1 : TRIES;
        for (int tried = 0; tried < tries; tried++) {
            Optional<Answer> answer = doors.knock(HttpMethod.POST, "/orders", Shop.buyer(uid), cart, key);
            lines.add(uid + "," + key + "," + answer.map(AnswerLog::told).orElse("0,,"));
            if (answer.isPresent() && answer.get().status() < 500) {
                return answer;
            }
            Pauses.millis(PAUSE_MILLIS);
        }
        return Optional.empty();
    }

    private static String told(Answer answer) {
        String problem = answer.body().containsKey("type") ? answer.problem() : "";
        String order = answer.body().containsKey("order_code") ? answer.orderCode() : "";
        return answer.status() + "," + problem + "," + order;
    }

    void write(Path file) {
        List<String> all = new ArrayList<>(lines);
        all.add(0, HEADER);
        try {
            Files.write(file, all);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
