// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.engine.Engine;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that tells a run something: it reaches the process that works on the run, or with {@code --resume} becomes that process. */
abstract class SignalCommand implements Callable<Integer> {
    private static final long PATIENCE_SECONDS = 5;
    private static final int LOOK_MILLIS = 20;

    private final Tool tool;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, the beginning of one, or 'latest'.")
    private String typed = "";

    @Option(names = "--resume", description = "If no process works on the run, works on it to its end.")
    private boolean resume;

    SignalCommand(Tool tool) {
        this.tool = tool;
    }

    /** Says it to the engine, which refuses what cannot be. */
    abstract void send(Engine engine, RunId run);

    /** One line for the user once it has counted; empty before. */
    abstract Optional<String> counted(RunView run);

    /** The words of this very command, without options for all commands. */
    abstract List<String> words(RunId run);

    Tool tool() {
        return tool;
    }

    @Override
    public final Integer call() throws InterruptedException {
        try (Site site = tool.openUsed()) {
            boolean worked = site.worked();
            try (Engine engine = Engine.on(site.cloud()).attach()) {
                RunView run = tool.run(engine, typed);
                if (worked || run.status().state() == RunState.FINISHED) {
                    send(engine, run.id());
                    return await(site, engine, run.id());
                }
                if (!resume) {
                    throw new UsageException("no process works on " + site.name()
                            + ", so nothing was done; to do it and go on with the run here: "
                            + tool.invocation().with(resuming(run.id())));
                }
            }
        }
        return become();
    }

    private List<String> resuming(RunId run) {
        List<String> words = new ArrayList<>(words(run));
        words.add("--resume");
        return words;
    }

    private int await(Site site, Engine engine, RunId id) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < until) {
            RunView run = engine.find(id).orElseThrow(() -> new UsageException("run " + id + " is gone"));
            Optional<String> said = counted(run);
            if (said.isPresent()) {
                tool.console().print(tool.json() ? Json.object(run).toString() : said.get());
                return ExitCode.SUCCESS;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        String who = site.worker().map(worker -> "process " + worker.pid()).orElse("the engine");
        throw CloudException.permanent(
                "engine",
                "it was sent, but " + who + " has not taken it within " + PATIENCE_SECONDS + " s; look again: "
                        + tool.invocation().with("show", id.value()));
    }

    private int become() throws InterruptedException {
        Attendance attendance = new Attendance(tool);
        try (Site site = attendance.claimUsed();
                Engine engine = tool.engine(site).open()) {
            RunId run = tool.run(engine, typed).id();
            send(engine, run);
            return attendance.stay(site, engine, run, Optional.empty());
        }
    }
}
