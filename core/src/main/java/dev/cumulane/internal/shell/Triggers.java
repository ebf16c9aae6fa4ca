// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.pipeline.Guard;
import dev.cumulane.pipeline.Patterns;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Trigger;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.SourceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which events start runs of which pipelines. */
final class Triggers {
    private static final String BRANCHES = "refs/heads/";
    private static final String TAGS = "refs/tags/";

    private Triggers() {}

    /**
     * Whether an event starts a run.
     *
     * @param repository the short name of the event's repository, if it is configured
     */
    static boolean match(Plan plan, SourceEvent source, Optional<String> repository) {
        return plan.triggers().stream()
                .anyMatch(trigger -> isFor(trigger, repository) && matches(trigger, source, plan.pipeline()));
    }

    /** Why these pipelines cannot follow each other as their triggers say; none if they can. */
    static List<String> problems(Map<String, Plan> plans) {
        List<String> problems = new ArrayList<>();
        for (String pipeline : plans.keySet()) {
            List<String> path = new ArrayList<>(List.of(pipeline));
            if (leadsBack(plans, path)) {
                problems.add("pipelines would start each other for ever: " + String.join(" after ", path));
            }
        }
        return problems;
    }

    /** The pipelines whose runs are waited for and never come, since nobody registered them. */
    static List<String> missing(Map<String, Plan> plans) {
        return plans.values().stream()
                .flatMap(plan -> before(plan).stream())
                .filter(name -> !plans.containsKey(name))
                .distinct()
                .toList();
    }

    /** Whether the last pipeline of a path runs, however indirectly, after the first; the path is then complete. */
    private static boolean leadsBack(Map<String, Plan> plans, List<String> path) {
        Plan last = plans.get(path.get(path.size() - 1));
        for (String before : last == null ? List.<String>of() : before(last)) {
            boolean closes = before.equals(path.get(0));
            if (closes || !path.contains(before)) {
                path.add(before);
                if (closes || leadsBack(plans, path)) {
                    return true;
                }
                path.remove(path.size() - 1);
            }
        }
        return false;
    }

    private static List<String> before(Plan plan) {
        List<String> before = new ArrayList<>();
        for (Trigger trigger : plan.triggers()) {
            if (trigger instanceof Trigger.RunOf run) {
                before.add(run.pipeline());
            } else if (trigger instanceof Trigger.Published published) {
                before.add(published.pipeline());
            }
        }
        return before.stream().distinct().toList();
    }

    private static boolean isFor(Trigger trigger, Optional<String> repository) {
        return trigger.repositories().isEmpty()
                || repository.filter(trigger.repositories()::contains).isPresent();
    }

    private static boolean matches(Trigger trigger, SourceEvent source, String pipeline) {
        if (trigger instanceof Trigger.Push push) {
            return source instanceof SourceEvent.Pushed
                    && named(BRANCHES, push.branches(), source)
                    && changes(push.paths(), source);
        }
        if (trigger instanceof Trigger.Tag tag) {
            return source instanceof SourceEvent.Pushed && named(TAGS, tag.tags(), source);
        }
        if (trigger instanceof Trigger.ChangeRequest change) {
            return source instanceof SourceEvent.ChangeProposed proposed
                    && fitsAny(change.targets(), proposed.target())
                    && changes(change.paths(), source);
        }
        if (trigger instanceof Trigger.Comment comment) {
            return source instanceof SourceEvent.Commanded commanded
                    && commanded.command().equals(comment.command());
        }
        if (trigger instanceof Trigger.RunOf run) {
            return source instanceof SourceEvent.Followed followed
                    && followed.pipeline().equals(run.pipeline())
                    && run.endings().contains(ending(followed.outcome()));
        }
        if (trigger instanceof Trigger.Published published) {
            return source instanceof SourceEvent.Followed followed
                    && followed.pipeline().equals(published.pipeline())
                    && followed.outcome() == Outcome.SUCCESS
                    && followed.artifacts().contains(published.artifact());
        }
        return trigger instanceof Trigger.Cron
                && source instanceof SourceEvent.Scheduled scheduled
                && scheduled.pipeline().equals(pipeline);
    }

    private static boolean named(String kind, List<String> patterns, SourceEvent source) {
        String ref = source.commit().ref();
        return ref.startsWith(kind) && fitsAny(patterns, ref.substring(kind.length()));
    }

    private static boolean fitsAny(List<String> patterns, String name) {
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> Patterns.fits(pattern, name));
    }

    private static boolean changes(List<String> patterns, SourceEvent source) {
        return patterns.isEmpty()
                || source.changed()
                        .map(paths -> paths.stream()
                                .anyMatch(path ->
                                        patterns.stream().anyMatch(pattern -> Patterns.pathFits(pattern, path))))
                        .orElse(true);
    }

    private static Guard.Ending ending(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> Guard.Ending.SUCCEEDED;
            case FAILURE, ERROR, TIMEOUT -> Guard.Ending.FAILED;
            case CANCELLATION, SKIP -> Guard.Ending.LEFT_OUT;
        };
    }
}
