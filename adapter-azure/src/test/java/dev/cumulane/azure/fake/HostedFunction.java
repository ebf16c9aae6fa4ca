// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.logging.Logger;

/**
 * A function as its {@code function.json} describes it, found and called as the Java worker does: a public method of its name, each parameter known by an annotation that names a
 * binding or a part of what triggered it.
 */
final class HostedFunction {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Set<String>> KEYS = Map.of(
            "httpTrigger", Set.of("type", "direction", "name", "route", "authLevel", "methods"),
            "http", Set.of("type", "direction", "name"),
            "queueTrigger", Set.of("type", "direction", "name", "queueName", "connection"),
            "timerTrigger", Set.of("type", "direction", "name", "schedule"));

    private final String name;
    private final JsonNode trigger;
    private final Class<?> entry;
    private final Method method;
    private final Set<String> bindings = new TreeSet<>();

    /**
     * Loads a function.
     *
     * @param json its {@code function.json}
     * @param code finds its class
     * @throws IllegalArgumentException for what the host would not load
     */
    HostedFunction(String name, String json, ClassLoader code) {
        this.name = name;
        JsonNode function = read(json);
        require(keys(function).equals(Set.of("scriptFile", "entryPoint", "bindings")), "keys " + keys(function));
        require(function.path("scriptFile").asText().startsWith("../"), "a scriptFile that is not beside it");
        JsonNode triggering = null;
        for (JsonNode binding : function.path("bindings")) {
            String type = binding.path("type").asText();
            Set<String> allowed = KEYS.getOrDefault(type, Set.of());
            require(allowed.containsAll(keys(binding)), "binding '" + type + "' with keys " + keys(binding));
            require(bindings.add(binding.path("name").asText()), "two bindings of one name");
            String direction = type.endsWith("Trigger") ? "in" : "out";
            require(binding.path("direction").asText().equals(direction), "'" + type + "' in the wrong direction");
            if (type.endsWith("Trigger")) {
                require(triggering == null, "two triggers");
                triggering = binding;
            }
        }
        require(triggering != null, "no trigger");
        this.trigger = triggering;
        boolean http = type().equals("httpTrigger");
        require(http == bindings.contains("$return"), "an answer of other than HTTP, or none");
        String entryPoint = function.path("entryPoint").asText();
        int dot = entryPoint.lastIndexOf('.');
        require(dot > 0, "entry point '" + entryPoint + "'");
        this.entry = entry(entryPoint.substring(0, dot), code);
        // One that is inherited is as good; the worker makes an instance of the class that is named.
        List<Method> found = Arrays.stream(entry.getMethods())
                .filter(each -> each.getName().equals(entryPoint.substring(dot + 1)))
                .toList();
        require(found.size() == 1, found.size() + " methods of entry point " + entryPoint);
        this.method = found.get(0);
        Arrays.stream(method.getParameters()).forEach(this::check);
    }

    String name() {
        return name;
    }

    String type() {
        return trigger.path("type").asText();
    }

    String setting(String key) {
        return trigger.path(key).asText();
    }

    /**
     * Invokes the function.
     *
     * @param instances give the instance
     * @param given what triggered it, and its parts by name
     * @param log of the invocation
     * @return what the method returns
     * @throws IllegalStateException if the function fails
     */
    Object invoke(FunctionInstanceInjector instances, Object given, Map<String, String> parts, Logger log) {
        Object[] arguments = Arrays.stream(method.getParameters())
                .map(parameter -> argument(parameter, given, parts, log))
                .toArray();
        try {
            return method.invoke(instances.getInstance(entry), arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(name + " failed", e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(name + " cannot be invoked", e);
        }
    }

    private Object argument(Parameter parameter, Object given, Map<String, String> parts, Logger log) {
        if (parameter.getType() == ExecutionContext.class) {
            return new Context(log, UUID.randomUUID().toString(), name);
        }
        BindingName part = parameter.getAnnotation(BindingName.class);
        return part == null ? given : parts.get(part.value());
    }

    private void check(Parameter parameter) {
        if (parameter.getType() != ExecutionContext.class && !parameter.isAnnotationPresent(BindingName.class)) {
            List<String> names = Arrays.stream(parameter.getAnnotations())
                    .map(HostedFunction::binding)
                    .toList();
            require(bindings.containsAll(names) && !names.isEmpty(), "parameter of binding " + names);
        }
    }

    private static String binding(Annotation annotation) {
        if (annotation instanceof HttpTrigger http) {
            return http.name();
        }
        if (annotation instanceof QueueTrigger queue) {
            return queue.name();
        }
        return annotation instanceof TimerTrigger timer ? timer.name() : annotation.toString();
    }

    private Class<?> entry(String className, ClassLoader code) {
        try {
            return Class.forName(className, false, code);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("function " + name + " has a class that is not there: " + className, e);
        }
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalArgumentException("function " + name + " has " + otherwise);
        }
    }

    private static Set<String> keys(JsonNode object) {
        Set<String> keys = new TreeSet<>();
        for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
            keys.add(each.next());
        }
        return keys;
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    private record Context(Logger log, String id, String function) implements ExecutionContext {
        @Override
        public Logger getLogger() {
            return log;
        }

        @Override
        public String getInvocationId() {
            return id;
        }

        @Override
        public String getFunctionName() {
            return function;
        }
    }
}
