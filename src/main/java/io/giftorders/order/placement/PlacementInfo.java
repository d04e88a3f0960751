package io.giftorders.order.placement;

import io.giftorders.database.DatabaseFacts;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says on which terms orders are placed: in the log at start, and at {@code /actuator/info}. */
@Component
class PlacementInfo implements InfoContributor {

    private static final Logger log = LoggerFactory.getLogger(PlacementInfo.class);

    private final DatabaseFacts database;
    private final PlacementProperties properties;

    PlacementInfo(DatabaseFacts database, PlacementProperties properties) {
        this.database = database;
        this.properties = properties;
    }

    @EventListener(ApplicationReadyEvent.class)
    void report() {
        log.atInfo()
                .addKeyValue("database", database.version())
                .addKeyValue("server_default_isolation", database.defaultIsolation())
                .addKeyValue("order_isolation", isolation())
                .addKeyValue("stock_update", stockUpdate())
                .addKeyValue("lanes", lanes())
                .addKeyValue("max_batch", properties.maxBatch())
                .log("ready to place orders");
    }

    @Override
    public void contribute(Info.Builder info) {
        info.withDetail(
                "database", Map.of("version", database.version(), "default_isolation", database.defaultIsolation()));
        info.withDetail(
                "placement",
                Map.of(
                        "isolation", isolation(),
                        "stock_update", stockUpdate(),
                        "lanes", lanes(),
                        "max_batch", properties.maxBatch()));
    }

    private String lanes() {
        return properties.lanes() == null
                ? "1 to " + properties.mostLanes()
                : properties.lanes().toString();
    }

    /** In the setting's own spelling, such as {@code at-least}. */
    private String stockUpdate() {
        return properties.stockUpdate().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In the server's own spelling, such as {@code READ-COMMITTED}. */
    private String isolation() {
        return properties.isolation().name().replace('_', '-');
    }
}
