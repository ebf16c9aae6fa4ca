// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.aws;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** The jars of this module, and what Lambda puts beside them. */
final class Jars {
    /** Everything that the functions need. */
    static final Path WHOLE = Path.of("target", "greeting-ci-whole.jar");

    /** Without classes that nothing refers to. */
    static final Path MINIMIZED = Path.of("target", "greeting-ci-minimized.jar");

    private Jars() {}

    /** Lambda's runtime client, whose classes the managed runtime has. */
    static List<Path> runtime() {
        return List.of(jarOf(AWSLambda.class), jarOf(PojoSerializer.class), jarOf(RequestStreamHandler.class));
    }

    /** A jar with the bare handler alone. */
    static Path bare(Path directory) throws IOException {
        Path jar = directory.resolve("bare.jar");
        String name = BareHandler.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                InputStream bytes = Optional.ofNullable(BareHandler.class.getResourceAsStream("/" + name))
                        .orElseThrow()) {
            out.putNextEntry(new JarEntry(name));
            bytes.transferTo(out);
        }
        return jar;
    }

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
