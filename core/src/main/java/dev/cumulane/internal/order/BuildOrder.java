// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.internal.trace.Trace;
import dev.cumulane.pipeline.Cache;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Commit;
import dev.cumulane.run.StageValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The work order of one attempt of a build stage: all that a worker needs, which becomes one POSIX sh script.
 *
 * <p>The script claims the attempt, checks and unpacks the inputs, checks out the exact commit, runs the commands, stores outputs and reports by their digests and
 * creates {@code result.json}. It works in the current directory, which has to be empty: below {@code workspace/} and {@code values/} for the
 * commands, below {@code order/} for itself. Exit codes: 0 for a success and for work that is somebody else's or already over, 1 for any other result, 64 for a wrong environment, 75 for a store that takes
 * nothing, 143 after a signal. Only {@code result.json} tells success.
 *
 * @param attempt the attempt to claim
 * @param source the commit it is about
 * @param inputs what earlier stages wrote, unpacked to where it lay in their workspaces
 * @param work what to run and to keep
 * @param variables environment variables for the commands
 */
public record BuildOrder(
        AttemptId attempt, Source source, List<OrderInput> inputs, Work work, OrderVariables variables) {
    private static final Pattern TICKET = Pattern.compile("[a-z0-9 \\n./-]*+");

    /** Checks the names, sizes and counts, and copies the collections. */
    public BuildOrder {
        Checks.name("stage", attempt.stage());
        inputs = Checks.inputs(inputs);
    }

    /** An order whose variables all stand in it. */
    public BuildOrder(
            AttemptId attempt, Source source, List<OrderInput> inputs, Work work, SortedMap<String, String> variables) {
        this(attempt, source, inputs, work, OrderVariables.of(variables));
    }

    /**
     * The commit that a build is about.
     *
     * @param commit the commit, if the run has one
     * @param checkedOut whether the workspace holds it
     */
    public record Source(Optional<Commit> commit, boolean checkedOut) {
        /** Refuses a checkout of nothing. */
        public Source {
            if (checkedOut && commit.isEmpty()) {
                throw new IllegalArgumentException("there is no commit to check out");
            }
        }

        /** No commit at all. */
        public static Source none() {
            return new Source(Optional.empty(), false);
        }

        /** The workspace holds this commit. */
        public static Source checkedOut(Commit commit) {
            return new Source(Optional.of(commit), true);
        }

        /** The commands know the commit from their environment; the workspace holds only inputs. */
        public static Source named(Commit commit) {
            return new Source(Optional.of(commit), false);
        }
    }

    /**
     * An artifact to keep.
     *
     * @param name its name in the stage
     * @param path the file or directory, relative to the workspace
     */
    public record Output(String name, String path) {
        /** Checks the name and the path. */
        public Output {
            Checks.name("artifact", name);
            RelativePath.check("output path", path);
        }
    }

    /**
     * A cache, and where it is kept.
     *
     * @param cache the cache
     * @param keys the beginnings of its keys: of the one that it is kept under, and of others where it may be found
     * @param image the image in which its contents are made
     */
    public record Cached(Cache cache, List<String> keys, String image) {
        /** Checks the path and the patterns, and copies the list. */
        public Cached {
            keys = List.copyOf(keys);
            RelativePath.check("cache path", cache.path());
            cache.keyFiles().forEach(RelativePath::globToRegex);
            if (keys.isEmpty() || keys.stream().anyMatch(key -> !key.matches("[a-z0-9-]+(/[a-z0-9-]+)*/"))) {
                throw new IllegalArgumentException("cache '" + cache.name() + "' has no usable keys: " + keys);
            }
        }

        /** What its contents depend on beside the key files. */
        private Digest salt() {
            return Digest.of((image + "\n" + cache.path()).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * What a build runs and keeps.
     *
     * @param commands shell commands, each run by {@code sh -e} of its own; the first that fails is the last
     * @param outputs what to keep after the last command, all of it required
     * @param reports patterns of JUnit XML files to keep even after a failure: {@code *} and {@code ?} within a directory, {@code **} for any directories; links are not followed
     * @param values names of the values that the commands write, all of them required
     * @param caches directories that outlive the run
     * @param secrets names of the variables that the service binds to secrets; a value that holds one is refused
     */
    public record Work(
            List<String> commands,
            List<Output> outputs,
            List<String> reports,
            List<String> values,
            List<Cached> caches,
            List<String> secrets) {
        /** Copies the lists and checks them. */
        public Work {
            secrets = List.copyOf(secrets);
            secrets.forEach(Checks::variable);
            caches = List.copyOf(caches);
            values = List.copyOf(values);
            values.forEach(value -> Checks.name("value", value));
            commands = List.copyOf(commands);
            outputs = List.copyOf(outputs);
            reports = List.copyOf(reports);
            for (String command : commands) {
                Checks.text("a command", command);
                if (command.isBlank()) {
                    throw new IllegalArgumentException("a command is empty");
                }
            }
            if (outputs.stream().map(Output::name).distinct().count() != outputs.size()) {
                throw new IllegalArgumentException("two outputs have one name");
            }
            reports.forEach(RelativePath::globToRegex);
        }

        /** Work that hands on no values. */
        public Work(List<String> commands, List<Output> outputs, List<String> reports) {
            this(commands, outputs, reports, List.of(), List.of(), List.of());
        }

        /** Work without caches. */
        public Work(List<String> commands, List<Output> outputs, List<String> reports, List<String> values) {
            this(commands, outputs, reports, values, List.of(), List.of());
        }
    }

    /**
     * The order as a POSIX sh script; equal orders give equal scripts.
     *
     * @return the script
     */
    public String script() {
        return script("");
    }

    /**
     * The order as a POSIX sh script that works through signed requests.
     *
     * @param ticket what it shows to be given them: lower-case letters, digits, spaces, line breaks and {@code . / -}; empty for an order that works on a directory
     * @return the script
     */
    public String script(String ticket) {
        return script(ticket, ArchiveLimits.STANDARD);
    }

    String script(ArchiveLimits limits) {
        return script("", limits);
    }

    private String script(String ticket, ArchiveLimits limits) {
        if (!TICKET.matcher(ticket).matches()) {
            throw new IllegalArgumentException("a ticket has characters that cannot stand in an order");
        }
        StringBuilder script = new StringBuilder(32 * 1024);
        script.append("#!/bin/sh\n# Cumulane work order, format 1: ")
                .append(attempt.key())
                .append("\nset -u\n\n");
        fact(script, "attempt", "'" + attempt.key() + "'");
        fact(script, "ticket", "'" + ticket + "'");
        fact(script, "checkout", source.checkedOut() ? "yes" : "no");
        fact(script, "commit", "'" + source.commit().map(Commit::id).orElse("") + "'");
        fact(
                script,
                "repository",
                ShellText.octal(source.commit().map(Commit::repository).orElse("")));
        fact(script, "ref", ShellText.octal(source.commit().map(Commit::ref).orElse("")));
        fact(script, "steps", Integer.toString(work.commands().size()));
        fact(script, "most_entries", Integer.toString(limits.entries()));
        fact(script, "most_bytes", Long.toString(limits.bytes()));
        fact(script, "largest_value", Integer.toString(StageValue.LARGEST));
        fact(script, "inline_value", Integer.toString(ResultFile.Handed.MOST_INLINE));
        items(
                script,
                "each_input",
                inputs,
                (input, n) -> "\"$1\" '" + input.stage() + "' '" + input.name() + "' '" + input.digest() + "' '"
                        + input.size() + "' " + ShellText.octal(input.path()) + " '" + input.into() + "'");
        items(
                script,
                "each_step",
                work.commands(),
                (command, n) -> "\"$1\" " + n + " " + ShellText.octal(command) + " \\\n    "
                        + ShellText.octal(ShellText.shown(command)));
        items(
                script,
                "each_output",
                work.outputs(),
                (output, n) -> "\"$1\" '" + output.name() + "' " + ShellText.octal(output.path()));
        items(
                script,
                "each_report",
                work.reports(),
                (pattern, n) -> "\"$1\" " + ShellText.octal(RelativePath.globToRegex(pattern)));
        items(
                script,
                "each_cache",
                work.caches(),
                (cached, n) -> "\"$1\" '" + cached.cache().name() + "' "
                        + ShellText.octal(cached.cache().path()) + " " + cached.salt() + " '"
                        + String.join(" ", cached.keys()) + "'");
        for (Cached cached : work.caches()) {
            items(
                    script,
                    "key_files_of_" + cached.cache().name().replace('-', '_'),
                    cached.cache().keyFiles(),
                    (pattern, n) -> "\"$1\" " + ShellText.octal(RelativePath.globToRegex(pattern)));
        }
        items(script, "each_value", work.values(), (value, n) -> "\"$1\" '" + value + "'");
        items(script, "each_secret", work.secrets(), (secret, n) -> "\"$1\" '" + secret + "'");
        items(
                script,
                "each_fetched",
                List.copyOf(variables.fetched().entrySet()),
                (one, n) -> "\"$1\" " + one.getKey() + " '" + one.getValue().digest() + "' '"
                        + one.getValue().size() + "'");
        items(
                script,
                "variables",
                List.copyOf(allVariables().entrySet()),
                (variable, n) -> "set_variable " + variable.getKey() + " " + ShellText.octal(variable.getValue()));
        return script.append('\n').append(Library.TEXT).append("\nmain\n").toString();
    }

    private SortedMap<String, String> allVariables() {
        SortedMap<String, String> all = new TreeMap<>(variables.given());
        all.put("CI", "true");
        all.putIfAbsent(OrderVariables.TRACE, Trace.parent(attempt));
        all.put("CUMULANE_RUN", attempt.run().value());
        all.put("CUMULANE_STAGE", attempt.stage());
        all.put("CUMULANE_ATTEMPT", Integer.toString(attempt.number()));
        all.put("CUMULANE_COMMIT", source.commit().map(Commit::id).orElse(""));
        all.put("CUMULANE_REF", source.commit().map(Commit::ref).orElse(""));
        all.put("CUMULANE_REPOSITORY", source.commit().map(Commit::repository).orElse(""));
        return all;
    }

    private static void fact(StringBuilder script, String name, String value) {
        script.append("c_").append(name).append('=').append(value).append('\n');
    }

    private interface Line<T> {
        String of(T item, int number);
    }

    private static <T> void items(StringBuilder script, String function, List<T> items, Line<T> line) {
        script.append('\n').append(function).append("() {\n");
        for (int i = 0; i < items.size(); i++) {
            script.append("  ").append(line.of(items.get(i), i + 1)).append(" || return 1\n");
        }
        script.append("  return 0\n}\n");
    }

    /** The part that all orders share, read once. */
    private static final class Library {
        private static final String TEXT = read();

        private static String read() {
            try (InputStream in = BuildOrder.class.getResourceAsStream("order.sh")) {
                if (in == null) {
                    throw new IllegalStateException("order.sh is missing from Cumulane's own jar");
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException("order.sh cannot be read from Cumulane's own jar", e);
            }
        }
    }
}
