// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import dev.cumulane.internal.follow.Others;
import dev.cumulane.internal.status.Descriptions;
import dev.cumulane.notify.Moment;
import dev.cumulane.notify.Notices;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something in a run that is worth telling.
 *
 * @param key the same however often it is found, and another one for whatever else happens in the run
 * @param moment what it is
 * @param stages the stages that it is about: those that wait, or went wrong
 */
record Note(String key, Moment moment, List<StageView> stages) {
    private static final Set<Moment> ENDS =
            EnumSet.of(Moment.SUCCEEDED, Moment.FAILED, Moment.FIRST_FAILURE, Moment.FIXED, Moment.CANCELLED);

    /** Copies the list. */
    Note {
        stages = List.copyOf(stages);
    }

    /** The keys of what may be worth telling, before anybody asks about other runs. */
    static List<String> keys(RunView run, Notices notices) {
        List<String> keys = new ArrayList<>();
        if (!notices.pipelines().isEmpty() && !notices.pipelines().contains(run.pipeline())) {
            return keys;
        }
        if (notices.moments().contains(Moment.STARTED)) {
            keys.add("started");
        }
        if (notices.moments().contains(Moment.WAITING) && run.outcome().isEmpty()) {
            waiting(run).forEach(stage -> keys.add(key(stage)));
        }
        if (run.outcome().isPresent() && notices.moments().stream().anyMatch(ENDS::contains)) {
            keys.add("ended");
        }
        return keys;
    }

    /** What a key stands for; empty if after all it is not worth telling. */
    static Optional<Note> of(String key, RunView run, Notices notices, Others others) {
        Optional<Note> note = switch (key) {
            case "started" -> Optional.of(new Note(key, Moment.STARTED, List.of()));
            case "ended" -> end(key, run, notices.moments(), others);
            default ->
                waiting(run).stream()
                        .filter(stage -> key(stage).equals(key))
                        .findFirst()
                        .map(stage -> new Note(key, Moment.WAITING, List.of(stage)));
        };
        return note.filter(found -> notices.owners().isEmpty()
                || found.stages().stream()
                        .anyMatch(stage ->
                                stage.owner().filter(notices.owners()::contains).isPresent()));
    }

    private static Optional<Note> end(String key, RunView run, Set<Moment> moments, Others others) {
        Outcome outcome = run.outcome().orElseThrow();
        if (outcome == Outcome.CANCELLATION) {
            return Optional.of(new Note(key, Moment.CANCELLED, List.of()))
                    .filter(note -> moments.contains(note.moment()));
        }
        boolean bad = Descriptions.isBad(outcome);
        Moment plain = bad ? Moment.FAILED : Moment.SUCCEEDED;
        Moment turn = bad ? Moment.FIRST_FAILURE : Moment.FIXED;
        List<StageView> stages = bad
                ? run.stages().stream()
                        .filter(stage ->
                                stage.outcome().filter(Descriptions::isBad).isPresent())
                        .toList()
                : List.of();
        if (moments.contains(turn)) {
            boolean wasBad = others.before(run)
                    .flatMap(RunView::outcome)
                    .filter(Descriptions::isBad)
                    .isPresent();
            if (bad != wasBad) {
                return Optional.of(new Note(key, turn, stages));
            }
        }
        return moments.contains(plain) ? Optional.of(new Note(key, plain, stages)) : Optional.empty();
    }

    private static List<StageView> waiting(RunView run) {
        return run.stages().stream()
                .filter(stage -> stage.kind() == StageView.Kind.APPROVAL
                        && stage.progress().state() == RunState.WAITING
                        && stage.progress().waiting().isPresent())
                .toList();
    }

    private static String key(StageView stage) {
        return "waiting/" + stage.name();
    }
}
