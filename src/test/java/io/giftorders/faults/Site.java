package io.giftorders.faults;

import io.giftorders.database.TestDatabase;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.machine.CuttingProxy;
import io.giftorders.machine.CuttingProxy.Cut;
import io.giftorders.payment.Crowd;
import io.giftorders.payment.Pauses;
import io.giftorders.payment.Squall;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What a disaster can strike: instances of the service, their database, their Alipay. */
record Site(TestDatabase server, List<Instance> instances, LocalAlipay alipay, Crowd crowd) {

    /** @param number from 1 */
    Instance instance(int number) {
        return instances.get(number - 1);
    }

    void killDatabase(Duration away) {
        // one thing at a time
        synchronized (server) {
            server.kill();
            Pauses.millis(away.toMillis());
            server.restart();
        }
    }

    void freezeDatabase(Duration lasting) {
        synchronized (server) {
            server.freeze();
            Pauses.millis(lasting.toMillis());
            server.thaw();
        }
    }

    static void slow(CuttingProxy proxy, Duration by, Duration lasting) {
        proxy.delay(by);
        Pauses.millis(lasting.toMillis());
        proxy.delay(Duration.ZERO);
    }

    static void loseAtCommit(CuttingProxy database, Duration away) {
        database.cutNextCommit(Cut.AFTER_COMMIT_AND_STAY_DOWN);
        Pauses.millis(away.toMillis());
        database.cutNextCommit(Cut.NOTHING);
        database.comeBack();
    }

    void replay(int instance, int notifies, long seed) {
        crowd.replay(notifies, new Random(seed), instance(instance).address() + "/alipay/notify");
    }

    void misbehave(Squall squall) {
        squall.strike(alipay.faults());
    }
}
