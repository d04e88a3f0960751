package io.giftorders.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * The driver's connections without the clean-up that they bring along. The pool calls it at every release, whatever else it
 * is told to do there (r2dbc-pool 1.0.2), and where no transaction is open it sends the server a ping (r2dbc-mysql 1.4): a
 * round trip on top of every transaction, which whoever waits for the transaction waits for.
 */
final class QuietConnections implements ConnectionFactory {

    private final ConnectionFactory driver;

    QuietConnections(ConnectionFactory driver) {
        this.driver = driver;
    }

    @Override
    public Publisher<Connection> create() {
        return Mono.from(driver.create()).map(QuietConnections::quiet);
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
        return driver.getMetadata();
    }

    /** A {@link Connection} and nothing else: the pool looks for {@code Lifecycle} beside it. */
    private static Connection quiet(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) ->
                        method.getName().equals("equals") ? self == arguments[0] : call(connection, method, arguments));
    }

    private static Object call(Connection connection, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getTargetException();
        }
    }
}
