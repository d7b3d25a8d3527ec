package io.pushwire.core;

import io.pushwire.api.NodeInfo;

/** What a node gives its driver. */
record NodeContext(
    NodeInfo self,
    Settings settings,
    Delivery delivery,
    Counters counters,
    EnvelopeCodec codec,
    ForeignParser foreignParser,
    int maxPayloadSize)
    implements DriverContext {}
