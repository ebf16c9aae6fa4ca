// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How this program was called, so that its messages can say exactly what to type next.
 *
 * @param program the words that start it, quoted for a shell
 */
record Invocation(String program) {
    /** The name of the environment variable by which a script says how it is called. */
    static final String VARIABLE = "CUMULANE_COMMAND";

    private static final int LONGEST = 400;

    /** How this process was called: what the variable says, or its own command line. */
    static Invocation current(Map<String, String> environment) {
        String told = Text.clean(environment.getOrDefault(VARIABLE, "")).strip();
        if (!told.isEmpty()) {
            return new Invocation(told);
        }
        ProcessHandle.Info info = ProcessHandle.current().info();
        return of(info.command(), info.arguments().map(List::of)).orElse(new Invocation("cumulane"));
    }

    /** A Java command line up to its main class or jar. */
    static Optional<Invocation> of(Optional<String> command, Optional<List<String>> arguments) {
        if (command.isEmpty() || arguments.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>(List.of("java"));
        boolean value = false;
        for (String argument : arguments.get()) {
            words.add(Text.quoted(argument));
            if (value) {
                value = false;
                if (words.get(words.size() - 2).equals("-jar")) {
                    return fitting(words);
                }
            } else if (List.of("-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "-jar")
                    .contains(argument)) {
                value = true;
            } else if (!argument.startsWith("-") && !argument.startsWith("@")) {
                return fitting(words);
            }
        }
        return Optional.empty();
    }

    private static Optional<Invocation> fitting(List<String> words) {
        String line = String.join(" ", words);
        return line.length() > LONGEST ? Optional.empty() : Optional.of(new Invocation(line));
    }

    /** The whole command line for these words. */
    String with(String... words) {
        return with(List.of(words));
    }

    /** The whole command line for these words. */
    String with(List<String> words) {
        return program + " " + String.join(" ", words.stream().map(Text::quoted).toList());
    }
}
