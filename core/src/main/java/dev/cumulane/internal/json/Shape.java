// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a Java type looks in JSON; made once per type. */
abstract class Shape {
    private static final Map<Type, Shape> SHAPES = new ConcurrentHashMap<>();

    static Shape of(Type type) {
        Shape known = SHAPES.get(type);
        if (known != null) {
            return known;
        }
        // Not computeIfAbsent: making a shape makes the shapes of its parts.
        Shape made = make(type);
        Shape earlier = SHAPES.putIfAbsent(type, made);
        return earlier != null ? earlier : made;
    }

    abstract void write(JsonGenerator json, Object value) throws IOException;

    abstract Object read(JsonNode node);

    /** Whether a field of this value is left out. */
    boolean isLeftOut(Object value) {
        return false;
    }

    /** What an absent field means; null if it must be there. */
    @Nullable
    Object whenAbsent() {
        return null;
    }

    private static Shape make(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Class<?> raw = (Class<?>) generic.getRawType();
            if (raw == Optional.class) {
                return new OptionalShape(of(arguments[0]));
            }
            if (raw == List.class) {
                return new ListShape(of(arguments[0]));
            }
            if (raw == SortedMap.class && arguments[0] == String.class) {
                return new MapShape(of(arguments[1]));
            }
        } else if (type instanceof Class<?> plain) {
            if (plain.isRecord()) {
                return RecordShape.of(plain);
            }
            if (plain.isSealed()) {
                return new SealedShape(plain);
            }
            if (plain.isEnum()) {
                return new EnumShape(plain);
            }
            return scalar(plain);
        }
        throw new IllegalStateException("no JSON form for " + type);
    }

    private static Shape scalar(Class<?> type) {
        if (type == String.class) {
            return new TextShape(Object::toString, text -> text);
        }
        if (type == Duration.class) {
            return new TextShape(Object::toString, Duration::parse);
        }
        if (type == Instant.class) {
            return new TextShape(Object::toString, Instant::parse);
        }
        if (type == boolean.class) {
            return new FlagShape();
        }
        boolean isInt = type == int.class || type == Integer.class;
        if (isInt || type == long.class) {
            return new NumberShape(isInt);
        }
        throw new IllegalStateException("no JSON form for " + type);
    }

    private static final class TextShape extends Shape {
        private final Function<Object, String> toText;
        private final Function<String, Object> fromText;

        TextShape(Function<Object, String> toText, Function<String, Object> fromText) {
            this.toText = toText;
            this.fromText = fromText;
        }

        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            json.writeString(wellFormed(toText.apply(value)));
        }

        @Override
        Object read(JsonNode node) {
            if (!node.isTextual()) {
                throw new MalformedJsonException("text expected, not " + node.getNodeType());
            }
            try {
                return fromText.apply(node.textValue());
            } catch (DateTimeException e) {
                throw new MalformedJsonException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** The text as UTF-8 can carry it: half a surrogate pair, left by a worker or a cut, would make a record that can never be written. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    private static final class FlagShape extends Shape {
        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            json.writeBoolean((Boolean) value);
        }

        @Override
        Object read(JsonNode node) {
            if (!node.isBoolean()) {
                throw new MalformedJsonException("true or false expected, not " + node.getNodeType());
            }
            return node.booleanValue();
        }

        @Override
        boolean isLeftOut(Object value) {
            return !(Boolean) value;
        }

        @Override
        Object whenAbsent() {
            return false;
        }
    }

    private static final class NumberShape extends Shape {
        private final boolean isInt;

        NumberShape(boolean isInt) {
            this.isInt = isInt;
        }

        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            json.writeNumber(((Number) value).longValue());
        }

        @Override
        Object read(JsonNode node) {
            if (!node.isIntegralNumber() || !(isInt ? node.canConvertToInt() : node.canConvertToLong())) {
                throw new MalformedJsonException("a whole number expected, not " + node.getNodeType());
            }
            return isInt ? (Object) node.intValue() : (Object) node.longValue();
        }
    }

    private static final class EnumShape extends Shape {
        private final Map<String, Object> constants = new TreeMap<>();

        EnumShape(Class<?> type) {
            for (Object constant : type.getEnumConstants()) {
                constants.put(((Enum<?>) constant).name(), constant);
            }
        }

        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            json.writeString(((Enum<?>) value).name());
        }

        @Override
        Object read(JsonNode node) {
            Object constant = node.isTextual() ? constants.get(node.textValue()) : null;
            if (constant == null) {
                throw new MalformedJsonException("one of " + constants.keySet() + " expected");
            }
            return constant;
        }
    }

    private static final class OptionalShape extends Shape {
        private final Shape content;

        OptionalShape(Shape content) {
            this.content = content;
        }

        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            content.write(json, ((Optional<?>) value).orElseThrow());
        }

        @Override
        Object read(JsonNode node) {
            return Optional.of(content.read(node));
        }

        @Override
        boolean isLeftOut(Object value) {
            return ((Optional<?>) value).isEmpty();
        }

        @Override
        Object whenAbsent() {
            return Optional.empty();
        }
    }

    private static final class ListShape extends Shape {
        private final Shape element;

        ListShape(Shape element) {
            this.element = element;
        }

        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            json.writeStartArray();
            for (Object one : (List<?>) value) {
                element.write(json, one);
            }
            json.writeEndArray();
        }

        @Override
        Object read(JsonNode node) {
            if (!node.isArray()) {
                throw new MalformedJsonException("a list expected, not " + node.getNodeType());
            }
            List<Object> list = new ArrayList<>(node.size());
            for (JsonNode one : node) {
                list.add(element.read(one));
            }
            return Collections.unmodifiableList(list);
        }

        @Override
        boolean isLeftOut(Object value) {
            return ((List<?>) value).isEmpty();
        }

        @Override
        Object whenAbsent() {
            return List.of();
        }
    }

    private static final class MapShape extends Shape {
        private final Shape content;

        MapShape(Shape content) {
            this.content = content;
        }

        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : ((SortedMap<?, ?>) value).entrySet()) {
                json.writeFieldName((String) entry.getKey());
                content.write(json, entry.getValue());
            }
            json.writeEndObject();
        }

        @Override
        Object read(JsonNode node) {
            if (!node.isObject()) {
                throw new MalformedJsonException("an object expected, not " + node.getNodeType());
            }
            SortedMap<String, Object> map = new TreeMap<>();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                map.put(field.getKey(), content.read(field.getValue()));
            }
            return Collections.unmodifiableSortedMap(map);
        }

        @Override
        boolean isLeftOut(Object value) {
            return ((SortedMap<?, ?>) value).isEmpty();
        }

        @Override
        Object whenAbsent() {
            return Collections.unmodifiableSortedMap(new TreeMap<>());
        }
    }

    private static final class SealedShape extends Shape {
        private final Map<String, RecordShape> members = new TreeMap<>();
        private final Class<?> type;

        SealedShape(Class<?> type) {
            this.type = type;
            collect(type);
        }

        private void collect(Class<?> sealed) {
            for (Class<?> member : sealed.getPermittedSubclasses()) {
                if (member.isRecord()) {
                    if (members.put(member.getSimpleName(), RecordShape.fields(member)) != null) {
                        throw new IllegalStateException(type + " has two members called " + member.getSimpleName());
                    }
                } else {
                    collect(member);
                }
            }
        }

        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            String name = value.getClass().getSimpleName();
            RecordShape member = members.get(name);
            if (member == null) {
                throw new IllegalStateException(name + " is no member of " + type);
            }
            json.writeStartObject();
            json.writeStringField("type", name);
            member.writeFields(json, value);
            json.writeEndObject();
        }

        @Override
        Object read(JsonNode node) {
            JsonNode name = node.path("type");
            RecordShape member = name.isTextual() ? members.get(name.textValue()) : null;
            if (member == null) {
                throw new MalformedJsonException("'type' is none of " + members.keySet());
            }
            return member.read(node);
        }
    }

    private static final class RecordShape extends Shape {
        private static final class Field {
            private final String name;
            private final Method accessor;
            private final Type type;
            private volatile @Nullable Shape shape;

            Field(String name, Method accessor, Type type) {
                this.name = name;
                this.accessor = accessor;
                this.type = type;
            }

            /** Looked up at first use and not when made, since records may hold themselves. */
            Shape shape() {
                Shape known = shape;
                if (known == null) {
                    known = Shape.of(type);
                    shape = known;
                }
                return known;
            }
        }

        private final Class<?> type;
        private final Constructor<?> constructor;
        private final List<Field> fields = new ArrayList<>();

        private RecordShape(Class<?> type) {
            this.type = type;
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] parameters = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                Method accessor = components[i].getAccessor();
                accessor.setAccessible(true);
                fields.add(new Field(components[i].getName(), accessor, components[i].getGenericType()));
                parameters[i] = components[i].getType();
            }
            try {
                constructor = type.getDeclaredConstructor(parameters);
                constructor.setAccessible(true);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("a record without its constructor: " + type, e);
            }
        }

        /** A record of one string is that string. */
        static Shape of(Class<?> type) {
            RecordShape shape = new RecordShape(type);
            boolean isText = shape.fields.size() == 1 && shape.fields.get(0).type == String.class;
            return isText
                    ? new TextShape(
                            value -> (String) get(shape.fields.get(0), value),
                            text -> shape.construct(new Object[] {text}))
                    : shape;
        }

        static RecordShape fields(Class<?> type) {
            return new RecordShape(type);
        }

        @Override
        void write(JsonGenerator json, Object value) throws IOException {
            json.writeStartObject();
            writeFields(json, value);
            json.writeEndObject();
        }

        void writeFields(JsonGenerator json, Object value) throws IOException {
            for (Field field : fields) {
                Shape shape = field.shape();
                Object content = get(field, value);
                if (!shape.isLeftOut(content)) {
                    json.writeFieldName(field.name);
                    shape.write(json, content);
                }
            }
        }

        @Override
        Object read(JsonNode node) {
            if (!node.isObject()) {
                throw new MalformedJsonException("an object expected, not " + node.getNodeType());
            }
            Object[] values = new Object[fields.size()];
            for (int i = 0; i < values.length; i++) {
                Field field = fields.get(i);
                Shape shape = field.shape();
                JsonNode content = node.path(field.name);
                Object value;
                try {
                    value = content.isMissingNode() ? shape.whenAbsent() : shape.read(content);
                } catch (MalformedJsonException e) {
                    throw new MalformedJsonException(field.name + ": " + e.getMessage(), e);
                }
                if (value == null) {
                    throw new MalformedJsonException("field '" + field.name + "' is missing");
                }
                values[i] = value;
            }
            return construct(values);
        }

        private Object construct(Object[] values) {
            try {
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof IllegalArgumentException refused) {
                    throw new MalformedJsonException(String.valueOf(refused.getMessage()), refused);
                }
                throw new IllegalStateException("could not make a " + type.getSimpleName(), e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("could not make a " + type.getSimpleName(), e);
            }
        }

        private static Object get(Field field, Object value) {
            try {
                return field.accessor.invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("could not read " + field.name, e);
            }
        }
    }
}
