// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Installer;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy}: installs the program's pipelines in a cloud, or changes what is installed there. */
@Command(
        name = "deploy",
        description = {
            "Installs this program's pipelines in a cloud, or changes what is installed there. Running it again changes nothing.",
            "'plan --changes' tells before what it would change."
        },
        footer = {
            "",
            "Examples:",
            "  deploy --cloud aws --set region=eu-west-1 --jar target/shop-ci.jar --entry shop.ci.ShopCi",
            "  deploy                  where the program is one jar whose manifest names its Cumulane-Entry"
        })
final class DeployCommand implements Callable<Integer> {
    private final Tool tool;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description =
                    "The jar with everything that the functions run; the one that this program runs from if left out.")
    private Optional<Path> jar = Optional.empty();

    @Option(
            names = "--entry",
            paramLabel = "CLASS",
            description = "The entry class; what the jar's manifest says under " + Packages.ENTRY + " if left out.")
    private Optional<String> entry = Optional.empty();

    DeployCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (Site site = tool.open()) {
            Installer installer = installer(site);
            Blueprint.Demand demand = tool.engine(site).demand();
            Installer.Archive archive = Packages.find(jar, entry);
            Installer.Installed installed = Farewell.during(
                    tool,
                    "interrupted; " + installer.name() + " goes on by itself, to follow it: "
                            + tool.invocation().with("deploy"),
                    () -> installer.install(demand, archive, tool::progress));
            tell(installer, installed, demand, missing(site, demand));
        }
        return ExitCode.SUCCESS;
    }

    /** What installs on a site. */
    static Installer installer(Site site) {
        return site.cloud()
                .installer()
                .orElseThrow(() -> new UsageException("nothing has to be installed in " + site.name()
                        + "; name a cloud with --cloud, or give the program one"));
    }

    /** Secrets that are read by the engine or by a stage and are not there. */
    private static SortedSet<String> missing(Site site, Blueprint.Demand demand) {
        SortedSet<String> references = new TreeSet<>(demand.ingressSecrets());
        references.addAll(demand.engineSecrets());
        demand.plans().stream().map(Plan::stages).flatMap(List::stream).forEach(stage -> add(stage, references));
        references.removeIf(site.cloud().secrets()::exists);
        return references;
    }

    private static void add(Stage stage, SortedSet<String> references) {
        if (stage instanceof Stage.FanOut whole) {
            add(whole.template(), references);
            return;
        }
        for (Value value : stage.env().values()) {
            if (value instanceof Value.Secret secret) {
                references.add(secret.reference());
            }
        }
    }

    private void tell(
            Installer installer, Installer.Installed installed, Blueprint.Demand demand, SortedSet<String> missing) {
        Console console = tool.console();
        List<String> hooks = demand.repositories().stream()
                .map(name -> installed.ingress() + "/hooks/" + name)
                .toList();
        if (tool.json()) {
            ObjectNode said = JsonNodeFactory.instance
                    .objectNode()
                    .put("changed", installed.changed())
                    .put("ingress", installed.ingress().toString());
            ArrayNode array = said.putArray("hooks");
            hooks.forEach(array::add);
            ArrayNode absent = said.putArray("missingSecrets");
            missing.forEach(absent::add);
            console.print(said.toString());
            return;
        }
        console.print(
                (installed.changed() ? "installed: " : "nothing had to be changed: ") + Text.clean(installer.name()));
        console.print("  pages    " + installed.ingress() + "/");
        for (String hook : hooks) {
            console.print("  webhook  " + hook + "   to be entered at the forge, with the secret that verifies it");
        }
        for (String reference : missing) {
            console.print("  missing  secret " + Text.shown(reference) + "; until it is there, ingress answers 503");
        }
    }
}
