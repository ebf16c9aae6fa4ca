// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.Installer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code remove}: deletes everything that is installed in a cloud. */
@Command(
        name = "remove",
        description = "Deletes everything that 'deploy' installed in a cloud, with all histories and artifacts.",
        footer = {"", "Examples:", "  remove --cloud aws --set region=eu-west-1        lists what there is, and asks"})
final class RemoveCommand implements Callable<Integer> {
    private static final String CONSENT = "yes";

    private final Tool tool;
    private final InputStream in;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean yes;

    RemoveCommand(Tool tool, InputStream in) {
        this.tool = tool;
        this.in = in;
    }

    @Override
    public Integer call() {
        if (tool.json() && !yes) {
            throw new UsageException("'remove --json' cannot ask; add --yes");
        }
        try (Site site = tool.open()) {
            Installer installer = DeployCommand.installer(site);
            List<Installer.Belonging> belongings = installer.belongings();
            if (belongings.isEmpty()) {
                tell(belongings, "nothing is installed: " + installer.name());
                return ExitCode.SUCCESS;
            }
            if (!tool.json()) {
                list(installer, belongings);
            }
            if (!yes && !consents()) {
                tool.console().print("nothing was deleted");
                return ExitCode.USAGE;
            }
            String removed = Farewell.during(
                    tool,
                    "interrupted; to delete the rest: " + tool.invocation().with("remove"),
                    () -> {
                        installer.remove(tool::progress);
                        return "removed: " + installer.name();
                    });
            tell(belongings, removed);
        }
        return ExitCode.SUCCESS;
    }

    private void list(Installer installer, List<Installer.Belonging> belongings) {
        Console console = tool.console();
        console.print(Text.clean(installer.name()) + " has:");
        for (Installer.Belonging each : belongings) {
            console.print("  " + Text.clean(each.name()) + (each.holdsData() ? "   (its data is lost)" : ""));
        }
    }

    private boolean consents() {
        tool.console().print("Type '" + CONSENT + "' to delete all of it:");
        tool.console().out().flush();
        try {
            // The stream is the process's own: closing it is not ours to do.
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
            return Optional.ofNullable(reader.readLine())
                    .orElseThrow(() -> new UsageException("nobody answers; add --yes to delete without being asked"))
                    .strip()
                    .equals(CONSENT);
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be read", e);
        }
    }

    private void tell(List<Installer.Belonging> belongings, String line) {
        if (tool.json()) {
            ObjectNode said = JsonNodeFactory.instance.objectNode();
            ArrayNode removed = said.putArray("removed");
            belongings.forEach(each -> removed.add(each.name()));
            tool.console().print(said.toString());
        } else {
            tool.console().print(Text.clean(line));
        }
    }
}
