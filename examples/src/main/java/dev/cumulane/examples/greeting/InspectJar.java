// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.StageContext;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Looks into the jar before people are asked about it: it must say what to start, and hold no tests. */
public final class InspectJar implements FunctionStage {
    /** For the worker. */
    public InspectJar() {}

    @Override
    public Result run(StageContext context) throws IOException {
        try (JarFile jar = new JarFile(context.input("jar").toFile())) {
            Manifest manifest = jar.getManifest();
            String main = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (main == null || jar.getEntry(main.replace('.', '/') + ".class") == null) {
                return Result.failure("the jar's Main-Class is " + main + ", which it does not hold");
            }
            long tests = jar.stream()
                    .filter(entry -> entry.getName().endsWith("Test.class"))
                    .count();
            if (tests > 0) {
                return Result.failure("the jar holds " + tests + " test classes");
            }
            context.log("Main-Class " + main + ", " + jar.size() + " entries");
            return Result.success("starts " + main);
        }
    }
}
