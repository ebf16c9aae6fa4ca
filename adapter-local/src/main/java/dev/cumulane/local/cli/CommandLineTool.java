// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole: finds the command, and turns what goes wrong into one clear line and an exit code. */
public final class CommandLineTool {
    private static final int MOST_LINES = 50;
    private static final int LONGEST_LINE = 2000;
    private static final int LONGEST_NAME = 40;

    private final Console console;
    private final Site.Opener opener;
    private final Supplier<List<Pipeline>> pipelines;
    private final UnaryOperator<Engine.Builder> fitting;

    /**
     * A command line for these pipelines.
     *
     * @param console what it prints to
     * @param opener makes the site once the options are known
     * @param pipelines gives the pipelines, when a command needs them; a mistake in one is an {@link IllegalArgumentException}
     * @param fitting gives an engine that is to work what it needs beside the pipelines, such as repositories
     */
    public CommandLineTool(
            Console console,
            Site.Opener opener,
            Supplier<List<Pipeline>> pipelines,
            UnaryOperator<Engine.Builder> fitting) {
        this.console = console;
        this.opener = opener;
        this.pipelines = pipelines;
        this.fitting = fitting;
    }

    /**
     * The commands, for a program that has words of its own beside them.
     *
     * @return their names
     */
    public List<String> commands() {
        Tool tool = new Tool(console, opener, pipelines, fitting);
        return List.copyOf(
                commandLine(tool, new StringWriter()).getSubcommands().keySet());
    }

    /**
     * Does what the arguments ask for. Never throws for what a user or a service does wrong.
     *
     * @param arguments the words after the program's name
     * @return one of {@link ExitCode}
     */
    public int run(String... arguments) {
        Tool tool = new Tool(console, opener, pipelines, fitting);
        StringWriter help = new StringWriter();
        int code;
        try {
            code = commandLine(tool, help).execute(arguments);
            console.out().print(help);
        } catch (Error e) {
            // The JVM would end with 1, which says that a run failed.
            say("internal error: " + e);
            code = ExitCode.ENGINE;
        }
        console.out().flush();
        console.err().flush();
        return code;
    }

    private CommandLine commandLine(Tool tool, StringWriter help) {
        CommandLine line = new CommandLine(tool);
        List<Object> commands = List.of(
                new RunCommand(tool, Git.onPath()),
                new RepeatCommand.Rerun(tool),
                new RepeatCommand.Fork(tool),
                new PlanCommand(tool),
                new GraphCommand(tool),
                new RunsCommand(tool),
                new ShowCommand(tool),
                new LogsCommand(tool),
                new VoteCommand.Approve(tool),
                new VoteCommand.Reject(tool),
                new SkipCommand(tool),
                new CancelCommand(tool),
                new EnvironmentsCommand(tool),
                new StopCommand(tool),
                new ServeCommand(tool),
                new RedriveCommand(tool),
                new DeployCommand(tool),
                new RemoveCommand(tool, System.in));
        commands.forEach(line::addSubcommand);
        line.addSubcommand(new HelpCommand());
        line.getCommandSpec()
                .addOption(help())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Prints the version.")
                        .build());
        line.getCommandSpec().version(version());
        line.getSubcommands().values().stream()
                .distinct()
                .filter(command -> !(command.getCommand() instanceof HelpCommand))
                .forEach(command -> command.getCommandSpec().addOption(help()));
        if (console.invocation().program().length() <= LONGEST_NAME) {
            line.setCommandName(console.invocation().program());
        }
        line.setOut(new PrintWriter(help));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(console.style().color() ? Ansi.ON : Ansi.OFF));
        choice(line, Graph.Format.class);
        choice(line, Site.Containers.class);
        line.setUsageHelpWidth(100);
        // An argument that begins with @ is an argument, not a file to read.
        line.setExpandAtFiles(false);
        line.setParameterExceptionHandler((problem, words) -> usage(problem));
        line.setExecutionExceptionHandler((problem, command, parsed) -> failed(tool, problem));
        return line;
    }

    /** Names the choices as the help does. */
    private static <E extends Enum<E>> void choice(CommandLine line, Class<E> type) {
        List<E> all = List.of(type.getEnumConstants());
        line.registerConverter(
                type,
                word -> all.stream()
                        .filter(one -> one.name().equalsIgnoreCase(word))
                        .findFirst()
                        .orElseThrow(() -> new TypeConversionException("choose "
                                + all.stream()
                                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(" or "))
                                + ", not " + Text.shown(word))));
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Prints this help.")
                .build();
    }

    private int usage(ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        say(mistake(problem, command) + suggestions(problem, command));
        return ExitCode.USAGE;
    }

    private static String mistake(ParameterException problem, CommandLine command) {
        if (command.getParent() == null
                && problem instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            return "no command " + Text.shown(unmatched.getUnmatched().get(0));
        }
        return String.valueOf(problem.getMessage());
    }

    private static String suggestions(ParameterException problem, CommandLine command) {
        boolean top = command.getParent() == null;
        boolean unknownOption = problem instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption();
        if (top && !unknownOption) {
            return "; the commands are: "
                    + String.join(", ", command.getSubcommands().keySet());
        }
        return "; see " + (top ? "" : command.getCommandName() + " ") + "--help";
    }

    private int failed(Tool tool, Exception problem) {
        int code = problem instanceof UsageException
                        || problem instanceof IllegalArgumentException
                        || problem instanceof IllegalStateException
                ? ExitCode.USAGE
                : ExitCode.ENGINE;
        String message = String.valueOf(problem.getMessage());
        if (problem instanceof CloudException failure) {
            say(failure.service() + ": " + message);
        } else if (code == ExitCode.USAGE) {
            say(message);
        } else if (problem instanceof InterruptedException) {
            say("interrupted");
        } else {
            say("internal error: " + problem.getClass().getSimpleName() + ": " + message + "; --verbose shows where");
        }
        if (tool.verbose()) {
            problem.printStackTrace(console.err());
        }
        return code;
    }

    /** Each line of the message on a line of its own: a plan check finds several things at once. */
    private void say(String message) {
        message.lines()
                .map(Text::clean)
                .filter(line -> !line.isBlank())
                .limit(MOST_LINES)
                .forEach(line -> console.err().println("error: " + Text.cut(line, LONGEST_LINE)));
    }

    private static String version() {
        String version = CommandLineTool.class.getPackage().getImplementationVersion();
        return "cumulane " + (version == null ? "(development)" : version) + ", Java " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }
}
