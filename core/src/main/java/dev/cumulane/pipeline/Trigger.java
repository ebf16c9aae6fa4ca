// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What starts a run. A person may always start one.
 *
 * <p>Names of branches and tags are patterns on the whole name, in which {@code *} stands for any characters; of paths, {@code *} for any within a name and {@code **}
 * for any. A repository is the short name under which it is configured.
 */
public sealed interface Trigger {
    /**
     * The repositories that it is about.
     *
     * @return their short names; none for every one
     */
    List<String> repositories();

    /**
     * What starts a run, for people.
     *
     * @return words such as {@code a push to main}; names and patterns stand in them as the pipeline has them
     */
    default String words() {
        return TriggerWords.of(this);
    }

    /**
     * A push to a branch.
     *
     * @param branches patterns of the branches; none for every branch
     * @param paths patterns of the files, one of which has to be changed; none for every file
     * @param repositories the repositories; none for every one
     */
    record Push(List<String> branches, List<String> paths, List<String> repositories) implements Trigger {
        /** Checks and copies the patterns. */
        public Push {
            branches = Patterns.checkAny("branch", branches);
            paths = Patterns.checkAny("path", paths);
            repositories = checked(repositories);
        }

        /**
         * Only to these branches, too.
         *
         * @param patterns names such as {@code main} or {@code release/*}
         * @return the trigger
         */
        public Push to(String... patterns) {
            return new Push(joined(branches, patterns), paths, repositories);
        }

        /**
         * Only if one of these files was changed, too. Where nobody knows what was changed, it counts as changed.
         *
         * @param patterns paths such as {@code service/**}
         * @return the trigger
         */
        public Push changing(String... patterns) {
            return new Push(branches, joined(paths, patterns), repositories);
        }

        /**
         * Only in these repositories, too.
         *
         * @param names short names
         * @return the trigger
         */
        public Push in(String... names) {
            return new Push(branches, paths, joined(repositories, names));
        }
    }

    /**
     * A tag, new or moved.
     *
     * @param tags patterns of the tags; none for every tag
     * @param repositories the repositories; none for every one
     */
    record Tag(List<String> tags, List<String> repositories) implements Trigger {
        /** Checks and copies the patterns. */
        public Tag {
            tags = Patterns.checkAny("tag", tags);
            repositories = checked(repositories);
        }

        /**
         * Only in these repositories, too.
         *
         * @param names short names
         * @return the trigger
         */
        public Tag in(String... names) {
            return new Tag(tags, joined(repositories, names));
        }
    }

    /**
     * A change request, opened or updated.
     *
     * @param targets patterns of the branches that it wants to change; none for every branch
     * @param paths patterns of the files, one of which it has to change; none for every file
     * @param repositories the repositories; none for every one
     */
    record ChangeRequest(List<String> targets, List<String> paths, List<String> repositories) implements Trigger {
        /** Checks and copies the patterns. */
        public ChangeRequest {
            targets = Patterns.checkAny("branch", targets);
            paths = Patterns.checkAny("path", paths);
            repositories = checked(repositories);
        }

        /**
         * Only into these branches, too.
         *
         * @param patterns names such as {@code main}
         * @return the trigger
         */
        public ChangeRequest into(String... patterns) {
            return new ChangeRequest(joined(targets, patterns), paths, repositories);
        }

        /**
         * Only if one of these files is changed, too. Where nobody knows what is changed, it counts as changed.
         *
         * @param patterns paths such as {@code service/**}
         * @return the trigger
         */
        public ChangeRequest changing(String... patterns) {
            return new ChangeRequest(targets, joined(paths, patterns), repositories);
        }

        /**
         * Only in these repositories, too.
         *
         * @param names short names
         * @return the trigger
         */
        public ChangeRequest in(String... names) {
            return new ChangeRequest(targets, paths, joined(repositories, names));
        }
    }

    /**
     * A comment on a change request with a line that is this command, by somebody who may write to the repository.
     *
     * @param command the command, such as {@code /preview}
     * @param repositories the repositories; none for every one
     */
    record Comment(String command, List<String> repositories) implements Trigger {
        private static final Pattern FORM = Pattern.compile("/[a-z][a-z0-9-]{0,38}");
        private static final List<String> TAKEN = List.of("/retest", "/ok-to-test");

        /** Refuses what is no command of its own. */
        public Comment {
            if (!FORM.matcher(command).matches()) {
                throw new IllegalArgumentException(
                        "comment command " + Names.shown(command)
                                + " is not usable: a slash, a lower-case letter, then up to 38 lower-case letters, digits and hyphens");
            }
            if (TAKEN.contains(command)) {
                throw new IllegalArgumentException("comment command '" + command
                        + "' needs no trigger: every change request understands " + String.join(" and ", TAKEN));
            }
            repositories = checked(repositories);
        }

        /**
         * Only in these repositories, too.
         *
         * @param names short names
         * @return the trigger
         */
        public Comment in(String... names) {
            return new Comment(command, joined(repositories, names));
        }
    }

    /**
     * The time of day. The run is for the branch's head at that time.
     *
     * @param schedule when
     * @param branch the branch, a whole name
     * @param repositories the repository; none if only one is configured
     */
    record Cron(Schedule schedule, String branch, List<String> repositories) implements Trigger {
        /** Checks the branch's name, and that there is one repository at most. */
        public Cron {
            Patterns.checkAny("branch", List.of(branch));
            if (branch.indexOf('*') >= 0) {
                throw new IllegalArgumentException(
                        "branch " + Names.shown(branch) + " is not usable here: one whole name, such as 'main'");
            }
            repositories = checked(repositories);
            if (repositories.size() > 1) {
                throw new IllegalArgumentException("a schedule is for one repository, not for "
                        + String.join(" and ", repositories) + "; say a trigger for each");
            }
        }

        /**
         * In another time zone than UTC.
         *
         * @param zone a name of the IANA database, such as {@code Europe/Berlin}
         * @return the trigger
         */
        public Cron at(String zone) {
            return new Cron(schedule.at(zone), branch, repositories);
        }

        /**
         * For another branch than {@code main}.
         *
         * @param name the branch
         * @return the trigger
         */
        public Cron on(String name) {
            return new Cron(schedule, name, repositories);
        }

        /**
         * For this repository.
         *
         * @param name its short name
         * @return the trigger
         */
        public Cron in(String name) {
            return new Cron(schedule, branch, joined(repositories, name));
        }
    }

    /**
     * The end of another pipeline's run; this one's is for the same commit, and trusted as far. Runs that a stage runs do not count.
     *
     * @param pipeline the other pipeline
     * @param endings how it has to end
     * @param repositories the repositories; none for every one
     */
    record RunOf(String pipeline, List<Guard.Ending> endings, List<String> repositories) implements Trigger {
        /** Checks the name, and that there is an ending. */
        public RunOf {
            Names.check("pipeline", pipeline);
            if (endings.isEmpty()) {
                throw new IllegalArgumentException(
                        "the run of '" + pipeline + "' has to end in some way: name one or more endings");
            }
            endings = endings.stream().distinct().sorted().toList();
            repositories = checked(repositories);
        }

        /**
         * If it ended in one of these ways, instead of only if it succeeded.
         *
         * @param ways one or more
         * @return the trigger
         */
        public RunOf ending(Guard.Ending... ways) {
            return new RunOf(pipeline, List.of(ways), repositories);
        }

        /**
         * Only in these repositories, too.
         *
         * @param names short names
         * @return the trigger
         */
        public RunOf in(String... names) {
            return new RunOf(pipeline, endings, joined(repositories, names));
        }
    }

    /**
     * An artifact that a run of another pipeline returned; that run succeeded. This one's is for the same commit, and trusted as far.
     *
     * @param pipeline the other pipeline
     * @param artifact what that pipeline calls what it returns
     * @param repositories the repositories; none for every one
     */
    record Published(String pipeline, String artifact, List<String> repositories) implements Trigger {
        /** Checks the names. */
        public Published {
            Names.check("pipeline", pipeline);
            Names.check("artifact", artifact);
            repositories = checked(repositories);
        }

        /**
         * Only in these repositories, too.
         *
         * @param names short names
         * @return the trigger
         */
        public Published in(String... names) {
            return new Published(pipeline, artifact, joined(repositories, names));
        }
    }

    /**
     * A push to any branch.
     *
     * @return the trigger
     */
    static Push push() {
        return new Push(List.of(), List.of(), List.of());
    }

    /**
     * Tags, new or moved.
     *
     * @param patterns names such as {@code v*}; none for every tag
     * @return the trigger
     */
    static Tag tags(String... patterns) {
        return new Tag(List.of(patterns), List.of());
    }

    /**
     * A change request into any branch.
     *
     * @return the trigger
     */
    static ChangeRequest changeRequest() {
        return new ChangeRequest(List.of(), List.of(), List.of());
    }

    /**
     * A command in a comment on a change request.
     *
     * @param command such as {@code /preview}
     * @return the trigger
     */
    static Comment comment(String command) {
        return new Comment(command, List.of());
    }

    /**
     * A time of day in UTC, for the head of {@code main}.
     *
     * @param expression five fields, as {@link Schedule} describes them
     * @return the trigger
     */
    static Cron cron(String expression) {
        return new Cron(Schedule.of(expression), "main", List.of());
    }

    /**
     * A run of another pipeline that succeeded.
     *
     * @param pipeline its name
     * @return the trigger
     */
    static RunOf runOf(String pipeline) {
        return new RunOf(pipeline, List.of(Guard.Ending.SUCCEEDED), List.of());
    }

    /**
     * An artifact that a run of another pipeline returned.
     *
     * @param pipeline its name
     * @param artifact what it calls the artifact that it returns
     * @return the trigger
     */
    static Published published(String pipeline, String artifact) {
        return new Published(pipeline, artifact, List.of());
    }

    private static List<String> joined(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> checked(List<String> repositories) {
        repositories.forEach(name -> Names.check("repository", name));
        return List.copyOf(repositories);
    }
}
