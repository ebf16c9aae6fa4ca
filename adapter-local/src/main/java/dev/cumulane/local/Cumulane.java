// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.engine.Engine;
import dev.cumulane.local.cli.CommandLineTool;
import dev.cumulane.local.cli.Console;
import dev.cumulane.local.cli.NamedCloud;
import dev.cumulane.pipeline.Pipeline;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The command line of a team's own program: its {@code main} hands over its arguments, a cloud and its pipelines.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *     Cumulane.main(args, () -> LocalCloud.at(Path.of(".cumulane")), ShopPipeline::pipeline);
 * }
 * }</pre>
 *
 * <p>The process ends with 0 for success, 1 for a run that did not succeed, 2 for a mistake on the command line or in a definition, 3 if the engine or something
 * that it stands on did not work, and 130 after Ctrl-C.
 */
public final class Cumulane {
    private Cumulane() {}

    /**
     * Does what the arguments ask for, and ends the process.
     *
     * @param args the words after the program's name; {@code --help} tells which there are
     * @param cloud where to run
     * @param pipelines the pipelines
     */
    public static void main(String[] args, Cloud cloud, Pipeline... pipelines) {
        System.exit(run(args, cloud, pipelines));
    }

    /**
     * Does what the arguments ask for, and ends the process. Cloud and pipelines are made when a command needs them, so that a mistake in one is told as a mistake and
     * not as an exception. The cloud is not made if the arguments name another, with {@code --cloud}.
     *
     * @param args the words after the program's name; {@code --help} tells which there are
     * @param cloud gives the place to run
     * @param pipelines each gives a pipeline
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static void main(String[] args, Supplier<? extends Cloud> cloud, Supplier<Pipeline>... pipelines) {
        main(args, cloud, engine -> engine, pipelines);
    }

    /**
     * Does what the arguments ask for, and ends the process. Engines that work, as {@code serve} opens one, have more than pipelines: source repositories, for example.
     *
     * <pre>{@code
     * Cumulane.main(args, () -> LocalCloud.at(Path.of(".cumulane")), engine -> engine.repository(SHOP), ShopPipeline::pipeline);
     * }</pre>
     *
     * @param args the words after the program's name; {@code --help} tells which there are
     * @param cloud gives the place to run
     * @param fitting gives an engine what it needs beside the pipelines
     * @param pipelines each gives a pipeline
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static void main(
            String[] args,
            Supplier<? extends Cloud> cloud,
            UnaryOperator<Engine.Builder> fitting,
            Supplier<Pipeline>... pipelines) {
        System.exit(run(
                Console.system(),
                args,
                cloud,
                () -> Arrays.stream(pipelines).map(Supplier::get).toList(),
                fitting));
    }

    /**
     * Does what the arguments ask for. For a program that has more to do afterwards.
     *
     * @param args the words after the program's name
     * @param cloud where to run; it is closed afterwards
     * @param pipelines the pipelines
     * @return the exit code
     */
    public static int run(String[] args, Cloud cloud, Pipeline... pipelines) {
        return run(Console.system(), args, () -> cloud, () -> List.of(pipelines), engine -> engine);
    }

    /**
     * The commands that every such program has, for one that has words of its own beside them.
     *
     * @return their names, in the order of the help
     */
    public static List<String> commands() {
        return new CommandLineTool(
                        Console.system(),
                        wishes -> {
                            throw new IllegalStateException("only the commands' names were asked for");
                        },
                        List::of,
                        engine -> engine)
                .commands();
    }

    static int run(
            Console console,
            String[] args,
            Supplier<? extends Cloud> cloud,
            Supplier<List<Pipeline>> pipelines,
            UnaryOperator<Engine.Builder> fitting) {
        CommandLineTool tool = new CommandLineTool(
                console,
                wishes -> Sites.open(wishes.cloud().map(NamedCloud::open).orElseGet(cloud), wishes),
                pipelines,
                fitting);
        return tool.run(args);
    }
}
