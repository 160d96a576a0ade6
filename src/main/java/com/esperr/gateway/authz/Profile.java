package com.esperr.gateway.authz;

import org.jspecify.annotations.Nullable;

/**
 * Who asks, and so in which fields the request stands that is asked about. The others are the visitor's own words and are not
 * believed: some of these proxies copy everything that he sent.
 */
public enum Profile {
    /** Nobody asks: the listener is for visitors. */
    OFF(null, null, null),
    /** nginx with {@code auth_request}, which understands 2xx, 401 and 403 and drops the page that comes with them. */
    NGINX("x-original-method", "x-original-uri", null),
    /** Traefik with the middleware {@code forwardAuth}. */
    TRAEFIK("x-forwarded-method", "x-forwarded-uri", "x-forwarded-host"),
    /** Caddy with {@code forward_auth}. */
    CADDY("x-forwarded-method", "x-forwarded-uri", "x-forwarded-host"),
    /** HAProxy with the script that comes with this gateway. */
    HAPROXY("x-forwarded-method", "x-forwarded-uri", "x-forwarded-host"),
    /** Envoy with {@code ext_authz}: the request itself below a prefix, or a call of its gRPC service. */
    ENVOY(null, null, null);

    private final @Nullable String methodField;
    private final @Nullable String uriField;
    private final @Nullable String hostField;

    Profile(@Nullable String methodField, @Nullable String uriField, @Nullable String hostField) {
        this.methodField = methodField;
        this.uriField = uriField;
        this.hostField = hostField;
    }

    /** The lower-case name of the field with the method, or null if it is that of the enquiry. */
    @Nullable
    String methodField() {
        return methodField;
    }

    /** The lower-case name of the field with the target, or null if it is that of the enquiry below a prefix. */
    @Nullable
    String uriField() {
        return uriField;
    }

    /** The lower-case name of the field with the host, or null if it is the enquiry's own. */
    @Nullable
    String hostField() {
        return hostField;
    }

    /** Whether an answer is delivered in a request of its own, because what comes with the first one is dropped. */
    public boolean delivers() {
        return this == NGINX;
    }

    /** Whether an empty field stands for a missing one, as its client would else write one of its own. */
    boolean emptyIsMissing() {
        return this == HAPROXY;
    }

    /** Whether method and target are the enquiry's own, the target below a prefix. */
    boolean asItself() {
        return uriField == null;
    }
}
