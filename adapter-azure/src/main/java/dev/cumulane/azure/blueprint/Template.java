// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A template that is being written: resources and outputs by their symbols, sorted, so that equal installations give equal text. */
final class Template {
    private final Map<String, String> metadata = new TreeMap<>();
    private final Map<String, Resource> resources = new TreeMap<>();
    private final Map<String, Object> outputs = new TreeMap<>();

    /** Names and values in turn, in their order. */
    static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /** A symbol: the letters and digits of a text, each word but the first with a capital. */
    static String symbol(String text) {
        StringBuilder symbol = new StringBuilder();
        for (String word : text.split("[^A-Za-z0-9]+")) {
            boolean first = symbol.length() == 0;
            symbol.append(first ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return symbol.toString();
    }

    /** Says something of the template itself. */
    void metadata(String name, String value) {
        metadata.put(name, value);
    }

    /** Adds a resource. */
    Resource add(Resource resource) {
        if (resources.put(resource.symbol(), resource) != null) {
            throw new IllegalStateException("two resources are called " + resource.symbol());
        }
        return resource;
    }

    /** Adds a resource that may be there already. */
    Resource share(Resource resource) {
        return resources.computeIfAbsent(resource.symbol(), any -> resource);
    }

    void output(String name, Object value) {
        outputs.put(name, value);
    }

    Map<String, String> metadata() {
        return metadata;
    }

    Map<String, Resource> resources() {
        return resources;
    }

    Map<String, Object> outputs() {
        return outputs;
    }
}
