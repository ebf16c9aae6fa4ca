// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.iam;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A call as IAM is asked about it.
 *
 * @param action such as {@code s3:GetObject}
 * @param resource the ARN, or {@code *}
 * @param context the values of condition keys; a key's name does not depend on case
 */
record Request(String action, String resource, SortedMap<String, List<String>> context) {
    /** Copies the context. */
    Request {
        SortedMap<String, List<String>> lower = new TreeMap<>();
        context.forEach((key, values) -> lower.put(key.toLowerCase(Locale.ROOT), List.copyOf(values)));
        context = Collections.unmodifiableSortedMap(lower);
    }

    static Request of(String action, String resource, Map<String, String> context) {
        SortedMap<String, List<String>> values = new TreeMap<>();
        context.forEach((key, value) -> values.put(key, List.of(value)));
        return new Request(action, resource, values);
    }

    /** The values of a key; empty if the request has no such key. */
    Optional<List<String>> values(String key) {
        return Optional.ofNullable(context.get(key.toLowerCase(Locale.ROOT)));
    }
}
