// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Guard;
import dev.cumulane.pipeline.Patterns;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether conditions are true, and what they say to people. */
final class Guards {
    private static final String BRANCHES = "refs/heads/";
    private static final String TAGS = "refs/tags/";

    private Guards() {}

    /** Whether a condition is true; all stages that it is about have ended. */
    static boolean holds(Guard guard, RunProgress run) {
        if (guard instanceof Guard.Branch branch) {
            return isPush(run) && named(run, BRANCHES, branch.patterns());
        }
        if (guard instanceof Guard.Tag tag) {
            return named(run, TAGS, tag.patterns());
        }
        if (guard instanceof Guard.Proposed proposed) {
            return target(run.source())
                    .filter(target -> proposed.targets().stream().anyMatch(pattern -> Patterns.fits(pattern, target)))
                    .isPresent();
        }
        if (guard instanceof Guard.Changed changed) {
            return run.source()
                    .changed()
                    .map(paths -> paths.stream()
                            .anyMatch(path ->
                                    changed.patterns().stream().anyMatch(pattern -> Patterns.pathFits(pattern, path))))
                    .orElse(true);
        }
        if (guard instanceof Guard.Ended ended) {
            Verdict verdict =
                    run.slot(ended.stage()).flatMap(StageSlot::verdict).orElseThrow();
            return ended.endings().contains(ending(verdict));
        }
        if (guard instanceof Guard.Said said) {
            return said.anyOf()
                    .contains(run.head().started().orElseThrow().parameters().getOrDefault(said.name(), ""));
        }
        if (guard instanceof Guard.Given given) {
            return run.slot(given.stage())
                    .flatMap(StageSlot::verdict)
                    .map(verdict -> verdict.values().get(given.name()))
                    .filter(value -> given.anyOf().stream().anyMatch(value::is))
                    .isPresent();
        }
        if (guard instanceof Guard.Not not) {
            return !holds(not.guard(), run);
        }
        if (guard instanceof Guard.All all) {
            return all.guards().stream().allMatch(one -> holds(one, run));
        }
        return ((Guard.Any) guard).guards().stream().anyMatch(one -> holds(one, run));
    }

    private static boolean isPush(RunProgress run) {
        return target(run.source()).isEmpty();
    }

    /** The branch that an event's change request wants to change. */
    private static Optional<String> target(SourceEvent source) {
        if (source instanceof SourceEvent.ChangeProposed proposed) {
            return Optional.of(proposed.target());
        }
        return source instanceof SourceEvent.Commanded commanded ? Optional.of(commanded.target()) : Optional.empty();
    }

    private static boolean named(RunProgress run, String kind, List<String> patterns) {
        String ref = run.source().commit().ref();
        return ref.startsWith(kind)
                && patterns.stream().anyMatch(pattern -> Patterns.fits(pattern, ref.substring(kind.length())));
    }

    private static Guard.Ending ending(Verdict verdict) {
        return switch (verdict.outcome()) {
            case SUCCESS -> Guard.Ending.SUCCEEDED;
            case FAILURE, ERROR, TIMEOUT -> Guard.Ending.FAILED;
            case CANCELLATION, SKIP -> Guard.Ending.LEFT_OUT;
        };
    }

    /** What to tell people of a condition that is not true. */
    static String text(Guard guard) {
        if (guard instanceof Guard.Branch branch) {
            return "the branch is " + either(branch.patterns());
        }
        if (guard instanceof Guard.Tag tag) {
            return "the tag is " + either(tag.patterns());
        }
        if (guard instanceof Guard.Proposed proposed) {
            return "it is a change request into " + either(proposed.targets());
        }
        if (guard instanceof Guard.Changed changed) {
            return either(changed.patterns()) + " changed";
        }
        if (guard instanceof Guard.Ended ended) {
            return "'" + ended.stage() + "' "
                    + ended.endings().stream().map(Guards::text).collect(Collectors.joining(" or "));
        }
        if (guard instanceof Guard.Said said) {
            return "parameter '" + said.name() + "' is " + either(said.anyOf());
        }
        if (guard instanceof Guard.Given given) {
            return "value '" + given.name() + "' of '" + given.stage() + "' is " + either(given.anyOf());
        }
        if (guard instanceof Guard.Not not) {
            return "not (" + text(not.guard()) + ")";
        }
        if (guard instanceof Guard.All all) {
            return all.guards().stream().map(Guards::text).collect(Collectors.joining(" and "));
        }
        return ((Guard.Any) guard).guards().stream().map(Guards::text).collect(Collectors.joining(" or ", "(", ")"));
    }

    private static String text(Guard.Ending ending) {
        return switch (ending) {
            case SUCCEEDED -> "succeeded";
            case FAILED -> "failed";
            case LEFT_OUT -> "was left out";
        };
    }

    private static String either(List<String> patterns) {
        return patterns.stream().map(pattern -> "'" + pattern + "'").collect(Collectors.joining(" or "));
    }

    /** What to tell people, if a stage's condition is not true. */
    static Optional<String> refusal(Optional<Guard> guard, RunProgress run) {
        return guard.filter(one -> !holds(one, run)).map(one -> "runs only when " + text(one));
    }
}
