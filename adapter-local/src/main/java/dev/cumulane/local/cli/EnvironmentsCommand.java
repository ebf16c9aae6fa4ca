// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code environments}: what is live where, who deploys, and what was deployed before. */
@Command(
        name = "environments",
        description =
                "Shows what is live in the environments and where it answers; for one, what was deployed before, the latest first.",
        footer = {"", "Examples:", "  environments", "  environments production --json"})
final class EnvironmentsCommand implements Callable<Integer> {
    private static final int SHORT = 12;

    private final Tool tool;

    @Parameters(paramLabel = "ENVIRONMENT", arity = "0..1", description = "The environment; all if left out.")
    private String environment = "";

    EnvironmentsCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (Site site = tool.open();
                Engine engine = Engine.on(site.cloud()).attach()) {
            if (!environment.isEmpty()) {
                show(engine.environment(environment));
                return ExitCode.SUCCESS;
            }
            List<EnvironmentView> all =
                    engine.environments().stream().map(engine::environment).toList();
            if (tool.json()) {
                all.forEach(one -> tool.console().print(Json.object(one).toString()));
            } else if (all.isEmpty()) {
                tool.console().print("no environments in " + site.name());
            } else {
                table(all).forEach(tool.console()::print);
            }
        }
        return ExitCode.SUCCESS;
    }

    private void show(EnvironmentView view) {
        if (tool.json()) {
            tool.console().print(Json.object(view).toString());
            return;
        }
        table(List.of(view)).forEach(tool.console()::print);
        if (!view.history().isEmpty()) {
            tool.console().print("");
            history(view.history()).forEach(tool.console()::print);
        }
    }

    static List<String> table(List<EnvironmentView> views) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("environment", "release", "answers at", "since", "of run", "deploys now", "waiting"));
        for (EnvironmentView view : views) {
            rows.add(List.of(
                    view.name(),
                    view.live().map(EnvironmentsCommand::release).orElse("-"),
                    address(view),
                    view.live().map(live -> Text.time(live.at())).orElse("-"),
                    view.live().map(live -> live.run().value()).orElse("-"),
                    view.holder().map(holder -> holder.run().value()).orElse("-"),
                    Integer.toString(view.waiting().size())));
        }
        return PlanTable.table(rows);
    }

    /** Where the release answers; what is not there any more answers nowhere. */
    private static String address(EnvironmentView view) {
        return view.live().isPresent() && view.service().isStopped()
                ? "stopped"
                : view.service().address().map(Text::clean).orElse("-");
    }

    static List<String> history(List<Deployment> deployments) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("at", "what", "release", "ended", "run", "by"));
        for (Deployment one : deployments) {
            rows.add(List.of(
                    Text.time(one.at()),
                    one.kind() == Deployment.Kind.ROLLBACK ? "rollback to" : "deployment of",
                    release(one),
                    Words.outcome(one.outcome()),
                    one.run().value(),
                    Text.clean(one.by())));
        }
        return PlanTable.table(rows);
    }

    private static String release(Deployment deployment) {
        Release release = deployment.release();
        List<Produced> artifacts = release.artifacts();
        String digest = artifacts.size() == 1
                ? artifacts.get(0).digest().hex()
                : release.digest().hex();
        String more = artifacts.size() == 1 ? "" : " (" + artifacts.size() + " artifacts)";
        return release.name() + " " + digest.substring(0, SHORT) + more;
    }
}
