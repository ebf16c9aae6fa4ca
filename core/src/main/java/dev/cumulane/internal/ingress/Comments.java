// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.forge.ForgeApi;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Trigger;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forks;
import dev.cumulane.source.Happening;
import dev.cumulane.source.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands that are written below a change request. They count only if the forge itself says that their writer may write to the repository; and a fork's commit runs
 * only if that very commit was meant, which is not what the request's head may be by now.
 */
final class Comments {
    private static final String RETEST = "/retest";
    private static final String OK_TO_TEST = "/ok-to-test";

    private final EngineCore core;
    private final Repository repository;
    private final Optional<ForgeApi> api;
    private final Authors authors;

    Comments(EngineCore core, Repository repository, Optional<ForgeApi> api, Authors authors) {
        this.core = core;
        this.repository = repository;
        this.api = api;
        this.authors = authors;
    }

    void follow(Happening.Commented comment, Intake.Effects effects) {
        List<String> wanted =
                comment.commands().stream().filter(this::isCommand).distinct().toList();
        if (wanted.isEmpty()) {
            return;
        }
        if (api.isEmpty()) {
            effects.refused(wanted.get(0) + ": without a credential nobody can be asked who may command");
            return;
        }
        try {
            follow(wanted, comment, api.get(), effects);
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            effects.refused(wanted.get(0) + ": " + e.service() + ": " + e.getMessage());
        }
    }

    private void follow(List<String> wanted, Happening.Commented comment, ForgeApi forge, Intake.Effects effects) {
        if (!forge.mayWrite(comment.by())) {
            effects.refusedStranger(word(wanted.get(0), 0) + ": " + comment.by() + " may not write to the repository");
            return;
        }
        Optional<SourceEvent.ChangeProposed> change = forge.change(comment.change());
        if (change.isPresent()) {
            wanted.forEach(command -> follow(command, comment, change.get(), effects));
        } else {
            effects.refused(wanted.get(0) + ": change request " + comment.change() + " is not open");
        }
    }

    private boolean isCommand(String line) {
        String first = word(line, 0);
        return first.equals(RETEST)
                || first.equals(OK_TO_TEST)
                || core.plans().values().stream()
                        .flatMap(plan -> plan.triggers().stream())
                        .anyMatch(trigger -> trigger instanceof Trigger.Comment known
                                && known.command().equals(first));
    }

    private void follow(
            String line, Happening.Commented comment, SourceEvent.ChangeProposed change, Intake.Effects effects) {
        String command = word(line, 0);
        boolean foreign = change.trust() == TrustLevel.UNTRUSTED;
        if (foreign && repository.forks() == Forks.NEVER) {
            effects.refused(command + ": change requests from forks start no run");
        } else if (command.equals(OK_TO_TEST)) {
            allow(line, change, effects);
        } else if (command.equals(RETEST)) {
            retest(comment, change, effects);
        } else if (foreign && repository.forks() != Forks.WITHOUT_SECRETS) {
            effects.refused(command + ": for a change request from a fork there is " + OK_TO_TEST + " alone");
        } else {
            effects.started(core.handle(
                    new SourceEvent.Commanded(
                            change.commit(),
                            change.target(),
                            change.change(),
                            command,
                            authors.named(comment.by()),
                            change.authors(),
                            change.trust()),
                    Optional.empty()));
        }
    }

    /**
     * The writer names the commit. The head that some forges tell with a comment is not what its writer had read: the change's author may have pushed another while they wrote.
     */
    private void allow(String line, SourceEvent.ChangeProposed change, Intake.Effects effects) {
        String head = change.commit().id();
        if (word(line, 1).equals(head)) {
            effects.started(core.handle(change, Optional.empty()));
        } else {
            effects.refused(OK_TO_TEST
                    + ": say which commit by its whole id; if what you have read is the head as it is now, write '"
                    + OK_TO_TEST + " " + head + "'");
        }
    }

    /** What failed runs again; what goes on, or succeeded, is left alone; what never ran does, unless it is a fork's. */
    private void retest(Happening.Commented comment, SourceEvent.ChangeProposed change, Intake.Effects effects) {
        List<RunId> runs = new ArrayList<>();
        for (String pipeline : core.triggeredBy(change)) {
            Optional<RunView> last = last(core.named(pipeline, change));
            if (last.isEmpty()) {
                if (Intake.mayRun(repository, change)) {
                    runs.add(core.start(pipeline, change));
                } else {
                    effects.refused(RETEST + ": the commit of a fork needs " + OK_TO_TEST + " first");
                }
            } else if (last.get()
                    .outcome()
                    .filter(how -> how != Outcome.SUCCESS)
                    .isPresent()) {
                runs.add(core.rerunFromFailed(last.get().id(), authors.named(comment.by())));
            }
        }
        effects.started(runs);
    }

    /** A run's latest repetition, or itself. */
    private Optional<RunView> last(RunId first) {
        Optional<RunView> last = core.find(first);
        for (int ordinal = 2; last.isPresent(); ordinal++) {
            Optional<RunView> next = core.find(new RunId(first.value() + "." + ordinal));
            if (next.isEmpty()) {
                return last;
            }
            last = next;
        }
        return last;
    }

    private static String word(String line, int number) {
        String[] words = line.strip().split("\\s+");
        return number < words.length ? words[number] : "";
    }
}
