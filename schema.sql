-- The one schema of gift-orders: production, Docker and tests load this file. MySQL 8.0 or newer, MariaDB 10.6 or newer.
-- Column names are those of the shop's data model; every time is UTC. Applying the file again changes nothing.

CREATE TABLE IF NOT EXISTS gift (
    id             BIGINT         NOT NULL AUTO_INCREMENT,
    name           VARCHAR(100)   NOT NULL,
    price          DECIMAL(11, 2) NOT NULL,
    stock          BIGINT         NOT NULL,
    sales          BIGINT         NOT NULL DEFAULT 0,
    sale_starts_at DATETIME(6)    NULL,
    sale_ends_at   DATETIME(6)    NULL,
    limit_per_user INT            NULL,
    -- Goes up with every change an operator makes: an order decided under old terms cannot commit under new ones.
    terms          INT            NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    -- The last line of defence: the service never lets it come to this.
    CONSTRAINT gift_stock_is_there CHECK (stock >= 0),
    CONSTRAINT gift_price_is_positive CHECK (price > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- status: 1 awaiting payment, 2 awaiting shipment, 3 awaiting receipt
CREATE TABLE IF NOT EXISTS orders (
    order_code      BIGINT         NOT NULL,
    uid             BIGINT         NOT NULL,
    total_count     INT            NOT NULL,
    total_amount    DECIMAL(11, 2) NOT NULL,
    status          SMALLINT       NOT NULL,
    idempotency_key VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at      DATETIME(6)    NOT NULL,
    PRIMARY KEY (order_code),
    UNIQUE KEY one_order_per_idempotency_key (uid, idempotency_key),
    KEY orders_of_a_buyer (uid, order_code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- No foreign key to gift: its check would share-lock the hot row before the stock update and invite deadlocks.
CREATE TABLE IF NOT EXISTS order_item (
    order_code BIGINT         NOT NULL,
    goods_id   BIGINT         NOT NULL,
    uid        BIGINT         NOT NULL,
    counts     INT            NOT NULL,
    price      DECIMAL(11, 2) NOT NULL,
    PRIMARY KEY (order_code, goods_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Pieces of a gift with limit_per_user that a buyer's orders hold. Rows exist only while the gift has a limit.
CREATE TABLE IF NOT EXISTS purchase (
    goods_id BIGINT NOT NULL,
    uid      BIGINT NOT NULL,
    counts   BIGINT NOT NULL,
    PRIMARY KEY (goods_id, uid)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- A row per start of an instance: the id, modulo 1024, keeps the order codes of instances apart.
CREATE TABLE IF NOT EXISTS instance_start (
    id         BIGINT      NOT NULL AUTO_INCREMENT,
    started_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
