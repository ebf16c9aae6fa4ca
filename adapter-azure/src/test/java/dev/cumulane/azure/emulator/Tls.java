// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key of its own for the emulator, made by the JDK's keytool, and whoever trusts it. */
final class Tls {
    static final String PASSWORD = "changeit";

    private static final String ALIAS = "emulator";
    private static Optional<Path> keys = Optional.empty();
    private static Optional<SSLContext> trusting = Optional.empty();

    private Tls() {}

    /** A file with a key and its certificate for 127.0.0.1. */
    static synchronized Path keys() throws IOException {
        if (keys.isEmpty()) {
            Path folder = Files.createTempDirectory("tls");
            Path file = folder.resolve("keys.p12");
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            ALIAS,
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=127.0.0.1",
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (!keytool.waitFor(1, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
                    throw new IOException("keytool has made no key");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            keys = Optional.of(file);
        }
        return keys.get();
    }

    /** Trusts that key and no other. */
    static synchronized SSLContext trusting() {
        if (trusting.isEmpty()) {
            try (InputStream in = Files.newInputStream(keys())) {
                KeyStore own = KeyStore.getInstance("PKCS12");
                own.load(in, PASSWORD.toCharArray());
                KeyStore trusted = KeyStore.getInstance("PKCS12");
                trusted.load(null, null);
                trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
                TrustManagerFactory managers =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                managers.init(trusted);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, managers.getTrustManagers(), null);
                trusting = Optional.of(context);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("no TLS here", e);
            }
        }
        return trusting.get();
    }
}
