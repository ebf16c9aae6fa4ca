// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A stage, as the plan says it. */
public sealed interface Stage {
    /**
     * The stage's name, once in a pipeline.
     *
     * @return the name
     */
    String name();

    /**
     * What it waits for.
     *
     * @return its needs
     */
    Needs needs();

    /**
     * The stages that come before it: what it reads from, what it is after, what its condition asks for and, for a group, its members.
     *
     * @return their names, each once
     */
    default List<String> before() {
        Set<String> before = new LinkedHashSet<>(needs().after());
        needs().reads().forEach(input -> input.from().ifPresent(before::add));
        if (this instanceof Group group) {
            group.members().forEach(member -> before.add(member.stage()));
        }
        needs().only().ifPresent(guard -> before.addAll(guard.stages()));
        return List.copyOf(before);
    }

    /**
     * The values that it hands on.
     *
     * @return the kinds, by name
     */
    default SortedMap<String, ValueKind> outputs() {
        if (this instanceof Build build) {
            return build.commands().outputs();
        }
        if (this instanceof Test test) {
            return test.commands().outputs();
        }
        if (this instanceof Child child) {
            return child.called().outputs();
        }
        return this instanceof Function function ? function.code().outputs() : Collections.emptySortedMap();
    }

    /**
     * The artifacts that it writes.
     *
     * @return the artifacts, in order; none for a stage whose members or cells write them
     */
    default List<Artifact.File> writes() {
        if (this instanceof Build build) {
            return build.commands().writes();
        }
        if (this instanceof Test test) {
            return test.commands().writes();
        }
        if (this instanceof Child child) {
            return child.called().writes();
        }
        return this instanceof Function function ? function.code().writes() : List.of();
    }

    /**
     * What its work is told: the environment variables, or the parameters of the pipeline that it runs.
     *
     * @return the values, by name
     */
    default SortedMap<String, Value> env() {
        if (this instanceof Build build) {
            return build.commands().env();
        }
        if (this instanceof Test test) {
            return test.commands().env();
        }
        if (this instanceof FanOut whole) {
            return whole.template().env();
        }
        if (this instanceof Child child) {
            return child.called().parameters();
        }
        return this instanceof Function function ? function.code().env() : Collections.emptySortedMap();
    }

    /**
     * What a stage waits for, and who looks after it.
     *
     * @param reads what it reads; the stage that writes it comes first
     * @param after stages that come first without handing anything over
     * @param when whether those must have gone well
     * @param only what else must be true when its turn comes, if anything must
     * @param owner who looks after it, if somebody is named
     */
    record Needs(List<Input> reads, List<String> after, When when, Optional<Guard> only, Optional<String> owner) {
        /** Copies the lists. */
        public Needs {
            reads = List.copyOf(reads);
            after = List.copyOf(after);
        }

        /**
         * Whether it runs although something went wrong or the run is to end: a clean-up.
         *
         * @return true unless it is an ordinary stage
         */
        public boolean isCleanUp() {
            return when != When.SUCCESS;
        }
    }

    /** How what comes before a stage must have ended for it to run. */
    enum When {
        /** Well. */
        SUCCESS,
        /** Somehow; it runs also when the run is cancelled or its time is over. */
        ALWAYS,
        /** Badly, in at least one stage; it runs also when the run is cancelled or its time is over. */
        FAILURE
    }

    /**
     * Commands in a container.
     *
     * @param image the container image
     * @param runs the commands, each for {@code sh -ec}, in order
     * @param writes what is kept of the workspace: artifact name and path
     * @param reports patterns of JUnit XML reports
     * @param env environment variables
     * @param outputs the values that it hands on, by name
     * @param caches directories that outlive the run
     * @param services containers that run beside it
     */
    record Commands(
            String image,
            List<String> runs,
            List<Artifact.File> writes,
            List<String> reports,
            SortedMap<String, Value> env,
            SortedMap<String, ValueKind> outputs,
            List<Cache> caches,
            List<Service> services) {
        /** Copies the lists and the maps. */
        public Commands {
            caches = List.copyOf(caches);
            services = List.copyOf(services);
            runs = List.copyOf(runs);
            writes = List.copyOf(writes);
            reports = List.copyOf(reports);
            env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
            outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
        }

        private Commands cell(String stage, int number) {
            return new Commands(
                    image, runs, written(writes, stage), reports, Stage.env(env, number), outputs, caches, services);
        }
    }

    /**
     * Builds something.
     *
     * @param name the stage's name
     * @param needs what it waits for
     * @param commands what it runs
     * @param limits how long and how often
     */
    record Build(String name, Needs needs, Commands commands, Limits limits) implements Stage {}

    /**
     * Tests something; it fails when a report names a failed test, whatever the exit code.
     *
     * @param name the stage's name
     * @param needs what it waits for
     * @param commands what it runs
     * @param limits how long and how often
     */
    record Test(String name, Needs needs, Commands commands, Limits limits) implements Stage {}

    /**
     * Java code in a function.
     *
     * @param name the stage's name
     * @param needs what it waits for
     * @param code what it runs
     * @param limits how long and how often
     */
    record Function(String name, Needs needs, Code code, Limits limits) implements Stage {}

    /**
     * Runs another pipeline, as a run of its own.
     *
     * @param name the stage's name
     * @param needs what it waits for
     * @param called which pipeline
     * @param limits how long and how often
     */
    record Child(String name, Needs needs, Called called, Limits limits) implements Stage {}

    /**
     * A pipeline that another one runs.
     *
     * @param pipeline its name
     * @param plan the fingerprint of its plan
     * @param parameters all its parameters
     * @param writes the artifacts that it returns
     * @param outputs the values that it returns
     */
    record Called(
            String pipeline,
            Digest plan,
            SortedMap<String, Value> parameters,
            List<Artifact.File> writes,
            SortedMap<String, ValueKind> outputs) {
        /** Copies the list and the maps. */
        public Called {
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
            writes = List.copyOf(writes);
            outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
        }

        /**
         * The same pipeline with the digest of its code in its plan.
         *
         * @param fingerprint the fingerprint of that plan
         * @return the pipeline
         */
        public Called following(Digest fingerprint) {
            return new Called(pipeline, fingerprint, parameters, writes, outputs);
        }
    }

    /**
     * The code of a function stage.
     *
     * @param className the class, a {@link FunctionStage}
     * @param writes what it writes
     * @param env environment variables
     * @param outputs the values that it hands on, by name
     */
    record Code(
            String className,
            List<Artifact.File> writes,
            SortedMap<String, Value> env,
            SortedMap<String, ValueKind> outputs) {
        /** Copies the list and the maps. */
        public Code {
            writes = List.copyOf(writes);
            env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
            outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
        }

        private Code cell(String stage, int number) {
            return new Code(className, written(writes, stage), Stage.env(env, number), outputs);
        }
    }

    /**
     * Waits for people.
     *
     * @param name the stage's name
     * @param needs what it waits for
     * @param approvers who decides
     * @param expiresAfter how long it waits for them
     * @param rules what else holds for votes, sorted
     */
    record Approval(
            String name, Needs needs, Approvers approvers, java.time.Duration expiresAfter, List<VotingRule> rules)
            implements Stage {
        /** Sorts and copies the rules. */
        public Approval {
            rules = rules.stream().distinct().sorted().toList();
        }
    }

    /** What can be said of an approval's votes. */
    enum VotingRule {
        /** Who started the run or repeated it, or pushed or proposed what it is for, may not vote. */
        NOT_BY_AUTHOR,
        /** A vote needs a comment. */
        COMMENTED,
        /** It is approved, and does not end as a TIMEOUT, when its time is over and nobody has rejected it. */
        SILENCE_APPROVES
    }

    /**
     * Deploys a release to an environment.
     *
     * @param name the stage's name
     * @param needs what it waits for; the release's artifacts are the only inputs
     * @param delivery what goes where and how
     * @param limits how long one step may take; deployments are not retried
     */
    record Deploy(String name, Needs needs, Delivery delivery, Limits limits) implements Stage {}

    /**
     * Gathers other stages: it ends when enough of them have succeeded, or no longer can. What its members end in does not decide the run's outcome; what the group
     * ends in does.
     *
     * @param name the stage's name
     * @param needs nothing; the members come first
     * @param members the stages that it gathers
     * @param policy how many of them must succeed, and what becomes of the rest
     */
    record Group(String name, Needs needs, List<Member> members, Policy policy) implements Stage {
        /** Copies the list. */
        public Group {
            members = List.copyOf(members);
        }
    }

    /**
     * A stage for each item of a list that an earlier stage hands on: its cells, which a run has as soon as it knows how many items there are. Like a group of them it ends
     * when enough have succeeded, or no longer can.
     *
     * @param template what each cell is, but for its name and its item; it has the name and the needs of the whole, and is a build, test or function stage
     * @param items the list
     * @param atMost how many items it bears, 1 to {@value #MOST_CELLS}
     * @param policy how many cells must succeed, and what becomes of the rest
     */
    record FanOut(Stage template, Input.Handed items, int atMost, Policy policy) implements Stage {
        /** The most cells that a fan-out may have. */
        public static final int MOST_CELLS = 1_000;

        /** Refuses a template that does no work, and a limit that no run could bear. */
        public FanOut {
            if (!(template instanceof Build || template instanceof Test || template instanceof Function)) {
                throw new IllegalArgumentException("stage '" + template.name()
                        + "' cannot run once for each item: only builds, tests and functions can");
            }
            if (atMost < 1 || atMost > MOST_CELLS) {
                throw new IllegalArgumentException("stage '" + template.name() + "' cannot run for at most " + atMost
                        + " items: choose 1 to " + MOST_CELLS);
            }
        }

        @Override
        public String name() {
            return template.name();
        }

        @Override
        public Needs needs() {
            return template.needs();
        }

        /**
         * The stage of an item.
         *
         * @param number the item's place in the list, from 1
         * @return the template with the name and the item of this cell
         */
        public Stage cell(int number) {
            String cell = name() + "-" + number;
            if (template instanceof Build build) {
                return new Build(cell, needs(), build.commands().cell(cell, number), build.limits());
            }
            if (template instanceof Test test) {
                return new Test(cell, needs(), test.commands().cell(cell, number), test.limits());
            }
            Function function = (Function) template;
            return new Function(cell, needs(), function.code().cell(cell, number), function.limits());
        }

        /**
         * Whether a cell could have this name.
         *
         * @param stage a stage's name
         * @return true if it is that of the whole, a hyphen and a number up to the limit
         */
        public boolean couldName(String stage) {
            String number = stage.startsWith(name() + "-") ? stage.substring(name().length() + 1) : "";
            return number.matches("[1-9][0-9]{0,3}") && Integer.parseInt(number) <= atMost;
        }
    }

    private static List<Artifact.File> written(List<Artifact.File> files, String cell) {
        return files.stream()
                .map(file -> new Artifact.File(cell, file.name(), file.path()))
                .toList();
    }

    private static SortedMap<String, Value> env(SortedMap<String, Value> template, int number) {
        SortedMap<String, Value> env = new TreeMap<>();
        template.forEach((name, value) -> env.put(
                name, value instanceof Value.Item item ? new Value.Item(item.stage(), item.name(), number) : value));
        return env;
    }

    /**
     * A stage that a group gathers.
     *
     * @param stage the stage's name
     * @param at its coordinates, for a cell of a matrix: axis and value
     */
    record Member(String stage, SortedMap<String, String> at) {
        /** Copies the map. */
        public Member {
            at = Collections.unmodifiableSortedMap(new TreeMap<>(at));
        }
    }

    /**
     * What goes where and how.
     *
     * @param release the release's name; for a single artifact, that artifact's
     * @param artifacts what the release consists of, the package first
     * @param environment where to
     * @param rollout how it takes over
     */
    record Delivery(String release, List<Artifact> artifacts, Environment environment, Rollout rollout) {
        /** Copies the list. */
        public Delivery {
            artifacts = List.copyOf(artifacts);
        }
    }
}
