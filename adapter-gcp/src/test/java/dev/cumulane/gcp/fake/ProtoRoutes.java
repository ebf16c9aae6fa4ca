// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.AnnotationsProto;
import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.cumulane.gcp.fake.FakeGoogle.Refused;
import dev.cumulane.gcp.fake.FakeGoogle.Request;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The REST form of a service as its published definition has it: which paths there are, which message stands behind each, and what may be in it. A request that the definition does not know is refused:
 * another path or method, an unknown field or parameter, a value of another type, a required field that is missing.
 */
final class ProtoRoutes {
    private static final Pattern VARIABLE = Pattern.compile("\\{([^=}]+)(?:=([^}]+))?}");

    private final List<Route> routes = new ArrayList<>();

    /** A request in the service's own terms. */
    record Call(String method, Message message) {}

    private record Route(String verb, Pattern path, List<String> fields, String body, MethodDescriptor method) {}

    ProtoRoutes(ServiceDescriptor service) {
        for (MethodDescriptor method : service.getMethods()) {
            HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
            add(rule, method);
            rule.getAdditionalBindingsList().forEach(other -> add(other, method));
        }
    }

    Call read(Request request) {
        for (Route route : routes) {
            Matcher path = route.path().matcher(request.path());
            if (route.verb().equals(request.method()) && path.matches()) {
                return new Call(route.method().getName(), message(route, path, request));
            }
        }
        throw new Refused(404, "NOT_FOUND", "no method at " + request.method() + " " + request.path());
    }

    private void add(HttpRule rule, MethodDescriptor method) {
        String path = rule.getPost();
        String verb = "POST";
        if (!rule.getGet().isEmpty()) {
            path = rule.getGet();
            verb = "GET";
        } else if (!rule.getDelete().isEmpty()) {
            path = rule.getDelete();
            verb = "DELETE";
        } else if (!rule.getPut().isEmpty()) {
            path = rule.getPut();
            verb = "PUT";
        } else if (!rule.getPatch().isEmpty()) {
            path = rule.getPatch();
            verb = "PATCH";
        }
        Matcher variable = VARIABLE.matcher(path);
        StringBuilder pattern = new StringBuilder();
        List<String> fields = new ArrayList<>();
        int end = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(path.substring(end, variable.start())));
            String form = Optional.ofNullable(variable.group(2)).orElse("*");
            pattern.append('(')
                    .append(form.replace("**", "\u0000").replace("*", "[^/:]+").replace("\u0000", "[^:]+"))
                    .append(')');
            fields.add(variable.group(1));
            end = variable.end();
        }
        pattern.append(Pattern.quote(path.substring(end)));
        routes.add(new Route(verb, Pattern.compile(pattern.toString()), fields, rule.getBody(), method));
    }

    private static Message message(Route route, Matcher path, Request request) {
        DynamicMessage.Builder message =
                DynamicMessage.newBuilder(route.method().getInputType());
        boolean hasBody = !route.body().isEmpty();
        if (!hasBody && request.body().length > 0) {
            throw wrong("this method takes no body");
        }
        if (hasBody) {
            if (!request.header("content-type").startsWith("application/json")) {
                throw wrong("the body is not said to be JSON");
            }
            merge(new String(request.body(), UTF_8), inner(route, message));
        }
        for (int i = 0; i < route.fields().size(); i++) {
            set(message, route.fields().get(i), URLDecoder.decode(path.group(i + 1), UTF_8));
        }
        request.query().forEach((name, value) -> set(message, snake(name), value));
        Message built = message.build();
        checkRequired(built, "");
        return built;
    }

    private static Message.Builder inner(Route route, DynamicMessage.Builder message) {
        return route.body().equals("*")
                ? message
                : message.getFieldBuilder(route.method().getInputType().findFieldByName(route.body()));
    }

    private static void merge(String json, Message.Builder into) {
        try {
            JsonFormat.parser().merge(json, into);
        } catch (InvalidProtocolBufferException e) {
            throw wrong("Invalid JSON payload received: " + e.getMessage());
        }
    }

    private static void set(Message.Builder message, String path, String value) {
        Message.Builder at = message;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            at = at.getFieldBuilder(field(at.getDescriptorForType(), names[i]));
        }
        FieldDescriptor field = field(at.getDescriptorForType(), names[names.length - 1]);
        String quoted = "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        merge("{\"" + field.getJsonName() + "\":" + (field.isRepeated() ? "[" + quoted + "]" : quoted) + "}", at);
    }

    private static FieldDescriptor field(Descriptor type, String name) {
        FieldDescriptor field = type.findFieldByName(name);
        if (field == null) {
            throw wrong("Invalid parameter: " + name);
        }
        return field;
    }

    private static void checkRequired(Message message, String path) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            boolean required = field.getOptions()
                    .getExtension(FieldBehaviorProto.fieldBehavior)
                    .contains(FieldBehavior.REQUIRED);
            boolean set = field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : isSet(message, field);
            if (required && !set) {
                throw wrong(path + field.getName() + " is required");
            }
            if (set && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
                if (field.isRepeated()) {
                    for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                        checkRequired((Message) message.getRepeatedField(field, i), path + field.getName() + ".");
                    }
                } else {
                    checkRequired((Message) message.getField(field), path + field.getName() + ".");
                }
            }
        }
    }

    private static boolean isSet(Message message, FieldDescriptor field) {
        return field.hasPresence()
                ? message.hasField(field)
                : !message.getField(field).equals(field.getDefaultValue());
    }

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Refused wrong(String message) {
        return new Refused(400, "INVALID_ARGUMENT", message);
    }
}
