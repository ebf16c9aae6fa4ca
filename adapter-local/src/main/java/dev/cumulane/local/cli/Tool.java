// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, and what they lead to. */
@Command(
        name = "cumulane",
        description = "Runs pipelines.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 success, 1 the run did not succeed, 2 a mistake on the command line, 3 the engine did not work.",
            "'help COMMAND' tells more of a command."
        })
final class Tool {
    private static final int SEARCHED = 1000;
    private static final int NAMED = 5;

    private final Console console;
    private final Site.Opener opener;
    private final Supplier<List<Pipeline>> definitions;
    private final UnaryOperator<Engine.Builder> fitting;
    private Optional<List<Pipeline>> defined = Optional.empty();

    @Option(
            names = "--cloud",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "The cloud of this name, of an adapter on the class path, instead of the program's own.")
    private Optional<String> cloud = Optional.empty();

    @Option(
            names = "--set",
            scope = ScopeType.INHERIT,
            paramLabel = "SETTING=VALUE",
            description = "A setting of the cloud that --cloud names; may be repeated.")
    private Map<String, String> settings = new TreeMap<>();

    @Option(
            names = "--state",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description =
                    "The state directory: journal, artifacts and workspaces. Usually the one that the program names.")
    private Optional<Path> state = Optional.empty();

    @Option(
            names = "--containers",
            scope = ScopeType.INHERIT,
            paramLabel = "required|host",
            description =
                    "What becomes of container stages on a machine: 'host' runs them without a container, 'required' refuses.")
    private Optional<Site.Containers> containers = Optional.empty();

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Prints JSON, one object on a line.")
    private boolean json;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "Prints without colours; so does the environment variable NO_COLOR.")
    private boolean noColor;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Adds the stack trace to an error.")
    private boolean verbose;

    Tool(
            Console console,
            Site.Opener opener,
            Supplier<List<Pipeline>> definitions,
            UnaryOperator<Engine.Builder> fitting) {
        this.console = console;
        this.opener = opener;
        this.definitions = definitions;
        this.fitting = fitting;
    }

    Console console() {
        return noColor ? console.withoutColor() : console;
    }

    boolean json() {
        return json;
    }

    boolean verbose() {
        return verbose;
    }

    /** What to type for another command on the same site. */
    Invocation invocation() {
        List<String> options = new ArrayList<>();
        cloud.ifPresent(name -> options.addAll(List.of("--cloud", name)));
        settings.forEach((setting, value) -> options.addAll(List.of("--set", setting + "=" + value)));
        state.ifPresent(directory -> options.addAll(List.of("--state", directory.toString())));
        return options.isEmpty()
                ? console.invocation()
                : new Invocation(console.invocation().with(options));
    }

    /** An engine that is to work on a site, with all that this program gives it. */
    Engine.Builder engine(Site site) {
        return fitting.apply(Engine.on(site.cloud()).register(pipelines()));
    }

    Pipeline[] pipelines() {
        return all().toArray(Pipeline[]::new);
    }

    /** The pipelines, defined once and not before a command needs them: a mistake in one does not keep anybody from {@code --help}. */
    private List<Pipeline> all() {
        if (defined.isEmpty()) {
            defined = Optional.of(List.copyOf(definitions.get()));
        }
        return defined.get();
    }

    /** The pipeline of this name, or the only one. */
    Pipeline pipeline(Optional<String> name) {
        List<Pipeline> all = all();
        List<String> names = all.stream().map(Pipeline::name).toList();
        if (name.isEmpty() && all.size() != 1) {
            throw new UsageException(
                    all.isEmpty()
                            ? "this program has no pipelines"
                            : "which pipeline? There are: " + String.join(", ", names));
        }
        return all.stream()
                .filter(pipeline -> name.isEmpty() || pipeline.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "no pipeline " + Text.shown(name.orElse("")) + "; there are: " + String.join(", ", names)));
    }

    /** Opens a site where something has run; notices go to the other stream. */
    Site openUsed() {
        return openUsed(this::say);
    }

    Site openUsed(Consumer<String> notices) {
        Site site = open(notices);
        if (!site.used()) {
            site.close();
            throw new UsageException("nothing has run in " + site.name() + " yet");
        }
        return site;
    }

    /** Opens the site; notices go to the other stream. */
    Site open() {
        return open(this::say);
    }

    /** A line about something that takes long; nothing where a program reads. */
    void progress(String line) {
        if (!json) {
            console().print("  " + Text.clean(line));
            console().out().flush();
        }
    }

    private void say(String line) {
        console.err().println(Text.clean(line));
    }

    Site open(Consumer<String> notices) {
        if (state.filter(directory -> directory.toString().isBlank()).isPresent()) {
            throw new UsageException("--state '' names no directory");
        }
        if (cloud.isEmpty() && !settings.isEmpty()) {
            throw new UsageException(
                    "--set is for a cloud that --cloud names; the program's own is set up in the program");
        }
        return opener.open(new Site.Wishes(
                cloud.map(name -> new NamedCloud(name, new TreeMap<>(settings))), state, containers, notices));
    }

    /** The run that a person means: its id, the beginning of one, or {@code latest}. */
    RunView run(Engine engine, String typed) {
        List<RunView> runs = new ArrayList<>();
        if (!typed.equals("latest")) {
            id(typed).flatMap(engine::find).ifPresent(runs::add);
        }
        if (runs.isEmpty()) {
            List<RunView> recent = engine.list(SEARCHED);
            if (typed.equals("latest")) {
                recent.stream().filter(Tool::isOfItsOwn).findFirst().ifPresent(runs::add);
            } else {
                recent.stream()
                        .filter(run -> !typed.isEmpty() && run.id().value().startsWith(typed))
                        .forEach(runs::add);
            }
            if (runs.size() != 1) {
                throw new UsageException((runs.isEmpty() ? "no run " : "more than one run begins with ")
                        + Text.shown(typed) + "; " + latest(recent));
            }
        }
        return runs.get(0);
    }

    /** The latest run is one that somebody asked for, not one that a stage of it runs. */
    private static boolean isOfItsOwn(RunView run) {
        return run.status().lineage().filter(Lineage.Child.class::isInstance).isEmpty();
    }

    private static Optional<RunId> id(String typed) {
        try {
            return Optional.of(new RunId(typed));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String latest(List<RunView> recent) {
        return recent.isEmpty()
                ? "there are no runs yet"
                : "the latest are: "
                        + String.join(
                                ", ",
                                recent.stream()
                                        .limit(NAMED)
                                        .map(run -> run.id().value())
                                        .toList());
    }

    /** Who types. */
    static String user() {
        String name = Text.clean(System.getProperty("user.name", "")).strip();
        return name.isEmpty() ? "somebody" : name;
    }
}
