package io.giftorders.database;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import io.giftorders.machine.Ports;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** MySQL 8.4 in a container. Its port is fixed beforehand, so that it stays the same over a restart. */
final class DockerMySql implements TestDatabase {

    private static final int MYSQL_PORT = 3306;

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final MySQLContainer container;
    private final int port = Ports.free();

    DockerMySql() {
        container = new MySQLContainer("mysql:8.4")
                .withUsername("root")
                .withPassword("root")
                .withCreateContainerCmdModifier(command -> command.withHostConfig(
                        HostConfig.newHostConfig().withPortBindings(PortBinding.parse(port + ":" + MYSQL_PORT))));
        container.start();
    }

    @Override
    public String url(String name) {
        return "r2dbc:mysql://" + container.getHost() + ":" + port + "/" + name + "?createDatabaseIfNotExist=true";
    }

    @Override
    public String username() {
        return "root";
    }

    @Override
    public String password() {
        return container.getPassword();
    }

    @Override
    public void kill() {
        docker.killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void restart() {
        docker.startContainerCmd(container.getContainerId()).exec();
        Mono.defer(() -> Mono.from(ConnectionFactories.get(
                                "r2dbc:mysql://root:root@" + container.getHost() + ":" + port + "/mysql")
                        .create()))
                .flatMap(connection -> Mono.from(((Connection) connection).close()))
                .retryWhen(Retry.fixedDelay(120, Duration.ofMillis(500)))
                .block();
    }

    @Override
    public void freeze() {
        docker.pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void thaw() {
        docker.unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void end() {
        container.stop();
    }
}
