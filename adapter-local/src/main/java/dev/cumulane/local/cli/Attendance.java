// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.engine.Engine;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stays with a run to its end: shows it, votes if told to, cancels it on Ctrl-C, and sums it up. */
final class Attendance {
    private final Tool tool;
    private final Queue<String> notices = new ConcurrentLinkedQueue<>();

    Attendance(Tool tool) {
        this.tool = tool;
    }

    /** A line for the user; may come from any thread. */
    void notice(String line) {
        notices.add(Text.clean(line));
    }

    /** Opens the site with this attendance's notices, and makes this process the one that works there. */
    Site claim() {
        return claim(tool.open(this::notice));
    }

    /** The same, to go on with something: where nothing has run it leaves nothing behind. */
    Site claimUsed() {
        return claim(tool.openUsed(this::notice));
    }

    private Site claim(Site site) {
        try {
            if (!site.claim()) {
                String who = site.worker()
                        .map(worker -> "process " + worker.pid() + " (since " + Text.time(worker.since()) + ")")
                        .orElse("another process");
                throw new UsageException(
                        who + " works on " + site.name() + "; stop it, or choose another place with --state");
            }
            return site;
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }

    /** Follows the run to its end; gives the exit code. */
    int stay(Site site, Engine engine, RunId id, Optional<String> approveAs) throws InterruptedException {
        Console console = tool.console();
        Follower follower = new Follower(engine, site, notices);
        try (Interrupt interrupt = Interrupt.cancelling(engine, id, tool, this::notice)) {
            RunView run;
            try (Display display = Display.on(console, tool.json())) {
                run = follower.follow(id, display, new Approvals(engine, tool.invocation(), approveAs));
            } catch (CloudException e) {
                throw CloudException.permanent(
                        e.service(),
                        e.getMessage() + "; run " + id + " has not ended, to go on with it: "
                                + tool.invocation().with("run", "--resume"),
                        e);
            }
            sumUp(site, engine, run);
            if (interrupt.happened()) {
                console.err()
                        .println("to look at it again: " + tool.invocation().with("show", id.value()));
            }
            return run.outcome().equals(Optional.of(Outcome.SUCCESS)) ? ExitCode.SUCCESS : ExitCode.FAILED_RUN;
        }
    }

    private void sumUp(Site site, Engine engine, RunView run) {
        Console console = tool.console();
        if (tool.json()) {
            console.print(Json.summary(run));
            return;
        }
        if (!console.screen().live()) {
            console.print("");
        }
        Summary summary =
                new Summary(console.style(), tool.invocation(), site.cloud().logs(), engine::find);
        summary.lines(run, engine.plan(run.id()), site.cloud().clock().instant())
                .forEach(console::print);
    }
}
