// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Verdict;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run's records as CloudEvents 1.0 whose data are CDEvents 0.5: a stage's attempt is their {@code taskrun}. What they have no word for, votes above all, has a custom
 * type of theirs, {@code dev.cdeventsx.cumulane-…}. Give it the history from record 1 on; equal histories give equal bytes. For one thread.
 */
public final class CdEvents {
    private final Story story;
    private final EventWriter writer;

    /** Events of one run. */
    public CdEvents(Plan plan, Origin origin) {
        this.story = new Story(plan);
        this.writer = new EventWriter(story, origin);
    }

    /** The events of the next record, of which there may be none. */
    public List<CloudEvent> next(HistoryRecord record) {
        List<Draft> drafts = new ArrayList<>();
        for (RunEvent event : record.events()) {
            story.next(record.at(), event);
            tell(record, event, drafts);
        }
        List<CloudEvent> events = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            events.add(writer.write(draft, record, events.size()));
        }
        return events;
    }

    private void tell(HistoryRecord record, RunEvent event, List<Draft> drafts) {
        if (event instanceof RunEvent.RunStarted started) {
            boolean waits = record.events().stream().anyMatch(RunEvent.TurnAsked.class::isInstance);
            drafts.add(started(started));
            if (!waits) {
                drafts.add(run("started"));
            }
        } else if (event instanceof RunEvent.TurnGranted) {
            drafts.add(run("started"));
        } else if (event instanceof RunEvent.RunFinished finished) {
            Draft end = run("finished").custom("outcome", finished.outcome());
            outcome(finished.outcome()).ifPresent(outcome -> end.put("outcome", outcome));
            drafts.add(end);
        } else if (event instanceof RunEvent.CancellationRequested asked) {
            drafts.add(ours("pipelinerun", "cancelrequested", story.run().value())
                    .put("by", asked.by())
                    .put("reason", asked.reason()));
        } else if (event instanceof RunEvent.RunSuperseded superseded) {
            drafts.add(ours("pipelinerun", "superseded", story.run().value())
                    .put("by", superseded.by().value()));
        } else if (event instanceof RunEvent.TimeLimitReached limit) {
            drafts.add(ours("pipelinerun", "overdue", story.run().value()).put("limit", limit.what()));
        } else {
            tellStage(event, drafts);
        }
    }

    private void tellStage(RunEvent event, List<Draft> drafts) {
        if (event instanceof RunEvent.StageScheduled scheduled) {
            drafts.add(task("started", scheduled.stage(), scheduled.attempt()));
            if (story.stage(scheduled.stage()) instanceof Stage.Test) {
                drafts.add(tests("started", scheduled.stage(), scheduled.attempt()));
            }
        } else if (event instanceof RunEvent.AttemptFinished finished) {
            finished(finished.stage(), finished.attempt(), finished.verdict(), drafts);
        } else if (event instanceof RunEvent.StageFinished finished) {
            ended(finished, drafts);
        } else if (event instanceof RunEvent.StageReused reused) {
            drafts.add(stage("taskrun", "reused", reused.stage())
                    .put("from", reused.from().value()));
        } else if (event instanceof RunEvent.FannedOut fanned) {
            drafts.add(stage("taskrun", "fannedout", fanned.stage()).put("cells", fanned.cells()));
        } else if (event instanceof RunEvent.SkipRequested asked) {
            drafts.add(stage("taskrun", "skiprequested", asked.stage())
                    .put("by", asked.by())
                    .put("reason", asked.reason()));
        } else if (event instanceof RunEvent.ApprovalRequested asked) {
            drafts.add(stage("approval", "created", asked.stage())
                    .put("expiresAt", asked.expiresAt())
                    .put("subject", asked.subject())
                    .list(
                            "artifacts",
                            asked.artifacts().stream()
                                    .map(each -> each.name() + "@sha256:" + each.digest())
                                    .toList()));
        } else if (event instanceof RunEvent.VoteCounted counted) {
            drafts.add(stage("approval", "updated", counted.stage())
                    .put("by", counted.vote().by())
                    .put("decision", counted.vote().decision())
                    .put("comment", counted.vote().comment()));
        } else if (event instanceof RunEvent.VoteRefused refused) {
            drafts.add(stage("approval", "updated", refused.stage())
                    .put("by", refused.vote().by())
                    .put("decision", refused.vote().decision())
                    .put("refused", refused.why()));
        } else {
            tellDeployment(event, drafts);
        }
    }

    private void tellDeployment(RunEvent event, List<Draft> drafts) {
        if (event instanceof RunEvent.EnvironmentAsked asked) {
            drafts.add(task("started", asked.stage(), 1));
            drafts.add(ours("environment", "requested", asked.environment())
                    .put("stage", asked.stage())
                    .put("pipelineRun", story.run().value()));
        } else if (event instanceof RunEvent.EnvironmentGranted granted) {
            drafts.add(ours("environment", "granted", granted.environment())
                    .put("stage", granted.stage())
                    .put("pipelineRun", story.run().value()));
        } else if (event instanceof RunEvent.StepFinished step) {
            drafts.add(stage("rollout", "updated", step.stage())
                    .put("step", step.index())
                    .put("succeeded", step.succeeded())
                    .put("detail", step.detail()));
        } else if (event instanceof RunEvent.AlarmRang rang) {
            drafts.add(stage("rollout", "alarmed", rang.stage()).put("alarm", rang.alarm()));
        } else if (event instanceof RunEvent.HoldStarted hold) {
            drafts.add(stage("rollout", "held", hold.stage()).put("until", hold.until()));
        }
    }

    private Draft started(RunEvent.RunStarted started) {
        Draft draft = run("queued")
                .custom("plan", started.plan())
                .custom("repository", story.repository())
                .custom("ref", started.source().commit().ref())
                .custom("commit", started.source().commit().id())
                .custom("by", started.source().by())
                .custom("trust", started.source().trust());
        started.lineage()
                .ifPresent(lineage -> draft.relation(
                        lineage instanceof Lineage.Repetition repetition
                                ? repetition.kind().name()
                                : "TRIGGER",
                        EventWriter.first(lineage.of())));
        return draft;
    }

    private Draft run(String predicate) {
        Draft draft = Draft.standard("pipelinerun", predicate, story.run().value())
                .put("pipelineName", story.started().pipeline())
                .put("uri", writer.origin().run(story.run()));
        return predicate.equals("finished") ? draft.last() : draft;
    }

    private Draft task(String predicate, String stage, int attempt) {
        return Draft.standard("taskrun", predicate, id(stage, attempt))
                .put("taskName", stage)
                .put("uri", writer.origin().stage(story.run(), stage))
                .reference("pipelineRun", story.run().value());
    }

    private Draft tests(String predicate, String stage, int attempt) {
        return Draft.standard("testsuiterun", predicate, id(stage, attempt) + "/tests")
                .reference("environment", "worker")
                .reference("testSuite", story.started().pipeline() + "/" + stage);
    }

    private void finished(String stage, int attempt, Verdict verdict, List<Draft> drafts) {
        verdict.tests()
                .filter(tests -> story.stage(stage) instanceof Stage.Test)
                .ifPresent(tests -> drafts.add(tests("finished", stage, attempt)
                        .put("outcome", tests.failed() > 0 ? "failure" : "success")
                        .custom("total", tests.total())
                        .custom("failed", tests.failed())
                        .custom("skipped", tests.skipped())));
        Draft end = task("finished", stage, attempt)
                .custom("attempt", attempt)
                .custom("result", verdict.outcome())
                .custom("cause", verdict.cause());
        outcome(verdict.outcome()).ifPresent(outcome -> end.put("outcome", outcome));
        if (verdict.outcome() != Outcome.SUCCESS && !verdict.detail().isEmpty()) {
            end.put("errors", verdict.detail());
        }
        drafts.add(end);
    }

    private void ended(RunEvent.StageFinished finished, List<Draft> drafts) {
        String name = finished.stage();
        Stage stage = story.stage(name);
        Verdict verdict = finished.verdict();
        if (story.reused(name).isPresent()) {
            return;
        }
        if (stage instanceof Stage.Approval && story.isOpen(name)) {
            drafts.add(stage("approval", "closed", name)
                    .put("result", verdict.outcome())
                    .put("cause", verdict.cause())
                    .put("detail", verdict.detail()));
        } else if (!story.isOpen(name)) {
            String how = verdict.outcome() == Outcome.SKIP ? "skipped" : "ended";
            drafts.add(stage("taskrun", isGroup(stage) ? "gathered" : how, name)
                    .put("result", verdict.outcome())
                    .put("cause", verdict.cause())
                    .put("detail", verdict.detail()));
        } else {
            finished(name, Math.max(1, finished.attempt()), verdict, drafts);
            if (!(stage instanceof Stage.Child)) {
                // What a run of another pipeline wrote, that run tells.
                verdict.artifacts().forEach(artifact -> artifact(stage, artifact, verdict, drafts));
            }
            if (stage instanceof Stage.Deploy deploy && verdict.outcome() == Outcome.SUCCESS) {
                deployed(deploy, verdict, drafts);
            }
        }
    }

    private void artifact(Stage stage, Produced artifact, Verdict verdict, List<Draft> drafts) {
        String purl = story.purl(new Story.Written(stage.name(), artifact));
        SourceEvent source = story.started().source();
        String change = source instanceof SourceEvent.ChangeProposed proposed
                ? proposed.change()
                : source.commit().id();
        Draft packaged = Draft.standard("artifact", "packaged", purl)
                .reference("change", change)
                .custom("size", artifact.size())
                .custom("commit", source.commit().id());
        Draft published = Draft.standard("artifact", "published", purl).put("user", source.by());
        Story.bill(stage, verdict.artifacts())
                .filter(bill -> !bill.equals(artifact))
                .map(bill -> story.purl(new Story.Written(stage.name(), bill)))
                .ifPresent(bill -> {
                    packaged.uri("sbom", bill);
                    published.uri("sbom", bill);
                });
        drafts.add(packaged);
        drafts.add(published);
    }

    private void deployed(Stage.Deploy deploy, Verdict verdict, List<Draft> drafts) {
        String environment = deploy.delivery().environment().name();
        story.inputs(deploy).stream()
                .findFirst()
                .ifPresent(release -> drafts.add(
                        Draft.standard("service", "deployed", story.started().pipeline() + "/" + environment)
                                .reference("environment", environment)
                                .put("artifactId", story.purl(release))));
        Draft modified = Draft.standard("environment", "modified", environment)
                .put("name", environment)
                .custom("pipelineRun", story.run().value());
        verdict.address().filter(CdEvents::isUri).ifPresent(address -> modified.put("uri", address));
        drafts.add(modified);
    }

    private Draft stage(String subject, String predicate, String stage) {
        return ours(subject, predicate, story.run() + "/" + stage)
                .put("stage", stage)
                .put("pipelineRun", story.run().value())
                .put("uri", writer.origin().stage(story.run(), stage));
    }

    private static Draft ours(String subject, String predicate, String id) {
        return Draft.own(subject, predicate, id);
    }

    private String id(String stage, int attempt) {
        return new AttemptId(story.run(), stage, attempt).key();
    }

    private static boolean isGroup(Stage stage) {
        return stage instanceof Stage.Group || stage instanceof Stage.FanOut;
    }

    private static boolean isUri(String address) {
        try {
            return URI.create(address).isAbsolute();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Theirs for one of ours; nothing for what did not happen. */
    static Optional<String> outcome(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> Optional.of("success");
            case FAILURE -> Optional.of("failure");
            case ERROR, TIMEOUT -> Optional.of("error");
            case CANCELLATION -> Optional.of("cancel");
            case SKIP -> Optional.empty();
        };
    }
}
