package com.esperr.gateway.transport;

import java.util.concurrent.atomic.LongAdder;

/** What a client's pools hold, over all event loops. Thread-safe. */
final class ClientGauges {
    final LongAdder open = new LongAdder();
    final LongAdder idle = new LongAdder();
    final LongAdder calls = new LongAdder();
    final LongAdder refused = new LongAdder();
}
