// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Commands in a container, and what they read and write. Immutable: each method gives a new value, so that a common part can be kept in a variable.
 *
 * <p>The commands run in an empty workspace that holds the inputs at the paths they had where they were written, each by {@code sh -ec}; the first that fails ends
 * the work.
 */
public final class Work {
    private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._/:@-]{0,254}");
    private static final int MOST_COMMANDS = 100;
    private static final int LONGEST_COMMAND = 16 * 1024;

    private final Content content;

    private record Content(
            String image,
            List<Readable> reads,
            List<String> runs,
            Map<String, String> writes,
            List<String> reports,
            SortedMap<String, Value> env,
            SortedMap<String, Output<?>> outputs,
            List<Provided> used,
            Map<String, Cache> caches,
            Map<String, Service> services,
            Limits limits) {
        Content copy() {
            return new Content(
                    image,
                    new ArrayList<>(reads),
                    new ArrayList<>(runs),
                    new LinkedHashMap<>(writes),
                    new ArrayList<>(reports),
                    new TreeMap<>(env),
                    new TreeMap<>(outputs),
                    new ArrayList<>(used),
                    new LinkedHashMap<>(caches),
                    new LinkedHashMap<>(services),
                    limits);
        }

        Content limited(Limits next) {
            return new Content(image, reads, runs, writes, reports, env, outputs, used, caches, services, next);
        }
    }

    private Work(Content content) {
        this.content = content;
    }

    /**
     * Work in a container of this image.
     *
     * @param image the image's name, such as {@code maven:3.9-eclipse-temurin-21}
     * @return work without commands, with a time limit of one hour and no retry
     */
    public static Work container(String image) {
        if (!IMAGE.matcher(image).matches()) {
            throw new IllegalArgumentException("container image " + Names.shown(image)
                    + " is not usable: a name such as 'maven:3.9-eclipse-temurin-21'");
        }
        return new Work(new Content(
                image,
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                new TreeMap<>(),
                new TreeMap<>(),
                List.of(),
                Map.of(),
                Map.of(),
                new Limits(Duration.ofHours(1), Retry.never())));
    }

    /**
     * Reads these, too.
     *
     * @param inputs the source or artifacts of other stages
     * @return the work
     */
    public Work reads(Readable... inputs) {
        Content next = content.copy();
        next.reads().addAll(List.of(inputs));
        return new Work(next);
    }

    /**
     * Runs these, too.
     *
     * @param commands each for {@code sh -ec}
     * @return the work
     */
    public Work runs(String... commands) {
        Content next = content.copy();
        for (String command : commands) {
            if (command.isBlank()) {
                throw new IllegalArgumentException("an empty command runs nothing; leave it out");
            }
            if (command.getBytes(StandardCharsets.UTF_8).length > LONGEST_COMMAND || command.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("command " + Names.shown(command) + " is longer than "
                        + LONGEST_COMMAND + " bytes or holds a NUL");
            }
            next.runs().add(command);
        }
        if (next.runs().size() > MOST_COMMANDS) {
            throw new IllegalArgumentException("a stage runs at most " + MOST_COMMANDS + " commands, not "
                    + next.runs().size());
        }
        return new Work(next);
    }

    /**
     * Keeps a file or a directory of the workspace as an artifact, if all commands succeed.
     *
     * @param artifact what to call it
     * @param path where it lies, relative to the workspace
     * @return the work
     */
    public Work writes(String artifact, String path) {
        Names.check("artifact", artifact);
        Content next = content.copy();
        if (next.writes().put(artifact, Paths.check(path)) != null) {
            throw new IllegalArgumentException("artifact '" + artifact + "' is written twice");
        }
        Limits.checkArtifacts(next.writes().size());
        return new Work(next);
    }

    /**
     * Hands on values, if all commands succeed: the commands write each as the file {@code $CUMULANE_VALUES/<name>}, a list as one item a line. A newline at the
     * very end does not count.
     *
     * @param outputs what they are
     * @return the work
     */
    public Work outputs(Output<?>... outputs) {
        Content next = content.copy();
        for (Output<?> output : outputs) {
            Limits.addOutput(next.outputs(), output);
        }
        return new Work(next);
    }

    /**
     * Reads JUnit XML reports, whether the commands succeed or not.
     *
     * @param patterns paths relative to the workspace; {@code *} stands for any characters within a name
     * @return the work
     */
    public Work reports(String... patterns) {
        Content next = content.copy();
        for (String pattern : patterns) {
            next.reports().add(Paths.checkPattern(pattern));
        }
        return new Work(next);
    }

    /**
     * Sets an environment variable.
     *
     * @param name upper-case letters, digits and underscores
     * @param value its value; not a secret
     * @return the work
     */
    public Work env(String name, String value) {
        return with(name, new Value.Constant(Names.checkValue(name, value)));
    }

    /**
     * Sets an environment variable to a secret's value, inside the worker alone.
     *
     * @param name upper-case letters, digits and underscores
     * @param secret the secret's reference
     * @return the work
     */
    public Work env(String name, Value.Secret secret) {
        return with(name, secret);
    }

    /**
     * Sets an environment variable to what only a run knows: the address of a deployment, a value that another stage hands on, a parameter. A list has one item a line.
     *
     * @param name upper-case letters, digits and underscores
     * @param provided what to set it to
     * @return the work, which runs after the stage that it comes from, if it comes from one
     */
    public Work env(String name, Provided provided) {
        Work next = with(name, StageHandle.inPlan(provided));
        next.content.used().add(provided);
        return next;
    }

    /**
     * Keeps a directory of the workspace for later runs, and finds it there again before the commands run. It is kept when the commands have succeeded, under a digest
     * of the key files: change one of them, and the next run begins without it. Work must succeed without the cache, too. Runs that are not trusted have none.
     *
     * @param cache what to call it
     * @param path where it lies, relative to the workspace; nothing may lie there before
     * @param keyFiles patterns of files in the workspace, such as {@code **}{@code /pom.xml}
     * @return the work
     */
    public Work caching(String cache, String path, String... keyFiles) {
        Content next = content.copy();
        Cache added = new Cache(cache, path, List.of(keyFiles));
        for (Cache other : next.caches().values()) {
            if (isWithin(other.path(), path) || isWithin(path, other.path())) {
                throw new IllegalArgumentException("caches '" + other.name() + "' at " + other.path() + " and '" + cache
                        + "' at " + path + " lie at or within the same place");
            }
        }
        if (next.caches().put(cache, added) != null) {
            throw new IllegalArgumentException("cache '" + cache + "' is there twice");
        }
        if (next.caches().size() > Cache.MOST) {
            throw new IllegalArgumentException("a stage has at most " + Cache.MOST + " caches");
        }
        return new Work(next);
    }

    private static boolean isWithin(String path, String other) {
        return (path + "/").startsWith(other + "/");
    }

    /**
     * Runs these beside the work. A cloud that cannot refuses the pipeline when it is registered.
     *
     * @param services made by {@link Service#service}
     * @return the work
     */
    public Work with(Service... services) {
        Content next = content.copy();
        for (Service service : services) {
            if (next.services().put(service.name(), service) != null) {
                throw new IllegalArgumentException("service '" + service.name() + "' is there twice");
            }
        }
        if (next.services().size() > Service.MOST) {
            throw new IllegalArgumentException("a stage has at most " + Service.MOST + " services");
        }
        return new Work(next);
    }

    /**
     * Limits the time of one attempt.
     *
     * @param time more than zero, at most 36 hours
     * @return the work
     */
    public Work within(Duration time) {
        Limits.check("a build's time limit", time, Limits.LONGEST_BUILD);
        return new Work(content.limited(new Limits(time, content.limits().retry())));
    }

    /**
     * Tries again.
     *
     * @param policy how often and after what
     * @return the work
     */
    public Work retrying(Retry policy) {
        return new Work(content.limited(new Limits(content.limits().within(), policy)));
    }

    private Work with(String name, Value value) {
        Names.checkVariable(name);
        Content next = content.copy();
        if (next.env().put(name, value) != null) {
            throw new IllegalArgumentException("environment variable " + name + " is set twice");
        }
        return new Work(next);
    }

    List<Readable> inputs() {
        return content.reads();
    }

    List<Provided> used() {
        return content.used();
    }

    SortedMap<String, Output<?>> outputs() {
        return content.outputs();
    }

    boolean runsNothing() {
        return content.runs().isEmpty();
    }

    Limits limits() {
        return content.limits();
    }

    Stage.Commands commands(String stage) {
        List<Artifact.File> files = content.writes().entrySet().stream()
                .map(entry -> new Artifact.File(stage, entry.getKey(), entry.getValue()))
                .toList();
        return new Stage.Commands(
                content.image(),
                content.runs(),
                files,
                content.reports(),
                content.env(),
                Limits.kinds(content.outputs()),
                List.copyOf(content.caches().values()),
                List.copyOf(content.services().values()));
    }
}
