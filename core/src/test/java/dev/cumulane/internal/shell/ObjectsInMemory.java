// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Objects in memory, without copies, and their bytes summed up. What only workers and the engine around a cell ask for is refused. */
final class ObjectsInMemory implements ArtifactStore {
    private final Map<Digest, byte[]> objects = new HashMap<>();

    /** The bytes of all objects. */
    long bytes() {
        return objects.values().stream().mapToLong(object -> object.length).sum();
    }

    void loseAll() {
        objects.clear();
    }

    @Override
    public Digest put(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        objects.put(digest, bytes);
        return digest;
    }

    @Override
    public Digest put(Source bytes) {
        try (InputStream in = bytes.open()) {
            return put(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
        return Optional.ofNullable(objects.get(digest)).map(ByteArrayInputStream::new);
    }

    @Override
    public boolean has(Digest digest) {
        return objects.containsKey(digest);
    }

    @Override
    public void create(String key, byte[] value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<byte[]> read(String key) {
        throw new UnsupportedOperationException();
    }
}
