package com.esperr.gateway.hosting;

/**
 * What a visitor takes from a challenge page to his answer. Immutable.
 *
 * @param id 128 random bits in hexadecimal, which no other ticket has
 * @param issuedAtMillis when, epoch milliseconds
 * @param bits how many zero bits a proof of work begins with
 * @param least how many do after the time for it
 * @param methods by which it can be passed: {@link Method#bit()}
 * @param level how much is asked for
 */
record Ticket(String id, long issuedAtMillis, int bits, int least, int methods, int level) {
    boolean admits(Method method) {
        return (methods & method.bit()) != 0;
    }
}
