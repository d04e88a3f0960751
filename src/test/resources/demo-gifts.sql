-- What the shop sells when it runs for development.
INSERT INTO gift (name, price, stock) VALUES
    ('Tea set 茶具', 9.90, 100000),
    ('Silk fan 丝绸扇', 19.80, 50000),
    ('Porcelain cup 瓷杯', 28.00, 20000),
    ('Jade pendant 玉坠', 188.00, 2000),
    ('Paper lantern 灯笼', 6.60, 80000),
    ('Ink stone 砚台', 66.00, 5000),
    ('Calligraphy brush 毛笔', 16.80, 30000),
    ('Mooncake box 月饼礼盒', 88.80, 10000),
    ('Osmanthus wine 桂花酒', 58.00, 8000),
    ('Embroidered shoes 绣花鞋', 128.00, 3000),
    ('Kite 风筝', 22.00, 12000);

INSERT INTO gift (name, price, stock, limit_per_user) VALUES
    ('Golden rabbit 金兔', 888.00, 500, 2);
