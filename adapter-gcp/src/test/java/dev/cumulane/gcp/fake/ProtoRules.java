// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.api.ResourceDescriptor;
import com.google.api.ResourceProto;
import com.google.api.ResourceReference;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules that the published definitions of a service state themselves: which fields are required, which ones only the service sets, the values of an enum, the
 * pattern of a resource's name. Where a resource lives in a location, its name says which.
 */
final class ProtoRules {
    private final Map<String, List<String>> patterns = new TreeMap<>();

    ProtoRules(FileDescriptor... files) {
        for (FileDescriptor file : files) {
            file.getDependencies().forEach(this::read);
            read(file);
        }
    }

    private void read(FileDescriptor file) {
        file.getOptions().getExtension(ResourceProto.resourceDefinition).forEach(this::add);
        file.getMessageTypes().stream()
                .filter(type -> type.getOptions().hasExtension(ResourceProto.resource))
                .forEach(type -> add(type.getOptions().getExtension(ResourceProto.resource)));
    }

    private void add(ResourceDescriptor resource) {
        List<String> all = List.copyOf(resource.getPatternList());
        List<String> local =
                all.stream().filter(pattern -> pattern.contains("/locations/")).toList();
        patterns.put(resource.getType(), local.isEmpty() ? all : local);
    }

    /**
     * What is wrong with a request.
     *
     * @param creating whether it creates something: then it must not hold what only the service sets
     */
    List<String> violations(Message message, boolean creating) {
        List<String> wrong = new ArrayList<>();
        check(message, creating, "", wrong);
        return wrong;
    }

    private void check(Message message, boolean creating, String path, List<String> wrong) {
        message.getUnknownFields().asMap().keySet().forEach(number -> wrong.add(path + "unknown field " + number));
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            String name = path + field.getName();
            List<Object> values = values(message, field);
            List<FieldBehavior> behavior = field.getOptions().getExtension(FieldBehaviorProto.fieldBehavior);
            if (values.isEmpty() && behavior.contains(FieldBehavior.REQUIRED)) {
                wrong.add(name + " is required");
            }
            if (creating && !values.isEmpty() && behavior.contains(FieldBehavior.OUTPUT_ONLY)) {
                wrong.add(name + " is for output only");
            }
            for (Object value : values) {
                if (value instanceof Message inner) {
                    check(inner, creating, name + ".", wrong);
                } else if (value instanceof EnumValueDescriptor one && one.getIndex() < 0) {
                    wrong.add(name + " has no value " + one.getNumber());
                } else if (value instanceof String text
                        && field.getOptions().hasExtension(ResourceProto.resourceReference)) {
                    checkName(name, text, field.getOptions().getExtension(ResourceProto.resourceReference), wrong);
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // what a repeated field is
    private static List<Object> values(Message message, FieldDescriptor field) {
        if (field.isRepeated()) {
            return (List<Object>) message.getField(field);
        }
        boolean set = field.hasPresence()
                ? message.hasField(field)
                : !message.getField(field).equals(field.getDefaultValue());
        return set ? List.of(message.getField(field)) : List.of();
    }

    private void checkName(String field, String name, ResourceReference reference, List<String> wrong) {
        boolean parent = !reference.getChildType().isEmpty();
        List<String> known = patterns.getOrDefault(parent ? reference.getChildType() : reference.getType(), List.of());
        boolean right = known.isEmpty()
                || known.stream()
                        .map(pattern -> parent ? pattern.replaceFirst("/[^/]+/[^/]+$", "") : pattern)
                        .anyMatch(pattern -> matches(pattern, name));
        if (!right) {
            wrong.add(field + " is '" + name + "', and not one of " + known);
        }
    }

    private static boolean matches(String pattern, String name) {
        String regex = List.of(pattern.split("/")).stream()
                .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
                .collect(Collectors.joining("/"));
        return name.matches(regex);
    }
}
