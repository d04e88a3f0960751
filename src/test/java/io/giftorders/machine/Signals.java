package io.giftorders.machine;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals of POSIX that Java has no method for. */
public final class Signals {

    private Signals() {}

    /** SIGSTOP: the process does nothing any more, and keeps its connections. */
    public static void freeze(long pid) {
        send("STOP", pid);
    }

    /** SIGCONT: the process goes on as if no time had passed. */
    public static void thaw(long pid) {
        send("CONT", pid);
    }

    private static void send(String signal, long pid) {
        try {
            int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("SIG" + signal + " does not reach process " + pid);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
