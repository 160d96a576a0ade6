package com.esperr.gateway.authz;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;

/** The messages of Envoy's service as protobuf's own library reads and writes them, as far as they matter here. */
final class EnvoyMessages {
    private static final FileDescriptor FILE = describe();

    private EnvoyMessages() {}

    private static FileDescriptor describe() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("check.proto")
                .setSyntax("proto3")
                .addMessageType(message("CheckRequest", "1 attributes Attributes"))
                .addMessageType(message(
                        "Attributes", "1 source Peer", "2 destination Peer", "4 request Request", "11 metadata Peer"))
                .addMessageType(message("Peer", "1 address Address", "2 service string"))
                .addMessageType(message("Address", "1 socket_address SocketAddress"))
                .addMessageType(message("SocketAddress", "1 protocol int32", "2 address string", "3 port_value int32"))
                .addMessageType(message("Request", "1 time Time", "2 http Http"))
                .addMessageType(message("Time", "1 seconds int64", "2 nanos int32"))
                .addMessageType(message(
                        "Http",
                        "1 id string",
                        "2 method string",
                        "3 headers Pair*",
                        "4 path string",
                        "5 host string",
                        "6 scheme string",
                        "9 size int64",
                        "10 protocol string",
                        "13 header_map HeaderMap"))
                .addMessageType(message("Pair", "1 key string", "2 value string"))
                .addMessageType(message("HeaderMap", "1 headers Header*"))
                .addMessageType(message("Header", "1 key string", "2 value string", "3 raw_value bytes"))
                .addMessageType(message("CheckResponse", "1 status Status", "2 denied Denied", "3 ok Ok"))
                .addMessageType(message("Status", "1 code int32", "2 message string"))
                .addMessageType(message("Denied", "1 status HttpStatus", "2 headers Option*", "3 body string"))
                .addMessageType(message("HttpStatus", "1 code int32"))
                .addMessageType(message("Ok", "2 headers Option*", "5 headers_to_remove string*"))
                .addMessageType(message("Option", "1 header Header", "3 append_action int32"))
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        } catch (Descriptors.DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static DescriptorProto message(String name, String... fields) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        for (String text : fields) {
            String[] words = text.split(" ");
            boolean repeated = words[2].endsWith("*");
            String type = repeated ? words[2].substring(0, words[2].length() - 1) : words[2];
            FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                    .setNumber(Integer.parseInt(words[0]))
                    .setName(words[1])
                    .setLabel(
                            repeated
                                    ? FieldDescriptorProto.Label.LABEL_REPEATED
                                    : FieldDescriptorProto.Label.LABEL_OPTIONAL);
            switch (type) {
                case "string" -> field.setType(FieldDescriptorProto.Type.TYPE_STRING);
                case "bytes" -> field.setType(FieldDescriptorProto.Type.TYPE_BYTES);
                case "int32" -> field.setType(FieldDescriptorProto.Type.TYPE_INT32);
                case "int64" -> field.setType(FieldDescriptorProto.Type.TYPE_INT64);
                default -> field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(type);
            }
            message.addField(field);
        }
        return message.build();
    }

    /** A message with these fields; a value that is a map is a message inside, a list several. */
    static DynamicMessage of(String type, Map<String, ?> fields) {
        Descriptors.Descriptor descriptor = FILE.findMessageTypeByName(type);
        DynamicMessage.Builder message = DynamicMessage.newBuilder(descriptor);
        fields.forEach((name, value) -> {
            Descriptors.FieldDescriptor field = descriptor.findFieldByName(name);
            if (value instanceof List<?> several) {
                several.forEach(one -> message.addRepeatedField(field, one));
            } else {
                message.setField(field, value);
            }
        });
        return message.build();
    }

    static DynamicMessage response(byte[] bytes) {
        try {
            return DynamicMessage.parseFrom(FILE.findMessageTypeByName("CheckResponse"), bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of a field, or of one inside: {@code denied.status.code}. */
    static Object field(DynamicMessage message, String path) {
        Object value = message;
        for (String name : path.split("\\.")) {
            DynamicMessage outer = (DynamicMessage) value;
            value = outer.getField(outer.getDescriptorForType().findFieldByName(name));
        }
        return value;
    }

    static boolean has(DynamicMessage message, String name) {
        return message.hasField(message.getDescriptorForType().findFieldByName(name));
    }
}
