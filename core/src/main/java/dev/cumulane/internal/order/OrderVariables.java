// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.StageValue;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables of an order. The values may come from anywhere.
 *
 * @param given what stands in the order, by name
 * @param fetched what the worker fetches from the store and checks, by name
 */
public record OrderVariables(SortedMap<String, String> given, SortedMap<String, Stored> fetched) {
    /** The most bytes of all fetched values of one order: what a shell can hand to a command on every system, 1 MiB, with room to spare. */
    public static final int MOST_FETCHED = 512 * 1024;

    /** The variable that tells the trace and the span that the work belongs to, in the form of W3C Trace Context; OpenTelemetry's tools know it by this name. */
    public static final String TRACE = "TRACEPARENT";

    private static final Pattern SET = Pattern.compile(" *set_variable ([A-Z0-9_]+) ('[0-7\\\\]*') .*");
    private static final Pattern FETCH = Pattern.compile(" *\"\\$1\" ([A-Z][A-Z0-9_]*) '([0-9a-f]{64})' '([0-9]+)' .*");

    /** Checks names, sizes and counts, and copies the maps. */
    public OrderVariables {
        given = Checks.variables(given);
        fetched = Collections.unmodifiableSortedMap(new TreeMap<>(fetched));
        long bytes = 0;
        for (String name : fetched.keySet()) {
            Checks.variable(name);
            bytes += fetched.get(name).size();
            if (given.containsKey(name)) {
                throw new IllegalArgumentException("environment variable " + name + " has two values");
            }
        }
        if (bytes > MOST_FETCHED) {
            throw new IllegalArgumentException("the values that the stage uses have " + bytes
                    + " bytes together; at most " + MOST_FETCHED + " fit into an environment");
        }
    }

    /** Variables that all stand in the order. */
    public static OrderVariables of(SortedMap<String, String> given) {
        return new OrderVariables(given, Collections.emptySortedMap());
    }

    /**
     * Reads the variables of an order back, for tests.
     *
     * @param order the bytes of a {@link FunctionOrder}, or of a {@link BuildOrder}'s script
     * @return the variables, standard ones left out
     * @throws RefusedInputException if it is a function order that cannot be read
     */
    public static OrderVariables of(byte[] order) throws RefusedInputException {
        if (order.length > 0 && order[0] == '{') {
            return FunctionOrder.parse(order).variables();
        }
        SortedMap<String, String> given = new TreeMap<>();
        SortedMap<String, Stored> fetched = new TreeMap<>();
        for (String line : new String(order, StandardCharsets.UTF_8).lines().toList()) {
            Matcher set = SET.matcher(line);
            Matcher fetch = FETCH.matcher(line);
            if (set.matches()
                    && !set.group(1).startsWith("CUMULANE_")
                    && !set.group(1).equals("CI")
                    && !set.group(1).equals(TRACE)) {
                given.put(set.group(1), ShellText.fromOctal(set.group(2)));
            } else if (fetch.matches()) {
                fetched.put(fetch.group(1), new Stored(new Digest(fetch.group(2)), Long.parseLong(fetch.group(3))));
            }
        }
        return new OrderVariables(given, fetched);
    }

    /**
     * A value in the store.
     *
     * @param digest the sha-256 of its UTF-8 text
     * @param size its size in bytes
     */
    public record Stored(Digest digest, long size) {
        /** Refuses a size that no value has. */
        public Stored {
            if (size < 0 || size > StageValue.LARGEST) {
                throw new IllegalArgumentException("a value has at most " + StageValue.LARGEST + " bytes, not " + size);
            }
        }
    }
}
