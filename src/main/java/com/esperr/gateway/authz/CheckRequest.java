package com.esperr.gateway.authz;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.net.IpAddress;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What Envoy's filter {@code ext_authz} asks over gRPC: a message {@code envoy.service.auth.v3.CheckRequest}, of which a few fields
 * matter here. Immutable once it is read.
 */
public final class CheckRequest {
    /** Where the service is called. */
    public static final String METHOD = "/envoy.service.auth.v3.Authorization/Check";

    private static final int PREFIX = 5;

    private String method = "";
    private String path = "";
    private String host = "";
    private String scheme = "";
    private @Nullable String source;
    private final List<String[]> headers = new ArrayList<>();

    private CheckRequest() {}

    /**
     * The one message of a call.
     *
     * @param body of the call: a flag, a length of four bytes, the message
     * @throws FailureException if it is none
     */
    public static CheckRequest read(byte[] body) {
        if (body.length < PREFIX || body[0] != 0) {
            throw malformed("a message of " + body.length + " bytes, or a compressed one (expected: one as it is)");
        }
        int length = (body[1] & 0xFF) << 24 | (body[2] & 0xFF) << 16 | (body[3] & 0xFF) << 8 | (body[4] & 0xFF);
        if (length != body.length - PREFIX) {
            throw malformed("a message of " + length + " bytes in " + (body.length - PREFIX) + " (expected: one)");
        }
        CheckRequest request = new CheckRequest();
        try {
            // 1 attributes
            each(CodedInputStream.newInstance(body, PREFIX, length), (field, in) -> {
                if (field != 1) {
                    return false;
                }
                nested(in, request::attribute);
                return true;
            });
        } catch (IOException broken) {
            throw malformed(String.valueOf(broken.getMessage()));
        }
        return request;
    }

    /** The request's head, without a body. */
    public RequestHead head(DecoderLimits limits) {
        List<String[]> fields = new ArrayList<>(headers.size() + 1);
        if (!host.isEmpty()) {
            fields.add(new String[] {"Host", host});
        }
        for (String[] field : headers) {
            if (OriginalRequest.isVisitors(field[0])) {
                fields.add(field);
            }
        }
        return OriginalRequest.of(method, path, fields, limits);
    }

    /** How the visitor spoke to Envoy. */
    public String scheme() {
        return scheme.equals("https") ? "https" : "http";
    }

    /** The visitor's address as Envoy worked it out. */
    public IpAddress source() {
        IpAddress address = source == null ? null : IpAddress.parseOrNull(source);
        if (address == null) {
            throw malformed("attributes.source.address: " + source + " (expected: an address)");
        }
        return address;
    }

    // --- reading

    /** 1 source, 4 request. */
    private boolean attribute(int field, CodedInputStream in) throws IOException {
        if (field == 1) {
            // 1 address, 1 socket_address, 2 address
            nested(
                    in,
                    one(
                            1,
                            inside -> nested(
                                    inside,
                                    one(
                                            1,
                                            deeper -> nested(deeper, one(2, text -> {
                                                source = text.readString();
                                            }))))));
            return true;
        }
        if (field == 4) {
            nested(in, one(2, http -> nested(http, this::http)));
            return true;
        }
        return false;
    }

    private boolean http(int field, CodedInputStream in) throws IOException {
        switch (field) {
            case 2 -> method = text(in);
            case 3 -> header(in, 2);
            case 4 -> path = text(in);
            case 5 -> host = text(in);
            case 6 -> scheme = in.readString();
            // header_map, a list of headers
            case 13 -> nested(in, one(1, entry -> header(entry, 3)));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A name in field 1 and a value as bytes in {@code value}, or as text in field 2. */
    private void header(CodedInputStream in, int value) throws IOException {
        String[] pair = {"", ""};
        nested(in, (field, inside) -> {
            if (field == 1) {
                pair[0] = text(inside).toLowerCase(Locale.ROOT);
            } else if (field == value || field == 2) {
                pair[1] = text(inside);
            } else {
                return false;
            }
            return true;
        });
        headers.add(pair);
    }

    /** Text as the bytes that the visitor sent, which are what is decided on: read as characters some would become others. */
    private static String text(CodedInputStream in) throws IOException {
        return new String(in.readByteArray(), StandardCharsets.ISO_8859_1);
    }

    /** Reads one field, or leaves it to be skipped. */
    private interface Reader {
        boolean read(int field, CodedInputStream in) throws IOException;
    }

    private interface Content {
        void read(CodedInputStream in) throws IOException;
    }

    private static Reader one(int wanted, Content content) {
        return (field, in) -> {
            if (field != wanted) {
                return false;
            }
            content.read(in);
            return true;
        };
    }

    private static void nested(CodedInputStream in, Reader reader) throws IOException {
        int before = in.pushLimit(in.readRawVarint32());
        each(in, reader);
        in.popLimit(before);
    }

    private static void each(CodedInputStream in, Reader reader) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            boolean delimited = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (!delimited || !reader.read(WireFormat.getTagFieldNumber(tag), in)) {
                in.skipField(tag);
            }
        }
    }

    private static FailureException malformed(String detail) {
        return new FailureException(FailureReason.MALFORMED_ENQUIRY, "check request: " + detail);
    }
}
