// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.internal.machine.Command;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What a log says of runs. Every line that is written while a run is handled, by whomever, has the run in its context under {@value #RUN}, and the stage and the attempt
 * if it is about one.
 */
final class RunLog {
    /** The key of the run. */
    static final String RUN = "run";

    /** The key of the stage. */
    static final String STAGE = "stage";

    /** The key of the attempt's number. */
    static final String ATTEMPT = "attempt";

    private static final Logger LOG = LoggerFactory.getLogger("dev.cumulane.runs");

    private RunLog() {}

    /** Does something for a run. */
    static <T extends @Nullable Object> T in(RunId run, Supplier<T> body) {
        return in(Map.of(RUN, run.value()), body);
    }

    /** Does a command. */
    static <T extends @Nullable Object> T in(Command command, Supplier<T> body) {
        SortedMap<String, String> context = new TreeMap<>();
        if (command instanceof Command.StartWork start) {
            context.put(STAGE, start.stage());
            context.put(ATTEMPT, Integer.toString(start.attempt()));
        } else if (command instanceof Command.StopWork stop) {
            context.put(STAGE, stop.stage());
            context.put(ATTEMPT, Integer.toString(stop.attempt()));
        } else if (command instanceof Command.BeginStep step) {
            context.put(STAGE, step.stage());
        } else if (command instanceof Command.AskEnvironment ask) {
            context.put(STAGE, ask.stage());
        } else if (command instanceof Command.ReleaseEnvironment release) {
            context.put(STAGE, release.stage());
        }
        return in(context, body);
    }

    private static <T extends @Nullable Object> T in(Map<String, String> context, Supplier<T> body) {
        SortedMap<String, Optional<String>> before = new TreeMap<>();
        context.forEach((key, value) -> {
            before.put(key, Optional.ofNullable(MDC.get(key)));
            MDC.put(key, value);
        });
        try {
            return body.get();
        } finally {
            before.forEach((key, value) -> value.ifPresentOrElse(was -> MDC.put(key, was), () -> MDC.remove(key)));
        }
    }

    /** Something was recorded of a run: ends and beginnings at level INFO, the rest at level DEBUG. */
    static void recorded(Iterable<RunEvent> events) {
        if (LOG.isInfoEnabled()) {
            events.forEach(RunLog::recorded);
        }
    }

    private static void recorded(RunEvent event) {
        if (event instanceof RunEvent.RunStarted started) {
            LOG.atInfo()
                    .addKeyValue("pipeline", started.pipeline())
                    .addKeyValue("commit", started.source().commit().id())
                    .addKeyValue("trust", started.source().trust())
                    .log("The run began");
        } else if (event instanceof RunEvent.StageScheduled scheduled) {
            about(LOG.atInfo(), scheduled.stage(), scheduled.attempt()).log("An attempt begins");
        } else if (event instanceof RunEvent.AttemptFinished finished) {
            about(LOG.atInfo(), finished.stage(), finished.attempt(), finished.verdict())
                    .log("The attempt ended, and another follows");
        } else if (event instanceof RunEvent.StageFinished finished) {
            about(LOG.atInfo(), finished.stage(), finished.attempt(), finished.verdict())
                    .log("The stage ended");
        } else if (event instanceof RunEvent.RunFinished finished) {
            LOG.atInfo().addKeyValue("outcome", finished.outcome()).log("The run ended");
        } else if (LOG.isDebugEnabled()) {
            LOG.atDebug().addKeyValue("event", event.getClass().getSimpleName()).log("Recorded");
        }
    }

    private static LoggingEventBuilder about(LoggingEventBuilder line, String stage, int attempt) {
        return line.addKeyValue(STAGE, stage).addKeyValue(ATTEMPT, attempt);
    }

    private static LoggingEventBuilder about(LoggingEventBuilder line, String stage, int attempt, Verdict verdict) {
        return about(line, stage, attempt)
                .addKeyValue("outcome", verdict.outcome())
                .addKeyValue("cause", verdict.cause());
    }
}
