// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Variation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that runs a run again, or a part of it, and stays with the new run to its end. */
abstract class RepeatCommand implements Callable<Integer> {
    private final Tool tool;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, the beginning of one, or 'latest'.")
    private String typed = "";

    @Option(
            names = "--approve-as",
            paramLabel = "NAME",
            description = "Answers every approval that NAME may answer with yes, visibly.")
    private Optional<String> approveAs = Optional.empty();

    private RepeatCommand(Tool tool) {
        this.tool = tool;
    }

    /** Starts the new run. */
    abstract RunId start(Engine engine, RunId run);

    @Override
    public final Integer call() throws InterruptedException {
        Attendance attendance = new Attendance(tool);
        try (Site site = attendance.claim();
                Engine engine = tool.engine(site).open()) {
            RunId run = start(engine, tool.run(engine, typed).id());
            return attendance.stay(site, engine, run, approveAs);
        }
    }

    /** {@code rerun}: all of a run again, or what failed in it. */
    @Command(
            name = "rerun",
            description = "Runs a run again, as a run of its own.",
            footer = {
                "",
                "Without --failed the pipeline is the one that is defined now; with it, the run's own.",
                "",
                "Examples:",
                "  rerun latest",
                "  rerun latest --failed           what did not succeed, and what comes behind it"
            })
    static final class Rerun extends RepeatCommand {
        @Option(names = "--failed", description = "Takes over what succeeded and runs the rest.")
        private boolean failed;

        Rerun(Tool tool) {
            super(tool);
        }

        @Override
        RunId start(Engine engine, RunId run) {
            return failed ? engine.rerunFromFailed(run, Tool.user()) : engine.rerun(run, Tool.user());
        }
    }

    /** {@code fork}: a run again from one stage on. */
    @Command(
            name = "fork",
            description = "Runs a stage of a run again, and what comes behind it, as a run of its own.",
            footer = {
                "",
                "Examples:",
                "  fork latest --from unit",
                "  fork latest --from load --param region=us",
                "  fork latest --from load --artifact build/jar=4f1c2ab…"
            })
    static final class Fork extends RepeatCommand {
        @Option(names = "--from", required = true, paramLabel = "STAGE", description = "The stage to begin with.")
        private String from = "";

        @Option(
                names = "--param",
                paramLabel = "NAME=VALUE",
                description = "Changes a parameter; may be given several times.")
        private Map<String, String> parameters = new TreeMap<>();

        @Option(
                names = "--artifact",
                paramLabel = "STAGE/NAME=SHA256",
                description =
                        "Puts another artifact, which is in the store, in the place of one; may be given several times.")
        private Map<String, String> artifacts = new TreeMap<>();

        Fork(Tool tool) {
            super(tool);
        }

        @Override
        RunId start(Engine engine, RunId run) {
            Variation changes = new Variation(new TreeMap<>(parameters), List.of());
            for (Map.Entry<String, String> one : artifacts.entrySet()) {
                int slash = one.getKey().indexOf('/');
                if (slash < 1) {
                    throw new UsageException(
                            "--artifact is STAGE/NAME=SHA256, not " + Text.clean(one.getKey() + "=" + one.getValue()));
                }
                changes = changes.artifact(
                        one.getKey().substring(0, slash),
                        one.getKey().substring(slash + 1),
                        new Digest(one.getValue()));
            }
            return engine.fork(run, from, Tool.user(), changes);
        }
    }
}
