package io.giftorders.database;

import io.giftorders.problem.CannotStart;
import io.r2dbc.spi.R2dbcException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Turns a failed start into one sentence that says what to set. */
final class StartFailures implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        return sentence(failure)
                .map(sentence -> new FailureAnalysis(sentence, null, failure))
                .orElse(null);
    }

    /** The sentence for the failure, or for the first cause that has one. */
    static Optional<String> sentence(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .flatMap(cause -> ofOne(cause).stream())
                .findFirst();
    }

    private static Optional<String> ofOne(Throwable cause) {
        if (cause instanceof CannotStart known) {
            return Optional.ofNullable(known.getMessage());
        }
        if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
            return Optional.of("The database cannot be reached: check that it runs and that SPRING_R2DBC_URL names its"
                    + " host and port (" + cause.getMessage() + ").");
        }
        if (cause instanceof R2dbcException known) {
            return ofServer(known);
        }
        boolean badAddress = cause instanceof IllegalArgumentException
                && String.valueOf(cause.getMessage()).contains("r2dbc");
        if (badAddress) {
            return Optional.of("SPRING_R2DBC_URL is not an address: set it to r2dbc:mysql://host:port/name.");
        }
        return Optional.empty();
    }

    private static Optional<String> ofServer(R2dbcException known) {
        return switch (known.getErrorCode()) {
            case 1045, 1698 ->
                Optional.of("The database refuses the login: set SPRING_R2DBC_USERNAME and"
                        + " SPRING_R2DBC_PASSWORD to an account it knows.");
            case 1044, 1142 ->
                Optional.of("The database account lacks a right: grant it SELECT, INSERT, UPDATE and"
                        + " DELETE (and CREATE for SPRING_SQL_INIT_MODE=always) on the database in SPRING_R2DBC_URL.");
            case 1049 ->
                Optional.of("The database named in SPRING_R2DBC_URL does not exist: create it with"
                        + " CREATE DATABASE, or set another name.");
            case 1046 -> Optional.of("SPRING_R2DBC_URL names no database: set it to r2dbc:mysql://host:port/name.");
            case 1146, 1054 ->
                Optional.of("The database lacks a table or column of this service: set"
                        + " SPRING_SQL_INIT_MODE=always to create the tables, or apply schema.sql.");
            default -> Optional.of("The database cannot be used (" + known.getMessage() + "): check SPRING_R2DBC_URL.");
        };
    }
}
