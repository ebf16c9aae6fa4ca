// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.functions;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Set;

/**
 * The classes of a jar of the artifact store: the one that a run began with, where another one is deployed by now. The jar's own classes come before those that are deployed; those
 * in which a stage and the worker speak to each other are the worker's. Once it is closed, the jar is gone.
 */
final class PinnedCode extends URLClassLoader {
    /** A stage is called through these. */
    private static final Set<String> SHARED = Set.of("dev.cumulane.pipeline", "dev.cumulane.run", "dev.cumulane.cloud");

    private static final String STORE = "artifact store";

    private final Path jar;

    private PinnedCode(URL url, Path jar, ClassLoader deployed) {
        super("pinned", new URL[] {url}, deployed);
        this.jar = jar;
    }

    /**
     * Fetches a jar.
     *
     * @param store holds it
     * @param code its digest
     * @param deployed the deployed code
     * @return its classes, to be closed
     * @throws CloudException if it is not there or damaged, which stays, or cannot be fetched now
     */
    static PinnedCode open(ArtifactStore store, Digest code, ClassLoader deployed) {
        try {
            Path jar = Files.createTempFile("cumulane-code-", ".jar");
            try {
                fetch(store, code, jar);
                return new PinnedCode(jar.toUri().toURL(), jar, deployed);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(jar);
                throw e;
            }
        } catch (IOException e) {
            throw CloudException.retryable(STORE, "could not fetch the code " + code + ": " + e.getMessage(), e);
        }
    }

    private static void fetch(ArtifactStore store, Digest code, Path jar) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        try (InputStream stored = store.open(code)
                        .orElseThrow(() -> CloudException.permanent(STORE, "the code " + code + " is not there"));
                OutputStream out = Files.newOutputStream(jar)) {
            new DigestInputStream(stored, sha256).transferTo(out);
        }
        Digest found = Digest.of(sha256);
        if (!found.equals(code)) {
            throw CloudException.permanent(
                    STORE, "the code " + code + " is damaged: its bytes have the digest " + found);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known == null && isOwn(name)) {
                known = findClass(name);
            }
            return known == null ? super.loadClass(name, resolve) : known;
        }
    }

    private boolean isOwn(String name) {
        String pack = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        return !name.startsWith("java.")
                && !SHARED.contains(pack)
                && findResource(name.replace('.', '/') + ".class") != null;
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    @Override
    public void close() throws IOException {
        super.close();
        Files.deleteIfExists(jar);
    }
}
