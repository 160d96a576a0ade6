package com.esperr.gateway.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The field names the gateway itself reads or edits, and those that nearly every browser sends, recognised once while a
 * head is parsed so that later steps compare small numbers instead of text. Immutable.
 */
public enum FieldName {
    ACCEPT("accept"),
    ACCEPT_ENCODING("accept-encoding"),
    ACCEPT_LANGUAGE("accept-language"),
    ACCESS_CONTROL_REQUEST_METHOD("access-control-request-method"),
    ALT_SVC("alt-svc"),
    AUTHORIZATION("authorization"),
    CACHE_CONTROL("cache-control"),
    CONNECTION("connection"),
    CONTENT_LENGTH("content-length"),
    CONTENT_TYPE("content-type"),
    COOKIE("cookie"),
    DATE("date"),
    EXPECT("expect"),
    FORWARDED("forwarded"),
    HOST("host"),
    HTTP2_SETTINGS("http2-settings"),
    KEEP_ALIVE("keep-alive"),
    MAX_FORWARDS("max-forwards"),
    ORIGIN("origin"),
    PROXY_AUTHENTICATE("proxy-authenticate"),
    PROXY_AUTHORIZATION("proxy-authorization"),
    PROXY_CONNECTION("proxy-connection"),
    REFERER("referer"),
    SEC_CH_UA("sec-ch-ua"),
    SEC_CH_UA_MOBILE("sec-ch-ua-mobile"),
    SEC_CH_UA_PLATFORM("sec-ch-ua-platform"),
    SEC_FETCH_DEST("sec-fetch-dest"),
    SEC_FETCH_MODE("sec-fetch-mode"),
    SEC_FETCH_SITE("sec-fetch-site"),
    SEC_FETCH_USER("sec-fetch-user"),
    SERVER("server"),
    SET_COOKIE("set-cookie"),
    TE("te"),
    TRAILER("trailer"),
    TRANSFER_ENCODING("transfer-encoding"),
    UPGRADE("upgrade"),
    UPGRADE_INSECURE_REQUESTS("upgrade-insecure-requests"),
    USER_AGENT("user-agent"),
    VIA("via"),
    X_FORWARDED_FOR("x-forwarded-for"),
    X_FORWARDED_HOST("x-forwarded-host"),
    X_FORWARDED_PORT("x-forwarded-port"),
    X_FORWARDED_PROTO("x-forwarded-proto"),
    X_REAL_IP("x-real-ip"),
    X_REQUESTED_WITH("x-requested-with"),
    X_ESPER_HYBRID_KEY("x-esper-hybrid-key"),
    X_ESPER_API_KEY("x-esper-api-key");

    /* Open addressing over a table four times as large as the enum: a look-up is one hash of length, first, middle and
     * last byte and mostly one comparison. Names that are not ours cost the same and end at an empty slot. */
    private static final int MASK = 255;
    private static final @Nullable FieldName[] TABLE = new FieldName[MASK + 1];
    private static final FieldName[] ALL = values();

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** The bit by which a letter in upper case differs from the same one in lower case. */
    private static final byte CASE = 0x20;

    static {
        for (FieldName name : ALL) {
            int slot = hash(name.lower, 0, name.lower.length);
            while (TABLE[slot] != null) {
                slot = (slot + 1) & MASK;
            }
            TABLE[slot] = name;
        }
    }

    private final String text;
    private final byte[] lower;

    /** {@link #CASE} where {@link #lower} has a letter. */
    private final byte[] fold;

    FieldName(String text) {
        this.text = text;
        this.lower = text.getBytes(StandardCharsets.US_ASCII);
        this.fold = new byte[lower.length];
        for (int i = 0; i < lower.length; i++) {
            fold[i] = lower[i] >= 'a' && lower[i] <= 'z' ? CASE : 0;
        }
    }

    /** The lower-case name as it is written in HTTP/2 and in the documentation. */
    public String text() {
        return text;
    }

    /** The known name equal to {@code bytes[start, end)} ignoring ASCII case, or null. */
    public static @Nullable FieldName of(byte[] bytes, int start, int end) {
        if (start >= end) {
            return null;
        }
        int slot = hash(bytes, start, end);
        for (FieldName name = TABLE[slot]; name != null; name = TABLE[slot]) {
            if (name.matches(bytes, start, end)) {
                return name;
            }
            slot = (slot + 1) & MASK;
        }
        return null;
    }

    /** The known name equal to {@code name} ignoring ASCII case, or null. */
    public static @Nullable FieldName of(String name) {
        byte[] bytes = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        return of(bytes, 0, bytes.length);
    }

    /** The known name with {@link #code} {@code code}, or null for a negative one. */
    static @Nullable FieldName ofCode(int code) {
        return code < 0 ? null : ALL[code];
    }

    /** The number under which an index in memory keeps this name; it is never stored or sent. */
    @SuppressWarnings("EnumOrdinal")
    int code() {
        return ordinal();
    }

    private boolean matches(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length != lower.length) {
            return false;
        }
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if (((long) LONGS.get(bytes, start + i) | (long) LONGS.get(fold, i)) != (long) LONGS.get(lower, i)) {
                return false;
            }
        }
        if (i + 4 <= length) {
            if (((int) INTS.get(bytes, start + i) | (int) INTS.get(fold, i)) != (int) INTS.get(lower, i)) {
                return false;
            }
            i += 4;
        }
        for (; i < length; i++) {
            if ((bytes[start + i] | fold[i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(byte[] bytes, int start, int end) {
        int length = end - start;
        int hash = length * 31 + (bytes[start] | CASE);
        hash = hash * 31 + (bytes[start + (length >> 1)] | CASE);
        hash = hash * 31 + (bytes[end - 1] | CASE);
        return (hash ^ (hash >>> 7)) & MASK;
    }
}
