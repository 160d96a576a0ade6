package com.esperr.gateway.exchange;

/** Is told about every finished exchange. Thread-safe; called on event loops, must return quickly and never throw. */
public interface ExchangeListener {
    /** One exchange has ended. */
    void finished(ExchangeRecord exchange);
}
