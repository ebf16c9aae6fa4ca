// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request to a repository's hook as it came over the wire. Nothing of it is believed yet.
 *
 * @param method the method, such as {@code POST}
 * @param name the last part of the path {@code /hooks/<name>}: which repository's hook was called
 * @param headers each header's values in their order, by lower-case name; a name in any case is accepted
 * @param body the body's bytes as they came; not copied, and not to be changed
 */
public record WebhookRequest(String method, String name, SortedMap<String, List<String>> headers, byte[] body) {
    /** Copies the headers, and brings names that differ only in case together. */
    public WebhookRequest {
        headers = lowerCase(headers);
    }

    /**
     * A request whose headers are in a map of any order and case.
     *
     * @param method the method
     * @param name which repository's hook was called
     * @param headers each header's values by name
     * @param body the body's bytes
     * @return the request
     */
    public static WebhookRequest of(String method, String name, Map<String, List<String>> headers, byte[] body) {
        return new WebhookRequest(method, name, new TreeMap<>(headers), body);
    }

    /**
     * A header's values.
     *
     * @param header the header's name, in any case
     * @return the values in their order; empty if the header is not there
     */
    public List<String> header(String header) {
        return headers.getOrDefault(header.toLowerCase(Locale.ROOT), List.of());
    }

    /** What a log may show: no header and no body, since both may hold secrets. */
    @Override
    public String toString() {
        return "a request to hook '" + (name.length() > 80 ? name.substring(0, 80) : name).replaceAll("\\p{Cntrl}", "?")
                + "' of " + body.length + " bytes";
    }

    private static SortedMap<String, List<String>> lowerCase(Map<String, List<String>> headers) {
        SortedMap<String, List<String>> all = new TreeMap<>();
        headers.forEach(
                (header, values) -> all.computeIfAbsent(header.toLowerCase(Locale.ROOT), any -> new ArrayList<>(1))
                        .addAll(values));
        all.replaceAll((header, values) -> List.copyOf(values));
        return Collections.unmodifiableSortedMap(all);
    }
}
