// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an environment is on one machine: a process that serves HTTP on the loopback address.
 *
 * @param command the program and its arguments, run in the directory of the unpacked artifact; {@code java} is the Java that the engine runs on
 * @param health the path that answers 200 when the service is healthy
 * @param port the port on which the environment answers; if none is given, a free one is chosen at the first deployment and kept
 * @param healthyWithin how long the service may take to become healthy
 * @param variables environment variables of the service, beside {@code PORT}, the port that it must listen on
 */
public record ProcessEnvironment(
        List<String> command,
        String health,
        OptionalInt port,
        Duration healthyWithin,
        SortedMap<String, String> variables) {
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/?&=%-]{0,199}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

    /** Refuses what no service could be run with, and copies the collections. */
    public ProcessEnvironment {
        command = List.copyOf(command);
        variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new IllegalArgumentException("an environment's command has at least one word: the program");
        }
        if (!PATH.matcher(health).matches()) {
            throw new IllegalArgumentException(
                    "health path '" + health + "' is not usable: it starts with a slash, as in '/health'");
        }
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65_535)) {
            throw new IllegalArgumentException("port " + port.getAsInt() + " is not usable: ports are 1 to 65535");
        }
        if (healthyWithin.compareTo(Duration.ofMillis(100)) < 0
                || healthyWithin.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "a service has 0.1 seconds to 10 minutes to become healthy, not " + healthyWithin);
        }
        for (String name : variables.keySet()) {
            if (!VARIABLE.matcher(name).matches() || name.equals("PORT")) {
                throw new IllegalArgumentException("environment variable '" + name
                        + "' is not usable: letters, digits and underscores, and not PORT, which is given");
            }
        }
    }

    /** What a binding begins with. */
    public static final class Choice {
        /** The only one. */
        public static final Choice OF_KIND = new Choice();

        private Choice() {}

        /**
         * A process with HTTP health check on {@code /}, 30 seconds to become healthy and a free port.
         *
         * @param command the program and its arguments, run in the directory of the unpacked artifact
         * @return the binding
         */
        public ProcessEnvironment process(String... command) {
            return new ProcessEnvironment(
                    List.of(command), "/", OptionalInt.empty(), Duration.ofSeconds(30), new TreeMap<>());
        }
    }

    /**
     * The same with this health path.
     *
     * @param path the path that answers 200 when the service is healthy
     * @return the binding
     */
    public ProcessEnvironment health(String path) {
        return new ProcessEnvironment(command, path, port, healthyWithin, variables);
    }

    /**
     * The same on this port.
     *
     * @param port 1 to 65535
     * @return the binding
     */
    public ProcessEnvironment port(int port) {
        return new ProcessEnvironment(command, health, OptionalInt.of(port), healthyWithin, variables);
    }

    /**
     * The same with this much time to become healthy.
     *
     * @param limit 0.1 seconds to 10 minutes
     * @return the binding
     */
    public ProcessEnvironment healthyWithin(Duration limit) {
        return new ProcessEnvironment(command, health, port, limit, variables);
    }

    /**
     * The same with one more environment variable.
     *
     * @param name its name
     * @param value its value
     * @return the binding
     */
    public ProcessEnvironment variable(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(variables);
        more.put(name, value);
        return new ProcessEnvironment(command, health, port, healthyWithin, more);
    }
}
