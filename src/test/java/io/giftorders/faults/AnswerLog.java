package io.giftorders.faults;

import io.giftorders.payment.Crowd;
import io.giftorders.payment.Doors;
import io.giftorders.payment.Pauses;
import io.giftorders.recording.OrderAnswer;
import io.giftorders.recording.Recorder;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.http.HttpMethod;

/** Orders as buyers do, and writes down what each of them was told: one line an answer, and one where none came. */
final class AnswerLog implements Crowd.Ordering, AutoCloseable {

    /** The service's word for a COMMIT whose answer was lost, and nobody could be asked. */
    private static final String OUTCOME_UNKNOWN = "outcome-unknown";

    /** Chosen: every fifth buyer leaves after the first answer, whatever it is, so that unheard orders stay. */
    private static final int IMPATIENT = 5;

    /** Chosen: with the pauses between them, longer than the service takes to come back. */
    private static final int TRIES = 120;

    private static final int PAUSE_MILLIS = 250;

    private final Doors doors;
    private final Recorder recorder;
    private final LongAdder unknown = new LongAdder();

    AnswerLog(Doors doors, Path file) {
        this.doors = doors;
        this.recorder = new Recorder(file);
    }

    /** The file, with everything that was answered so far. */
    Path file() {
        recorder.flush();
        return recorder.file();
    }

    /** How often a buyer was told that nobody knows what became of an order. */
    long unknown() {
        return unknown.sum();
    }

    @Override
    public Optional<Answer> order(long uid, String key, String cart, Random random) {
        int tries = random.nextInt(IMPATIENT) == 0 ? 1 : TRIES;
        for (int tried = 0; tried < tries; tried++) {
            Optional<Answer> answer = doors.knock(HttpMethod.POST, "/orders", Shop.buyer(uid), cart, key);
            hear(answer.map(heard -> told(uid, key, heard)).orElseGet(() -> OrderAnswer.unheard(uid, key)));
            if (answer.isPresent() && answer.get().status() < 500) {
                return answer;
            }
            Pauses.millis(PAUSE_MILLIS);
        }
        return Optional.empty();
    }

    private void hear(OrderAnswer answer) {
        recorder.write(answer);
        if (answer.problem().equals(OUTCOME_UNKNOWN)) {
            unknown.increment();
        }
    }

    private static OrderAnswer told(long uid, String key, Answer answer) {
        String problem = answer.body().containsKey("type") ? answer.problem() : "";
        String order = answer.body().containsKey("order_code") ? answer.orderCode() : "";
        return new OrderAnswer(uid, key, answer.status(), problem, order);
    }

    @Override
    public void close() {
        recorder.close();
    }
}
