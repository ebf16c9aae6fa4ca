// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.Journal;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}: starts a run and stays with it to its end. */
@Command(
        name = "run",
        description = "Runs a pipeline for a commit and shows it to its end.",
        footer = {
            "",
            "A run of the same commit and parameters that is still open goes on; one that has ended is repeated.",
            "",
            "Examples:",
            "  run                                  the commit checked out here",
            "  run shop --branch main --approve-as ada",
            "  run shop --repo https://example.com/shop.git",
            "  run shop --param region=us",
            "  run --resume                         goes on with the latest open run"
        })
final class RunCommand implements Callable<Integer> {
    private static final int SEARCHED = 1000;

    private final Tool tool;
    private final Git git;

    @Parameters(arity = "0..1", paramLabel = "PIPELINE", description = "The pipeline; may be left out if there is one.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--repo",
            paramLabel = "DIR|URL",
            description = "The repository; the current directory if left out.")
    private Optional<String> repository = Optional.empty();

    @Option(names = "--commit", paramLabel = "ID", description = "The commit; the one checked out if left out.")
    private Optional<String> commit = Optional.empty();

    @Option(names = "--branch", paramLabel = "NAME", description = "The branch whose head is run.")
    private Optional<String> branch = Optional.empty();

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "Tells the run a parameter; may be given several times. 'plan' lists them.")
    private Map<String, String> parameters = new TreeMap<>();

    @Option(
            names = "--approve-as",
            paramLabel = "NAME",
            description = "Answers every approval that NAME may answer with yes, visibly.")
    private Optional<String> approveAs = Optional.empty();

    @Option(names = "--resume", description = "Goes on with the latest open run of the pipeline and starts none.")
    private boolean resume;

    @Option(names = "--again", description = "Repeats the commit's run even if it is still open.")
    private boolean again;

    RunCommand(Tool tool, Git git) {
        this.tool = tool;
        this.git = git;
    }

    @Override
    public Integer call() throws InterruptedException {
        Pipeline pipeline = tool.pipeline(name);
        approveAs.ifPresent(by -> checkApprover(pipeline.plan(), by));
        boolean saysWhatToRun =
                repository.isPresent() || commit.isPresent() || branch.isPresent() || again || !parameters.isEmpty();
        if (resume && saysWhatToRun) {
            throw new UsageException(
                    "--resume goes on with the latest open run; leave out --repo, --commit, --branch, --param and --again");
        }
        Attendance attendance = new Attendance(tool);
        Optional<GitResolver.Found> found = resume
                ? Optional.empty()
                : Optional.of(
                        new GitResolver(git).resolve(new GitResolver.Wanted(repository.orElse("."), commit, branch)));
        found.ifPresent(what -> what.notes().forEach(attendance::notice));
        try (Site site = resume ? attendance.claimUsed() : attendance.claim()) {
            // An engine goes on with open runs as soon as it is opened, and may see one end before we ask.
            List<RunView> open = open(site);
            try (Engine engine = tool.engine(site).open()) {
                site.announce(pipeline.plan());
                RunId run =
                        found.isPresent() ? begin(site, engine, found.get(), open, attendance) : latest(open, pipeline);
                return attendance.stay(site, engine, run, approveAs);
            }
        }
    }

    /** The open runs, the latest first. */
    private static List<RunView> open(Site site) {
        Instant whatever = site.cloud().clock().instant().plus(Duration.ofDays(1));
        try (Engine looking = Engine.on(site.cloud()).attach()) {
            return site.cloud().journal().open(whatever, SEARCHED).stream()
                    .sorted(Comparator.comparing(Journal.Listed::startedAt).reversed())
                    .flatMap(listed -> looking.find(listed.run()).stream())
                    .filter(run -> run.status().state() != RunState.FINISHED)
                    .toList();
        }
    }

    private RunId begin(Site site, Engine engine, GitResolver.Found found, List<RunView> open, Attendance attendance) {
        Instant asked = site.cloud().clock().instant();
        RunId run = engine.start(tool.pipeline(name).name(), found.commit(), Tool.user(), parameters);
        RunView last = last(engine, run);
        if (last.status().times().began().filter(began -> began.isBefore(asked)).isEmpty()) {
            return run;
        }
        boolean wasOpen = open.stream().anyMatch(one -> one.id().equals(last.id()));
        if (again || !wasOpen) {
            RunId repetition = engine.rerun(last.id(), Tool.user());
            attendance.notice("repeats run " + last.id() + ", which "
                    + (last.outcome().isPresent() ? "has ended: " : "is open: ") + Words.standing(last));
            return repetition;
        }
        attendance.notice("goes on with run " + last.id() + ", which is open since "
                + last.status().times().began().map(Text::time).orElse(""));
        return last.id();
    }

    /** The run or its latest repetition. */
    private static RunView last(Engine engine, RunId run) {
        RunView last = engine.find(run)
                .orElseThrow(() -> new IllegalStateException("run " + run + " was started and is not there"));
        for (int ordinal = 2; ; ordinal++) {
            Optional<RunView> next = engine.find(new RunId(run.value() + "." + ordinal));
            if (next.isEmpty()) {
                return last;
            }
            last = next.get();
        }
    }

    private RunId latest(List<RunView> open, Pipeline pipeline) {
        return open.stream()
                .filter(run -> run.pipeline().equals(pipeline.name()))
                .map(RunView::id)
                .findFirst()
                .orElseThrow(() -> new UsageException("no run of pipeline '" + pipeline.name()
                        + "' is open; start one: " + tool.invocation().with("run", pipeline.name())));
    }

    private static void checkApprover(Plan plan, String by) {
        List<Stage.Approval> approvals = plan.stages().stream()
                .filter(Stage.Approval.class::isInstance)
                .map(Stage.Approval.class::cast)
                .toList();
        TreeSet<String> allowed = new TreeSet<>();
        approvals.forEach(approval -> allowed.addAll(approval.approvers().anyOf()));
        if (!allowed.contains(by)) {
            throw new UsageException("--approve-as " + Text.shown(by) + ": "
                    + (allowed.isEmpty()
                            ? "pipeline '" + plan.pipeline() + "' has no approvals"
                            : "may approve nothing; those who may: " + String.join(", ", allowed)));
        }
    }
}
