package io.giftorders.order.placement;

import io.giftorders.order.Order;

/** A new order and the wish it fills. */
record Sale(PlaceOrder wish, Order order) {}
