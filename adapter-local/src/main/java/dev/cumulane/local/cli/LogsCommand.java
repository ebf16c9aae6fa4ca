// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cumulane.cloud.Logs;
import dev.cumulane.engine.Engine;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs}: what the work of a run printed. */
@Command(
        name = "logs",
        description = "Prints what the work of a run, or of one of its stages, printed.",
        footer = {"", "Examples:", "  logs latest", "  logs latest unit --follow"})
final class LogsCommand implements Callable<Integer> {
    private static final int LOOK_MILLIS = 200;

    private final Tool tool;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, the beginning of one, or 'latest'.")
    private String run = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "STAGE", description = "The stage; all stages if left out.")
    private Optional<String> stage = Optional.empty();

    @Option(names = "--follow", description = "Goes on until the run, or the stage, has ended.")
    private boolean follow;

    LogsCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Site site = tool.openUsed();
                Engine engine = Engine.on(site.cloud()).attach()) {
            RunView view = tool.run(engine, run);
            stage.ifPresent(view::stage);
            Map<AttemptId, LogReader> readers = new LinkedHashMap<>();
            boolean ended;
            do {
                // Read what is there after the end was seen, or the last lines could be missed.
                ended = ended(engine.find(view.id()).orElse(view));
                begun(engine, view.id())
                        .forEach((attempt, service) -> readers.computeIfAbsent(
                                attempt, key -> reader(site.cloud().logs(), key, service)));
                readers.forEach(this::print);
                if (follow && !ended) {
                    Thread.sleep(LOOK_MILLIS);
                }
            } while (follow && !ended);
            if (readers.isEmpty()) {
                tool.console()
                        .err()
                        .println("no log: nothing of "
                                + stage.map(name -> "stage " + name).orElse("run " + view.id())
                                + " has printed anything");
            }
        }
        return ExitCode.SUCCESS;
    }

    private boolean ended(RunView view) {
        return view.status().state() == RunState.FINISHED
                || stage.filter(name -> view.stage(name).outcome().isPresent()).isPresent();
    }

    /** Each attempt of which a service said that it runs, in the order of their beginnings, with the service's own name for it. */
    private Map<AttemptId, String> begun(Engine engine, RunId id) {
        Map<AttemptId, String> begun = new LinkedHashMap<>();
        List<HistoryRecord> history = engine.history(id);
        for (HistoryRecord record : history) {
            for (RunEvent event : record.events()) {
                if (event instanceof RunEvent.WorkStarted work
                        && stage.filter(name -> !name.equals(work.stage())).isEmpty()) {
                    begun.put(new AttemptId(id, work.stage(), work.attempt()), work.service());
                }
            }
        }
        return begun;
    }

    private LogReader reader(Logs logs, AttemptId attempt, String service) {
        return new LogReader(logs, attempt, service);
    }

    private void print(AttemptId attempt, LogReader reader) {
        String prefix =
                stage.isPresent() ? "" : attempt.stage() + (attempt.number() > 1 ? "#" + attempt.number() : "") + " | ";
        reader.read(line -> tool.console().print(tool.json() ? json(attempt, line) : prefix + line));
        tool.console().out().flush();
    }

    private static String json(AttemptId attempt, String line) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("run", attempt.run().value())
                .put("stage", attempt.stage())
                .put("attempt", attempt.number())
                .put("line", line)
                .toString();
    }
}
