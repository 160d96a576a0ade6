/**
 * The vocabulary of HTTP without a network: header blocks, request targets and paths, queries and cookies, what a client wants to
 * read, and the one function that writes every answer the gateway makes itself. Values and pure functions only.
 */
@NullMarked
package com.esperr.gateway.http;

import org.jspecify.annotations.NullMarked;
