// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.secrets;

import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.contract.SecretsContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract on files. */
final class FileSecretsContractTest extends SecretsContract {
    @TempDir
    private Path directory;

    @Override
    protected Secrets secrets() {
        return new FileSecrets(directory, Map.of());
    }

    @Override
    protected void store(String reference, String value) throws IOException {
        Path file = Files.writeString(directory.resolve(reference), value);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
