-- The one schema of gift-orders: production, Docker and tests load this file. MySQL 8.0.13 or MariaDB 10.6, or newer.
-- Column names are those of the shop's data model; every time is UTC. Applying the file again changes nothing.

CREATE TABLE IF NOT EXISTS gift (
    id             BIGINT         NOT NULL AUTO_INCREMENT,
    name           VARCHAR(100)   NOT NULL,
    price          DECIMAL(11, 2) NOT NULL,
    stock          BIGINT         NOT NULL,
    sales          BIGINT         NOT NULL DEFAULT 0,
    -- Everything ever put in, less what an operator took out: the stock and the pieces that orders hold.
    supplied       BIGINT         NOT NULL DEFAULT (stock),
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

-- status: 1 awaiting payment, 2 awaiting shipment, 3 awaiting receipt, 4 completed, 5 closed, 6 refunded
CREATE TABLE IF NOT EXISTS orders (
    order_code      BIGINT         NOT NULL,
    uid             BIGINT         NOT NULL,
    total_count     INT            NOT NULL,
    total_amount    DECIMAL(11, 2) NOT NULL,
    status          SMALLINT       NOT NULL,
    idempotency_key VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at      DATETIME(6)    NOT NULL,
    -- Until when it can be paid; whole seconds, as Alipay counts.
    expires_at      DATETIME(6)    NOT NULL,
    -- Since when somebody may be paying: set before the first pay link is given.
    pay_link_at     DATETIME(6)    NULL,
    -- Since when no pay link is given any more.
    closing_at      DATETIME(6)    NULL,
    paid_at         DATETIME(6)    NULL,
    shipped_at      DATETIME(6)    NULL,
    -- When the service itself looks at the order again; NULL where it waits for somebody.
    due_at          DATETIME(6)    NULL,
    -- 1: Alipay has to be asked before anything follows from that.
    ask_first       TINYINT        NOT NULL DEFAULT 0,
    PRIMARY KEY (order_code),
    UNIQUE KEY one_order_per_idempotency_key (uid, idempotency_key),
    KEY orders_of_a_buyer (uid, order_code),
    KEY orders_due (ask_first, due_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- No foreign key to gift: its check would share-lock the hot row before the stock update and invite deadlocks.
CREATE TABLE IF NOT EXISTS order_item (
    order_code BIGINT         NOT NULL,
    goods_id   BIGINT         NOT NULL,
    uid        BIGINT         NOT NULL,
    counts     INT            NOT NULL,
    price      DECIMAL(11, 2) NOT NULL,
    -- Pieces that are in the stock again. The order holds the others, wherever they are: gift.sales is the sum of them.
    returned   INT            NOT NULL DEFAULT 0,
    -- Pieces whose price is paid back.
    refunded   INT            NOT NULL DEFAULT 0,
    PRIMARY KEY (order_code, goods_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Pieces of a gift with limit_per_user that a buyer's orders hold. Rows exist only while the gift has a limit.
CREATE TABLE IF NOT EXISTS purchase (
    goods_id BIGINT NOT NULL,
    uid      BIGINT NOT NULL,
    counts   BIGINT NOT NULL,
    -- The most this buyer could have when pieces were last added: the limit at that moment; what the buyer had already where
    -- that is more and the limit was set afterwards. A limit lowered later, and pieces given back, leave it as it is.
    allowed  BIGINT NOT NULL,
    PRIMARY KEY (goods_id, uid)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Money received: a row per trade that Alipay said is paid, whatever became of its order.
CREATE TABLE IF NOT EXISTS payment (
    trade_no     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_code   BIGINT         NOT NULL,
    total_amount DECIMAL(11, 2) NOT NULL,
    -- By Alipay's clock.
    paid_at      DATETIME(6)    NOT NULL,
    created_at   DATETIME(6)    NOT NULL,
    PRIMARY KEY (trade_no),
    KEY payments_of_an_order (order_code),
    KEY payments_of_a_day (paid_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Money to be paid back: written in the transaction that causes it, sent afterwards until Alipay confirms it.
-- cause: 1 an operator's, 2 paid after the order closed, 3 paid twice
CREATE TABLE IF NOT EXISTS refund (
    -- The same in every repetition, so that Alipay pays back once.
    out_request_no  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    trade_no        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_code      BIGINT         NOT NULL,
    amount          DECIMAL(11, 2) NOT NULL,
    cause           SMALLINT       NOT NULL,
    -- Pieces by gift, as the operator named them; NULL where everything left is paid back.
    items           TEXT           NULL,
    idempotency_key VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at      DATETIME(6)    NOT NULL,
    -- When it is sent, or asked about, next; NULL once Alipay confirmed it.
    due_at          DATETIME(6)    NULL,
    attempts        INT            NOT NULL DEFAULT 0,
    sent_at         DATETIME(6)    NULL,
    confirmed_at    DATETIME(6)    NULL,
    -- The day in whose bill it was found.
    billed_on       DATE           NULL,
    PRIMARY KEY (trade_no, out_request_no),
    UNIQUE KEY one_refund_per_idempotency_key (order_code, idempotency_key),
    KEY refunds_due (due_at),
    KEY refunds_of_a_day (confirmed_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- What does not agree between Alipay and these books, for the operator.
CREATE TABLE IF NOT EXISTS discrepancy (
    id            BIGINT         NOT NULL AUTO_INCREMENT,
    kind          VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- What it is about, such as a trade number: seen again, the row counts up.
    subject       VARCHAR(150) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    order_code    BIGINT         NULL,
    trade_no      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    detail        VARCHAR(500)   NOT NULL,
    times         INT            NOT NULL DEFAULT 1,
    first_seen_at DATETIME(6)    NOT NULL,
    last_seen_at  DATETIME(6)    NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY one_row_per_difference (kind, subject)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Days whose bill is compared with these books. Days are Alipay's (UTC+8).
CREATE TABLE IF NOT EXISTS bill_check (
    bill_date  DATE        NOT NULL,
    -- When the bill is asked for next; NULL once it was compared.
    due_at     DATETIME(6) NULL,
    checked_at DATETIME(6) NULL,
    PRIMARY KEY (bill_date)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- A row per start of an instance: the id, modulo 1024, keeps the order codes of instances apart.
CREATE TABLE IF NOT EXISTS instance_start (
    id         BIGINT      NOT NULL AUTO_INCREMENT,
    started_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
