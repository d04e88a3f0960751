package io.giftorders.faults;

import io.giftorders.machine.CuttingProxy.Cut;
import io.giftorders.payment.Squall;
import java.time.Duration;

/** Something that happens to a shop, and ends by itself. What it says of itself is a line of a plan. */
sealed interface Disaster {

    /** Makes it happen; comes back when it is over. */
    void strike(Site site);

    /** SIGKILL; another process takes the place. */
    record KillService(int instance) implements Disaster {
        @Override
        public void strike(Site site) {
            site.instance(instance).kill();
        }

        @Override
        public String toString() {
            return "kill service " + instance;
        }
    }

    /** SIGTERM; another process takes the place. */
    record StopService(int instance) implements Disaster {
        @Override
        public void strike(Site site) {
            site.instance(instance).stop();
        }

        @Override
        public String toString() {
            return "stop service " + instance;
        }
    }

    /** SIGSTOP, and SIGCONT later: what it had for itself may be another's by then. */
    record FreezeService(int instance, Duration lasting) implements Disaster {
        @Override
        public void strike(Site site) {
            site.instance(instance).freeze(lasting);
        }

        @Override
        public String toString() {
            return "freeze service " + instance + " for " + lasting.toMillis() + " ms";
        }
    }

    /** SIGKILL; it comes back on the same files. */
    record KillDatabase(Duration away) implements Disaster {
        @Override
        public void strike(Site site) {
            site.killDatabase(away);
        }

        @Override
        public String toString() {
            return "kill the database, away for " + away.toMillis() + " ms";
        }
    }

    record FreezeDatabase(Duration lasting) implements Disaster {
        @Override
        public void strike(Site site) {
            site.freezeDatabase(lasting);
        }

        @Override
        public String toString() {
            return "freeze the database for " + lasting.toMillis() + " ms";
        }
    }

    /** Every connection of the service to the database ends. */
    record CutDatabase(int instance) implements Disaster {
        @Override
        public void strike(Site site) {
            site.instance(instance).database().cutAll();
        }

        @Override
        public String toString() {
            return "cut service " + instance + " off the database";
        }
    }

    record SlowDatabase(int instance, Duration by, Duration lasting) implements Disaster {
        @Override
        public void strike(Site site) {
            Site.slow(site.instance(instance).database(), by, lasting);
        }

        @Override
        public String toString() {
            return "database slower by " + by.toMillis() + " ms for service " + instance + ", for " + lasting.toMillis()
                    + " ms";
        }
    }

    record LoseCommit(int instance, Cut cut) implements Disaster {
        @Override
        public void strike(Site site) {
            site.instance(instance).database().cutNextCommit(cut);
        }

        @Override
        public String toString() {
            return "service " + instance + " loses the next COMMIT: " + cut;
        }
    }

    /** The answer to the next COMMIT is lost, and then the database cannot be reached to ask what became of it. */
    record LoseDatabaseAtCommit(int instance, Duration away) implements Disaster {
        @Override
        public void strike(Site site) {
            Site.loseAtCommit(site.instance(instance).database(), away);
        }

        @Override
        public String toString() {
            return "service " + instance + " loses the database at the next COMMIT, for up to " + away.toMillis()
                    + " ms";
        }
    }

    /** Every connection of buyers, operators and Alipay to the service ends. */
    record CutBuyers(int instance) implements Disaster {
        @Override
        public void strike(Site site) {
            site.instance(instance).buyers().cutAll();
        }

        @Override
        public String toString() {
            return "cut everyone off service " + instance;
        }
    }

    record SlowBuyers(int instance, Duration by, Duration lasting) implements Disaster {
        @Override
        public void strike(Site site) {
            Site.slow(site.instance(instance).buyers(), by, lasting);
        }

        @Override
        public String toString() {
            return "calls slower by " + by.toMillis() + " ms for service " + instance + ", for " + lasting.toMillis()
                    + " ms";
        }
    }

    /** Notifies that came before come again, the last one first. */
    record ReplayNotifies(int instance, int notifies, long seed) implements Disaster {
        @Override
        public void strike(Site site) {
            site.replay(instance, notifies, seed);
        }

        @Override
        public String toString() {
            return "replay " + notifies + " notifies to service " + instance;
        }
    }

    record AlipayMisbehaves(Squall squall) implements Disaster {
        @Override
        public void strike(Site site) {
            site.misbehave(squall);
        }

        @Override
        public String toString() {
            return "Alipay: " + squall.fault() + ", " + squall.times() + " times";
        }
    }
}
