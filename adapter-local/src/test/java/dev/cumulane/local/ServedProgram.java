// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import java.nio.file.Path;

/** A program that takes the webhooks of a repository beside it, {@code acme/shop}, as GitHub sends them. */
public final class ServedProgram {
    static final String SECRET = "a webhook secret of many bytes";

    private ServedProgram() {}

    /**
     * The program.
     *
     * @param words the command line
     */
    public static void main(String[] words) {
        Cumulane.main(
                words,
                () -> LocalCloud.at(Path.of("state")),
                engine -> engine.repository(repository(Path.of(""))),
                ServedProgram::pipeline);
    }

    static Repository repository(Path directory) {
        String path = directory.resolve("acme/shop").toAbsolutePath().toString();
        return Repository.on(Forge.GITHUB, "shop", path).verifiedBy("hook");
    }

    static Pipeline pipeline() {
        return Pipeline.define("shop", p -> {
            p.on(push());
            p.build("build", container("alpine:3").reads(p.source()).runs("cat README"));
        });
    }
}
